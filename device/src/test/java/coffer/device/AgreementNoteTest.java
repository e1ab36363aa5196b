package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborWriter;
import coffer.core.Hash;
import coffer.core.NodeId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgreementNoteTest {

    private static final NodeId FOLDER = NodeId.of(new byte[NodeId.SIZE]);
    private static final Hash STATE = new Hash(Bytes.of(new byte[Hash.SIZE]));

    /// The example of docs/spec/agreed.md.
    private static final String VECTOR = "836d636f666665722f616772656564018183" + "50" + "00".repeat(16) + "5820"
            + "00".repeat(32) + "1b0000019ab54a6400";

    private static AgreementNote note() {
        return new AgreementNote(Map.of(FOLDER, new AgreementNote.Agreement(STATE, Instant.ofEpochMilli(0x19ab54a6400L))));
    }

    @Test
    void theVector_isWhatIsWrittenAndRead() throws CborException {
        assertThat(Bytes.of(note().encode()).hex()).isEqualTo(VECTOR);
        assertThat(AgreementNote.decode(Bytes.ofHex(VECTOR).toArray())).isEqualTo(note());
    }

    @Test
    void cutOrLongerOrOtherNotes_areRefused() {
        byte[] good = note().encode();
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> AgreementNote.decode(cut)).isInstanceOf(CborException.class);
        }
        assertThatThrownBy(() -> AgreementNote.decode(Arrays.copyOf(good, good.length + 1))).isInstanceOf(CborException.class);
        byte[] version = new CborWriter().array(3).text("coffer/agreed").integer(2).array(0).toByteArray();
        assertThatThrownBy(() -> AgreementNote.decode(version)).isInstanceOf(CborException.class);
        byte[] label = new CborWriter().array(3).text("coffer/agreee").integer(1).array(0).toByteArray();
        assertThatThrownBy(() -> AgreementNote.decode(label)).isInstanceOf(CborException.class);
        CborWriter twice = new CborWriter().array(3).text("coffer/agreed").integer(1).array(2);
        for (int i = 0; i < 2; i++) {
            twice.array(3).bytes(FOLDER.toArray()).bytes(STATE.value()).integer(i);
        }
        assertThatThrownBy(() -> AgreementNote.decode(twice.toByteArray())).isInstanceOf(CborException.class);
    }
}
