package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.seal.Content;
import coffer.seal.Manifest;
import java.sql.SQLException;
import java.util.List;

/// All chunks that a file needs: those of its content, and the lists that name them.
final class FileChunks {

    /// What to do with each chunk.
    @FunctionalInterface
    interface Visitor {
        /// @return whether to go on
        boolean visit(ChunkId id) throws CofferException, SQLException;
    }

    private final ChunkIndex index;
    private final ChunkSource source;

    FileChunks(ChunkIndex index, ChunkSource source) {
        this.index = index;
        this.source = source;
    }

    /// Visits the chunks of a file, a list before what it lists; lists are read, and INTEGRITY if one does not open.
    /// Returns whether all were visited.
    boolean visit(Content.FileContent file, Visitor visitor) throws CofferException, SQLException {
        return visit(file.chunks(), file.depth(), visitor);
    }

    private boolean visit(List<ChunkId> ids, int depth, Visitor visitor) throws CofferException, SQLException {
        for (ChunkId id : ids) {
            if (!visitor.visit(id)) {
                return false;
            }
            if (depth > 0 && !visit(Manifest.ids(source.read(index, id)), depth - 1, visitor)) {
                return false;
            }
        }
        return true;
    }
}
