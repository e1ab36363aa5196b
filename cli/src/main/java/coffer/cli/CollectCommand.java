package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.CollectReport;
import picocli.CommandLine.Model.CommandSpec;

final class CollectCommand extends OnDevice {

    CollectCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "collect",
                "Free the room of what nothing needs any more.",
                "",
                "Packs are released by a signed entry, and deleted by the service after a grace period.")
                .examples("coffer trash empty --yes && coffer collect")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        CollectReport report;
        try (Bar bar = coffer().bar()) {
            report = device.collect(bar);
        }
        output().result(
                Shown.count(report.packsReleased(), "pack") + " of " + Shown.bytes(report.bytesReleased()) + " released, "
                        + report.packsKept() + " kept",
                Wire.collect(report));
        return Exit.OK;
    }
}
