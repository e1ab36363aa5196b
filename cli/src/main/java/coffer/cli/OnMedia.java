package coffer.cli;

import coffer.agent.RemoteMedia;
import coffer.core.CofferException;

/// A command that works on the mail and pictures of the home's device.
abstract class OnMedia implements Action {

    private final Coffer coffer;

    OnMedia(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public final Integer call() throws CofferException {
        return run(coffer.media());
    }

    abstract int run(RemoteMedia media) throws CofferException;

    final Coffer coffer() {
        return coffer;
    }

    final Output output() {
        return coffer.output();
    }
}
