package coffer.core.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborWriter;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.VectorFile;
import coffer.core.log.Head;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StatementTest {

    private static final String FORMAT = "transparency";

    @Test
    void vectors_areCurrent() {
        List<ObjectNode> cases = new ArrayList<>();
        StatementSamples.all().forEach((name, statement) ->
                cases.add(vector(name, "valid", statement.encode())));
        refused().forEach((name, bytes) -> cases.add(vector(name, "refused", bytes)));
        cases.add(vector("kind_of_a_later_version", "unknown", new CborWriter().array(2).integer(8).integer(1).toByteArray()));
        VectorFile.requireCurrent(
                FORMAT, "statements.json", "Made by StatementTest; leaf is the RFC 6962 hash of the bytes.", cases);
    }

    private static ObjectNode vector(String name, String result, byte[] bytes) {
        return VectorFile.object()
                .put("name", name)
                .put("result", result)
                .put("bytes", Bytes.of(bytes).hex())
                .put("leaf", MerkleTree.leaf(bytes).hex());
    }

    @Test
    void vectors_meanWhatTheySay() throws CborException {
        for (JsonNode vector : VectorFile.cases(FORMAT)) {
            byte[] bytes = Bytes.ofHex(vector.get("bytes").asText()).toArray();
            String name = vector.get("name").asText();
            switch (vector.get("result").asText()) {
                case "valid" -> assertThat(Statement.decode(bytes).encode()).as(name).isEqualTo(bytes);
                case "unknown" ->
                    assertThatThrownBy(() -> Statement.decode(bytes))
                            .as(name)
                            .isInstanceOf(Statement.UnknownStatementException.class);
                default ->
                    assertThatThrownBy(() -> Statement.decode(bytes))
                            .as(name)
                            .isInstanceOf(CborException.class)
                            .isNotInstanceOf(Statement.UnknownStatementException.class);
            }
        }
    }

    /// One for each fault.
    private static Map<String, byte[]> refused() {
        Map<String, byte[]> bad = new TreeMap<>();
        bad.put("empty", new byte[0]);
        bad.put("trailing_byte", Bytes.ofHex("840501626465020000").toArray());
        bad.put("not_an_array", new CborWriter().integer(1).toByteArray());
        bad.put("kind_zero_with_fields_of_none", new CborWriter().array(1).text("x").toByteArray());
        bad.put("too_few_fields", new CborWriter().array(3).integer(5).integer(1).text("de").toByteArray());
        bad.put("too_many_fields", placement("de", 2, 5));
        bad.put("negative_time", new CborWriter().array(4).integer(5).integer(-1).text("de").integer(2).toByteArray());
        bad.put("id_with_capital", placement("De", 2, 4));
        bad.put("id_empty", placement("", 2, 4));
        bad.put("id_too_long", placement("a".repeat(64), 2, 4));
        bad.put("no_copies", placement("de", 0, 4));
        bad.put("too_many_copies", placement("de", 17, 4));
        bad.put("words_with_control_character", action("two\nlines"));
        bad.put("words_that_turn_direction", action("a\u202eb"));
        bad.put("words_empty", action(" "));
        bad.put("words_too_long", action("w".repeat(2_001)));
        bad.put("origin_with_path", stated(List.of("https://one.example/p"), 1));
        bad.put("origin_with_capital", stated(List.of("https://One.example"), 1));
        bad.put("origin_with_implied_port", stated(List.of("https://one.example:443"), 1));
        bad.put("origin_with_user", stated(List.of("https://a@one.example"), 1));
        bad.put("origin_of_another_scheme", stated(List.of("ftp://one.example"), 1));
        bad.put("origins_none", stated(List.of(), 1));
        bad.put("origins_descend", stated(List.of("https://two.example", "https://one.example"), 1));
        bad.put("origins_twice", stated(List.of("https://one.example", "https://one.example"), 1));
        bad.put("weight_zero", stated(List.of("https://one.example"), 0));
        bad.put("active_without_share", changed(4, 0));
        bad.put("draining_with_share", changed(5, 1));
        bad.put("share_above_all", changed(4, 1_001));
        bad.put("unknown_state", changed(8, 0));
        bad.put("report_of_another_size", new CborWriter().array(5).integer(4).integer(1).text("de-one").bytes(new byte[31]).bool(true).toByteArray());
        bad.put("too_long", new byte[Statement.BYTES_MAX + 1]);
        return bad;
    }

    private static byte[] placement(String region, int copies, int fields) {
        CborWriter out = new CborWriter().array(fields).integer(5).integer(1).text(region).integer(copies);
        return fields > 4 ? out.nil().toByteArray() : out.toByteArray();
    }

    private static byte[] action(String words) {
        return new CborWriter().array(4).integer(6).integer(1).text("note").text(words).toByteArray();
    }

    private static byte[] stated(List<String> origins, int weight) {
        CborWriter out = new CborWriter().array(7).integer(2).integer(1).text("de-one").text("owner").text("de");
        out.array(origins.size());
        origins.forEach(out::text);
        return out.integer(weight).toByteArray();
    }

    private static byte[] changed(int state, int share) {
        return new CborWriter()
                .array(7).integer(3).integer(1).text("de-one").integer(state).integer(share).text("because").nil()
                .toByteArray();
    }

    @Test
    void accountHead_isFoundByTheAccountAndCheckedByTheEntry() {
        LogId account = StatementSamples.ACCOUNT;
        Head head = new Head(3, Hash.of(new byte[] {9}));
        Statement.AccountHead listed = Statement.AccountHead.of(account, head);
        assertThat(listed.place()).isEqualTo(Statement.AccountHead.place(account, 3));
        assertThat(Statement.AccountHead.of(account, new Head(3, Hash.of(new byte[] {8}))))
                .as("another entry at the same place")
                .matches(other -> other.place().equals(listed.place()) && !other.head().equals(listed.head()));
        assertThat(Statement.AccountHead.place(account, 4)).isNotEqualTo(listed.place());
        assertThat(Statement.AccountHead.place(new LogId(Hash.of(new byte[] {7}).value()), 3)).isNotEqualTo(listed.place());
        assertThat(Bytes.of(listed.encode()).hex()).doesNotContain(account.hex()).doesNotContain(head.id().hex());
    }
}
