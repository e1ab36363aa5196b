package coffer.cli;

import coffer.agent.Json;
import coffer.core.CofferException;
import coffer.device.Device;
import picocli.CommandLine.Command;

@Command(
        name = "snapshot",
        description = {
            "Write the whole state of the vault now, sealed and signed.",
            "",
            "A new device starts from the newest snapshot instead of the whole history. Coffer writes one now and then by"
                    + " itself."
        },
        footer = {"", "Example:", "  coffer snapshot"})
final class SnapshotCommand extends OnDevice {

    SnapshotCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    int run(Device device) throws CofferException {
        long sequence;
        try (Bar bar = coffer().bar()) {
            sequence = device.snapshot(bar);
        }
        output().result("Snapshot at entry " + sequence, Json.object().put("entry", sequence).build());
        return Exit.OK;
    }
}
