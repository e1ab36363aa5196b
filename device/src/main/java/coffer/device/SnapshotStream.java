package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.seal.ChunkPlace;
import coffer.seal.Content;
import coffer.seal.Manifest;
import coffer.seal.SnapshotBody;
import coffer.seal.SnapshotItem;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The stream of a snapshot, read from the packs that its entry names. Holds one chunk and the list of chunks.
final class SnapshotStream extends InputStream {

    private record Where(ChunkIndex.Pack pack, ChunkPlace place) {}

    private final ChunkSource source;
    private final Map<ChunkId, Where> places = new HashMap<>();
    private final Iterator<ChunkId> chunks;
    private byte[] chunk = new byte[0];
    private int at;

    SnapshotStream(SnapshotBody body, ChunkSource source) throws CofferException {
        this.source = source;
        for (SnapshotItem.PackItem item : body.packs()) {
            ChunkIndex.Pack pack = new ChunkIndex.Pack(0, item.id(), item.size(), item.epoch());
            for (ChunkPlace place : item.contents().chunks()) {
                places.put(place.id(), new Where(pack, place));
            }
        }
        this.chunks = leaves(body.content()).iterator();
    }

    private List<ChunkId> leaves(Content.FileContent content) throws CofferException {
        List<ChunkId> ids = content.chunks();
        for (int depth = content.depth(); depth > 0; depth--) {
            List<ChunkId> below = new ArrayList<>();
            for (ChunkId list : ids) {
                below.addAll(Manifest.ids(open(list)));
            }
            ids = below;
        }
        return ids;
    }

    private byte[] open(ChunkId id) throws CofferException {
        Where where = places.get(id);
        byte @Nullable [] plain = where == null
                ? null
                : source.read(where.pack, where.place.offset(), where.place.sealedLength(), id);
        if (plain == null) {
            throw SnapshotStart.wrong();
        }
        return plain;
    }

    @Override
    public int read() throws IOException {
        return fill() ? chunk[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int some = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, into, offset, some);
        at += some;
        return some;
    }

    private boolean fill() throws IOException {
        while (at == chunk.length) {
            if (!chunks.hasNext()) {
                return false;
            }
            try {
                chunk = open(chunks.next());
            } catch (CofferException e) {
                throw new IOException(e);
            }
            at = 0;
        }
        return true;
    }
}
