package coffer.media.mail;

import java.io.IOException;
import java.io.InputStream;

/// How lines of a message that begin with `From ` are told from the lines between messages of an mbox: by a `>` before them.
public enum FromQuoting {
    /// As it stands.
    NONE(0),
    /// mboxrd: one `>` more before `From `, `>From `, `>>From ` and so on.
    RD(1),
    /// mboxo: a `>` before `From ` alone; a `>From ` of the message's own cannot be told from it.
    O(2);

    /// In stored files.
    final int code;

    FromQuoting(int code) {
        this.code = code;
    }

    static FromQuoting of(long code) throws IOException {
        for (FromQuoting quoting : values()) {
            if (quoting.code == code) {
                return quoting;
            }
        }
        throw new IOException("an unknown quoting");
    }

    InputStream unquoted(InputStream in) {
        return this == NONE ? in : new Lines(in, false);
    }

    InputStream quoted(InputStream in) {
        return this == NONE ? in : new Lines(in, true);
    }

    private static final byte[] FROM = {'F', 'r', 'o', 'm', ' '};

    /// Adds or takes the `>` of each line; however many of them a line has, they are counted and not kept.
    private final class Lines extends InputStream {

        private final InputStream in;
        private final boolean adds;
        private boolean atLineStart = true;
        private long marks;
        private int matched;
        private int given = FROM.length; // of the matched bytes that wait
        private int held = NOTHING;

        private static final int NOTHING = -2;

        Lines(InputStream in, boolean adds) {
            this.in = in;
            this.adds = adds;
        }

        @Override
        public int read() throws IOException {
            if (marks > 0) {
                marks--;
                return '>';
            }
            if (given < matched) {
                return FROM[given++];
            }
            int next = held == NOTHING ? in.read() : held;
            held = NOTHING;
            if (atLineStart && (next == '>' || next == 'F')) {
                look(next);
                return read();
            }
            atLineStart = next == '\n';
            return next;
        }

        /// Reads the start of a line as far as it may be one that is quoted.
        private void look(int first) throws IOException {
            atLineStart = false;
            long count = 0;
            int next = first;
            while (next == '>') {
                count++;
                next = in.read();
            }
            int length = 0;
            while (length < FROM.length && next == FROM[length]) {
                length++;
                next = length < FROM.length ? in.read() : NOTHING;
            }
            boolean concerned = length == FROM.length && isConcerned(count);
            marks = concerned ? count + (adds ? 1 : -1) : count;
            matched = length;
            given = 0;
            held = next;
        }

        private boolean isConcerned(long count) {
            return FromQuoting.this == RD ? adds || count > 0 : count == (adds ? 0 : 1);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = 0;
            while (count < length) {
                int next = read();
                if (next < 0) {
                    break;
                }
                bytes[offset + count++] = (byte) next;
            }
            return count == 0 && length > 0 ? -1 : count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
