package coffer.cli;

import coffer.agent.Json;
import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.KeyHolder;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

final class WhoCommand extends OnDevice {

    WhoCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "who",
                "List everyone who could read your data today.",
                "",
                "The list comes from the signed logs that this device has verified: each key that the data's keys are wrapped to,"
                        + " and the entry that did it. Nobody else can read anything.")
                .examples("coffer who")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        List<KeyHolder> holders = device.who();
        if (output().isJson()) {
            List<Json.Fields> items = new ArrayList<>();
            holders.forEach(holder -> items.add(Wire.holder(holder)));
            output().json(Json.object().put("holders", items).build());
            return Exit.OK;
        }
        ZoneId zone = coffer().terminal().zone();
        Table table = new Table("WHO", "KEY", "SINCE", "ENTRY");
        for (KeyHolder holder : holders) {
            table.add(
                    Shown.name(holder.holder()),
                    Shown.id(holder.keyId()),
                    Shown.time(holder.since(), zone),
                    entry(holder.entry()));
        }
        output().table(table);
        return Exit.OK;
    }

    /// Log id and sequence, the id shortened.
    private static String entry(String entry) {
        int end = Math.max(entry.lastIndexOf(' '), entry.lastIndexOf('/'));
        return end < 0 ? entry : Shown.id(entry.substring(0, end)) + entry.substring(end);
    }
}
