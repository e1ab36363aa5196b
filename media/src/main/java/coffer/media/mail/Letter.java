package coffer.media.mail;

import coffer.core.Hash;
import coffer.device.Contents.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;

/// One message that comes in: what it says of itself, what it is called in the vault, and its bytes.
///
/// @param hash   SHA-256 of the bytes
/// @param source gives the bytes, again each time
record Letter(byte[] hash, long size, Headers headers, Source source) {

    /// Read at once; longer ones are read twice.
    private static final int HELD_MAX = 4 << 20;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss'Z'").withZone(ZoneOffset.UTC);

    static Letter read(Source source) throws IOException {
        MessageDigest digest = Hash.digest();
        try (InputStream in = source.open()) {
            byte[] start = in.readNBytes(HELD_MAX);
            digest.update(start);
            Headers headers = Headers.read(start, Math.min(start.length, Headers.SIZE_MAX));
            if (start.length < HELD_MAX) {
                return new Letter(digest.digest(), start.length, headers, () -> new ByteArrayInputStream(start));
            }
            byte[] buffer = new byte[64 << 10];
            long size = start.length;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
                size += count;
            }
            return new Letter(digest.digest(), size, headers, source);
        }
    }

    /// Says when it was written, and half of its hash: nobody finds two messages for one name.
    String fileName(Optional<Instant> date) {
        String time = date.map(TIME::format).orElse("undated");
        return time + "-" + new coffer.core.Hash(coffer.core.Bytes.of(hash)).hex().substring(0, 32) + ".eml";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Letter letter && Arrays.equals(hash, letter.hash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hash);
    }
}
