package coffer.device;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.log.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The verified logs as this device keeps them: every entry as received, the head it will never go back from, and
/// whether a log is frozen. Tables `log` and `entry` of the replica.
final class LogStore {

    private static final int PAGE = 256;

    /// Where a log stands.
    ///
    /// @param frozen the code of what froze it, or null
    /// @param alarm  the code of what froze it before, until a person has seen it; or null
    /// @param state  the encoded state after the head, for logs that keep one
    record Standing(Head head, @Nullable ErrorCode frozen, @Nullable ErrorCode alarm, @Nullable Bytes state) {}

    private final ReplicaDb db;

    LogStore(ReplicaDb db) {
        this.db = db;
    }

    Optional<Standing> standing(LogId log) throws CofferException {
        return db.read(tx -> {
            try (Tx.Rows rows = tx.query(
                    "SELECT head_seq, head_id, frozen, state, alarm FROM log WHERE id = ?", (Object) log.toArray())) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                return Optional.of(new Standing(
                        new Head(rows.number(1), new Hash(Bytes.of(rows.bytes(2)))),
                        code(rows.textOrNull(3)),
                        code(rows.textOrNull(5)),
                        rows.isNull(4) ? null : Bytes.of(rows.bytes(4))));
            }
        });
    }

    /// The code that froze a log for writing, or null.
    @Nullable
    ErrorCode frozen(LogId log) throws CofferException {
        return standing(log).map(Standing::frozen).orElse(null);
    }

    /// Adds the next entry and moves the head, inside the caller's transaction.
    void append(Tx tx, LogId log, String kind, Entry entry, byte @Nullable [] state) throws SQLException {
        long sequence = entry.header().sequence();
        byte[] id = entry.id().toArray();
        tx.run(
                "INSERT INTO entry(log, seq, id, kind, bytes) VALUES (?, ?, ?, ?, ?)",
                log.toArray(), sequence, id, entry.header().kind().code(), entry.encode());
        tx.run(
                "INSERT INTO log(id, kind, head_seq, head_id, state) VALUES (?, ?, ?, ?, ?) "
                        + "ON CONFLICT(id) DO UPDATE SET head_seq = excluded.head_seq, head_id = excluded.head_id, "
                        + "state = excluded.state",
                log.toArray(), kind, sequence, id, state);
    }

    private static @Nullable ErrorCode code(@Nullable String name) {
        return name == null ? null : ErrorCode.valueOf(name);
    }

    /// Freezes a log for writing, durably; an earlier reason stays, unless it is one that may pass.
    void freeze(LogId log, ErrorCode reason) throws CofferException {
        db.write(tx -> tx.run(
                "UPDATE log SET frozen = ? WHERE id = ? AND (frozen IS NULL OR frozen = 'ROLLBACK')",
                reason.name(), log.toArray()));
    }

    /// What the service had lost is there again: the log may be written, and what has happened is an alarm until [#seen].
    void thaw(LogId log) throws CofferException {
        if (frozen(log) == ErrorCode.ROLLBACK) {
            db.write(tx -> tx.run(
                    "UPDATE log SET alarm = frozen, frozen = NULL WHERE id = ? AND frozen = 'ROLLBACK'", (Object) log.toArray()));
        }
    }

    /// A person has seen the alarms of logs that are not frozen any more.
    ///
    /// @return how many there were
    long seen() throws CofferException {
        return db.write(tx -> {
            long alarms = tx.number(0, "SELECT count(*) FROM log WHERE alarm IS NOT NULL AND frozen IS NULL")
                    + tx.number(0, "SELECT count(*) FROM log WHERE twin IS NOT NULL");
            tx.run("UPDATE log SET alarm = NULL WHERE frozen IS NULL");
            tx.run("UPDATE log SET twin = NULL");
            return alarms;
        });
    }

    /// One entry; from the device's own disk, so damage is LOCAL.
    Optional<Entry> entry(LogId log, long sequence) throws CofferException {
        return page(log, sequence, 1, "").stream()
                .filter(entry -> entry.header().sequence() == sequence)
                .findFirst();
    }

    /// What to do with each entry.
    interface EntryVisitor {
        void visit(Entry entry) throws CofferException;
    }

    /// Visits the entries from `from` on, in order.
    void forEach(LogId log, long from, EntryVisitor visitor) throws CofferException {
        visitAll(log, from, "", visitor);
    }

    /// Visits the entries of a vault's log that start an epoch, in order.
    void forEachEpochStart(LogId log, EntryVisitor visitor) throws CofferException {
        visitAll(
                log, 0, " AND kind IN (" + Kind.VAULT_GENESIS.code() + ", " + Kind.EPOCH.code() + ")", visitor);
    }

    private void visitAll(LogId log, long from, String condition, EntryVisitor visitor) throws CofferException {
        long next = from;
        while (true) {
            List<Entry> page = page(log, next, PAGE, condition);
            for (Entry entry : page) {
                visitor.visit(entry);
                next = entry.header().sequence() + 1;
            }
            if (page.size() < PAGE) {
                return;
            }
        }
    }

    private List<Entry> page(LogId log, long from, int limit, String condition) throws CofferException {
        return db.read(tx -> {
            List<Entry> page = new ArrayList<>();
            try (Tx.Rows rows = tx.query(
                    "SELECT bytes FROM entry WHERE log = ? AND seq >= ?" + condition + " ORDER BY seq LIMIT " + limit,
                    log.toArray(), from)) {
                while (rows.next()) {
                    page.add(decode(rows.bytes(1)));
                }
            }
            return page;
        });
    }

    private static Entry decode(byte[] bytes) throws CofferException {
        try {
            return Entry.decodePerhapsWithoutBody(bytes);
        } catch (CborException e) {
            throw Refusals.damaged("An entry kept on this device is damaged.", e);
        }
    }
}
