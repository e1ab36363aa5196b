package coffer.cli;

import coffer.core.CofferException;
import coffer.device.Device;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

final class RemoveCommand extends OnDevice {

    private List<String> paths = List.of();

    RemoveCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "rm",
                "Move files and folders, with everything in them, to the trash.",
                "",
                "They stay there for 30 days: `coffer trash` lists them, `coffer restore` brings them back.")
                .many("1..*", values -> paths = values, "/PATH…", "What to remove.")
                .examples("coffer rm /letter.pdf /old")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        for (String path : paths) {
            device.remove(VaultPath.parse(path));
        }
        return done();
    }
}
