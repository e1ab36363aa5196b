package coffer.seal;

import coffer.core.ChunkId;
import coffer.core.Limits;

/// Where a chunk's record lies in its pack.
///
/// @param id           the chunk
/// @param offset       of the record in the pack
/// @param sealedLength bytes of the record
/// @param plainLength  bytes of the chunk; from 0
public record ChunkPlace(ChunkId id, int offset, int sealedLength, int plainLength) {

    public ChunkPlace {
        if (!isPossible(offset, sealedLength, plainLength)) {
            throw new IllegalArgumentException("no record can lie so");
        }
    }

    static boolean isPossible(long offset, long sealedLength, long plainLength) {
        return offset >= 0
                && plainLength >= 0
                && plainLength <= Limits.CHUNK_BYTES_MAX
                && sealedLength > Sealing.OVERHEAD_MIN
                && sealedLength <= ChunkCodec.sealedSizeMax((int) plainLength)
                && offset + sealedLength <= Limits.PACK_BYTES_MAX;
    }

    /// The offset after the record.
    public int end() {
        return offset + sealedLength;
    }
}
