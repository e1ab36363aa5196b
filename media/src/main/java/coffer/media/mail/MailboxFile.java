package coffer.media.mail;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.Hash;
import coffer.media.Text;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// What a mail folder keeps beside its messages so that the mailbox that they came from can be made again, byte for byte
/// (docs/spec/mail.md, "What is kept of a mailbox"): a file of [coffer.media.Frames], first a [Head], then one [Entry] for
/// each message in the order of the source.
final class MailboxFile {

    private static final String PREFIX = ".mailbox-";
    private static final String MAGIC = "coffer/mailbox";
    private static final int VERSION = 1;

    static final int LINE_MAX = 64 << 10;
    static final int NAME_MAX = 1_024;

    enum Kind {
        MBOX(0),
        MAILDIR(1),
        FILES(2);

        /// In stored files.
        final int code;

        Kind(int code) {
            this.code = code;
        }

        static Kind of(long code) throws CborException {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new CborException("an unknown kind of mailbox");
        }
    }

    /// @param name of the source, a file or folder
    record Head(Kind kind, String name) {}

    /// One message of the source.
    ///
    /// @param file name of the message in the vault's folder; empty for bytes before the first message
    /// @param line the bytes before the message, of an mbox its `From ` line with what ends it
    /// @param tail the bytes after it, of an mbox an empty line
    /// @param name the file that it was, of a Maildir with the folder before it; empty for an mbox
    record Entry(String file, Bytes line, Bytes tail, FromQuoting quoting, String name) {}

    private MailboxFile() {}

    static boolean isOne(String name) {
        return name.startsWith(PREFIX);
    }

    /// The same for the same source, so that importing it again replaces what was kept of it.
    static String name(Head head) {
        String key = head.kind.name().toLowerCase(Locale.ROOT) + ":" + head.name;
        return PREFIX + Hash.of(key.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
    }

    static byte[] encode(Head head) {
        return new CborWriter()
                .array(4)
                .text(MAGIC)
                .integer(VERSION)
                .integer(head.kind.code)
                .text(Text.cut(head.name, NAME_MAX))
                .toByteArray();
    }

    static Head head(byte[] item) throws CborException {
        CborReader in = new CborReader(item);
        in.arrayOf(4);
        if (!in.text(32).equals(MAGIC)) {
            throw new CborException("no mailbox");
        }
        in.integer(VERSION, VERSION);
        Kind kind = Kind.of(in.integer());
        Head head = new Head(kind, in.text(NAME_MAX));
        in.end();
        return head;
    }

    static byte[] encode(Entry entry) {
        return new CborWriter()
                .array(5)
                .text(entry.file)
                .bytes(entry.line)
                .bytes(entry.tail)
                .integer(entry.quoting.code)
                .text(Text.cut(entry.name, NAME_MAX))
                .toByteArray();
    }

    static Entry entry(byte[] item) throws CborException, java.io.IOException {
        CborReader in = new CborReader(item);
        in.arrayOf(5);
        String file = in.text(255);
        Bytes line = Bytes.of(in.bytes(LINE_MAX));
        Bytes tail = Bytes.of(in.bytes(LINE_MAX));
        FromQuoting quoting = FromQuoting.of(in.integer());
        Entry entry = new Entry(file, line, tail, quoting, in.text(NAME_MAX));
        in.end();
        return entry;
    }
}
