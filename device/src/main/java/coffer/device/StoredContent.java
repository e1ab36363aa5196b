package coffer.device;

import coffer.core.ChunkId;
import coffer.seal.Content;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A node's content as the `node` and `version` tables keep it: for a file the depth of its manifest in one byte, then
/// the ids of its chunks; for a link its target in UTF-8; nothing for a folder.
final class StoredContent {

    /// Bit of a node's flags.
    static final int EXECUTABLE = 1;

    private StoredContent() {}

    static byte @Nullable [] encode(Content content) {
        return switch (content) {
            case Content.Folder _ -> null;
            case Content.Symlink link -> link.target().getBytes(StandardCharsets.UTF_8);
            case Content.FileContent file -> encode(file);
        };
    }

    private static byte[] encode(Content.FileContent file) {
        byte[] stored = new byte[1 + file.chunks().size() * ChunkId.SIZE];
        stored[0] = (byte) file.depth();
        int at = 1;
        for (ChunkId chunk : file.chunks()) {
            System.arraycopy(chunk.toArray(), 0, stored, at, ChunkId.SIZE);
            at += ChunkId.SIZE;
        }
        return stored;
    }

    static Content decode(Device.NodeKind kind, long size, byte @Nullable [] stored) {
        return switch (kind) {
            case FOLDER -> new Content.Folder();
            case SYMLINK -> new Content.Symlink(target(stored));
            case FILE -> file(size, stored);
        };
    }

    static String target(byte @Nullable [] stored) {
        return stored == null ? "" : new String(stored, StandardCharsets.UTF_8);
    }

    static Content.FileContent file(long size, byte @Nullable [] stored) {
        if (stored == null) {
            return new Content.FileContent(0, 0, List.of());
        }
        List<ChunkId> chunks = new ArrayList<>((stored.length - 1) / ChunkId.SIZE);
        for (int at = 1; at < stored.length; at += ChunkId.SIZE) {
            chunks.add(new ChunkId(coffer.core.Bytes.of(stored, at, ChunkId.SIZE)));
        }
        return new Content.FileContent(size, stored[0], chunks);
    }

    static Device.NodeKind kind(Content content) {
        return switch (content) {
            case Content.FileContent _ -> Device.NodeKind.FILE;
            case Content.Folder _ -> Device.NodeKind.FOLDER;
            case Content.Symlink _ -> Device.NodeKind.SYMLINK;
        };
    }

    static long size(Content content) {
        return content instanceof Content.FileContent file ? file.size() : 0;
    }
}
