package coffer.device;

import coffer.core.Bytes;
import coffer.core.ChunkId;
import coffer.seal.ChunkPlace;
import coffer.seal.PackContents;
import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.List;

/// What a pack holds, as the replica keeps it: for each chunk its id, offset, sealed length and plain length, 44 bytes.
final class PackIndex {

    private static final int ENTRY_SIZE = ChunkId.SIZE + 3 * Integer.BYTES;

    private PackIndex() {}

    static byte[] encode(PackContents contents) {
        ByteBuffer out = ByteBuffer.allocate(contents.chunks().size() * ENTRY_SIZE);
        for (ChunkPlace chunk : contents.chunks()) {
            out.put(chunk.id().toArray()).putInt(chunk.offset()).putInt(chunk.sealedLength()).putInt(chunk.plainLength());
        }
        return out.array();
    }

    /// The places, as a view that makes each when it is asked for.
    static List<ChunkPlace> places(byte[] encoded) {
        ByteBuffer numbers = ByteBuffer.wrap(encoded);
        return new AbstractList<>() {
            @Override
            public ChunkPlace get(int index) {
                int at = index * ENTRY_SIZE;
                int fields = at + ChunkId.SIZE;
                return new ChunkPlace(
                        new ChunkId(Bytes.of(encoded, at, ChunkId.SIZE)),
                        numbers.getInt(fields), numbers.getInt(fields + 4), numbers.getInt(fields + 8));
            }

            @Override
            public int size() {
                return encoded.length / ENTRY_SIZE;
            }
        };
    }
}
