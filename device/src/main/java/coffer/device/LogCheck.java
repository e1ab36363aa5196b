package coffer.device;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.log.Entry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks the entries of a log that this device keeps: each follows the one before, from the genesis that is the log's
/// id to the head that this device will never go back from. Signatures were checked when the entries came.
final class LogCheck {

    private static final int PAGE = 256;

    /// Hears of what is wrong.
    @FunctionalInterface
    interface Problems {
        void add(String where, ErrorCode code, String message);
    }

    private final ReplicaDb db;

    LogCheck(ReplicaDb db) {
        this.db = db;
    }

    /// Returns how many entries the device keeps.
    long check(LogId log, Problems problems) throws CofferException {
        long next = 0;
        Bytes last = Bytes.EMPTY;
        while (true) {
            long from = next;
            List<byte[]> page = db.read(tx -> {
                List<byte[]> entries = new ArrayList<>();
                try (Tx.Rows rows = tx.query(
                        "SELECT bytes FROM entry WHERE log = ? AND seq >= ? ORDER BY seq LIMIT " + PAGE, log.toArray(), from)) {
                    while (rows.next()) {
                        entries.add(rows.bytes(1));
                    }
                }
                return entries;
            });
            if (page.isEmpty()) {
                break;
            }
            for (byte[] bytes : page) {
                Entry entry = decode(bytes);
                if (entry == null || !follows(entry, log, next, last)) {
                    problems.add("log " + log.hex(), ErrorCode.CHAIN, "The log kept on this device is damaged.");
                    return next;
                }
                last = entry.id().value();
                next++;
            }
        }
        byte[] head = db.read(tx -> tx.blob("SELECT head_id FROM log WHERE id = ?", (Object) log.toArray()));
        if (head != null && !Bytes.of(head).equals(last)) {
            problems.add("log " + log.hex(), ErrorCode.CHAIN, "The log kept on this device does not reach its head.");
        }
        return next;
    }

    private static boolean follows(Entry entry, LogId log, long sequence, Bytes last) {
        if (entry.header().sequence() != sequence) {
            return false;
        }
        if (sequence == 0) {
            return entry.id().value().equals(log.value());
        }
        var previous = entry.header().previous();
        return previous != null && previous.value().equals(last);
    }

    private static @Nullable Entry decode(byte[] bytes) {
        try {
            return Entry.decodePerhapsWithoutBody(bytes);
        } catch (CborException e) {
            return null;
        }
    }
}
