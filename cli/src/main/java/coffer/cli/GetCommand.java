package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.GetReport;
import picocli.CommandLine.Model.CommandSpec;

final class GetCommand extends OnDevice {

    private String path = "/";
    private String directory = ".";
    private boolean overwrite;

    GetCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "get",
                "Write a file or folder to this machine.",
                "",
                "Every byte is checked on its way. What is already there with the same content is left alone; other files are"
                        + " never overwritten unless you say so.")
                .one(0, value -> path = value, "/PATH", "What to write.")
                .one(1, value -> directory = value, "DIR", "The folder to write it into; made if needed.")
                .flag(value -> overwrite = value, "Replace files there that differ.", "--overwrite")
                .examples(
                        "coffer get /Pictures ~/restored     makes ~/restored/Pictures",
                        "coffer get / ~/everything           everything",
                        "coffer get --overwrite /letter.pdf .")
                .build();
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
