package coffer.cli;

import coffer.core.CofferException;
import picocli.CommandLine.Model.CommandSpec;

/// The agent ends, and with it everything that it had in memory; another one starts, without the keys.
final class LockCommand implements Action {

    private final Coffer coffer;

    LockCommand(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "lock", "Close a device whose keys have a passphrase, until `coffer unlock`; what its agent does is ended.")
                .examples("coffer lock")
                .build();
    }

    @Override
    public Integer call() throws CofferException {
        if (!coffer.lockable().hasPassphrase()) {
            throw new UsageException("This device has no passphrase; `coffer passphrase set` gives it one.");
        }
        coffer.agents().stop(coffer.home());
        coffer.agents().connect(coffer.home());
        coffer.output().result("The device is locked.", Coffer.done());
        return Exit.OK;
    }
}
