package coffer.device;

import coffer.core.ChunkId;
import coffer.core.PackId;
import coffer.core.log.PackRef;
import coffer.seal.ChunkPlace;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the chunks of one vault are stored, inside one transaction.
final class ChunkIndex {

    /// One place of a chunk.
    record Place(long packNum, int offset, int sealedLength, int plainLength) {}

    /// A pack that a commit has added and none has released.
    record Pack(long num, PackId id, long size, long epoch) {}

    private final Tx tx;
    private final Vaults.Ref vault;

    ChunkIndex(Tx tx, Vaults.Ref vault) {
        this.tx = tx;
        this.vault = vault;
    }

    /// Whether a pack that is not known to be damaged holds the chunk.
    boolean contains(ChunkId id) throws SQLException {
        return tx.number(
                        -1,
                        "SELECT pack FROM chunk WHERE id = ? AND vault = ? AND pack NOT IN (SELECT pack FROM damaged) LIMIT 1",
                        id.toArray(), vault.num())
                >= 0;
    }

    /// The best place of a chunk, or null where nothing holds it.
    @Nullable Place find(ChunkId id) throws SQLException {
        List<Place> places = places(id);
        return places.isEmpty() ? null : places.getFirst();
    }

    /// Every place of a chunk: those in damaged packs last, older ones first.
    List<Place> places(ChunkId id) throws SQLException {
        List<Place> places = new ArrayList<>(1);
        try (Tx.Rows rows = tx.query(
                "SELECT pack, offset, sealed, plain FROM chunk WHERE id = ? AND vault = ?"
                        + " ORDER BY pack IN (SELECT pack FROM damaged), pack",
                id.toArray(), vault.num())) {
            while (rows.next()) {
                places.add(new Place(rows.number(1), rows.integer(2), rows.integer(3), rows.integer(4)));
            }
        }
        return places;
    }

    @Nullable Pack pack(long num) throws SQLException {
        try (Tx.Rows rows = tx.query("SELECT num, id, size, epoch FROM pack WHERE num = ?", num)) {
            return rows.next() ? readPack(rows) : null;
        }
    }

    /// Packs with a number above `after`, by number, at most `limit`.
    List<Pack> packs(long after, int limit) throws SQLException {
        List<Pack> packs = new ArrayList<>();
        try (Tx.Rows rows = tx.query(
                "SELECT num, id, size, epoch FROM pack WHERE vault = ? AND released IS NULL AND num > ? ORDER BY num LIMIT ?",
                vault.num(), after, limit)) {
            while (rows.next()) {
                packs.add(readPack(rows));
            }
        }
        return packs;
    }

    boolean holds(PackId id) throws SQLException {
        return tx.number(0, "SELECT 1 FROM pack WHERE id = ? AND vault = ? AND released IS NULL", id.toArray(), vault.num()) == 1;
    }

    /// [PackIndex] of a pack.
    byte[] contents(long packNum) throws SQLException {
        byte[] contents = tx.blob("SELECT contents FROM pack WHERE num = ?", packNum);
        return contents == null ? new byte[0] : contents;
    }

    /// Takes in a pack that a commit adds.
    void add(PackRef ref, long epoch, long sequence, byte[] contents) throws SQLException {
        tx.run(
                "INSERT INTO pack(vault, id, size, epoch, seq, contents) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT(id, vault)"
                        + " DO UPDATE SET size = excluded.size, epoch = excluded.epoch, seq = excluded.seq, released = NULL,"
                        + " contents = excluded.contents",
                vault.num(), ref.id().toArray(), ref.size(), epoch, sequence, contents);
        long pack = tx.number(0, "SELECT num FROM pack WHERE id = ? AND vault = ?", ref.id().toArray(), vault.num());
        try (Tx.Batch rows = tx.batch("INSERT OR IGNORE INTO chunk VALUES (?, ?, ?, ?, ?, ?)")) {
            for (ChunkPlace chunk : PackIndex.places(contents)) {
                rows.add(
                        chunk.id().toArray(), vault.num(), pack, chunk.offset(), chunk.sealedLength(), chunk.plainLength());
            }
        }
        tx.run("DELETE FROM sent WHERE vault = ? AND id = ?", vault.num(), ref.id().toArray());
    }

    void release(PackId id, long sequence) throws SQLException {
        long pack = tx.number(
                -1, "SELECT num FROM pack WHERE id = ? AND vault = ? AND released IS NULL", id.toArray(), vault.num());
        if (pack < 0) {
            return;
        }
        for (ChunkPlace chunk : PackIndex.places(contents(pack))) {
            tx.run("DELETE FROM chunk WHERE id = ? AND vault = ? AND pack = ?", chunk.id().toArray(), vault.num(), pack);
        }
        tx.run("DELETE FROM damaged WHERE pack = ?", pack);
        tx.run("UPDATE pack SET released = ?, contents = x'' WHERE num = ?", sequence, pack);
        tx.run("UPDATE vault SET released_seq = ? WHERE num = ?", sequence, vault.num());
    }

    private static Pack readPack(Tx.Rows rows) throws SQLException {
        return new Pack(rows.number(1), PackId.of(rows.bytes(2)), rows.number(3), rows.number(4));
    }
}
