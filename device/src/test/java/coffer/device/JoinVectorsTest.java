package coffer.device;

import static coffer.core.log.LogFixture.device;
import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Bytes;
import coffer.core.CborWriter;
import coffer.core.CofferException;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.VectorFile;
import coffer.core.log.Head;
import coffer.seal.JoinCode;
import coffer.seal.Label;
import coffer.seal.Sealing;
import coffer.seal.Secret;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Opens the letters of docs/spec/join.md that are checked in: good ones, and one for each thing a service or a stranger might put in
/// a slot. Salts are random, so the letters are made once, with `-Dcoffer.vectors.write=true`, and not again.
class JoinVectorsTest {

    private static final String FORMAT = "join";
    private static final String OPENS = "opens";
    private static final String CODE = "AAAAABBBBBCCCCCDDDDDEEEEEF";
    private static final String OTHER_CODE = "BAAAABBBBBCCCCCDDDDDEEEEEF";
    private static final LogId ACCOUNT = LogId.of(filled(1));
    private static final LogId VAULT = LogId.of(filled(2));
    private static final Head HEAD = new Head(3, new Hash(Bytes.of(filled(4))));

    private static final int HELLO = 0;
    private static final int REQUEST = 1;
    private static final int ANSWER = 2;

    private final List<ObjectNode> cases = new ArrayList<>();

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    void letters_meanWhatTheySay() throws CofferException {
        if (Boolean.getBoolean("coffer.vectors.write")) {
            write();
        }
        int good = 0;
        for (JsonNode vector : VectorFile.cases(FORMAT)) {
            String name = vector.get("name").asText();
            assertThat(result(vector)).as(name).isEqualTo(vector.get("result").asText());
            good += vector.get("result").asText().equals(OPENS) ? 1 : 0;
        }
        assertThat(good).isEqualTo(4);
    }

    private static String result(JsonNode vector) throws CofferException {
        byte[] sealed = Bytes.ofHex(vector.get("sealed").asText()).toArray();
        byte[] request = Bytes.ofHex(vector.path("request").asText("")).toArray();
        try (JoinCode code = JoinCode.parse(vector.get("code").asText())) {
            assertThat(code.mailboxId().hex()).isEqualTo(vector.get("mailbox").asText());
            switch (vector.get("slot").asInt()) {
                case HELLO -> JoinMessages.openHello(code, sealed);
                case REQUEST -> {
                    JoinMessages.Request opened = JoinMessages.openRequest(code, sealed);
                    assertThat(opened.name()).isEqualTo(vector.get("device-name").asText());
                    assertThat(opened.device().id().value().hex()).isEqualTo(vector.get("device").asText());
                }
                default -> {
                    JoinMessages.Answer opened = JoinMessages.openAnswer(code, request, sealed);
                    assertThat(opened).isEqualTo(
                            new JoinMessages.Answer(ACCOUNT, HEAD, VAULT, HEAD, vector.get("log-key").asText()));
                }
            }
            return OPENS;
        } catch (CofferException e) {
            return e.code().name();
        }
    }

    private void write() throws CofferException {
        try (JoinCode code = JoinCode.parse(CODE); JoinCode other = JoinCode.parse(OTHER_CODE)) {
            JoinMessages.Request who = new JoinMessages.Request(device(1).record(), "phone");
            byte[] hello = JoinMessages.sealHello(code);
            byte[] request = JoinMessages.sealRequest(code, who);
            byte[] again = JoinMessages.sealRequest(code, who);
            byte[] answer = answer(code, request, "log.example+0+key");
            add("hello", OPENS, code, HELLO, hello);
            request("request", OPENS, code, request);
            answer("answer", OPENS, code, request, answer, "log.example+0+key");
            answer("answer_without_a_log_key", OPENS, code, request, answer(code, request, ""), "");
            String refused = "ENROLMENT";
            add("hello_under_another_code", refused, other, HELLO, hello);
            add("hello_cut", refused, code, HELLO, Arrays.copyOf(hello, hello.length - 1));
            add("hello_with_a_flipped_bit", refused, code, HELLO, flipped(hello));
            add("hello_that_says_something_else", refused, code, HELLO, sealed(code, HELLO, new byte[0], new byte[] {1}));
            request("request_that_is_a_hello", refused, code, hello);
            request("request_under_another_code", refused, code, JoinMessages.sealRequest(other, who));
            request("request_with_a_flipped_bit", refused, code, flipped(request));
            request("request_without_name", refused, code,
                    sealed(code, REQUEST, new byte[0], new CborWriter().array(1).integer(0).toByteArray()));
            request("request_of_nothing", refused, code, sealed(code, REQUEST, new byte[0], new byte[0]));
            answer("answer_to_another_request", refused, code, again, answer, "");
            answer("answer_that_is_the_request", refused, code, request, request, "");
            answer("answer_with_a_flipped_bit", refused, code, request, flipped(answer), "");
            answer("answer_of_nothing", refused, code, request,
                    sealed(code, ANSWER, Hash.of(request).toArray(), new byte[0]), "");
        }
        VectorFile.requireCurrent(FORMAT, "letters.json", "docs/spec/join.md", cases);
    }

    private static byte[] answer(JoinCode code, byte[] request, String logKey) {
        return JoinMessages.sealAnswer(code, request, new JoinMessages.Answer(ACCOUNT, HEAD, VAULT, HEAD, logKey));
    }

    private static byte[] sealed(JoinCode code, int slot, byte[] transcript, byte[] message) {
        byte[] context = new CborWriter().array(2).integer(slot).bytes(transcript).toByteArray();
        try (Secret key = code.sealKey()) {
            return Sealing.seal(key, Label.JOIN_SEAL, context, message);
        }
    }

    private static byte[] flipped(byte[] letter) {
        byte[] changed = letter.clone();
        changed[changed.length / 2] ^= 1;
        return changed;
    }

    private ObjectNode add(String name, String result, JoinCode code, int slot, byte[] sealed) {
        ObjectNode node = VectorFile.object()
                .put("name", name)
                .put("result", result)
                .put("code", code.text())
                .put("mailbox", code.mailboxId().hex())
                .put("slot", slot)
                .put("sealed", Bytes.of(sealed).hex());
        cases.add(node);
        return node;
    }

    private void request(String name, String result, JoinCode code, byte[] sealed) {
        add(name, result, code, REQUEST, sealed)
                .put("device-name", "phone")
                .put("device", device(1).id().value().hex());
    }

    private void answer(String name, String result, JoinCode code, byte[] request, byte[] sealed, String logKey) {
        add(name, result, code, ANSWER, sealed).put("request", Bytes.of(request).hex()).put("log-key", logKey);
    }
}
