package coffer.device.sync.plan;

/// Stops what takes away much at once, until a person says that it is meant (docs/sync.md, "Mass change").
public final class MassChange {

    private MassChange() {}

    /// Whether a plan takes away more than may go without a question.
    ///
    /// @param items    how many nodes the folder had when both sides last agreed
    /// @param approved what a person has agreed to; all zeros for nothing
    public static boolean needsConsent(Plan.Tally tally, int items, int count, double share, Plan.Tally approved) {
        long limit = Math.max(count, (long) (items * share));
        return isMore(tally.removedThere(), limit, approved.removedThere())
                || isMore(tally.changedThere(), limit, approved.changedThere())
                || isMore(tally.removedHere(), limit, approved.removedHere())
                || isMore(tally.changedHere(), limit, approved.changedHere());
    }

    private static boolean isMore(int planned, long limit, int approved) {
        return planned > limit && planned > approved;
    }
}
