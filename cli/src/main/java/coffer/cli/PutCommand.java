package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.PutReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

final class PutCommand extends OnDevice {

    private List<String> arguments = List.of();

    PutCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "put",
                "Keep files and folders.",
                "",
                "What has not changed since it was last put is not read again; what a provider has already is not sent again."
                        + " After an interruption the same command goes on where it stopped.")
                .many("1..*", values -> arguments = values, "FILE… /PATH", "What to keep, and where in Coffer.")
                .examples(
                        "coffer put ~/Pictures /                 makes or updates /Pictures",
                        "coffer put letter.pdf bill.pdf /papers  puts two files into the folder /papers",
                        "coffer put -- -odd-name.txt /           a name that starts with a dash")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        if (arguments.size() < 2) {
            throw new UsageException("Say what to keep, and where: coffer put FILE… /PATH.");
        }
        String destination = VaultPath.parseAbsolute(arguments.getLast());
        List<Path> sources = new ArrayList<>();
        for (String source : arguments.subList(0, arguments.size() - 1)) {
            sources.add(coffer().terminal().resolve(source));
        }
        PutReport report;
        try (Bar bar = coffer().bar()) {
            report = device.put(sources, destination, bar);
        }
        output().result(sentence(report), Wire.put(report));
        return output().problems(report.problems());
    }

    private static String sentence(PutReport report) {
        String sentence = Shown.count(report.files(), "file") + ", " + Shown.count(report.folders(), "folder") + ", "
                + Shown.bytes(report.bytes()) + ": " + Shown.bytes(report.newBytes()) + " new, "
                + Shown.bytes(report.sentBytes()) + " sent";
        return report.unchanged() == 0 ? sentence : sentence + ", " + Shown.count(report.unchanged(), "file") + " unchanged";
    }
}
