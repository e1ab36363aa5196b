package coffer.cli;

import coffer.core.CofferException;
import coffer.device.Device;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

final class MakeFolderCommand extends OnDevice {

    private List<String> paths = List.of();

    private boolean parents;

    MakeFolderCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "mkdir", "Make folders.")
                .many("1..*", values -> paths = values, "/PATH…", "The folders to make.")
                .flag(
                        value -> parents = value,
                        "The folders above as well; one that is there is no error.",
                        "-p",
                        "--parents")
                .examples("coffer mkdir -p /papers/2026/taxes")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        for (String path : paths) {
            device.makeFolder(VaultPath.parse(path), parents);
        }
        return done();
    }
}
