package coffer.device;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.log.Head;
import coffer.core.tlog.Frontier;
import coffer.core.tlog.MerkleTree;
import coffer.core.tlog.NoteVerifier;
import coffer.core.tlog.Statement;
import coffer.seal.KnownHead;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The transparency log as this device keeps it: the key it trusts, every entry it verified, the edge of the tree, and what
/// other devices told of it. Tables `tlog`, `tlog_entry` and `tlog_heard` of the replica.
final class LogWatchStore {

    private final ReplicaDb db;

    LogWatchStore(ReplicaDb db) {
        this.db = db;
    }

    /// @param frozen    the code of what was wrong with the log, or null
    /// @param ownHeads how many entries of the own account's log were found in it, from the first on
    record Kept(NoteVerifier key, Frontier frontier, @Nullable ErrorCode frozen, long ownHeads) {}

    /// What is kept; empty before a key is pinned.
    Optional<Kept> kept() throws CofferException {
        return db.read(tx -> {
            try (Tx.Rows rows = tx.query("SELECT key, size, roots, frozen, own_heads FROM tlog")) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                String frozen = rows.textOrNull(4);
                return Optional.of(new Kept(
                        NoteVerifier.parse(rows.text(1)),
                        new Frontier(rows.number(2), roots(rows.bytes(3))),
                        frozen == null ? null : ErrorCode.valueOf(frozen),
                        rows.number(5)));
            } catch (CborException | IllegalArgumentException e) {
                throw Refusals.damaged("What this device keeps of the transparency log is damaged.", e);
            }
        });
    }

    private static List<Hash> roots(byte[] joined) {
        List<Hash> roots = new ArrayList<>();
        for (int at = 0; at < joined.length; at += Hash.SIZE) {
            roots.add(new Hash(Bytes.of(joined, at, Hash.SIZE)));
        }
        return roots;
    }

    private static byte[] joined(List<Hash> roots) {
        byte[] joined = new byte[roots.size() * Hash.SIZE];
        for (int i = 0; i < roots.size(); i++) {
            System.arraycopy(roots.get(i).toArray(), 0, joined, i * Hash.SIZE, Hash.SIZE);
        }
        return joined;
    }

    /// How commits name the transparency log among the logs whose heads they tell.
    static final LogId ID = new LogId(Hash.of("coffer/tlog/v1".getBytes(StandardCharsets.US_ASCII)).value());

    /// How many entries are verified, and their root: what a commit tells other devices.
    Optional<KnownHead> head() throws CofferException {
        return kept()
                .filter(kept -> kept.frontier().size() > 0)
                .map(kept -> new KnownHead(ID, new Head(kept.frontier().size(), kept.frontier().root())));
    }

    /// Trusts this key from now on, unless one is trusted already.
    void pin(NoteVerifier key) throws CofferException {
        db.write(tx -> tx.run(
                "INSERT OR IGNORE INTO tlog(one, key, size, roots, own_heads) VALUES (1, ?, 0, x'', 0)", key.text()));
    }

    /// Adds verified entries and the edge after them.
    void append(long from, List<byte[]> entries, Frontier after) throws CofferException {
        db.write(tx -> {
            long index = from;
            for (byte[] entry : entries) {
                byte[] place = LogReader.statement(entry) instanceof Statement.AccountHead head
                        ? head.place().toArray()
                        : null;
                int added = tx.run(
                        "INSERT INTO tlog_entry(idx, place, bytes) VALUES (?, ?, ?) ON CONFLICT(place) DO NOTHING",
                        index++, place, entry);
                if (added == 0) {
                    throw LogAlarm.illegal(null);
                }
            }
            tx.run("UPDATE tlog SET size = ?, roots = ?", after.size(), joined(after.roots()));
            return null;
        });
    }

    /// Stops uploads, durably; an earlier reason stays.
    void freeze(ErrorCode reason) throws CofferException {
        db.write(tx -> tx.run("UPDATE tlog SET frozen = ? WHERE frozen IS NULL", reason.name()));
    }

    /// The log was read to its end and verified.
    void noteRead(Instant when) throws CofferException {
        db.write(tx -> tx.run("UPDATE tlog SET read_ms = ?", when.toEpochMilli()));
    }

    /// When it last was; empty if it is not known.
    Optional<Instant> lastRead() throws CofferException {
        return db.read(tx -> {
            long time = tx.number(-1, "SELECT coalesce(read_ms, -1) FROM tlog");
            return time < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(time));
        });
    }

    void foundOwnHeads(long count) throws CofferException {
        db.write(tx -> tx.run("UPDATE tlog SET own_heads = ?", count));
    }

    /// What to do with each entry.
    interface Visitor {
        void visit(long index, byte[] entry) throws CofferException;
    }

    /// Visits entries in order.
    ///
    /// @param heads whether those of account heads too
    void forEach(boolean heads, Visitor visitor) throws CofferException {
        db.read(tx -> {
            String condition = heads ? "" : " WHERE place IS NULL";
            try (Tx.Rows rows = tx.query("SELECT idx, bytes FROM tlog_entry" + condition + " ORDER BY idx")) {
                while (rows.next()) {
                    visitor.visit(rows.number(1), rows.bytes(2));
                }
            }
            return null;
        });
    }

    /// The account head that stands at this place.
    Optional<Statement.AccountHead> accountHead(Hash place) throws CofferException {
        return db.read(tx -> {
            try (Tx.Rows rows = tx.query("SELECT bytes FROM tlog_entry WHERE place = ?", (Object) place.toArray())) {
                return rows.next() && LogReader.statement(rows.bytes(1)) instanceof Statement.AccountHead head
                        ? Optional.of(head)
                        : Optional.empty();
            }
        });
    }

    /// The root of the first `size` entries.
    Hash rootAt(long size) throws CofferException {
        return db.read(tx -> {
            Frontier frontier = Frontier.EMPTY;
            try (Tx.Rows rows = tx.query("SELECT bytes FROM tlog_entry WHERE idx < ? ORDER BY idx", size)) {
                while (rows.next()) {
                    frontier = frontier.with(MerkleTree.leaf(rows.bytes(1)));
                }
            }
            return frontier.root();
        });
    }

    /// Notes what another device had verified, in the transaction that applies its commit.
    static void heard(Tx tx, Head head) throws SQLException {
        tx.run(
                "INSERT OR IGNORE INTO tlog_heard(size, root) VALUES (?, ?)",
                head.sequence(),
                head.id().toArray());
    }

    /// What was heard and not compared yet.
    List<Head> heard() throws CofferException {
        return db.read(tx -> {
            List<Head> heard = new ArrayList<>();
            try (Tx.Rows rows = tx.query("SELECT size, root FROM tlog_heard ORDER BY size, root")) {
                while (rows.next()) {
                    heard.add(new Head(rows.number(1), new Hash(Bytes.of(rows.bytes(2)))));
                }
            }
            return heard;
        });
    }

    void compared(Head head) throws CofferException {
        db.write(tx -> tx.run(
                "DELETE FROM tlog_heard WHERE size = ? AND root = ?",
                head.sequence(),
                head.id().toArray()));
    }
}
