package coffer.core.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CborException;
import coffer.core.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every decoder of the transparency log, on bytes that anybody may have sent.
class DecoderFuzzTest {

    private static final NoteSigner SIGNER = NoteSigner.ofSeed("coffer.example/tlog", new byte[32]);
    private static final Checkpoint CHECKPOINT = new Checkpoint("coffer.example/tlog", 8, MerkleVectors.ROOTS.get(8));

    @Test
    void statement() {
        byte[][] good = StatementSamples.all().values().stream().map(Statement::encode).toArray(byte[][]::new);
        Fuzz.Result result = Fuzz.of("statement", bytes -> Statement.decode(bytes).encode(), CborException.class)
                .from(good)
                .run();
        assertThat(result.accepted()).isPositive();
    }

    @Test
    void note() {
        Fuzz.of("signed note", bytes -> SignedNote.decode(bytes).encode(), CborException.class)
                .from(CHECKPOINT.sign(SIGNER).encode())
                .run();
    }

    @Test
    void checkpoint() {
        Fuzz.of("checkpoint", bytes -> ascii(Checkpoint.parse(text(bytes)).text()), CborException.class)
                .from(ascii(CHECKPOINT.text()))
                .run();
    }

    @Test
    void key() {
        Fuzz.of("note key", bytes -> ascii(NoteVerifier.parse(text(bytes)).text()), CborException.class)
                .from(ascii(SIGNER.verifier().text()))
                .run();
    }

    @Test
    void tilePath() {
        Fuzz.of("tile path", bytes -> ascii(TileId.parse(text(bytes)).path()), CborException.class)
                .from(ascii("tile/0/x001/x234/067"), ascii("tile/entries/000.p/17"), ascii("tile/63/999"))
                .run();
    }

    @Test
    void bundle() {
        List<byte[]> entries = List.of(new byte[0], new byte[] {1}, new byte[300]);
        Fuzz.of("entry bundle", bytes -> EntryBundle.encode(EntryBundle.decode(bytes, 3)), CborException.class)
                .from(EntryBundle.encode(entries))
                .run();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
