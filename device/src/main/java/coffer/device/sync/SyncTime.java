package coffer.device.sync;

/// The two clocks that a synced folder needs.
public interface SyncTime {

    /// Runs evenly, from anywhere: for waiting.
    long elapsedMs();

    /// The wall clock, local date and time as `2026-11-23 14-05-09`: for names of conflict copies and nothing else.
    String stampForNames();

    /// The wall clock, milliseconds since 1970.
    long wallMs();
}
