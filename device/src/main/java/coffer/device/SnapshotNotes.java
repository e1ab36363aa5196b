package coffer.device;

import coffer.core.ChunkId;
import coffer.core.PackId;
import coffer.core.log.PackRef;
import coffer.seal.ChunkPlace;
import coffer.seal.CommitBody;
import coffer.seal.PackAdded;
import coffer.seal.SnapshotBody;
import coffer.seal.SnapshotItem;
import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a snapshot's entry changes in the replica: packs that come with it, and what must be kept for it.
final class SnapshotNotes {

    private SnapshotNotes() {}

    static void apply(Tx tx, Replica replica, EntryInfo entry, SnapshotBody body) throws SQLException {
        Set<PackId> added = new HashSet<>();
        for (PackRef pack : entry.added()) {
            added.add(pack.id());
        }
        List<PackAdded> packs = new ArrayList<>();
        for (SnapshotItem.PackItem pack : body.packs()) {
            if (added.contains(pack.id())) {
                packs.add(new PackAdded(pack.id(), pack.size(), pack.contents()));
            }
        }
        replica.apply(tx, entry, new CommitBody(List.of(), packs, List.of()));
        note(tx, Vaults.findOrAdd(tx, entry.vault()), entry.sequence(), body);
    }

    static void note(Tx tx, Vaults.Ref vault, long sequence, SnapshotBody body) throws SQLException {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        ByteArrayOutputStream packs = new ByteArrayOutputStream();
        Set<ChunkId> seen = new HashSet<>();
        for (SnapshotItem.PackItem pack : body.packs()) {
            packs.writeBytes(pack.id().toArray());
            for (ChunkPlace chunk : pack.contents().chunks()) {
                if (seen.add(chunk.id())) {
                    chunks.writeBytes(chunk.id().toArray());
                }
            }
        }
        tx.run(
                "INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?)",
                vault.num(), sequence, chunks.toByteArray(), packs.toByteArray());
    }
}
