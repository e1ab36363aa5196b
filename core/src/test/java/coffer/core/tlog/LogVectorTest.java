package coffer.core.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Bytes;
import coffer.core.Hash;
import coffer.core.VectorFile;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A small log at each of its sizes, with everything that is served of it and every proof, for whoever writes another reader.
class LogVectorTest {

    private static final String FORMAT = "tiled-logs";
    private static final NoteSigner LOG = NoteSigner.ofSeed("coffer.example/tlog", new byte[32]);
    private static final List<byte[]> ENTRIES =
            StatementSamples.all().values().stream().map(Statement::encode).toList();

    @Test
    void vectors_areCurrent() throws Exception {
        List<ObjectNode> cases = new ArrayList<>();
        for (int size = 0; size <= ENTRIES.size(); size++) {
            cases.add(vector(size));
        }
        VectorFile.requireCurrent(
                FORMAT, "small.json", "Made by LogVectorTest; the key's seed is 32 zero bytes. Byte strings are hex.", cases);
    }

    private static ObjectNode vector(int size) throws Exception {
        TestTree tree = TestTree.of(ENTRIES);
        ObjectNode vector = VectorFile.object().put("name", "size_" + size).put("key", LOG.verifier().text());
        byte[] checkpoint = new Checkpoint("coffer.example/tlog", size, tree.root(size)).sign(LOG).encode();
        vector.put("checkpoint", new String(checkpoint, StandardCharsets.UTF_8));
        if (size == 0) {
            return vector;
        }
        TileId leaves = TileId.hashes(0, 0, size);
        TileId entries = TileId.entries(0, size);
        ObjectNode tiles = vector.putObject("resources");
        tiles.put(leaves.path(), Bytes.of(tree.tile(leaves)).hex());
        tiles.put(entries.path(), Bytes.of(EntryBundle.encode(ENTRIES.subList(0, size))).hex());
        ArrayNode inclusions = vector.putArray("inclusion");
        for (int index = 0; index < size; index++) {
            put(inclusions.addArray(), Proofs.inclusion(index, size, tree));
        }
        ArrayNode consistencies = vector.putArray("consistency");
        for (int older = 1; older <= size; older++) {
            put(consistencies.addArray(), Proofs.consistency(older, size, tree));
        }
        return vector;
    }

    private static void put(ArrayNode out, List<Hash> proof) {
        proof.forEach(hash -> out.add(hash.hex()));
    }

    @Test
    void vectors_verify() throws Exception {
        List<Hash> roots = new ArrayList<>();
        for (JsonNode vector : VectorFile.cases(FORMAT)) {
            byte[] note = vector.get("checkpoint").asText().getBytes(StandardCharsets.UTF_8);
            Checkpoint checkpoint = Checkpoint.open(note, NoteVerifier.parse(vector.get("key").asText()));
            int size = (int) checkpoint.size();
            assertThat(size).isEqualTo(roots.size());
            roots.add(checkpoint.root());
            for (int i = 0; i < size; i++) {
                Hash leaf = MerkleTree.leaf(ENTRIES.get(i));
                assertThat(Proofs.includes(leaf, i, size, proof(vector, "inclusion", i), checkpoint.root())).isTrue();
                assertThat(Proofs.extendsTree(
                                i + 1, i + 1 == size ? checkpoint.root() : roots.get(i + 1), size, checkpoint.root(),
                                proof(vector, "consistency", i)))
                        .isTrue();
            }
            if (size > 0) {
                String bundle = vector.get("resources").get(TileId.entries(0, size).path()).asText();
                assertThat(EntryBundle.decode(Bytes.ofHex(bundle).toArray(), size)).hasSize(size);
            }
        }
        assertThat(roots).hasSize(ENTRIES.size() + 1);
    }

    private static List<Hash> proof(JsonNode vector, String kind, int number) {
        List<Hash> proof = new ArrayList<>();
        vector.get(kind).get(number).forEach(hash -> proof.add(Hash.ofHex(hash.asText())));
        return proof;
    }
}
