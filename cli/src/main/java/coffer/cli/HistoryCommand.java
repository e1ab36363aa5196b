package coffer.cli;

import coffer.agent.Json;
import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.Version;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

final class HistoryCommand extends OnDevice {

    private String path = "/";

    HistoryCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "history", "List the versions of a file or folder, the newest first.")
                .one(0, value -> path = value, "/PATH", "Whose versions.")
                .examples("coffer history /letter.pdf", "coffer restore /letter.pdf 17")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        List<Version> versions = device.history(VaultPath.parse(path));
        if (output().isJson()) {
            List<Json.Fields> items = new ArrayList<>();
            versions.forEach(version -> items.add(Wire.version(version)));
            output().json(Json.object().put("versions", items).build());
            return Exit.OK;
        }
        ZoneId zone = coffer().terminal().zone();
        Table table = new Table("VERSION", "TIME", "DEVICE", "SIZE", "PATH");
        for (Version version : versions) {
            table.add(
                    Long.toString(version.version()) + (version.current() ? " *" : ""),
                    Shown.time(version.time(), zone),
                    Shown.name(version.device()),
                    Shown.bytes(version.size()),
                    Shown.name(version.path())
                            + version.deleted().map(time -> "  (removed " + Shown.time(time, zone) + ")").orElse(""));
        }
        output().table(table);
        return Exit.OK;
    }
}
