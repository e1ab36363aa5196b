package coffer.core.log;

import coffer.core.DeviceRecord;

/// A device as the account log tells of it.
///
/// @param addedAt   sequence of the entry that let it in
/// @param addedMs   claimed time of that entry
/// @param removedAt sequence of the entry that removed it, or -1
public record DeviceState(DeviceRecord record, Role role, long addedAt, long addedMs, long removedAt) {

    public boolean isActive() {
        return removedAt < 0;
    }

    DeviceState removed(long sequence) {
        return new DeviceState(record, role, addedAt, addedMs, sequence);
    }
}
