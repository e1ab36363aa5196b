package coffer.cli;

import coffer.agent.Json;
import coffer.core.CofferException;
import coffer.device.Device;
import picocli.CommandLine.Model.CommandSpec;

final class SnapshotCommand extends OnDevice {

    SnapshotCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "snapshot",
                "Write the whole state of the vault now, sealed and signed.",
                "",
                "A new device starts from the newest snapshot instead of the whole history. Coffer writes one now and then by"
                        + " itself.")
                .examples("coffer snapshot")
                .build();
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
