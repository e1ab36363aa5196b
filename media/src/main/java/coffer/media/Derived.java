package coffer.media;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.CofferException;
import coffer.device.Contents;
import java.io.IOException;
import java.util.Locale;

/// What is derived from files of the vault and kept in it: where it lies and what a segment of it is made of
/// (docs/spec/derived.md).
public final class Derived {

    /// Records of a kind lie in segments of their own, so that one kind is read without the others.
    public enum Kind {
        /// Heads of messages.
        MAIL(224 << 10),
        /// What is known of pictures.
        PICTURES(224 << 10),
        /// Small previews of pictures.
        SMALL(1 << 20),
        /// Large previews of pictures.
        LARGE(4 << 20);

        /// About how many bytes a segment has: one chunk mostly where all of it is read, else what keeps files few.
        final int segmentSize;

        Kind(int segmentSize) {
            this.segmentSize = segmentSize;
        }
    }

    public static final int MAIL_HEAD = 1;
    public static final int PICTURE_HEAD = 2;
    public static final int SMALL_PREVIEW = 3;
    public static final int LARGE_PREVIEW = 4;

    static final String ROOT = "/" + Contents.RESERVED + "/derived";

    private static final String MAGIC = "coffer/derived";
    private static final int VERSION = 1;

    private Derived() {}

    static String folder(Kind kind) {
        return ROOT + "/" + kind.name().toLowerCase(Locale.ROOT) + "-" + VERSION;
    }

    static byte[] head() {
        return new CborWriter().array(2).text(MAGIC).integer(VERSION).toByteArray();
    }

    /// What becomes of a record.
    @FunctionalInterface
    interface Sink {
        /// @param offset of the record's first byte in the segment, past its type
        void record(int type, long offset, byte[] record) throws CborException, CofferException;
    }

    /// Reads a segment to its end, or to where it is damaged; false then. Records of types that are not known are given too.
    static boolean read(Contents contents, String node, Sink sink) throws CofferException {
        boolean[] begun = {false};
        CofferException[] failure = {null};
        Frames.Reader reader = new Frames.Reader((offset, item) -> {
            try {
                if (!begun[0]) {
                    begun[0] = isHead(item);
                    return;
                }
                record(offset, item, sink);
            } catch (CofferException e) {
                failure[0] = e;
                throw new IOException(e);
            } catch (CborException e) {
                throw new IOException(e);
            }
        });
        try {
            contents.read(node, 0, Long.MAX_VALUE, reader);
            reader.close();
            return begun[0];
        } catch (IOException e) {
            return false;
        } catch (CofferException e) {
            if (failure[0] != null) {
                throw failure[0];
            }
            if (e.getCause() instanceof IOException) {
                return false; // it was the reader that did not like it
            }
            throw e;
        }
    }

    private static boolean isHead(byte[] item) throws CborException {
        CborReader in = new CborReader(item);
        in.arrayOf(2);
        if (!in.text(32).equals(MAGIC)) {
            throw new CborException("no segment");
        }
        in.integer(VERSION, VERSION);
        in.end();
        return true;
    }

    private static void record(long offset, byte[] item, Sink sink) throws CborException, CofferException {
        CborReader in = new CborReader(item);
        in.arrayOf(2);
        int type = (int) in.integer(1, 65_535);
        int start = in.position();
        sink.record(type, offset + start, java.util.Arrays.copyOfRange(item, start, item.length));
    }
}
