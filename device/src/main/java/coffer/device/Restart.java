package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;

/// The vault has changed under a running put in a way that what was prepared does not fit any more (a new epoch, a
/// destination removed, a chunk released): it starts again, and keeps what is committed.
final class Restart extends CofferException {

    Restart() {
        super(ErrorCode.UNAVAILABLE, "The vault is being changed by others too quickly; try again.");
    }
}
