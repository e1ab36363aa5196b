package coffer.core.tlog;

import coffer.core.CborException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Entries one after the other, each after its length in two bytes, big-endian (c2sp.org/tlog-tiles, "Log entries").
public final class EntryBundle {

    /// What two bytes can say.
    public static final int ENTRY_BYTES_MAX = 0xffff;

    private EntryBundle() {}

    public static byte[] encode(List<byte[]> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            if (entry.length > ENTRY_BYTES_MAX) {
                throw new IllegalArgumentException("an entry has at most 65,535 bytes");
            }
            out.write(entry.length >> 8);
            out.write(entry.length);
            out.writeBytes(entry);
        }
        return out.toByteArray();
    }

    /// @param count how many entries there must be
    public static List<byte[]> decode(byte[] bundle, int count) throws CborException {
        List<byte[]> entries = new ArrayList<>();
        int position = 0;
        while (position < bundle.length) {
            if (bundle.length - position < 2) {
                throw new CborException("a bundle ends inside a length");
            }
            int length = (bundle[position] & 0xff) << 8 | (bundle[position + 1] & 0xff);
            position += 2;
            if (bundle.length - position < length || entries.size() == count) {
                throw new CborException("a bundle has another number of entries or ends early");
            }
            entries.add(Arrays.copyOfRange(bundle, position, position + length));
            position += length;
        }
        if (entries.size() != count) {
            throw new CborException("a bundle has another number of entries or ends early");
        }
        return entries;
    }
}
