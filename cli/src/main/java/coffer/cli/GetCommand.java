package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.GetReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "get",
        description = {
            "Write a file or folder to this machine.",
            "",
            "Every byte is checked on its way. What is already there with the same content is left alone; other files are"
                    + " never overwritten unless you say so."
        },
        footer = {
            "",
            "Examples:",
            "  coffer get /Pictures ~/restored     makes ~/restored/Pictures",
            "  coffer get / ~/everything           everything",
            "  coffer get --overwrite /letter.pdf ."
        })
final class GetCommand extends OnDevice {

    @Parameters(index = "0", paramLabel = "/PATH", description = "What to write.")
    String path = "/";

    @Parameters(index = "1", paramLabel = "DIR", description = "The folder to write it into; made if needed.")
    String directory = ".";

    @Option(names = "--overwrite", description = "Replace files there that differ.")
    boolean overwrite;

    GetCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    int run(Device device) throws CofferException {
        GetReport report;
        try (Bar bar = coffer().bar()) {
            report = device.get(VaultPath.parse(path), coffer().terminal().resolve(directory), overwrite, bar);
        }
        output().result(sentence(report), Wire.get(report));
        return output().problems(report.problems());
    }

    static String sentence(GetReport report) {
        String sentence = Shown.count(report.files(), "file") + ", " + Shown.count(report.folders(), "folder") + ", "
                + Shown.bytes(report.bytes()) + " written";
        return report.alreadyThere() == 0
                ? sentence
                : sentence + ", " + Shown.count(report.alreadyThere(), "file") + " already there";
    }
}
