package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.seal.Content;
import coffer.seal.Manifest;
import coffer.seal.Slice;
import java.util.ArrayList;
import java.util.List;

/// Says what a file is made of: its chunks, or, where they are too many to stand in one place, lists of them that are
/// chunks themselves (docs/spec/bodies.md, "depth"). [FileChunks] reads it.
final class FileLists {

    private FileLists() {}

    /// Stores a list as a chunk.
    @FunctionalInterface
    interface Placer {
        ChunkId place(Slice list) throws CofferException;
    }

    static Content.FileContent content(long size, List<ChunkId> chunks, Placer placer) throws CofferException {
        List<ChunkId> ids = chunks;
        int depth = 0;
        while (Manifest.needsLists(ids)) {
            List<ChunkId> above = new ArrayList<>();
            for (byte[] list : Manifest.lists(ids)) {
                above.add(placer.place(Slice.of(list)));
            }
            ids = above;
            depth++;
        }
        return new Content.FileContent(size, depth, ids);
    }
}
