package coffer.seal;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.Limits;
import coffer.core.PackId;

/// A pack that a commit begins to use, sealed in the commit's epoch.
///
/// @param size     bytes of the pack
/// @param contents the chunks that it holds
public record PackAdded(PackId id, int size, PackContents contents) {

    public PackAdded {
        if (size < contents.end() || size > Limits.PACK_BYTES_MAX) {
            throw new IllegalArgumentException("the pack does not hold its contents");
        }
    }

    void writeTo(CborWriter out) {
        out.array(3).bytes(id.value()).integer(size);
        contents.writeTo(out);
    }

    static PackAdded readFrom(CborReader in) throws CborException {
        in.arrayOf(3);
        PackId id = new PackId(in.bytesOf(PackId.SIZE));
        int size = (int) in.integer(1, Limits.PACK_BYTES_MAX);
        PackContents contents = PackContents.readFrom(in);
        if (size < contents.end()) {
            throw new CborException("the pack does not hold its contents");
        }
        return new PackAdded(id, size, contents);
    }
}
