package coffer.device.sync;

import coffer.device.sync.plan.Names;

/// What a person or a platform sets for a synced folder.
///
/// @param device     this device's name, for names of conflict copies
/// @param quietMs    how long a file must not have changed before it is read
/// @param quietMsMax what that grows to for a file that keeps changing
/// @param vanishedMs how long an item must be gone before its node is removed: it may turn up elsewhere
/// @param rescanMs   how often everything is looked at, in case that events were lost
/// @param massCount  up to so many removals or changes at once need no question
/// @param massShare  above that, up to this share of the folder's items
public record SyncSettings(
        Names names,
        String device,
        long quietMs,
        long quietMsMax,
        long vanishedMs,
        long rescanMs,
        int massCount,
        double massShare) {

    public static SyncSettings of(Names names, String device) {
        return new SyncSettings(names, device, 40, 2_000, 400, 3_600_000, 100, 0.3);
    }
}
