package coffer.service;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.tlog.MerkleTree;
import coffer.core.tlog.TileId;
import coffer.service.StorageException.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// [TlogStorage] in the service's SQLite file, by its one writer.
final class SqliteTlog implements TlogStorage {

    private final SqliteWriter writer;
    private final SqliteReaders readers;

    /// Borrows both.
    SqliteTlog(SqliteWriter writer, SqliteReaders readers) {
        this.writer = writer;
        this.readers = readers;
    }

    /// Notes that an account's log has grown, in the transaction in which it does.
    static void grown(SqlSession session, long logNo, long sequence) throws SQLException {
        session.update("INSERT INTO tlog_due(log_no, sequence) VALUES (?, ?)", logNo, sequence);
    }

    @Override
    public long size() throws StorageException {
        return readers.read(SqliteTlog::size);
    }

    private static long size(SqlSession session) throws SQLException {
        return session.find("SELECT coalesce(max(idx) + 1, 0) FROM tlog_entries", row -> row.getLong(1))
                .orElse(0L);
    }

    @Override
    public List<byte[]> entries(long from, int count) throws StorageException {
        return readers.read(session -> session.query(
                "SELECT entry FROM tlog_entries WHERE idx >= ? AND idx < ? ORDER BY idx",
                row -> row.getBytes(1),
                from,
                from + count));
    }

    @Override
    public List<Hash> hashes(int level, long from, int count) throws StorageException {
        return readers.read(session -> hashes(session, level, from, count));
    }

    private static List<Hash> hashes(SqlSession session, int level, long from, int count) throws SQLException {
        return session.query(
                "SELECT hash FROM tlog_hashes WHERE level = ? AND idx >= ? AND idx < ? ORDER BY idx",
                row -> new Hash(Bytes.of(row.getBytes(1))),
                level,
                from,
                from + count);
    }

    @Override
    public List<DueHead> due(int countMax) throws StorageException {
        return readers.read(session -> session.query(
                """
                SELECT d.no, l.id, e.kind, e.header, e.body, e.signatures FROM tlog_due d
                JOIN logs l ON l.no = d.log_no JOIN entries e ON e.key = (d.log_no << 32 | d.sequence)
                ORDER BY d.no LIMIT ?""",
                SqliteTlog::dueHead,
                countMax));
    }

    private static DueHead dueHead(ResultSet row) throws SQLException {
        StoredEntry stored = new StoredEntry(row.getInt(3), row.getBytes(4), row.getBytes(5), row.getBytes(6));
        try {
            Head head = Entry.decode(stored.join()).head();
            return new DueHead(row.getLong(1), LogId.of(row.getBytes(2)), head);
        } catch (CborException e) {
            throw new SQLException("a stored entry does not decode", e);
        }
    }

    @Override
    public void append(long size, List<Leaf> leaves, List<DueHead> done) throws StorageException {
        try {
            writer.submit(session -> {
                append(session, size, leaves);
                for (DueHead head : done) {
                    session.update("DELETE FROM tlog_due WHERE no = ?", head.number());
                }
                return size;
            });
        } catch (SqliteWriter.OutcomeUnknown e) {
            throw new StorageException(Reason.FAILED, "nobody knows whether the log has grown", e);
        }
    }

    private static void append(SqlSession session, long size, List<Leaf> leaves) throws SQLException {
        if (size(session) != size) {
            throw new SQLException("the transparency log has another size");
        }
        long index = size;
        for (Leaf leaf : leaves) {
            session.update("INSERT INTO tlog_entries(idx, entry) VALUES (?, ?)", index, leaf.entry());
            if (leaf.place().isPresent()) {
                session.update("INSERT INTO tlog_places(place) VALUES (?)", leaf.place().get().toArray());
            }
            insertHash(session, 0, index, leaf.hash());
            index++;
        }
    }

    /// With the last hash of a full tile, also the tile's own on the level above.
    private static void insertHash(SqlSession session, int level, long index, Hash hash) throws SQLException {
        session.update("INSERT INTO tlog_hashes(level, idx, hash) VALUES (?, ?, ?)", level, index, hash.toArray());
        if ((index + 1) % TileId.WIDTH == 0) {
            List<Hash> tile = hashes(session, level, index + 1 - TileId.WIDTH, TileId.WIDTH);
            insertHash(session, level + 1, index / TileId.WIDTH, root(tile));
        }
    }

    private static Hash root(List<Hash> tile) {
        List<Hash> level = tile;
        while (level.size() > 1) {
            List<Hash> above = new ArrayList<>(level.size() / 2);
            for (int i = 0; i < level.size(); i += 2) {
                above.add(MerkleTree.node(level.get(i), level.get(i + 1)));
            }
            level = above;
        }
        return level.getFirst();
    }
}
