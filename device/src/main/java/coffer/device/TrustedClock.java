package coffer.device;

import java.sql.SQLException;
import java.time.Duration;

/// Time as this device has lived through it: it runs with the wall clock, but no single step of the wall clock moves
/// it by more than a day, and none moves it back.
///
/// What waits for time to pass before it deletes something waits by this clock, so that a wrong clock alone deletes
/// nothing. A device that sleeps for a month deletes later, which harms nobody.
final class TrustedClock {

    private static final long STEP_MAX_MS = Duration.ofDays(1).toMillis();

    private TrustedClock() {}

    /// Trusted milliseconds now; only differences mean anything.
    static long tick(Tx tx, long wallMs) throws SQLException {
        long last = tx.number(wallMs, "SELECT wall_ms FROM clock");
        long trusted = tx.number(0, "SELECT trusted_ms FROM clock") + Math.clamp(wallMs - last, 0, STEP_MAX_MS);
        tx.run("INSERT OR REPLACE INTO clock VALUES (1, ?, ?)", wallMs, trusted);
        return trusted;
    }
}
