package coffer.media.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Messages as they come, honest ones and others.
class MessageReaderTest {

    private static Message read(byte[] bytes) throws IOException {
        return MessageReader.read(
                new ByteArrayInputStream(bytes), Headers.read(bytes, Math.min(bytes.length, Headers.SIZE_MAX)));
    }

    private static Message read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void text_isDecodedFromItsCharset() throws IOException {
        Message message = read("""
                Content-Type: text/plain; charset=iso-8859-15
                Content-Transfer-Encoding: quoted-printable

                =A4 caf=E9
                """);
        assertThat(message.text()).isEqualToIgnoringNewLines("€ café\n");
        assertThat(message.whole()).isTrue();
    }

    @Test
    void text_ofAWrongOrUnknownCharset_isShownAllTheSame() throws IOException {
        assertThat(read("Content-Type: text/plain; charset=utf-8\n\ncaf\u00e9").text()).isEqualTo("café");
        assertThat(read("Content-Type: text/plain; charset=x-nonsense\n\ncaf\u00e9").text()).isEqualTo("café");
        assertThat(read("Subject: none at all\n\ncaf\u00c3\u00a9").text()).isEqualTo("café");
    }

    @Test
    void headers_ofAllKinds_areDecoded() {
        byte[] bytes = "Subject: =?utf-8?B?w7xiZXI=?= =?iso-8859-1?Q?_caf=E9?=\nFrom: B\u00fcro\n\t<j@x>\nBroken line\nTo: =?nonsense?Q?a?=\n\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        Headers headers = Headers.read(bytes, bytes.length);
        assertThat(headers.text("subject")).contains("über café");
        assertThat(headers.text("from")).contains("Büro <j@x>");
        assertThat(headers.text("to")).isPresent();
        assertThat(headers.fields()).hasSize(3);
    }

    @Test
    void parts_areFound_withNames_andReadOut() throws IOException {
        String text = """
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: multipart/alternative; boundary=c

                --c
                Content-Type: text/plain

                plain
                --c
                Content-Type: text/html; charset=utf-8

                <p>html
                --c--
                --b
                Content-Type: image/png; name="=?utf-8?Q?=C3=BCber.png?="
                Content-Disposition: attachment
                Content-ID: <pic@x>
                Content-Transfer-Encoding: base64

                AQIDBA==
                --b
                Content-Type: application/pdf
                Content-Disposition: attachment; filename*0*=utf-8''%e2%82%ac; filename*1*=%20bill.pdf

                x
                --b--
                """;
        Message message = read(text);
        assertThat(message.text()).isEqualTo("plain");
        assertThat(message.html()).isEqualTo("<p>html");
        assertThat(message.parts()).extracting(Message.Part::name).containsExactly("", "", "über.png", "€ bill.pdf");
        assertThat(message.parts()).extracting(Message.Part::attached).containsExactly(false, false, true, true);
        assertThat(message.parts().get(2).contentId()).isEqualTo("pic@x");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean found = MessageReader.parts(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), java.util.Map.of(2, out));
        assertThat(found).isTrue();
        assertThat(out.toByteArray()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void message_thatEndsEarly_isShownAsFarAsItGoes() throws IOException {
        Message message = read("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhal");
        assertThat(message.text()).isEqualTo("hal");
    }

    @Test
    void bomb_ofNestedParts_isCutOff() throws IOException {
        StringBuilder bomb = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            bomb.append("Content-Type: multipart/mixed; boundary=b").append(i).append("\n\n--b").append(i).append('\n');
        }
        Message message = read(bomb.toString());
        assertThat(message.whole()).isFalse();
    }

    @Test
    void bomb_ofManyParts_isCutOff() throws IOException {
        Message message = read("Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n".repeat(100_000));
        assertThat(message.whole()).isFalse();
        assertThat(message.parts()).hasSizeLessThanOrEqualTo(1_000);
    }

    @Test
    void bomb_ofHeadersOrLines_isReadWithoutHarm() throws IOException {
        assertThat(read("X: y\n".repeat(200_000) + "\nbody").headers().size()).isLessThanOrEqualTo(2_000);
        assertThat(read("X: " + "y".repeat(8 << 20)).headers()).hasSizeLessThanOrEqualTo(1);
        assertThat(read("Subject: x\n\n" + "y".repeat(8 << 20)).text().length()).isLessThanOrEqualTo(2 << 20);
    }

    @Test
    void message_withRandomChanges_neverBreaksTheReader() throws IOException {
        byte[] honest = """
                Content-Type: multipart/mixed; boundary="b"

                --b
                Content-Type: text/plain; charset="utf-8"
                Content-Disposition: inline; filename="x"

                text =E9
                --b
                Content-Type: message/rfc822

                Subject: inner

                text
                --b--
                """.getBytes(StandardCharsets.UTF_8);
        long seed = System.nanoTime();
        for (int round = 0; round < 3_000; round++) {
            Random random = new Random(seed + round);
            byte[] changed = honest.clone();
            for (int i = random.nextInt(8); i >= 0; i--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            assertThat(read(changed).parts()).as("seed %d", seed + round).isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Tue, 1 Apr 2014 12:00:00 +0200            | 2014-04-01T10:00:00Z
            1 Apr 14 12:00 EST                        | 2014-04-01T17:00:00Z
            Tue Apr  1 12:34:56 2014                  | 2014-04-01T12:34:56Z
            Tue Apr 01 12:34:56 +0000 2014            | 2014-04-01T12:34:56Z
            Fri, 31 Dec 99 23:59:60 GMT               | 1999-12-31T23:59:59Z
            Mon, 3 Mar 2003 1:02:03 -0800 (PST)       | 2003-03-03T09:02:03Z
            2019-03-04 05:06:07 +0000                 | 2019-03-04T05:06:07Z
            04-Mar-2019 05:06:07 +0100                | 2019-03-04T04:06:07Z
            yesterday                                 |
            99 Foo 2014 12:00                         |
            31 Feb 2014 12:00                         |
            1 Apr 9999 12:00                          |
            """)
    void date_isReadAsItIsWritten(String text, String expected) {
        assertThat(MailDate.parse(text).map(Object::toString).orElse(null)).isEqualTo(expected);
    }
}
