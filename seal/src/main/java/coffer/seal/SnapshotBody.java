package coffer.seal;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.Limits;
import java.util.ArrayList;
import java.util.List;

/// The body of a snapshot entry: the snapshot's stream as a file of chunks, and where each of those chunks lies, so
/// that a device that knows nothing but this entry can read it.
///
/// @param content the stream that [SnapshotWriter] wrote
/// @param packs   by ascending id, each with those of its chunks that the stream needs, manifest lists included
public record SnapshotBody(Content.FileContent content, List<SnapshotItem.PackItem> packs) {

    public SnapshotBody {
        packs = Canonical.sorted(packs, SnapshotItem.PackItem::id);
        if (packs.size() > Limits.PACKS_PER_ENTRY_MAX) {
            throw new IllegalArgumentException("too many packs");
        }
    }

    public byte[] encode() {
        CborWriter out = new CborWriter().map(2).integer(1);
        content.writeTo(out);
        out.integer(2).array(packs.size());
        packs.forEach(pack -> pack.writeFields(out.array(4)));
        return out.toByteArray();
    }

    public static SnapshotBody decode(byte[] encoded) throws CborException {
        if (encoded.length > Limits.BODY_BYTES_MAX) {
            throw new CborException("body too long");
        }
        CborReader in = new CborReader(encoded);
        var keys = in.map(2);
        keys.key(1);
        Content.FileContent content = Content.FileContent.readFrom(in);
        keys.key(2);
        List<SnapshotItem.PackItem> packs = new ArrayList<>();
        for (int left = in.array(Limits.PACKS_PER_ENTRY_MAX); left > 0; left--) {
            in.arrayOf(4);
            SnapshotItem.PackItem pack = SnapshotItem.PackItem.readFields(in);
            if (!packs.isEmpty() && packs.getLast().id().compareTo(pack.id()) >= 0) {
                throw new CborException("not in ascending order");
            }
            packs.add(pack);
        }
        keys.end();
        in.end();
        return new SnapshotBody(content, packs);
    }
}
