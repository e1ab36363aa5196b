package coffer.cli;

import coffer.core.CofferException;
import coffer.device.Device;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "rm",
        description = {
            "Move files and folders, with everything in them, to the trash.",
            "",
            "They stay there for 30 days: `coffer trash` lists them, `coffer restore` brings them back."
        },
        footer = {"", "Example:", "  coffer rm /letter.pdf /old"})
final class RemoveCommand extends OnDevice {

    @Parameters(arity = "1..*", paramLabel = "/PATH", description = "What to remove.")
    List<String> paths = List.of();

    RemoveCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    int run(Device device) throws CofferException {
        for (String path : paths) {
            device.remove(VaultPath.parse(path));
        }
        return done();
    }
}
