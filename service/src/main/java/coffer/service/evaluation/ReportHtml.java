package coffer.service.evaluation;

import coffer.core.Hash;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `report.html`: one page without scripts and without anything from elsewhere, light or dark as the reader likes.
final class ReportHtml {

    private static final String STYLE = """
            :root{color-scheme:light dark;--ink:#1b1f24;--dim:#59636e;--line:#d5dae0;--paper:#fff;--card:#f6f8fa;
            --good:#1a7f37;--bad:#c62828;--warn:#9a6700;--a:#0b62c4;--b:#a35200}
            @media(prefers-color-scheme:dark){:root{--ink:#e6eaef;--dim:#9aa5b1;--line:#39424c;--paper:#12161b;--card:#1b2128;
            --good:#4cc26a;--bad:#ff7b72;--warn:#e0b341;--a:#6cb0ff;--b:#f0a35c}}
            *{box-sizing:border-box}
            body{margin:0 auto;max-width:60rem;padding:1.2rem 1rem 3rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
            h1{font-size:1.5rem;line-height:1.25;margin:.2rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem}
            p{margin:.4rem 0}.dim,figcaption,dt{color:var(--dim)}
            .verdict{display:inline-block;font-weight:700;border:2px solid;border-radius:.5rem;padding:.1rem .7rem;margin:.5rem 0}
            .pass{color:var(--good)}.fail{color:var(--bad)}.not_measured{color:var(--warn)}
            dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.6rem 0}dd{margin:0;overflow-wrap:anywhere}
            table{border-collapse:collapse;width:100%;font-size:.95rem}td,th{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
            .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
            figure{margin:1rem 0;background:var(--card);border-radius:.6rem;padding:.7rem}figcaption{font-size:.9rem}
            svg{display:block;width:100%;height:auto}svg text{fill:var(--dim);font:12px system-ui,sans-serif}
            .grid{stroke:var(--line)}.sa{stroke:var(--a);fill:none;stroke-width:2}.sb{stroke:var(--b);fill:none;stroke-width:2}
            .fa{fill:var(--a)}.fb{fill:var(--b)}.good{fill:var(--good)}.part{fill:var(--warn)}.none{fill:var(--bad)}.gap{fill:var(--line)}
            .key{display:inline-block;width:.8rem;height:.8rem;border-radius:.2rem;margin:0 .3rem 0 .8rem;vertical-align:-.05rem}
            code{font-size:.85em;overflow-wrap:anywhere}
            @media(max-width:34rem){body{padding:1rem .7rem 2rem}td,th{padding-right:.5rem}table{font-size:.85rem}svg text{font-size:20px}td.c{overflow-wrap:anywhere}}
            """;

    private final ReportData data;
    private final Hash json;

    /// @param json SHA-256 of `report.json`, which holds the same figures
    ReportHtml(ReportData data, Hash json) {
        this.data = data;
        this.json = json;
    }

    String page() {
        return """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
                <title>%s: evaluation of %s</title><style>
                %s</style></head><body>
                %s
                <h2>Criteria</h2>
                %s
                <h2>Availability</h2>
                %s
                <h2>Latency of small objects</h2>
                %s
                <h2>Throughput</h2>
                %s
                <h2>Durability and listings</h2>
                %s
                <h2>What this provider was asked</h2>
                %s
                <h2>How it was measured</h2>
                %s
                </body></html>
                """
                .formatted(
                        data.passed() ? "Passed" : "Failed",
                        Text.escape(data.provider()),
                        STYLE,
                        head(),
                        criteria(),
                        availability(),
                        latency(),
                        throughput(),
                        durability(),
                        capabilities(),
                        method());
    }

