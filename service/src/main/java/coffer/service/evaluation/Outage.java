package coffer.service.evaluation;

import java.util.Comparator;

/// A time in which one kind of call was not served: from the first call that failed to the first that was answered.
///
/// @param from in milliseconds of the evaluation
/// @param to   likewise
public record Outage(Operation operation, long from, long to) implements Comparable<Outage> {

    private static final Comparator<Outage> BY_LENGTH = Comparator.comparingLong(Outage::length)
            .thenComparing(Comparator.comparingLong(Outage::from).reversed())
            .thenComparing(Outage::operation);

    public long length() {
        return to - from;
    }

    /// The shorter first.
    @Override
    public int compareTo(Outage other) {
        return BY_LENGTH.compare(this, other);
    }
}
