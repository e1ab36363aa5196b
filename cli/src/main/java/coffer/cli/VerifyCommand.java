package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.VerifyReport;
import picocli.CommandLine.Model.CommandSpec;

final class VerifyCommand extends OnDevice {

    private boolean full;

    VerifyCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "verify",
                "Check that the logs are genuine and that every pack is stored.",
                "",
                "With --full every byte is fetched, opened and compared with its id, which takes as long as getting everything.")
                .flag(value -> full = value, "Fetch and open everything.", "--full")
                .examples("coffer verify", "coffer verify --full")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        VerifyReport report;
        try (Bar bar = coffer().bar()) {
            report = device.verify(full, bar);
        }
        output().result(sentence(report), Wire.verify(report));
        return output().problems(report.problems());
    }

    private String sentence(VerifyReport report) {
        String sentence = Shown.count(report.entries(), "log entry", "log entries") + " genuine, "
                + Shown.count(report.packs(), "pack") + " of " + Shown.bytes(report.packBytes()) + " stored";
        if (full) {
            sentence += ", " + Shown.count(report.chunks(), "chunk") + " of " + Shown.count(report.files(), "file")
                    + " opened and compared";
        }
        return report.problems().isEmpty()
                ? sentence + "; all is well"
                : sentence + "; " + Shown.count(report.problems().size(), "problem");
    }
}