    private String head() {
        String missed = data.findings().stream()
                .filter(finding -> finding.outcome() != Outcome.PASS)
                .map(finding -> Text.criterion(finding.criterion()))
                .collect(Collectors.joining("; "));
        return """
                <header><p class="dim">Coffer: evaluation of a storage provider</p><h1>%s</h1>
                <p class="verdict %s">%s</p><p>%s</p>
                <dl><dt>Provider</dt><dd>%s</dd><dt>Owner</dt><dd>%s</dd><dt>Region</dt><dd>%s</dd><dt>Endpoint</dt><dd>%s</dd>
                <dt>Measured</dt><dd>%s of %s, in %s rounds, from %s to %s</dd></dl></header>"""
                .formatted(
                        Text.escape(data.provider()),
                        data.passed() ? "pass" : "fail",
                        data.passed() ? "Passed" : "Failed",
                        data.passed() ? "Every criterion was met." : "Not met: " + Text.escape(missed) + ".",
                        Text.escape(data.provider()),
                        Text.escape(data.owner()),
                        Text.escape(data.region()),
                        Text.escape(data.origin()),
                        Text.duration(data.measuredMs()),
                        Text.duration(data.durationMs()),
                        data.rounds(),
                        Text.time(data.begun()),
                        Text.time(data.ended()));
    }

    private String criteria() {
        String rows = data.findings().stream().map(ReportHtml::row).collect(Collectors.joining("\n"));
        return "<table><thead><tr><th>Criterion</th><th class=n>Measured</th><th class=n>Asked</th><th>Outcome</th></tr></thead><tbody>\n"
                + rows + "\n</tbody></table>";
    }

    private static String row(Finding finding) {
        String figure = finding.figure() == null ? "–" : Text.figure(finding.figure(), finding.unit());
        String bound = (finding.unit() == Finding.Unit.HOLDS || finding.relation() == Finding.Relation.AT_LEAST ? "≥ " : "≤ ")
                + Text.figure(finding.bound(), finding.unit());
        return "<tr><td class=c>%s</td><td class=n>%s</td><td class=n>%s</td><td class=\"%s\">%s</td></tr>".formatted(
                Text.escape(Text.criterion(finding.criterion())),
                figure,
                finding.unit() == Finding.Unit.HOLDS ? "yes" : bound,
                finding.outcome().name().toLowerCase(Locale.ROOT),
                switch (finding.outcome()) {
                    case PASS -> "✓ met";
                    case FAIL -> "✗ not met";
                    case NOT_MEASURED -> "? not measured";
                });
    }

    private String availability() {
        ReportData.AvailabilityData figures = data.availability();
        String outages = figures.longestOutages().stream()
                .filter(outage -> outage.length() > 0)
                .limit(10)
                .map(outage -> "<li>%s: %s, from %s on</li>".formatted(
                        Text.operation(outage.operation()), Text.duration(outage.length()), Text.duration(outage.from())))
                .collect(Collectors.joining());
        return """
                <p>Answered rightly %s of the time; %s. %s calls, %s of them not served; %s outages.</p>
                <figure>%s<figcaption><span class=key style="background:var(--good)"></span>all answered
                <span class=key style="background:var(--warn)"></span>some <span class=key style="background:var(--bad)"></span>none
                <span class=key style="background:var(--line)"></span>not asked</figcaption></figure>%s"""
                .formatted(
                        figures.ppm() == null ? "no part" : Text.percent(figures.ppm()),
                        figures.budgetSpentPpm() == null
                                ? "there is no error budget"
                                : Text.percent(figures.budgetSpentPpm()) + " of the error budget is spent",
                        figures.probes(),
                        figures.failed(),
                        figures.outages(),
                        Plots.availability(data.timeline(), spanMs()),
                        outages.isEmpty() ? "" : "<p>The longest outages:</p><ul>" + outages + "</ul>");
    }

    private long spanMs() {
        return data.timeline().getLast().toMs();
    }

