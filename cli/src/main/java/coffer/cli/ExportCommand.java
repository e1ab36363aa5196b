package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.GetReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = {
            "Write everything in open form.",
            "",
            "Files as files, and beside them a manifest with their times, versions and hashes: what you need to leave Coffer,"
                    + " or to read your data without it."
        },
        footer = {"", "Example:", "  coffer export /media/disk/coffer"})
final class ExportCommand extends OnDevice {

    @Parameters(paramLabel = "DIR", description = "The folder to write into; made if needed.")
    String directory = ".";

    ExportCommand(Coffer coffer) {
        super(coffer);
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
