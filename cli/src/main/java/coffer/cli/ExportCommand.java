package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.GetReport;
import picocli.CommandLine.Model.CommandSpec;

final class ExportCommand extends OnDevice {

    private String directory = ".";

    ExportCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "export",
                "Write everything in open form.",
                "",
                "Files as files, and beside them a manifest with their times, versions and hashes: what you need to leave Coffer,"
                        + " or to read your data without it.")
                .one(0, value -> directory = value, "DIR", "The folder to write into; made if needed.")
                .examples("coffer export /media/disk/coffer")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        GetReport report;
        try (Bar bar = coffer().bar()) {
            report = device.export(coffer().terminal().resolve(directory), bar);
        }
        output().result(GetCommand.sentence(report), Wire.get(report));
        return output().problems(report.problems());
    }
}