    private String latency() {
        String rows = data.latency().stream()
                .map(it -> "<tr><td>%s</td><td class=n>%s</td><td class=n>%s</td><td class=n>%s</td><td class=n>%s</td><td class=n>%s</td></tr>"
                        .formatted(
                                Text.operation(it.operation()), it.count(), micros(it.p50()), micros(it.p95()),
                                micros(it.p99()), Text.micros(it.max())))
                .collect(Collectors.joining());
        String plots = List.of(Operation.PUT, Operation.GET, Operation.STAT).stream()
                .map(operation -> "<figure><figcaption>%s<span class=key style=\"background:var(--a)\"></span>half are faster (p50)<span class=key style=\"background:var(--b)\"></span>19 of 20 are faster (p95)</figcaption>%s</figure>"
                        .formatted(Text.operation(operation), Plots.latency(data.timeline(), spanMs(), operation)))
                .collect(Collectors.joining());
        return "<table><thead><tr><th></th><th class=n>count</th><th class=n>p50</th><th class=n>p95</th><th class=n>p99</th><th class=n>max</th></tr></thead><tbody>"
                + rows + "</tbody></table>" + plots;
    }

    private static String micros(@Nullable Long value) {
        return value == null ? "–" : Text.micros(value);
    }

    private String throughput() {
        return """
                <figure>%s<figcaption><span class=key style="background:var(--a)"></span>up
                <span class=key style="background:var(--b)"></span>down, by transfers at once</figcaption></figure>"""
                .formatted(Plots.throughput(data.throughput()));
    }

    private String durability() {
        ReportData.DurabilityData figures = data.durability();
        String bound = figures.yearlyLossPpmAtMost() == null
                ? "This says nothing about how many objects a year may get lost."
                : "If every object is as likely to be lost, at most %s of them get lost in a year (with 95 %% confidence)."
                        .formatted(Text.percent(figures.yearlyLossPpmAtMost()));
        return """
                <p>%s object hours were watched, %s reads compared byte for byte, %s objects missing at the end. %s</p>
                <p>%s listings were compared with what had been written and deleted. Objects of others under the same prefix: %s.</p>"""
                .formatted(
                        figures.keptObjectHours(), figures.readBack(), figures.missing(), bound, figures.listings(),
                        figures.foreignObjects());
    }

    private String capabilities() {
        String rows = data.capabilities().entrySet().stream()
                .map(entry -> "<tr><td class=c>%s</td><td class=\"%s\">%s</td></tr>".formatted(
                        Text.escape(Text.check(entry.getKey())),
                        switch (entry.getValue()) {
                            case YES -> "pass";
                            case NO -> entry.getKey().need() == Check.Need.INFORMATION ? "" : "fail";
                            case NOT_ASKED -> "not_measured";
                        },
                        switch (entry.getValue()) {
                            case YES -> "yes";
                            case NO -> "no";
                            case NOT_ASKED -> "not asked";
                        }))
                .collect(Collectors.joining());
        return "<p>Only what was asked and answered with yes is relied on.</p><table><tbody>" + rows + "</tbody></table>";
    }

    private String method() {
        String rows = data.criteria().entrySet().stream()
                .map(ReportHtml::setting)
                .collect(Collectors.joining());
        return """
                <p>The service wrote objects, read them back in every round and compared their SHA-256, and removed them at the end.
                It was stopped and resumed %s times; time in which it was stopped does not count. The signed
                <code>report.json</code> beside this page has the same figures and more.</p>
                <dl><dt>report.json</dt><dd><code>%s</code></dd><dt>state.jsonl</dt><dd><code>%s</code></dd></dl>
                <table><tbody>%s</tbody></table>"""
                .formatted(data.resumed(), json.hex(), data.stateSha256(), rows);
    }

    private static String setting(Map.Entry<String, String> entry) {
        return "<tr><td class=c><code>%s</code></td><td class=n>%s</td></tr>"
                .formatted(Text.escape(entry.getKey()), Text.escape(entry.getValue()));
    }
}
