package coffer.service.evaluation;

import coffer.service.evaluation.Criteria.Latency;
import coffer.service.evaluation.Finding.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Whether each criterion was met. A provider passes if all were.
public record Verdict(List<Finding> findings) {

    public Verdict {
        findings = List.copyOf(findings);
    }

    public boolean isPassed() {
        return findings.stream().allMatch(finding -> finding.outcome() == Outcome.PASS);
    }

    /// The criteria that were not met or not measured.
    public List<Finding> failures() {
        return findings.stream().filter(finding -> finding.outcome() != Outcome.PASS).toList();
    }

    /// Judges; a pure function of its arguments.
    static Verdict of(Measurements measured, Criteria criteria) {
        var findings = new ArrayList<Finding>();
        conformance(findings, measured);
        integrity(findings, measured);
        latency(findings, "put", measured.latencies(Operation.PUT), criteria.put(), criteria);
        latency(findings, "get", measured.latencies(Operation.GET), criteria.get(), criteria);
        latency(findings, "stat", measured.latencies(Operation.STAT), criteria.stat(), criteria);
        findings.add(Finding.atLeast(
                "throughput.up", best(measured, Way.UP, criteria), criteria.uploadMin(), Unit.BYTES_PER_SECOND));
        findings.add(Finding.atLeast(
                "throughput.down", best(measured, Way.DOWN, criteria), criteria.downloadMin(), Unit.BYTES_PER_SECOND));
        availability(findings, measured, criteria);
        findings.add(Finding.atMost(
                "cleanup.left", measured.ended().map(end -> (long) end.left()).orElse(null), 0, Unit.COUNT));
        return new Verdict(findings);
    }

    private static void conformance(List<Finding> findings, Measurements measured) {
        for (Check check : Check.values()) {
            Boolean holds = measured.checks().get(check);
            boolean counts =
                    switch (check.need()) {
                        case REQUIRED -> true;
                        case IF_ASKED -> holds != null;
                        case INFORMATION -> false;
                    };
            if (counts) {
                Long figure = holds == null ? null : holds ? 1L : 0L;
                findings.add(Finding.atLeast("conformance." + name(check), figure, 1, Unit.HOLDS));
            }
        }
    }

    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void integrity(List<Finding> findings, Measurements measured) {
        Long reads = measured.readBack() + measured.wrongBytes() > 0 ? measured.wrongBytes() : null;
        findings.add(Finding.atMost("integrity.wrong-bytes", reads, 0, Unit.COUNT));
        findings.add(Finding.atMost("integrity.wrong-answers", asked(measured, measured.wrongAnswers()), 0, Unit.COUNT));
        findings.add(Finding.atMost("durability.denied", asked(measured, measured.denied()), 0, Unit.COUNT));
        Long lost = measured.finalRead().isPresent() ? (long) measured.ledger().missing() : null;
        findings.add(Finding.atMost("durability.lost", lost, 0, Unit.COUNT));
        findings.add(Finding.atMost(
                "durability.unread", measured.finalRead().map(read -> (long) read.unread()).orElse(null), 0, Unit.COUNT));
        Long wrong = measured.listings() > 0 ? measured.listingErrors() : null;
        findings.add(Finding.atMost("listing.errors", wrong, 0, Unit.COUNT));
    }

    private static @Nullable Long asked(Measurements measured, long figure) {
        return measured.probes() > 0 ? figure : null;
    }

    private static void latency(
            List<Finding> findings, String operation, Samples samples, Latency bounds, Criteria criteria) {
        boolean enough = samples.count() >= criteria.probesMin();
        percentile(findings, operation, 50, samples, bounds.p50(), enough);
        percentile(findings, operation, 95, samples, bounds.p95(), enough);
        percentile(findings, operation, 99, samples, bounds.p99(), enough);
    }

    private static void percentile(
            List<Finding> findings, String operation, int percent, Samples samples, Duration bound, boolean enough) {
        OptionalLong value = samples.percentile(percent);
        Long figure = enough && value.isPresent() ? value.getAsLong() : null;
        findings.add(Finding.atMost(
                "latency." + operation + ".p" + percent, figure, bound.toNanos() / 1_000, Unit.MICROSECONDS));
    }

    private static void availability(List<Finding> findings, Measurements measured, Criteria criteria) {
        long ppm = measured.rounds().availabilityPpm();
        findings.add(Finding.atLeast("availability", ppm < 0 ? null : ppm, criteria.availabilityPpm(), Unit.PPM));
        findings.add(Finding.atMost(
                "outage.longest",
                asked(measured, measured.outages().longest(measured.at())),
                criteria.outageMax().toMillis(),
                Unit.MILLISECONDS));
        findings.add(Finding.atLeast(
                "outage.survived",
                asked(measured, measured.outages().readOutagesOver()),
                criteria.restartsMin(),
                Unit.COUNT));
    }

    /// Bytes per second at the best level that was measured; null unless every level was, in at least one run.
    private static @Nullable Long best(Measurements measured, Way way, Criteria criteria) {
        Long best = null;
        for (int level : criteria.concurrency()) {
            OptionalLong rate = rate(measured, way, level);
            if (rate.isEmpty()) {
                return null;
            }
            best = best == null ? rate.getAsLong() : Math.max(best, rate.getAsLong());
        }
        return best;
    }

    /// The median over the runs; the lower of the two in the middle. A run in which nothing came through counts as zero.
    static OptionalLong rate(Measurements measured, Way way, int concurrency) {
        long[] rates = measured.carried().stream()
                .filter(level -> level.way() == way && level.concurrency() == concurrency)
                .mapToLong(level -> level.bytes() * 1_000_000 / Math.max(1, level.micros()))
                .toArray();
        Arrays.sort(rates);
        return rates.length == 0 ? OptionalLong.empty() : OptionalLong.of(rates[(rates.length - 1) / 2]);
    }
}
