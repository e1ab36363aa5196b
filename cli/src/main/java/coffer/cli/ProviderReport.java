package coffer.cli;

import coffer.agent.Json;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// What the last evaluation of a provider found, or how far it is.
final class ProviderReport implements Action {

    private static final List<String> FILES = List.of("report.html", "report.json", "report.sig");

    private final Coffer coffer;
    private final OperatorCalls calls;
    private String id = "";
    private @Nullable String folder;

    ProviderReport(Coffer coffer, OperatorCalls calls) {
        this.coffer = coffer;
        this.calls = calls;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "report", "Show what the last evaluation of a provider found, or how far it is.")
                .one(0, value -> id = value, "ID", "As `list` shows it.")
                .option(value -> folder = value, "DIR", "Save the report with its plots and signatures there.", "--save")
                .examples("coffer operator provider report near", "coffer operator provider report near --save ~/near-report")
                .build();
    }

    @Override
    public Integer call() throws CofferException {
        String path = ProviderCommand.PATH + "/" + OperatorText.id(id) + "/evaluation";
        if (folder != null) {
            save(path, coffer.terminal().resolve(folder));
        }
        return show(coffer, calls.get(path));
    }

    private void save(String path, Path into) throws CofferException {
        try {
            Files.createDirectories(into);
            for (String file : FILES) {
                Files.writeString(into.resolve(file), calls.text(path + "/" + file));
            }
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The report cannot be written there.", e);
        }
    }

    static int summary(Coffer coffer, Json.Fields status) {
        if (coffer.output().isJson()) {
            coffer.output().json(status);
        } else {
            head(coffer.output(), status);
        }
        return Exit.OK;
    }

    /// Exit status 1 for a provider that did not pass.
    static int show(Coffer coffer, Json.Fields status) {
        Output output = coffer.output();
        if (output.isJson()) {
            output.json(status);
        } else {
            head(output, status);
            findings(output, status.list("findings"));
        }
        return switch (status.text("state")) {
            case "running", "stopped", "passed" -> Exit.OK;
            default -> Exit.PROBLEMS;
        };
    }

    private static void head(Output output, Json.Fields status) {
        output.line("evaluation " + status.text("evaluation") + ": " + status.text("state") + ", "
                + percent(status.whole("secondsMeasured"), status.whole("seconds")) + " of the period, "
                + Shown.count(status.whole("rounds"), "round") + ", " + Shown.count(status.whole("probes"), "call") + ", "
                + status.whole("failed") + " failed");
        if (!status.text("note").isEmpty()) {
            output.line("  " + status.text("note"));
        }
    }

    private static String percent(long part, long whole) {
        return whole == 0 ? "100 %" : 100 * part / whole + " %";
    }

    private static void findings(Output output, List<Json.Fields> findings) {
        if (findings.isEmpty()) {
            return;
        }
        Table table = new Table("CRITERION", "RESULT", "MEASURED", "ASKED");
        for (Json.Fields finding : findings) {
            table.add(
                    finding.text("criterion"), finding.text("result"), finding.text("measured"), finding.text("asked"));
        }
        output.table(table);
    }
}
