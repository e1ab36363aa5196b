package coffer.seal;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.ChunkId;
import coffer.core.Limits;
import java.util.ArrayList;
import java.util.List;

/// The chunks of a pack, in the order in which their records lie there; records do not overlap.
public record PackContents(List<ChunkPlace> chunks) {

    public PackContents {
        chunks = List.copyOf(chunks);
        if (chunks.size() > Limits.CHUNKS_PER_PACK_MAX || !ascend(chunks)) {
            throw new IllegalArgumentException("records overlap, are out of order or are too many");
        }
    }

    /// The offset after the last record; 0 if there is none.
    public int end() {
        return chunks.isEmpty() ? 0 : chunks.getLast().end();
    }

    /// Whether the records fill the range from 0 to [#end] without a gap.
    boolean isContiguous() {
        int expected = 0;
        for (ChunkPlace chunk : chunks) {
            if (chunk.offset() != expected) {
                return false;
            }
            expected = chunk.end();
        }
        return true;
    }

    void writeTo(CborWriter out) {
        out.array(chunks.size());
        for (ChunkPlace chunk : chunks) {
            out.array(4)
                    .bytes(chunk.id().value())
                    .integer(chunk.offset())
                    .integer(chunk.sealedLength())
                    .integer(chunk.plainLength());
        }
    }

    static PackContents readFrom(CborReader in) throws CborException {
        int count = in.array(Limits.CHUNKS_PER_PACK_MAX);
        List<ChunkPlace> chunks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            in.arrayOf(4);
            ChunkId id = new ChunkId(in.bytesOf(ChunkId.SIZE));
            long offset = in.integer(0, Limits.PACK_BYTES_MAX);
            long sealedLength = in.integer(0, Limits.PACK_BYTES_MAX);
            long plainLength = in.integer(0, Limits.CHUNK_BYTES_MAX);
            if (!ChunkPlace.isPossible(offset, sealedLength, plainLength)
                    || (i > 0 && chunks.getLast().end() > offset)) {
                throw new CborException("records overlap, are out of order or have impossible sizes");
            }
            chunks.add(new ChunkPlace(id, (int) offset, (int) sealedLength, (int) plainLength));
        }
        return new PackContents(chunks);
    }

    private static boolean ascend(List<ChunkPlace> chunks) {
        for (int i = 1; i < chunks.size(); i++) {
            if (chunks.get(i - 1).end() > chunks.get(i).offset()) {
                return false;
            }
        }
        return true;
    }
}
