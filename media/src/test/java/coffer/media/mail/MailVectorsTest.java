package coffer.media.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborItem;
import coffer.core.CborWriter;
import coffer.core.Hash;
import coffer.core.VectorFile;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Makes the vectors of what is kept of mail, compares them with those checked in, and applies those to the code.
class MailVectorsTest {

    private static final String FORMAT = "mail";
    private static final String DECODES = "decodes";
    private static final String REFUSED = "refused";

    private static final MailHead FULL = new MailHead(
            Hash.of(new byte[] {1}), Optional.of(Instant.ofEpochMilli(1_552_037_521_000L)), "A Station <post@rail.example>",
            "me@example.org", "Caf\u00e9, 8 o\u2019clock", "1@rail.example", List.of("first@rail.example", "0@rail.example"), true, 4_711);
    private static final MailHead BARE =
            new MailHead(Hash.of(new byte[] {2}), Optional.empty(), "", "", "", "", List.of(), false, 0);
    private static final MailboxFile.Entry ENTRY = new MailboxFile.Entry(
            "undated-00.eml", Bytes.of("From a Fri Mar  8 09:32:01 2019\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
            Bytes.of(new byte[] {'\n'}), FromQuoting.NONE, "");

    private final List<ObjectNode> cases = new ArrayList<>();

    @Test
    void vectors_areCurrent() {
        heads();
        mailboxHeads();
        mailboxEntries();
        VectorFile.requireCurrent(FORMAT, "kept.json", "docs/spec/derived.md (mail-head), docs/spec/mail.md (the others)", cases);
    }

    @Test
    void vectors_meanWhatTheySay() throws CborException, IOException {
        int good = 0;
        for (JsonNode vector : VectorFile.cases(FORMAT)) {
            String name = vector.get("name").asText();
            String type = vector.get("type").asText();
            byte[] encoded = Bytes.ofHex(vector.get("encoded").asText()).toArray();
            if (vector.get("result").asText().equals(DECODES)) {
                assertThat(recode(type, encoded)).as(name).isEqualTo(encoded);
                good++;
            } else {
                assertThatThrownBy(() -> recode(type, encoded)).as(name).isInstanceOfAny(CborException.class, IOException.class);
            }
        }
        assertThat(good).isEqualTo(9);
    }

    private static byte[] recode(String type, byte[] encoded) throws CborException, IOException {
        return switch (type) {
            case "mail-head" -> MailHead.decode(encoded).encode();
            case "mailbox-head" -> MailboxFile.encode(MailboxFile.head(encoded));
            case "mailbox-entry" -> MailboxFile.encode(MailboxFile.entry(encoded));
            default -> throw new AssertionError("unknown type of vector: " + type);
        };
    }

    private void add(String type, String name, String result, byte[] encoded) {
        cases.add(VectorFile.object()
                .put("name", type + "_" + name).put("result", result).put("type", type).put("encoded", Bytes.of(encoded).hex()));
    }

    private void badHead(String name, Consumer<Map<Long, CborItem>> change) {
        try {
            Map<Long, CborItem> fields = new TreeMap<>(((CborItem.Mapping) CborItem.decode(FULL.encode())).entries());
            change.accept(fields);
            add("mail-head", name, REFUSED, new CborItem.Mapping(fields).encode());
        } catch (CborException e) {
            throw new AssertionError(e);
        }
    }

    private static CborItem text(int size) {
        return new CborItem.Text("x".repeat(size));
    }

    private void heads() {
        add("mail-head", "of_everything", DECODES, FULL.encode());
        add("mail-head", "of_nothing", DECODES, BARE.encode());
        add("mail-head", "cut", REFUSED, Arrays.copyOf(FULL.encode(), FULL.encode().length - 1));
        add("mail-head", "with_a_trailing_byte", REFUSED, Arrays.copyOf(FULL.encode(), FULL.encode().length + 1));
        badHead("without_content", fields -> fields.remove(1L));
        badHead("with_content_of_31_bytes", fields -> fields.put(1L, new CborItem.ByteString(Bytes.of(new byte[31]))));
        badHead("with_a_time_in_words", fields -> fields.put(2L, text(4)));
        badHead("without_sender", fields -> fields.remove(3L));
        badHead("with_a_sender_of_301", fields -> fields.put(3L, text(301)));
        badHead("with_receivers_of_1001", fields -> fields.put(4L, text(1_001)));
        badHead("with_a_subject_of_1001", fields -> fields.put(5L, text(1_001)));
        badHead("with_an_id_of_251", fields -> fields.put(6L, text(251)));
        badHead("with_33_references", fields -> fields.put(7L, new CborItem.Array(java.util.Collections.nCopies(33, text(1)))));
        badHead("with_a_reference_of_251", fields -> fields.put(7L, new CborItem.Array(List.of(text(251)))));
        badHead("that_is_mixed_by_number", fields -> fields.put(8L, new CborItem.Int(1)));
        badHead("of_negative_size", fields -> fields.put(9L, new CborItem.Int(-1)));
        badHead("with_an_unknown_field", fields -> fields.put(10L, new CborItem.Int(0)));
    }

    private void mailboxHeads() {
        for (MailboxFile.Kind kind : MailboxFile.Kind.values()) {
            add("mailbox-head", kind.name().toLowerCase(java.util.Locale.ROOT), DECODES, MailboxFile.encode(new MailboxFile.Head(kind, "Inbox")));
        }
        add("mailbox-head", "of_unknown_kind", REFUSED, mailboxHead("coffer/mailbox", 1, 3, "Inbox"));
        add("mailbox-head", "of_another_version", REFUSED, mailboxHead("coffer/mailbox", 2, 0, "Inbox"));
        add("mailbox-head", "of_another_label", REFUSED, mailboxHead("coffer/mailboy", 1, 0, "Inbox"));
        add("mailbox-head", "with_a_name_of_1025", REFUSED, mailboxHead("coffer/mailbox", 1, 0, "x".repeat(1_025)));
        add("mailbox-head", "without_name", REFUSED,
                new CborWriter().array(3).text("coffer/mailbox").integer(1).integer(0).toByteArray());
    }

    private static byte[] mailboxHead(String label, int version, int kind, String name) {
        return new CborWriter().array(4).text(label).integer(version).integer(kind).text(name).toByteArray();
    }

    private void mailboxEntries() {
        for (FromQuoting quoting : FromQuoting.values()) {
            add("mailbox-entry", "quoted_" + quoting.name().toLowerCase(java.util.Locale.ROOT), DECODES,
                    MailboxFile.encode(new MailboxFile.Entry(ENTRY.file(), ENTRY.line(), ENTRY.tail(), quoting, "")));
        }
        add("mailbox-entry", "of_a_maildir", DECODES, MailboxFile.encode(
                new MailboxFile.Entry("undated-00.eml", Bytes.EMPTY, Bytes.EMPTY, FromQuoting.NONE, "cur/1.host:2,S")));
        add("mailbox-entry", "with_unknown_quoting", REFUSED, mailboxEntry("a.eml", 0, 3, ""));
        add("mailbox-entry", "with_a_file_of_256", REFUSED, mailboxEntry("x".repeat(256), 0, 0, ""));
        add("mailbox-entry", "with_a_line_of_more_than_64_KiB", REFUSED, mailboxEntry("a.eml", (64 << 10) + 1, 0, ""));
        add("mailbox-entry", "with_a_name_of_1025", REFUSED, mailboxEntry("a.eml", 0, 0, "x".repeat(1_025)));
        add("mailbox-entry", "of_four_parts", REFUSED,
                new CborWriter().array(4).text("a.eml").bytes(new byte[0]).bytes(new byte[0]).integer(0).toByteArray());
    }

    private static byte[] mailboxEntry(String file, int line, int quoting, String name) {
        return new CborWriter().array(5).text(file).bytes(new byte[line]).bytes(new byte[0]).integer(quoting).text(name).toByteArray();
    }
}
