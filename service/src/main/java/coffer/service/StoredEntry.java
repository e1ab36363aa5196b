package coffer.service;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.Limits;
import coffer.core.log.Entry;
import coffer.core.log.Kind;
import java.util.Arrays;

/// An entry in the three parts of its encoding, so that storage can leave the body unread. Owns its arrays, which nobody
/// changes.
///
/// @param kind       as in the header
/// @param header     content of the first byte string
/// @param body       content of the second; empty if left out
/// @param signatures the encoded array
@SuppressWarnings("ArrayRecordComponent") // never compared; copying a megabyte at each step is what this avoids
record StoredEntry(int kind, byte[] header, byte[] body, byte[] signatures) {

    private static final int SIGNATURES_MAX = 2;
    private static final int SIGNATURE_BYTES = 64;

    /// Splits an encoding that [Entry#decode] accepted.
    static StoredEntry split(Kind kind, byte[] encoded) {
        try {
            CborReader in = new CborReader(encoded);
            in.arrayOf(3);
            byte[] header = in.bytes(Limits.HEADER_BYTES_MAX);
            byte[] body = in.bytes(Limits.ENTRY_BYTES_MAX);
            int start = in.position();
            int count = in.array(SIGNATURES_MAX);
            for (int i = 0; i < count; i++) {
                in.bytes(SIGNATURE_BYTES);
            }
            in.end();
            return new StoredEntry(kind.code(), header, body, Arrays.copyOfRange(encoded, start, encoded.length));
        } catch (CborException e) {
            throw new IllegalArgumentException("not an encoding that was decoded before", e);
        }
    }

    /// The encoding of the entry.
    byte[] join() {
        return new CborWriter().array(3).bytes(header).bytes(body).encoded(signatures).toByteArray();
    }

    long size() {
        return header.length + (long) body.length + signatures.length;
    }

    /// Whether readers may get this kind without its body.
    static boolean mayLeaveOutBody(int kind) {
        return kind == Kind.COMMIT.code() || kind == Kind.SNAPSHOT.code();
    }
}
