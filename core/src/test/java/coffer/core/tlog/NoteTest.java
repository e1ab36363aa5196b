package coffer.core.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CborException;
import coffer.core.Hash;
import coffer.core.VectorFile;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NoteTest {

    private static final String FORMAT = "notes";

    /// The example of the package documentation of golang.org/x/mod/sumdb/note.
    private static final String SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

    private static final String KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    private static final String TEXT =
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    private static final String NOTE = TEXT
            + "\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    private static final NoteSigner LOG = NoteSigner.ofSeed("coffer.example/tlog", new byte[32]);
    private static final Checkpoint CHECKPOINT = new Checkpoint("coffer.example/tlog", 8, MerkleVectors.ROOTS.get(8));

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void published_noteIsSignedAndVerified() throws CborException {
        NoteVerifier verifier = NoteVerifier.parse(KEY);
        try (NoteSigner signer = NoteSigner.parse(SECRET)) {
            assertThat(signer.verifier()).isEqualTo(verifier);
            assertThat(new String(SignedNote.sign(TEXT, signer).encode(), StandardCharsets.UTF_8)).isEqualTo(NOTE);
            assertThat(signer).hasToString("[redacted]");
        }
        SignedNote note = SignedNote.decode(utf8(NOTE));
        assertThat(note.isSignedBy(verifier)).isTrue();
        assertThat(note.isSignedBy(LOG.verifier())).isFalse();
    }

    @Test
    void anyChangedByte_isNoSignatureOfTheKey() {
        byte[] note = CHECKPOINT.sign(LOG).encode();
        for (int i = 0; i < note.length; i++) {
            byte[] changed = note.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> Checkpoint.open(changed, LOG.verifier()))
                    .as("byte %d", i)
                    .isInstanceOfAny(CborException.class, Checkpoint.WrongKeyException.class);
        }
    }

    @Test
    void otherSignatures_arePassedOver_butOneOfTheKeyMustHold() throws Exception {
        SignedNote ours = CHECKPOINT.sign(LOG);
        SignedNote witness = SignedNote.sign(CHECKPOINT.text(), NoteSigner.ofSeed("witness.example", seed(2)));
        SignedNote both = new SignedNote(
                ours.text(), List.of(witness.signatures().getFirst(), ours.signatures().getFirst()));
        assertThat(Checkpoint.open(both.encode(), LOG.verifier())).isEqualTo(CHECKPOINT);
        assertThatThrownBy(() -> Checkpoint.open(witness.encode(), LOG.verifier()))
                .isInstanceOf(Checkpoint.WrongKeyException.class);
        SignedNote other = new Checkpoint(CHECKPOINT.origin(), 9, CHECKPOINT.root()).sign(LOG);
        SignedNote oneBad = new SignedNote(
                ours.text(), List.of(ours.signatures().getFirst(), other.signatures().getFirst()));
        assertThatThrownBy(() -> Checkpoint.open(oneBad.encode(), LOG.verifier()))
                .as("a known key's bad signature spoils the note")
                .isInstanceOf(Checkpoint.WrongKeyException.class);
    }

    @Test
    void aCheckpointOfAnotherLog_signedByTheSameKey_isRefused() {
        byte[] note = new Checkpoint("other.example/tlog", 8, Hash.of(new byte[0])).sign(LOG).encode();
        assertThatThrownBy(() -> Checkpoint.open(note, LOG.verifier())).isInstanceOf(CborException.class);
    }

    @Test
    void vectors_areCurrent() {
        List<ObjectNode> cases = new ArrayList<>();
        String good = new String(CHECKPOINT.sign(LOG).encode(), StandardCharsets.UTF_8);
        cases.add(vector("published_note", "note", KEY, NOTE));
        cases.add(vector("checkpoint", "checkpoint", good));
        cases.add(vector("checkpoint_with_a_witness", "checkpoint", good
                + new String(witness().encode(), StandardCharsets.UTF_8).substring(CHECKPOINT.text().length() + 1)));
        malformed(good).forEach((name, note) -> cases.add(vector(name, "malformed", note)));
        cases.add(vector("signed_by_another", "unsigned", new String(witness().encode(), StandardCharsets.UTF_8)));
        cases.add(vector("another_size", "unsigned", good.replace("\n8\n", "\n9\n")));
        cases.add(vector("another_root", "unsigned", good.replace("\nXcn", "\nXcm")));
        cases.add(vector("another_origin", "unsigned", good.replaceFirst("coffer", "coffey")));
        VectorFile.requireCurrent(FORMAT, "notes.json", "Made by NoteTest; the first case is of golang.org/x/mod/sumdb/note.", cases);
    }

    private static SignedNote witness() {
        return SignedNote.sign(CHECKPOINT.text(), NoteSigner.ofSeed("witness.example", seed(2)));
    }

    private static ObjectNode vector(String name, String result, String note) {
        return vector(name, result, LOG.verifier().text(), note);
    }

    private static ObjectNode vector(String name, String result, String key, String note) {
        return VectorFile.object().put("name", name).put("result", result).put("key", key).put("note", note);
    }

    private static Map<String, String> malformed(String good) {
        Map<String, String> bad = new TreeMap<>();
        bad.put("empty", "");
        bad.put("empty_line_alone", "\n");
        bad.put("text_alone", CHECKPOINT.text());
        bad.put("no_signature", CHECKPOINT.text() + "\n");
        bad.put("no_newline_at_the_end", good.substring(0, good.length() - 1));
        bad.put("no_empty_line", good.replace("\n\n", "\n"));
        bad.put("hyphen_for_dash", good.replace("\u2014", "-"));
        bad.put("two_spaces", good.replace("coffer.example/tlog ", "coffer.example/tlog  "));
        bad.put("carriage_return", good.replace("=\n\n", "=\r\n\n"));
        bad.put("plus_in_the_name", good.replace("\u2014 coffer", "\u2014 cof+fer"));
        bad.put("empty_line_at_the_end", good + "\n");
        bad.put("line_that_is_no_signature", good + "x\n");
        bad.put("base64_cut", good.substring(0, good.length() - 3) + "\n");
        bad.put("too_many_signatures", "a\n\n" + good.substring(good.indexOf('\u2014')).repeat(65));
        return bad;
    }

    @Test
    void vectors_meanWhatTheySay() throws Exception {
        for (JsonNode vector : VectorFile.cases(FORMAT)) {
            byte[] note = utf8(vector.get("note").asText());
            NoteVerifier key = NoteVerifier.parse(vector.get("key").asText());
            String name = vector.get("name").asText();
            switch (vector.get("result").asText()) {
                case "note" -> assertThat(SignedNote.decode(note).isSignedBy(key)).as(name).isTrue();
                case "checkpoint" -> assertThat(Checkpoint.open(note, key)).as(name).isEqualTo(CHECKPOINT);
                case "unsigned" ->
                    assertThatThrownBy(() -> Checkpoint.open(note, key))
                            .as(name)
                            .isInstanceOf(Checkpoint.WrongKeyException.class);
                default ->
                    assertThatThrownBy(() -> SignedNote.decode(note)).as(name).isInstanceOf(CborException.class);
            }
        }
        assertThatThrownBy(() -> SignedNote.decode(new byte[] {(byte) 0xff, '\n', '\n', '\n'}))
                .isInstanceOf(CborException.class);
    }

    @Test
    void malformedCheckpoints_areRefused() {
        String root = CHECKPOINT.text().split("\n", -1)[2];
        for (String bad : List.of(
                "",
                "o\n8\n",
                "o\n08\n" + root + "\n",
                "o\n-1\n" + root + "\n",
                "o\n+8\n" + root + "\n",
                "o\n99999999999999999999\n" + root + "\n",
                "o\n8\n" + root,
                "o\n8\n" + root + "\nextension\n",
                "\n8\n" + root + "\n",
                "o o\n8\n" + root + "\n",
                "o\n8\n" + root.substring(4) + "\n",
                "o\n8\n" + root.replace("=", "") + "\n")) {
            assertThatThrownBy(() -> Checkpoint.parse(bad)).as(bad).isInstanceOf(CborException.class);
        }
    }

    @Test
    void malformedKeys_areRefused() {
        for (String bad : List.of(
                "",
                "PeterNeumann",
                KEY + " ",
                KEY.replace("c74f20a3", "c74f20a4"),
                KEY.replace("c74f20a3", "C74F20A3"),
                KEY.replace("Peter", "Pet er"),
                KEY.replace("+ARpc", "+BRpc"),
                KEY.substring(0, KEY.length() - 4),
                SECRET)) {
            assertThatThrownBy(() -> NoteVerifier.parse(bad)).as(bad).isInstanceOf(CborException.class);
        }
        for (String bad : List.of("", KEY, SECRET.substring(1), SECRET + "=", SECRET.replace("c74f20a3", "00000000"))) {
            assertThatThrownBy(() -> NoteSigner.parse(bad)).as(bad).isInstanceOf(CborException.class);
        }
    }

    private static byte[] seed(int number) {
        byte[] seed = new byte[32];
        seed[0] = (byte) number;
        return seed;
    }
}
