package coffer.media;

import coffer.core.CborWriter;
import coffer.core.CofferException;
import coffer.device.Contents;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;

/// Gathers derived records and stores them as segments: files of some hundred records each (docs/spec/derived.md). For one
/// thread. What is not yet in a segment when the work ends is stored by [#flush].
public final class DerivedWriter {

    /// Where a record's last bytes lie, which of a preview are the picture.
    ///
    /// @param segment name of the file
    /// @param offset  of the record's first byte, past its type
    public record Place(String segment, long offset) {}

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Contents.Deposit deposit;
    private final Derived.Kind kind;
    private final ByteArrayOutputStream segment = new ByteArrayOutputStream();
    private String name = "";

    public DerivedWriter(Contents.Deposit deposit, Derived.Kind kind) {
        this.deposit = deposit;
        this.kind = kind;
    }

    /// Adds a record of a type that [Derived] names.
    public Place add(int type, byte[] record) throws CofferException {
        byte[] item = new CborWriter().array(2).integer(type).encoded(record).toByteArray();
        if (segment.size() > 0 && segment.size() + item.length > kind.segmentSize) {
            flush();
        }
        if (segment.size() == 0) {
            byte[] random = new byte[16];
            RANDOM.nextBytes(random);
            name = HexFormat.of().formatHex(random);
            write(Derived.head());
        }
        write(item);
        return new Place(name, segment.size() - record.length);
    }

    private void write(byte[] item) {
        try {
            Frames.write(segment, item);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail so
        }
    }

    /// Stores what was added since the last segment.
    public void flush() throws CofferException {
        if (segment.size() == 0) {
            return;
        }
        byte[] bytes = segment.toByteArray();
        segment.reset();
        deposit.put(Derived.folder(kind) + "/" + name, Instant.EPOCH, bytes.length, () -> new ByteArrayInputStream(bytes));
    }
}
