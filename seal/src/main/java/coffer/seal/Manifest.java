package coffer.seal;

import coffer.core.ChunkId;
import coffer.core.Limits;
import java.util.ArrayList;
import java.util.List;

/// Lists of chunks that are themselves stored as chunks, for files of more than 4,096 chunks: each list holds up to
/// 4,096 ids of 32 bytes, one after the other, and the ids of the lists are listed in turn until they fit.
///
/// The writer stores the chunks, and while [#needsLists] says so replaces their ids by those of their [#lists]; the
/// number of times is the file's depth. The reader goes back with [#ids].
public final class Manifest {

    private Manifest() {}

    public static boolean needsLists(List<ChunkId> chunks) {
        return chunks.size() > Limits.CHUNKS_PER_LIST_MAX;
    }

    /// The contents of the chunks that list `chunks`, in order.
    public static List<byte[]> lists(List<ChunkId> chunks) {
        List<byte[]> lists = new ArrayList<>();
        for (int from = 0; from < chunks.size(); from += Limits.CHUNKS_PER_LIST_MAX) {
            List<ChunkId> part = chunks.subList(from, Math.min(chunks.size(), from + Limits.CHUNKS_PER_LIST_MAX));
            byte[] list = new byte[part.size() * ChunkId.SIZE];
            for (int i = 0; i < part.size(); i++) {
                System.arraycopy(part.get(i).toArray(), 0, list, i * ChunkId.SIZE, ChunkId.SIZE);
            }
            lists.add(list);
        }
        return lists;
    }

    /// The ids in the content of one list.
    public static List<ChunkId> ids(byte[] list) throws OpenException {
        int count = list.length / ChunkId.SIZE;
        if (count == 0 || list.length % ChunkId.SIZE != 0 || count > Limits.CHUNKS_PER_LIST_MAX) {
            throw new OpenException();
        }
        List<ChunkId> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(new ChunkId(coffer.core.Bytes.of(list, i * ChunkId.SIZE, ChunkId.SIZE)));
        }
        return ids;
    }
}
