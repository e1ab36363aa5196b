package coffer.service.evaluation;

import java.util.Map;

/// One line of the state file (docs/spec/evaluation.md). `at` is the time that the evaluation has been running, in milliseconds:
/// it stands still while the service is stopped.
sealed interface Measurement {

    long at();

    /// The first line.
    ///
    /// @param wall     time of day
    /// @param criteria as [Criteria#values]
    /// @param prefix   hex digits with which the names of objects begin that must appear in listings
    record Begun(
            long at,
            int version,
            String evaluation,
            String provider,
            String owner,
            String region,
            String origin,
            String wall,
            long durationMs,
            String prefix,
            Map<String, String> criteria)
            implements Measurement {}

    /// Measuring went on after a stop.
    record Resumed(long at, String wall) implements Measurement {}

    /// A round begins.
    record Round(long at, int number) implements Measurement {}

    /// An object is about to be written. Forced before the first byte leaves, so that whatever may be there is known.
    record Intended(long at, String name, long size, Role role) implements Measurement {}

    /// One call, answered or not. A `PUT` that is right makes the object stored, a `DELETE` that is right makes it gone.
    ///
    /// @param name   of the object
    /// @param micros how long it took
    record Probed(long at, Operation operation, Role role, String name, long micros, Result result)
            implements Measurement {}

    /// That many objects of this role were read back, all right.
    record ReadBack(long at, Role role, int objects) implements Measurement {}

    /// One listing of everything under the prefix.
    ///
    /// @param objects   listed
    /// @param absent    objects that should have appeared
    /// @param undeleted objects that should not have
    /// @param phantoms  objects that nobody wrote
    /// @param foreign   objects of others, proven by reading them
    record Listed(long at, long micros, Result result, int objects, int absent, int undeleted, int phantoms, int foreign)
            implements Measurement {}

    /// A conformance check was answered.
    record Checked(long at, Check check, boolean holds) implements Measurement {}

    /// One level of one throughput run in one direction.
    ///
    /// @param bytes  carried by the transfers that were right
    /// @param micros from the first byte of the first to the last byte of the last
    record Carried(long at, int run, Way way, int concurrency, long bytes, long micros, int right, int failed)
            implements Measurement {}

    /// A throughput run is complete.
    record LoadDone(long at, int run) implements Measurement {}

    /// Every kept object was read for the last time, as far as the provider answered.
    ///
    /// @param unread kept objects that could not be read
    record FinalRead(long at, int unread) implements Measurement {}

    /// Somebody asked for the end: from here on, what was written is only removed.
    record Cancelled(long at) implements Measurement {}

    /// The last line.
    ///
    /// @param left objects that could not be removed
    /// @param note a constant sentence that says more; may be empty
    record Ended(long at, String wall, How how, int left, String note) implements Measurement {}

    /// Why an evaluation ended.
    enum How {
        /// Its period is over.
        DONE,
        /// Somebody cancelled it.
        CANCELLED,
        /// The provider took neither credentials nor place nor clock at the very first call.
        REFUSED
    }
}
