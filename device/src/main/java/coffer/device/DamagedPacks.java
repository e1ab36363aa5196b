package coffer.device;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Packs that this device has found missing or damaged: a note of its own, told to nobody.
///
/// Chunks that lie in such packs alone count as absent when something is stored, so that storing the same files again
/// heals them; for reading, healthy places are tried first. A pack that is found well again is forgotten here, and so
/// is one that a commit releases.
final class DamagedPacks {

    /// What was wrong with a pack.
    enum Reason {
        /// The service says that it is not stored as it should be.
        MISSING,
        /// No copy has the right bytes.
        DAMAGED
    }

    private DamagedPacks() {}

    /// @param nowMs when it was found, milliseconds since 1970
    static void mark(Tx tx, long pack, Reason reason, long nowMs) throws SQLException {
        tx.run("INSERT OR REPLACE INTO damaged VALUES (?, ?, ?)", pack, reason.name(), nowMs);
    }

    /// Forgets what was noted of a pack.
    static void clear(Tx tx, long pack) throws SQLException {
        tx.run("DELETE FROM damaged WHERE pack = ?", pack);
    }

    /// Forgets that a pack was missing; that its bytes were wrong only reading them can disprove.
    static void clearMissing(Tx tx, long pack) throws SQLException {
        tx.run("DELETE FROM damaged WHERE pack = ? AND reason = ?", pack, Reason.MISSING.name());
    }

    static boolean any(Tx tx) throws SQLException {
        return tx.number(0, "SELECT EXISTS(SELECT 1 FROM damaged)") == 1;
    }

    /// Damaged packs of a vault that are not released.
    static List<ChunkIndex.Pack> of(Tx tx, Vaults.Ref vault) throws SQLException {
        List<ChunkIndex.Pack> packs = new ArrayList<>();
        ChunkIndex index = new ChunkIndex(tx, vault);
        try (Tx.Rows rows = tx.query(
                "SELECT p.num FROM damaged d JOIN pack p ON p.num = d.pack WHERE p.vault = ? AND p.released IS NULL"
                        + " ORDER BY p.num",
                vault.num())) {
            while (rows.next()) {
                ChunkIndex.Pack pack = index.pack(rows.number(1));
                if (pack != null) {
                    packs.add(pack);
                }
            }
        }
        return packs;
    }
}
