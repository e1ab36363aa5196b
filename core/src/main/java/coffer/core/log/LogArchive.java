package coffer.core.log;

import coffer.core.CborException;
import coffer.core.Limits;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A log saved as a file, for `coffer rebuild` and for backups (docs/spec/log.md, "Saved logs"): a marker line, then
/// each entry with its length before it. Read and written in a stream, one entry in memory.
public final class LogArchive {

    /// Ending of the file's name.
    public static final String SUFFIX = ".cofferlog";

    private static final byte[] MARKER = "COFFERLOG1\n".getBytes(StandardCharsets.US_ASCII);

    private LogArchive() {}

    /// Writes entries one after the other.
    public static final class Writer {
        private final DataOutputStream out;

        /// Borrows `out`.
        public Writer(OutputStream out) throws IOException {
            this.out = new DataOutputStream(out);
            this.out.write(MARKER);
        }

        public void write(Entry entry) throws IOException {
            writeEncoded(entry.encode());
        }

        /// Writes an entry that is encoded already.
        public void writeEncoded(byte[] entry) throws IOException {
            out.writeInt(entry.length);
            out.write(entry);
        }
    }

    /// Reads entries one after the other. Decoded strictly, but not verified: that is [AccountState]'s and
    /// [VaultState]'s.
    public static final class Reader {
        private final DataInputStream in;

        /// Borrows `in`.
        ///
        /// @throws CborException if it is no saved log
        public Reader(InputStream in) throws IOException, CborException {
            this.in = new DataInputStream(in);
            if (!Arrays.equals(this.in.readNBytes(MARKER.length), MARKER)) {
                throw new CborException("not a saved log");
            }
        }

        /// The next entry; null at the end.
        ///
        /// @throws CborException if the file is cut short or holds something else
        public @Nullable Entry next() throws IOException, CborException {
            int first = in.read();
            if (first < 0) {
                return null;
            }
            try {
                int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
                if (length < 0 || length > Limits.ENTRY_BYTES_MAX) {
                    throw new CborException("entry too long");
                }
                byte[] encoded = new byte[length];
                in.readFully(encoded);
                return Entry.decodePerhapsWithoutBody(encoded);
            } catch (EOFException e) {
                throw new CborException("the saved log is cut short");
            }
        }
    }
}
