package coffer.cli;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "cat",
        description = {"Print the content of files.", "", "With --json as well, the content is printed as it is."},
        footer = {"", "Examples:", "  coffer cat /notes.txt", "  coffer cat /film.mp4 | player -"})
final class CatCommand extends OnDevice {

    @Parameters(arity = "1..*", paramLabel = "/PATH", description = "Files, printed one after the other.")
    List<String> paths = List.of();

    CatCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    int run(Device device) throws CofferException {
        for (String path : paths) {
            device.read(VaultPath.parse(path), coffer().terminal().out());
            if (coffer().terminal().out().checkError()) {
                throw new CofferException(ErrorCode.LOCAL, "The output cannot be written.");
            }
        }
        return Exit.OK;
    }
}
