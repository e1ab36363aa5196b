package coffer.cli;

import coffer.core.CofferException;
import coffer.device.Device;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "mv",
        description = {"Move or rename a file or folder.", "", "Moving sends nothing again, however large it is."},
        footer = {"", "Examples:", "  coffer mv /letter.pdf /papers/letter.pdf", "  coffer mv /Pictures /Photos"})
final class MoveCommand extends OnDevice {

    @Parameters(index = "0", paramLabel = "/FROM", description = "What to move.")
    String from = "";

    @Parameters(index = "1", paramLabel = "/TO", description = "Its new path, or a folder to move it into.")
    String to = "";

    MoveCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    int run(Device device) throws CofferException {
        device.move(VaultPath.parse(from), VaultPath.parse(to));
        return done();
    }
}
