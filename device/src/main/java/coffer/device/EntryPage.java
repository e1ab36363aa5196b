package coffer.device;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.Limits;
import coffer.core.log.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A page of a log: a CBOR sequence (RFC 8742) of entries.
final class EntryPage {

    private EntryPage() {}

    static List<Entry> decode(byte[] page, boolean bodies) throws CborException {
        List<Entry> entries = new ArrayList<>();
        CborReader in = new CborReader(page);
        while (!in.atEnd()) {
            if (entries.size() == Limits.PAGE_ENTRIES_MAX) {
                throw new CborException("too many entries in a page");
            }
            int start = in.position();
            skipEntry(in);
            byte[] encoded = Arrays.copyOfRange(page, start, in.position());
            entries.add(bodies ? Entry.decode(encoded) : Entry.decodePerhapsWithoutBody(encoded));
        }
        return entries;
    }

    private static void skipEntry(CborReader in) throws CborException {
        in.arrayOf(3);
        in.bytes(Limits.HEADER_BYTES_MAX);
        in.bytes(Limits.ENTRY_BYTES_MAX);
        for (int left = in.array(2); left > 0; left--) {
            in.bytes(64);
        }
    }
}
