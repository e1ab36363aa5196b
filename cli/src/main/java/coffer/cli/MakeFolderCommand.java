package coffer.cli;

import coffer.core.CofferException;
import coffer.device.Device;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "mkdir",
        description = "Make folders.",
        footer = {"", "Example:", "  coffer mkdir -p /papers/2026/taxes"})
final class MakeFolderCommand extends OnDevice {

    @Parameters(arity = "1..*", paramLabel = "/PATH", description = "The folders to make.")
    List<String> paths = List.of();

    @Option(
            names = {"-p", "--parents"},
            description = "The folders above as well; one that is there is no error.")
    boolean parents;

    MakeFolderCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    int run(Device device) throws CofferException {
        for (String path : paths) {
            device.makeFolder(VaultPath.parse(path), parents);
        }
        return done();
    }
}
