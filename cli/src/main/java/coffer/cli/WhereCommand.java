package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.CopyPlace;
import coffer.device.Device.WhereReport;
import java.time.ZoneId;
import picocli.CommandLine.Model.CommandSpec;

final class WhereCommand extends OnDevice {

    private String path = "/";

    WhereCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                        this,
                        "where",
                        "Say which providers hold what is at a path.",
                        "",
                        "Which packs there are comes from the signed log, and whose a place is and where it lies from the service's"
                                + " transparency log, both verified by this device. That a copy is there the service says;"
                                + " `coffer verify --full` reads each one, and PROVEN counts those it found right. Without a"
                                + " connection it shows those alone.")
                .maybe(0, value -> path = VaultPath.parse(value), "/PATH", "A file or folder (default: everything).")
                .examples("coffer where", "coffer where /pictures/2026")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        WhereReport report;
        try (Bar bar = coffer().bar()) {
            report = device.where(path, bar);
        }
        if (output().isJson()) {
            output().json(Wire.where(report));
            return output().problems(report.problems());
        }
        output().line(Shown.name(report.path()) + " is in " + Shown.count(report.packs(), "pack") + " of "
                + Shown.bytes(report.bytes()) + ", to lie in region " + Shown.name(report.region()) + "; "
                + copies(report));
        ZoneId zone = coffer().terminal().zone();
        if (!report.online()) {
            output().note(LeftWords.offline(report.read(), zone));
        }
        if (!report.places().isEmpty()) {
            output().table(table(report, zone));
        }
        LeftWords.of(report.former(), report.left(), report.online()).forEach(output()::line);
        return output().problems(report.problems());
    }

    private static String copies(WhereReport report) {
        if (report.online()) {
            return report.without() == 0 ? "every one has a copy" : report.without() + " without a copy";
        }
        return "this device has read a copy of " + (report.packs() - report.without());
    }

    private static Table table(WhereReport report, ZoneId zone) {
        Table table = new Table("PROVIDER", "OWNER", "REGION", "STATE", "COPIES", "BYTES", "PROVEN", "SINCE", "AT");
        for (CopyPlace place : report.places()) {
            table.add(
                    shown(place.provider()),
                    shown(place.owner()),
                    shown(place.region()),
                    shown(place.state()),
                    Long.toString(place.copies()),
                    Shown.bytes(place.bytes()),
                    Long.toString(place.proven()),
                    place.since().map(time -> Shown.time(time, zone)).orElse("never"),
                    Shown.name(place.origin()));
        }
        return table;
    }

    private static String shown(String word) {
        return word.isEmpty() ? "?" : Shown.name(word);
    }
}
