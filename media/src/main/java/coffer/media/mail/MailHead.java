package coffer.media.mail;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.Hash;
import coffer.media.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is kept of a message's headers beside it (docs/spec/derived.md, "Mail").
///
/// @param sender     as people read it: a name, and the address where there is one
/// @param messageId  without its brackets; empty if there is none
/// @param references ids of messages that it answers or follows, oldest first
/// @param mixed      whether it says that it has parts of different kinds, which attachments mostly are
public record MailHead(
        Hash content,
        Optional<Instant> date,
        String sender,
        String to,
        String subject,
        String messageId,
        List<String> references,
        boolean mixed,
        long size) {

    static final int SENDER_MAX = 300;
    static final int TO_MAX = 1_000;
    static final int SUBJECT_MAX = 1_000;
    static final int ID_MAX = 250;
    static final int REFERENCES_MAX = 32;

    /// An id in brackets, as `Message-ID`, `In-Reply-To` and `References` have it.
    private static final Pattern ID = Pattern.compile("<([^<>\\s]{1,250})>");

    public MailHead {
        references = List.copyOf(references);
    }

    /// @param otherwise the time to take where the headers say none
    public static MailHead of(Hash content, Headers headers, long size, Optional<Instant> otherwise) {
        Optional<Instant> date = date(headers).or(() -> otherwise);
        List<String> ids = ids(headers.raw("Message-ID").orElse(""));
        return new MailHead(
                content,
                date,
                Text.cut(headers.text("From").or(() -> headers.text("Sender")).orElse(""), SENDER_MAX),
                Text.cut(headers.text("To").orElse(""), TO_MAX),
                Text.cut(headers.text("Subject").orElse(""), SUBJECT_MAX),
                ids.isEmpty() ? "" : ids.getFirst(),
                references(headers),
                headers.raw("Content-Type").orElse("").toLowerCase(java.util.Locale.ROOT).startsWith("multipart/mixed"),
                size);
    }

    /// When the message says it was written, else when it says it was received.
    static Optional<Instant> date(Headers headers) {
        return headers.raw("Date").flatMap(MailDate::parse).or(() -> headers.raw("Received")
                .flatMap(value -> MailDate.parse(value.substring(value.lastIndexOf(';') + 1))));
    }

    /// Where there are too many, the first one, which began the thread, and the last ones.
    private static List<String> references(Headers headers) {
        Set<String> all = new LinkedHashSet<>(ids(headers.raw("References").orElse("")));
        all.addAll(ids(headers.raw("In-Reply-To").orElse("")));
        List<String> list = new ArrayList<>(all);
        if (list.size() > REFERENCES_MAX) {
            List<String> kept = new ArrayList<>(list.subList(list.size() - REFERENCES_MAX + 1, list.size()));
            kept.addFirst(list.getFirst());
            return kept;
        }
        return list;
    }

    private static List<String> ids(String value) {
        List<String> ids = new ArrayList<>();
        Matcher matcher = ID.matcher(value);
        while (matcher.find()) {
            ids.add(Text.cut(matcher.group(1), ID_MAX));
        }
        return ids;
    }

    public byte[] encode() {
        CborWriter out = new CborWriter();
        out.map(date.isPresent() ? 9 : 8).integer(1).bytes(content.value());
        date.ifPresent(time -> out.integer(2).integer(time.toEpochMilli()));
        out.integer(3).text(sender).integer(4).text(to).integer(5).text(subject).integer(6).text(messageId);
        out.integer(7).array(references.size());
        references.forEach(out::text);
        return out.integer(8).bool(mixed).integer(9).integer(size).toByteArray();
    }

    public static MailHead decode(byte[] bytes) throws CborException {
        CborReader in = new CborReader(bytes);
        CborReader.MapReader map = in.map(9);
        map.key(1);
        Hash content = new Hash(in.bytesOf(Hash.SIZE));
        long key = map.key();
        Optional<Instant> date = Optional.empty();
        if (key == 2) {
            date = Optional.of(Instant.ofEpochMilli(in.integer(Long.MIN_VALUE, Long.MAX_VALUE)));
            key = map.key();
        }
        if (key != 3) {
            throw new CborException("another map key expected");
        }
        String sender = in.text(SENDER_MAX);
        map.key(4);
        String to = in.text(TO_MAX);
        map.key(5);
        String subject = in.text(SUBJECT_MAX);
        map.key(6);
        String id = in.text(ID_MAX);
        map.key(7);
        int count = in.array(REFERENCES_MAX);
        List<String> references = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            references.add(in.text(ID_MAX));
        }
        map.key(8);
        boolean mixed = in.bool();
        map.key(9);
        MailHead head = new MailHead(
                content, date, sender, to, subject, id, references, mixed, in.integer(0, Long.MAX_VALUE));
        map.end();
        in.end();
        return head;
    }
}
