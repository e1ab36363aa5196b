package coffer.device;

import coffer.core.Bytes;
import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.PackId;
import coffer.seal.ChunkPlace;
import coffer.seal.Content;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which chunks of a vault are needed, in one transaction (docs/spec/collection.md, "Liveness").
///
/// Needed is what the files of the tree hold, in the trash or not; what the states hold that were replaced less than
/// 30 days ago; what the newest two snapshots hold; and every list on the way to any of these. A list that cannot be read
/// ends the work: who does not know what is needed must not give anything up.
///
/// The set lies in a temporary table of the connection, on disk, so that it may be of any size.
final class Liveness {

    /// A snapshot may turn out to be unreadable, so the one before is kept too.
    private static final int SNAPSHOTS_KEPT = 2;

    private static final int HASH_SIZE = 32;

    private final Tx tx;
    private final Vaults.Ref vault;
    private final FileChunks walker;
    private final ChunkIndex index;

    private Liveness(Tx tx, Vaults.Ref vault, ChunkSource source) {
        this.tx = tx;
        this.vault = vault;
        this.index = new ChunkIndex(tx, vault);
        this.walker = new FileChunks(index, source);
    }

    /// Finds what is needed in the state that `tx` sees.
    static Liveness find(Tx tx, Vaults.Ref vault, ChunkSource source, Retention retention)
            throws CofferException, SQLException {
        Liveness live = new Liveness(tx, vault, source);
        tx.run("CREATE TEMP TABLE IF NOT EXISTS live(id BLOB PRIMARY KEY) WITHOUT ROWID");
        tx.run("DELETE FROM live");
        live.addNodes();
        live.addVersions(retention);
        live.addSnapshots();
        return live;
    }

    boolean contains(ChunkId id) throws SQLException {
        return tx.number(0, "SELECT 1 FROM live WHERE id = ?", (Object) id.toArray()) == 1;
    }

    /// The pack that keeps a chunk while those of `leaving` are given up if they can be; -1 for a chunk that is not needed or
    /// lies nowhere. Every needed chunk has one keeper, so whatever keeps nothing may go, all of it together.
    long keeper(ChunkId id, Set<Long> leaving) throws SQLException {
        if (!contains(id)) {
            return -1;
        }
        long first = -1;
        for (ChunkIndex.Place place : index.places(id)) {
            first = first < 0 ? place.packNum() : first;
            if (!leaving.contains(place.packNum()) && !isDamaged(place.packNum())) {
                return place.packNum();
            }
        }
        return first;
    }

    private boolean isDamaged(long packNum) throws SQLException {
        return tx.number(0, "SELECT 1 FROM damaged WHERE pack = ?", packNum) == 1;
    }

    /// The chunks that a pack keeps.
    List<ChunkPlace> keptBy(long packNum, Set<Long> leaving) throws SQLException {
        List<ChunkPlace> kept = new ArrayList<>();
        for (ChunkPlace place : PackIndex.places(index.contents(packNum))) {
            if (keeper(place.id(), leaving) == packNum) {
                kept.add(place);
            }
        }
        return kept;
    }

    /// Whether a pack keeps nothing.
    boolean isNeedless(long packNum, Set<Long> leaving) throws SQLException {
        for (ChunkPlace place : PackIndex.places(index.contents(packNum))) {
            if (keeper(place.id(), leaving) == packNum) {
                return false;
            }
        }
        return true;
    }

    /// Packs that the newest snapshots name: a new device looks for their chunks there and nowhere else.
    Set<PackId> packsOfSnapshots() throws SQLException {
        Set<PackId> packs = new HashSet<>();
        try (Tx.Rows rows = tx.query(
                "SELECT packs FROM snapshot WHERE vault = ? ORDER BY seq DESC LIMIT " + SNAPSHOTS_KEPT, vault.num())) {
            while (rows.next()) {
                byte[] ids = rows.bytes(1);
                for (int at = 0; at < ids.length; at += HASH_SIZE) {
                    packs.add(new PackId(Bytes.of(ids, at, HASH_SIZE)));
                }
            }
        }
        return packs;
    }

    private void addNodes() throws CofferException, SQLException {
        try (Tx.Rows rows = tx.query(
                "SELECT size, content FROM node WHERE vault = ? AND kind = ? AND content IS NOT NULL",
                vault.num(), Vaults.code(Device.NodeKind.FILE))) {
            while (rows.next()) {
                add(StoredContent.file(rows.number(1), rows.bytes(2)));
            }
        }
    }

    private void addVersions(Retention retention) throws CofferException, SQLException {
        try (Tx.Rows rows = tx.query(
                "SELECT v.size, v.content FROM version v JOIN node n ON n.num = v.node"
                        + " LEFT JOIN applied a ON a.vault = n.vault AND a.seq = v.until_seq"
                        + " WHERE n.vault = ? AND n.kind = ? AND v.content IS NOT NULL"
                        + " AND NOT coalesce(" + Retention.EXPIRED + ", 0)",
                vault.num(), Vaults.code(Device.NodeKind.FILE), retention.seenMs(), retention.timeMs())) {
            while (rows.next()) {
                add(StoredContent.file(rows.number(1), rows.bytes(2)));
            }
        }
    }

    private void addSnapshots() throws SQLException {
        try (Tx.Rows rows = tx.query(
                "SELECT chunks FROM snapshot WHERE vault = ? ORDER BY seq DESC LIMIT " + SNAPSHOTS_KEPT, vault.num())) {
            while (rows.next()) {
                byte[] ids = rows.bytes(1);
                for (int at = 0; at < ids.length; at += ChunkId.SIZE) {
                    add(new ChunkId(Bytes.of(ids, at, ChunkId.SIZE)));
                }
            }
        }
    }

    private void add(Content.FileContent file) throws CofferException, SQLException {
        walker.visit(file, id -> {
            add(id);
            return true;
        });
    }

    private void add(ChunkId id) throws SQLException {
        tx.run("INSERT OR IGNORE INTO live VALUES (?)", (Object) id.toArray());
    }
}
