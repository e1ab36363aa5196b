package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.LogReport;
import coffer.device.LogAudit;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/// Replays the service's whole transparency log.
final class LogAuditCommand implements Action {

    private final Coffer coffer;
    private Optional<String> origin = Optional.empty();
    private Optional<String> key = Optional.empty();

    LogAuditCommand(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                        this,
                        "audit",
                        "Verify the service's whole transparency log, from its first entry to its signed checkpoint.",
                        "",
                        "Fetches every entry and every tile, recomputes the tree, and replays the rules for providers. On a device it"
                                + " also compares what the device has seen before, and the entries of the account's own log. With"
                                + " --origin and --key it needs no device: anybody may audit any service.")
                .option(value -> origin = Optional.of(value), "URL", "The service to audit, instead of the device's own.", "--origin")
                .option(value -> key = Optional.of(value), "KEY", "Its log's key, as its operator publishes it.", "--key")
                .examples("coffer log audit", "coffer log audit --origin https://cloud.example --key KEY")
                .build();
    }

    @Override
    public Integer call() throws CofferException {
        if (origin.isPresent() != key.isPresent()) {
            throw new UsageException("--origin and --key belong together");
        }
        LogReport report;
        boolean onDevice = origin.isEmpty();
        try (Bar bar = coffer.bar()) {
            if (onDevice) {
                try (Device device = coffer.device()) {
                    report = device.auditLog(bar);
                }
            } else {
                report = LogAudit.run(address(origin.orElseThrow()), key.orElseThrow(), bar);
            }
        }
        coffer.output().result(words(report, onDevice), Wire.logReport(report));
        return coffer.output().problems(report.problems());
    }

    private static URI address(String text) {
        try {
            URI address = URI.create(text);
            if (address.getHost() != null && address.getScheme() != null) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Said below, as for an address without a host.
        }
        throw new UsageException("--origin is the address of a service, such as https://cloud.example");
    }

    private static String words(LogReport report, boolean onDevice) {
        StringBuilder words = new StringBuilder();
        words.append("The log is whole, from its first entry to its signed checkpoint, and every statement may stand where it stands.\n");
        line(words, "compared", Shown.count(report.size(), "entry", "entries") + " and " + Shown.count(report.tiles(), "tile"));
        line(words, "states", Shown.count(report.regions(), "region") + ", " + Shown.count(report.providers(), "provider"));
        line(words, "accounts", Shown.count(report.heads(), "entry", "entries") + " of their logs"
                + (onDevice ? ", " + report.ownHeads() + " of them yours and right" : ""));
        line(words, "root", report.root());
        line(words, "key", report.key());
        line(words, "witnesses", "none: the log is not independently witnessed");
        return words.substring(0, words.length() - 1);
    }

    private static void line(StringBuilder words, String name, String value) {
        words.append("  ").append(Width.padded(name, 11)).append(Shown.name(value)).append('\n');
    }
}
