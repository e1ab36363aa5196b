package coffer.cli;

import coffer.agent.Json;
import coffer.core.CofferException;
import coffer.device.Device;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

final class RestoreCommand extends OnDevice {

    private String path = "/";
    private @Nullable Long version;

    RestoreCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "restore",
                "Bring back an earlier version, or what was removed.",
                "",
                "With a version (see `coffer history`) that version becomes the current one, and the one before it stays in the"
                        + " history. Without one, the path is brought back from the trash.")
                .one(0, value -> path = value, "/PATH", "What to bring back.")
                .maybeNumber(1, value -> version = value, "VERSION", "Its number in `coffer history`.")
                .examples("coffer restore /letter.pdf 17", "coffer restore /old")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        String wanted = VaultPath.parse(path);
        Long number = version;
        if (number != null) {
            device.restoreVersion(wanted, number);
            output().result("Restored " + Shown.name(wanted), Json.object().put("path", wanted).build());
            return Exit.OK;
        }
        Optional<String> node = TrashCommand.newest(device, wanted);
        if (node.isEmpty()) {
            throw new UsageException("Nothing in the trash was at that path; `coffer trash` lists it, and `coffer history`"
                    + " lists versions.");
        }
        String restored = device.restoreTrashed(node.get());
        output().result("Restored " + Shown.name(restored), Json.object().put("path", restored).build());
        return Exit.OK;
    }
}
