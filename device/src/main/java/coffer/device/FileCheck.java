package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.seal.Content;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Checks that every chunk of every file lies in some pack that is not known to be damaged: of files in the tree and
/// in the trash, and of versions that are still kept.
///
/// A file that has lost a chunk is also forgotten by the cache that saves reading unchanged files, so that storing it
/// again heals it.
final class FileCheck {

    /// @param chunks that files name, each time they do
    record Counts(long files, long chunks) {}

    private static final int FORGET_AT_ONCE = 1_000;

    private final Replica replica;
    private final LogId vault;
    private final ChunkSource source;
    private final InstantSource clock;

    FileCheck(Replica replica, LogId vault, ChunkSource source, InstantSource clock) {
        this.replica = replica;
        this.vault = vault;
        this.source = source;
        this.clock = clock;
    }

    Counts check(LogCheck.Problems problems, Progress progress) throws CofferException {
        return replica.read(vault, (tx, ref) -> new Walk(tx, ref, problems, progress).run());
    }

    private final class Walk {

        private final Tx tx;
        private final Vaults.Ref ref;
        private final LogCheck.Problems problems;
        private final Progress progress;
        private final ChunkIndex index;
        private final FileChunks walker;
        private final Nodes nodes;
        private final List<Long> hurt = new ArrayList<>();
        private long files;
        private long chunks;

        Walk(Tx tx, Vaults.Ref ref, LogCheck.Problems problems, Progress progress) {
            this.tx = tx;
            this.ref = ref;
            this.problems = problems;
            this.progress = progress;
            this.index = new ChunkIndex(tx, ref);
            this.walker = new FileChunks(index, source);
            this.nodes = new Nodes(tx, ref);
        }

        Counts run() throws CofferException, SQLException {
            int file = Vaults.code(Device.NodeKind.FILE);
            try (Tx.Rows rows = tx.query(
                    "SELECT num, parent, name, size, content FROM node WHERE vault = ? AND kind = ?", ref.num(), file)) {
                while (rows.next()) {
                    files++;
                    Stop.check(progress);
                    if (!isWhole(rows, "")) {
                        hurt.add(rows.number(1));
                        forgetSome(FORGET_AT_ONCE);
                    }
                }
            }
            long keptFromMs = clock.millis() - Replica.KEPT.toMillis();
            try (Tx.Rows rows = tx.query(
                    "SELECT v.node, v.parent, v.name, v.size, v.content, v.seq FROM version v"
                            + " JOIN node n ON n.num = v.node JOIN applied a ON a.vault = n.vault AND a.seq = v.until_seq"
                            + " WHERE n.vault = ? AND n.kind = ? AND a.time_ms > ?",
                    ref.num(), file, keptFromMs)) {
                while (rows.next()) {
                    Stop.check(progress);
                    isWhole(rows, " (version " + rows.number(6) + ")");
                }
            }
            forgetSome(1);
            return new Counts(files, chunks);
        }

        private boolean isWhole(Tx.Rows rows, String suffix) throws CofferException, SQLException {
            Content.FileContent content = StoredContent.file(rows.number(4), rows.bytesOrNull(5));
            ErrorCode wrong = null;
            try {
                boolean whole = walker.visit(content, id -> {
                    chunks++;
                    return index.contains(id);
                });
                wrong = whole ? null : ErrorCode.INTEGRITY;
            } catch (CofferException e) {
                if (e.code() != ErrorCode.INTEGRITY && e.code() != ErrorCode.UNAVAILABLE) {
                    throw e;
                }
                wrong = e.code();
            }
            if (wrong != null) {
                String path = nodes.path(rows.number(2), rows.text(3)) + suffix;
                problems.add(
                        path,
                        wrong,
                        wrong == ErrorCode.INTEGRITY
                                ? "A part of it is damaged or missing; put the file again to heal it."
                                : "A part of it could not be read now.");
            }
            return wrong == null;
        }

        /// By the writer's connection; this walk goes on with the state that it began with.
        private void forgetSome(int atLeast) throws CofferException {
            if (hurt.size() < atLeast) {
                return;
            }
            replica.db().write(writing -> {
                for (long num : hurt) {
                    writing.run("DELETE FROM stat WHERE node = ?", num);
                }
                return null;
            });
            hurt.clear();
        }
    }
}
