package coffer.seal;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.ChunkId;
import coffer.core.Limits;
import java.util.ArrayList;
import java.util.List;

/// What a node is: a file with its chunks, a folder, or a symbolic link.
public sealed interface Content {

    /// The number of the kind in the format.
    int kind();

    void writeTo(CborWriter out);

    /// A file.
    ///
    /// @param size   bytes of the content
    /// @param depth  0: `chunks` hold the content; n: they hold lists of the chunks of depth n - 1 ([Manifest])
    /// @param chunks in order; none exactly if `size` is 0
    record FileContent(long size, int depth, List<ChunkId> chunks) implements Content {
        public FileContent {
            chunks = List.copyOf(chunks);
            if (!isPossible(size, depth, chunks.size())) {
                throw new IllegalArgumentException("no file has this size with these chunks");
            }
        }

        private static boolean isPossible(long size, long depth, int count) {
            if (size == 0) {
                return depth == 0 && count == 0;
            }
            // Every chunk of content has a byte at least.
            return size > 0
                    && size <= Limits.FILE_BYTES_MAX
                    && depth >= 0
                    && depth <= Limits.MANIFEST_DEPTH_MAX
                    && count >= 1
                    && count <= Limits.CHUNKS_PER_LIST_MAX
                    && count <= size;
        }

        @Override
        public int kind() {
            return 1;
        }

        @Override
        public void writeTo(CborWriter out) {
            out.array(3).integer(size).integer(depth).array(chunks.size());
            chunks.forEach(chunk -> out.bytes(chunk.value()));
        }

        static FileContent readFrom(CborReader in) throws CborException {
            in.arrayOf(3);
            long size = in.integer(0, Limits.FILE_BYTES_MAX);
            int depth = (int) in.integer(0, Limits.MANIFEST_DEPTH_MAX);
            int count = in.array(Limits.CHUNKS_PER_LIST_MAX);
            if (!isPossible(size, depth, count)) {
                throw new CborException("no file has this size with these chunks");
            }
            List<ChunkId> chunks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                chunks.add(new ChunkId(in.bytesOf(ChunkId.SIZE)));
            }
            return new FileContent(size, depth, chunks);
        }
    }

    /// A folder; what it holds are the nodes that name it as parent.
    record Folder() implements Content {
        @Override
        public int kind() {
            return 2;
        }

        @Override
        public void writeTo(CborWriter out) {
            out.nil();
        }
    }

    /// A symbolic link.
    ///
    /// @param target as written, never followed by us; 1 to 4,095 bytes of UTF-8 without NUL
    record Symlink(String target) implements Content {
        public Symlink {
            if (!Names.isText(target, Limits.LINK_BYTES_MAX)) {
                throw new IllegalArgumentException("not the target of a link");
            }
        }

        @Override
        public int kind() {
            return 3;
        }

        @Override
        public void writeTo(CborWriter out) {
            out.text(target);
        }
    }

    static Content readFrom(long kind, CborReader in) throws CborException {
        if (kind == 1) {
            return FileContent.readFrom(in);
        }
        if (kind == 2) {
            if (!in.nil()) {
                throw new CborException("a folder has no content");
            }
            return new Folder();
        }
        String target = in.text(Limits.LINK_BYTES_MAX);
        if (kind != 3 || !Names.isText(target, Limits.LINK_BYTES_MAX)) {
            throw new CborException("unknown kind of node, or not the target of a link");
        }
        return new Symlink(target);
    }
}
