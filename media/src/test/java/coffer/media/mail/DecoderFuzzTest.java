package coffer.media.mail;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.Fuzz;
import coffer.core.Hash;
import coffer.media.mail.MboxScanner.Span;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Mail comes from anybody at all.
class DecoderFuzzTest {

    private static final String PLAIN = """
            From: =?utf-8?Q?J=C3=B6rg?= <joerg@example.org>
            To: Office <office@example.org>, "O. Other" <other@example.org>
            Subject: =?iso-8859-1?B?Z3L832U=?= again
            Message-ID: <1@example.org>
            References: <0@example.org> <a.b@example.org>
            Date: Fri, 21 Nov 1997 09:55:06 -0600 (CST)
            Received: from a by b; 22 Nov 1997 10:00:00 +0000
            Content-Type: text/plain; charset=iso-8859-15
            Content-Transfer-Encoding: quoted-printable

            =A4 caf=E9
            """;
    private static final String PARTS = """
            From: a@example.org
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="outer"

            --outer
            Content-Type: multipart/alternative; boundary=inner

            --inner
            Content-Type: text/plain

            text
            --inner
            Content-Type: text/html; charset=utf-8

            <p>text</p>
            --inner--
            --outer
            Content-Type: image/png; name*0*=utf-8''a%20; name*1*=b.png
            Content-ID: <image@1>
            Content-Disposition: attachment; filename="=?utf-8?Q?a.png?="
            Content-Transfer-Encoding: base64

            iVBORw0KGgo=
            --outer
            Content-Type: message/rfc822

            Subject: inside

            inside
            --outer--
            """;
    private static final String MBOX = """
            From a@example.org Fri Nov 21 09:55:06 1997
            From: a@example.org

            text
            >From quoted
            >>From twice

            From b@example.org Sat Nov 22 09:55 1997 +0100
            Subject: second

            From where I stand

            """;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Whatever it is, it is shown as far as it goes, and what is shown is text.
    @Test
    void message() {
        Fuzz.of("mail message", input -> {
                    Message message = MessageReader.read(new ByteArrayInputStream(input), headers(input));
                    valid(message.text());
                    message.parts().forEach(part -> valid(part.name() + part.type() + part.contentId()));
                    for (int i = 0; i < Math.min(3, message.parts().size()); i++) {
                        MessageReader.parts(new ByteArrayInputStream(input), Map.of(i, new ByteArrayOutputStream()));
                    }
                    return null;
                })
                .from(bytes(PLAIN), bytes(PARTS), bytes(PARTS.replace("\n", "\r\n")))
                .within(64 << 20)
                .slow()
                .run();
    }

    private static Headers headers(byte[] input) {
        return Headers.read(input, Math.min(input.length, Headers.SIZE_MAX));
    }

    private static void valid(String text) {
        String again = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        if (!again.equals(text)) {
            throw new IllegalStateException("text that cannot be written");
        }
    }

    /// What is kept of any message is what its own decoder takes.
    @Test
    void headOfAMessage() {
        Fuzz.of("mail headers", input -> {
                    MailHead head = MailHead.of(Hash.of(input), headers(input), input.length, Optional.of(Instant.EPOCH));
                    if (!MailHead.decode(head.encode()).equals(head)) {
                        throw new IllegalStateException("read otherwise than written");
                    }
                    return null;
                })
                .from(bytes(PLAIN), bytes(PARTS))
                .within(16 << 20)
                .run();
    }

    @Test
    void keptHead() {
        byte[] dated = MailHead.of(Hash.of(new byte[1]), headers(bytes(PLAIN)), 500, Optional.empty()).encode();
        byte[] bare = MailHead.of(Hash.of(new byte[1]), headers(new byte[0]), 0, Optional.empty()).encode();
        Fuzz.of("mail head", input -> MailHead.decode(input).encode(), CborException.class)
                .from(dated, bare)
                .run();
    }

    @Test
    void date() {
        assertThat(MailDate.parse("2019-03-08T09:32:01Z")).contains(Instant.parse("2019-03-08T09:32:01Z"));
        assertThat(MailDate.parse("2019-03-08T09:32:01+01:00")).contains(Instant.parse("2019-03-08T08:32:01Z"));
        Fuzz.of("mail date", input -> {
                    MailDate.parse(new String(input, StandardCharsets.ISO_8859_1));
                    return null;
                })
                .from(bytes("Fri, 21 Nov 1997 09:55:06 -0600 (CST)"), bytes("2019-03-08T09:32:01Z"), bytes("8-Mar-99 9:32 EDT"))
                .run();
    }

    /// Messages lie one behind the other within the file, and quoting comes off and on again without a change.
    @Test
    void mbox() {
        Fuzz.of("mbox", input -> {
                    MboxScanner scanner = new MboxScanner(new ByteArrayInputStream(input));
                    long at = 0;
                    for (Optional<Span> span = scanner.next(); span.isPresent(); span = scanner.next()) {
                        Span here = span.get();
                        boolean ordered = at <= here.start() && here.start() < here.body() && here.body() <= here.end()
                                && here.end() <= here.next() && here.next() <= input.length;
                        if (!ordered) {
                            throw new IllegalStateException("messages overlap: " + here);
                        }
                        at = here.next();
                        roundTrip(input, here);
                    }
                    return null;
                })
                .from(bytes(MBOX), bytes(MBOX.replace("\n", "\r\n")))
                .within(16 << 20)
                .run();
    }

    private static void roundTrip(byte[] input, Span span) throws IOException {
        byte[] stored = java.util.Arrays.copyOfRange(input, (int) span.body(), (int) span.end());
        for (FromQuoting wanted : FromQuoting.values()) {
            FromQuoting quoting = span.quoting(wanted);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (var plain = quoting.unquoted(new ByteArrayInputStream(stored));
                    var quoted = quoting.quoted(plain)) {
                quoted.transferTo(out);
            }
            if (!java.util.Arrays.equals(out.toByteArray(), stored)) {
                throw new IllegalStateException("quoting " + quoting + " changes a message");
            }
        }
    }

    @Test
    void mailbox() {
        byte[] head = MailboxFile.encode(new MailboxFile.Head(MailboxFile.Kind.MBOX, "Inbox.mbox"));
        byte[] entry = MailboxFile.encode(
                new MailboxFile.Entry("a.eml", Bytes.of(bytes("From a\n")), Bytes.of(bytes("\n")), FromQuoting.NONE, ""));
        Fuzz.of("mailbox head", input -> MailboxFile.encode(MailboxFile.head(input)), CborException.class)
                .from(head)
                .run();
        Fuzz.of("mailbox entry", input -> MailboxFile.encode(MailboxFile.entry(input)), CborException.class, IOException.class)
                .from(entry)
                .run();
    }

    @Test
    void encodedWords() {
        Fuzz.of("encoded words", input -> {
                    valid(Headers.decoded(new String(input, StandardCharsets.UTF_8)));
                    return null;
                })
                .from(bytes("=?utf-8?Q?J=C3=B6rg?= <a@b> =?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?="), bytes("=?x?q?a?="))
                .within(16 << 20)
                .run();
    }

    @Test
    void nothingIsAMessageOrAMailbox_thatIsNone() {
        Fuzz.of("start of a message", input -> {
                    Headers.look(input, input.length);
                    return null;
                })
                .from(bytes(PLAIN), List.<byte[]>of(bytes("From: a\n")).getFirst())
                .run();
    }
}
