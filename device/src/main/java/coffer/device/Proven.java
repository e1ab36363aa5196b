package coffer.device;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// When this device itself last read a whole copy of a pack at some origin and found it right: a note of its own.
final class Proven {

    private Proven() {}

    /// After all copies were read: those that were right, and no others.
    ///
    /// @param nowMs when they were read, milliseconds since 1970
    static void replace(Tx tx, long pack, Iterable<String> origins, long nowMs) throws SQLException {
        tx.run("DELETE FROM proven WHERE pack = ?", pack);
        for (String origin : origins) {
            tx.run("INSERT INTO proven VALUES (?, ?, ?)", pack, origin, nowMs);
        }
    }

    /// By origin.
    static Map<String, Long> of(Tx tx, long pack) throws SQLException {
        Map<String, Long> times = new HashMap<>();
        try (Tx.Rows rows = tx.query("SELECT origin, seen_ms FROM proven WHERE pack = ?", pack)) {
            while (rows.next()) {
                times.put(rows.text(1), rows.number(2));
            }
        }
        return times;
    }
}
