package coffer.core.log;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.Hash;

/// A position in a log and the entry that stands there.
///
/// @param sequence zero for the genesis
/// @param id       id of that entry
public record Head(long sequence, Hash id) {

    public Head {
        if (sequence < 0) {
            throw new IllegalArgumentException("a sequence is not negative");
        }
    }

    public void writeTo(CborWriter out) {
        out.array(2).integer(sequence).bytes(id.value());
    }

    public static Head readFrom(CborReader in) throws CborException {
        in.arrayOf(2);
        return new Head(in.integer(0, Long.MAX_VALUE), new Hash(in.bytesOf(Hash.SIZE)));
    }
}
