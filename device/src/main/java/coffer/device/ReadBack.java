package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads back from the vault what other devices stored of some folders, for a device that is about to let go of its own copy.
///
/// What this device stored it opened again before it was sent, and what it has proven ([Proven]) it has read; of everything else it knows only
/// that somebody who belongs to the account says that it is this content. A device that is hostile, or broken, may have stored nonsense under a
/// chunk's name, and then nobody stores the chunk again.
final class ReadBack {

    private final Replica replica;
    private final VaultAccess vault;
    private final DeviceId self;
    private final ChunkSource source;

    ReadBack(Replica replica, VaultAccess vault, PackTransfer transfer, DeviceId self) {
        this.replica = replica;
        this.vault = vault;
        this.self = self;
        this.source = new ChunkSource(vault, new PackCache(transfer));
    }

    /// @throws CofferException INTEGRITY if something below the folders does not open, UNAVAILABLE if it cannot be had now
    void require(Collection<NodeId> folders, Progress progress) throws CofferException {
        try {
            List<ChunkId> believed = believed(folders, progress);
            long bytes = 0;
            for (ChunkId id : believed) {
                Stop.check(progress);
                bytes += replica.read(vault.id(), (tx, ref) -> source.read(new ChunkIndex(tx, ref), id)).length;
                progress.update("read back", bytes, -1, Progress.Unit.BYTES);
            }
        } catch (CofferException e) {
            if (e.code() != ErrorCode.INTEGRITY) {
                throw e;
            }
            throw new CofferException(
                    ErrorCode.INTEGRITY,
                    "Something of that folder does not open as it lies in the vault.",
                    Map.of(
                            CofferException.ADVICE,
                            "Nothing was changed; what is here stays here. `coffer verify --full` says what is damaged, and `coffer put` of the files that are"
                                    + " here heals it."),
                    e);
        }
    }

    /// The chunks below the folders that this device has neither stored nor read itself.
    private List<ChunkId> believed(Collection<NodeId> folders, Progress progress) throws CofferException {
        return replica.read(vault.id(), (tx, ref) -> {
            ChunkIndex index = new ChunkIndex(tx, ref);
            FileChunks chunks = new FileChunks(index, source);
            Nodes nodes = new Nodes(tx, ref);
            Set<ChunkId> found = new LinkedHashSet<>();
            for (NodeId id : folders) {
                Nodes.Node folder = nodes.byId(id);
                if (folder == null) {
                    continue;
                }
                nodes.walk("/", folder, true, (_, node) -> {
                    Stop.check(progress);
                    if (node.kind() == Device.NodeKind.FILE) {
                        chunks.visit(StoredContent.file(node.size(), nodes.contentAt(node, node.seq())), chunk -> {
                            if (!isKnown(tx, ref, index.places(chunk))) {
                                found.add(chunk);
                            }
                            return true;
                        });
                    }
                });
            }
            return new ArrayList<>(found);
        });
    }

    private boolean isKnown(Tx tx, Vaults.Ref ref, List<ChunkIndex.Place> places) throws SQLException {
        for (ChunkIndex.Place place : places) {
            long known = tx.number(
                    0,
                    "SELECT COUNT(*) FROM pack p WHERE p.num = ?1 AND p.num NOT IN (SELECT pack FROM damaged) AND (p.num IN (SELECT pack FROM proven)"
                            + " OR EXISTS (SELECT 1 FROM applied a WHERE a.vault = ?2 AND a.seq = p.seq AND a.author = ?3))",
                    place.packNum(), ref.num(), self.toArray());
            if (known > 0) {
                return true;
            }
        }
        return false;
    }
}
