package coffer.cli;

import coffer.agent.RemoteSetup;
import coffer.core.CofferException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

final class UnlockCommand implements Action {

    private final Coffer coffer;
    private @Nullable String file;

    UnlockCommand(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                        this,
                        "unlock",
                        "Open a device whose keys have a passphrase, until its agent ends.",
                        "",
                        "The passphrase is typed, or read from a file or the input; never given on the command line, where others see it.")
                .option(value -> file = value, "FILE", "Where it stands, in its first line; - for the input.", "--passphrase-file")
                .examples("coffer unlock", "coffer unlock --passphrase-file -")
                .build();
    }

    @Override
    public Integer call() throws CofferException {
        RemoteSetup device = coffer.lockable();
        if (!device.hasPassphrase()) {
            throw new UsageException("This device has no passphrase; `coffer passphrase set` gives it one.");
        }
        device.unlock(Passphrases.read(file, "passphrase: ", "--passphrase-file", coffer));
        coffer.output().result("The device is open.", Coffer.done());
        return Exit.OK;
    }
}
