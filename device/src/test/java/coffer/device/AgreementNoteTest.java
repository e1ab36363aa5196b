package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborWriter;
import coffer.core.Hash;
import coffer.core.NodeId;
import coffer.core.VectorFile;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Makes the vectors of docs/spec/agreed.md, compares them with those checked in, and applies those to the code.
class AgreementNoteTest {

    private static final String FORMAT = "agreed";
    private static final String DECODES = "decodes";
    private static final String REFUSED = "refused";
    private static final NodeId FOLDER = NodeId.of(new byte[NodeId.SIZE]);
    private static final Hash STATE = new Hash(Bytes.of(new byte[Hash.SIZE]));
    private static final long TIME_MAX = (1L << 48) - 1;

    private final List<ObjectNode> cases = new ArrayList<>();

    private static AgreementNote note() {
        return new AgreementNote(Map.of(FOLDER, new AgreementNote.Agreement(STATE, Instant.ofEpochMilli(0x19ab54a6400L))));
    }

    @Test
    void vectors_areCurrent() {
        byte[] good = note().encode();
        add("one", DECODES, good);
        add("none", DECODES, new AgreementNote(Map.of()).encode());
        add("of_the_last_time", DECODES, note("coffer/agreed", 1, 16, 32, TIME_MAX));
        add("of_a_later_time", REFUSED, note("coffer/agreed", 1, 16, 32, TIME_MAX + 1));
        add("of_a_negative_time", REFUSED, note("coffer/agreed", 1, 16, 32, -1));
        add("with_a_folder_of_15_bytes", REFUSED, note("coffer/agreed", 1, 15, 32, 0));
        add("with_a_fingerprint_of_31_bytes", REFUSED, note("coffer/agreed", 1, 16, 31, 0));
        add("of_another_version", REFUSED, note("coffer/agreed", 2, 16, 32, 0));
        add("of_another_label", REFUSED, note("coffer/agreee", 1, 16, 32, 0));
        add("nothing", REFUSED, new byte[0]);
        add("cut", REFUSED, Arrays.copyOf(good, good.length - 1));
        add("with_a_trailing_byte", REFUSED, Arrays.copyOf(good, good.length + 1));
        CborWriter twice = new CborWriter().array(3).text("coffer/agreed").integer(1).array(2);
        CborWriter many = new CborWriter().array(3).text("coffer/agreed").integer(1).array(257);
        for (int i = 0; i < 2; i++) {
            twice.array(3).bytes(FOLDER.toArray()).bytes(STATE.value()).integer(i);
        }
        for (int i = 0; i < 257; i++) {
            byte[] folder = new byte[NodeId.SIZE];
            folder[0] = (byte) (i >> 8);
            folder[1] = (byte) i;
            many.array(3).bytes(folder).bytes(STATE.value()).integer(i);
        }
        add("of_one_folder_twice", REFUSED, twice.toByteArray());
        add("of_257_folders", REFUSED, many.toByteArray());
        VectorFile.requireCurrent(FORMAT, "notes.json", "docs/spec/agreed.md", cases);
    }

    private void add(String name, String result, byte[] encoded) {
        cases.add(VectorFile.object().put("name", name).put("result", result).put("encoded", Bytes.of(encoded).hex()));
    }

    private static byte[] note(String label, int version, int folder, int fingerprint, long time) {
        return new CborWriter()
                .array(3).text(label).integer(version).array(1)
                .array(3).bytes(new byte[folder]).bytes(new byte[fingerprint]).integer(time)
                .toByteArray();
    }

    @Test
    void vectors_meanWhatTheySay() throws CborException {
        for (JsonNode vector : VectorFile.cases(FORMAT)) {
            String name = vector.get("name").asText();
            byte[] encoded = Bytes.ofHex(vector.get("encoded").asText()).toArray();
            if (vector.get("result").asText().equals(DECODES)) {
                assertThat(AgreementNote.decode(encoded).encode()).as(name).isEqualTo(encoded);
            } else {
                assertThatThrownBy(() -> AgreementNote.decode(encoded)).as(name).isInstanceOf(CborException.class);
            }
        }
        assertThat(AgreementNote.decode(note().encode())).isEqualTo(note());
    }

    @Test
    void cutNotes_areRefused() {
        byte[] good = note().encode();
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> AgreementNote.decode(cut)).isInstanceOf(CborException.class);
        }
    }
}
