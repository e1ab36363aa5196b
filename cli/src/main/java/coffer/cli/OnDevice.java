package coffer.cli;

import coffer.core.CofferException;
import coffer.device.Device;
/// A command that works on the device of the home.
abstract class OnDevice implements Action {

    private final Coffer coffer;

    OnDevice(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public final Integer call() throws CofferException {
        try (Device device = coffer.device()) {
            return run(device);
        }
    }

    abstract int run(Device device) throws CofferException;

    final Coffer coffer() {
        return coffer;
    }

    final Output output() {
        return coffer.output();
    }

    /// Says that it was done, and nothing else.
    final int done() {
        if (output().isJson()) {
            output().json(Coffer.done());
        }
        return Exit.OK;
    }
}
