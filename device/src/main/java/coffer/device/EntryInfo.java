package coffer.device;

import coffer.core.DeviceId;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.log.PackRef;
import java.util.List;

/// What the verified header of a commit says that the tree needs to know.
///
/// @param timeMs     claimed by the author; orders nothing
/// @param appendOnly whether the author may only add new nodes
/// @param added      packs that the service has checked to be stored
record EntryInfo(
        LogId vault,
        long sequence,
        long timeMs,
        DeviceId author,
        boolean appendOnly,
        long epoch,
        List<PackRef> added,
        List<PackId> released) {

    EntryInfo {
        added = List.copyOf(added);
        released = List.copyOf(released);
    }
}
