package coffer.core.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Bytes;
import coffer.core.CofferException;
import coffer.core.Hash;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProofsTest {

    private static final int SIZES = 70;
    private final TestTree tree = TestTree.ofSize(SIZES);

    @Test
    void published_rootsAreMade() {
        Frontier frontier = Frontier.EMPTY;
        for (int size = 0; size <= MerkleVectors.LEAVES.size(); size++) {
            assertThat(frontier.root()).isEqualTo(MerkleVectors.ROOTS.get(size));
            if (size < MerkleVectors.LEAVES.size()) {
                frontier = frontier.with(MerkleTree.leaf(MerkleVectors.LEAVES.get(size)));
            }
        }
    }

    @Test
    void published_proofsAreMadeAndVerified() throws CofferException {
        TestTree published = TestTree.of(MerkleVectors.LEAVES);
        for (MerkleVectors.Inclusion vector : MerkleVectors.INCLUSIONS) {
            List<Hash> proof = hashes(vector.proof());
            assertThat(Proofs.inclusion(vector.index(), vector.size(), published)).isEqualTo(proof);
            assertThat(Proofs.includes(
                            published.leaf(vector.index()),
                            vector.index(),
                            vector.size(),
                            proof,
                            MerkleVectors.ROOTS.get(vector.size())))
                    .isTrue();
        }
        for (MerkleVectors.Consistency vector : MerkleVectors.CONSISTENCIES) {
            List<Hash> proof = hashes(vector.proof());
            assertThat(Proofs.consistency(vector.older(), vector.newer(), published)).isEqualTo(proof);
            assertThat(Proofs.extendsTree(
                            vector.older(),
                            MerkleVectors.ROOTS.get(vector.older()),
                            vector.newer(),
                            MerkleVectors.ROOTS.get(vector.newer()),
                            proof))
                    .isTrue();
        }
    }

    private static List<Hash> hashes(List<String> base64) {
        return base64.stream()
                .map(text -> new Hash(Bytes.of(Base64.getDecoder().decode(text))))
                .toList();
    }

    @Test
    void inclusion_ofEveryLeafInEveryTree_verifiesThereAndNowhereElse() throws CofferException {
        for (int size = 1; size <= SIZES; size++) {
            Hash root = tree.root(size);
            for (int index = 0; index < size; index++) {
                List<Hash> proof = Proofs.inclusion(index, size, tree);
                assertThat(Proofs.includes(tree.leaf(index), index, size, proof, root)).isTrue();
                assertThat(Proofs.includes(tree.leaf(index), index + 1, size, proof, root)).isFalse();
                assertThat(Proofs.includes(tree.leaf(index), index - 1, size, proof, root)).isFalse();
                for (List<Hash> wrong : spoiled(proof)) {
                    assertThat(Proofs.includes(tree.leaf(index), index, size, wrong, root)).isFalse();
                }
            }
        }
    }

    @Test
    void consistency_ofEveryPairOfTrees_verifiesForThatPairOnly() throws CofferException {
        for (int newer = 1; newer <= SIZES; newer++) {
            for (int older = 1; older <= newer; older++) {
                List<Hash> proof = Proofs.consistency(older, newer, tree);
                Hash root = tree.root(older);
                assertThat(Proofs.extendsTree(older, root, newer, tree.root(newer), proof)).isTrue();
                assertThat(Proofs.extendsTree(older, tree.root(newer), newer, root, proof)).isEqualTo(older == newer);
                assertThat(Proofs.extendsTree(older, MerkleTree.EMPTY_ROOT, newer, tree.root(newer), proof)).isFalse();
                for (List<Hash> wrong : spoiled(proof)) {
                    assertThat(Proofs.extendsTree(older, root, newer, tree.root(newer), wrong)).isFalse();
                }
            }
        }
    }

    @Test
    void consistency_withTheEmptyTree_needsNoProofAndTakesNone() {
        assertThat(Proofs.extendsTree(0, MerkleTree.EMPTY_ROOT, 5, tree.root(5), List.of())).isTrue();
        assertThat(Proofs.extendsTree(0, tree.root(1), 5, tree.root(5), List.of())).isFalse();
        assertThat(Proofs.extendsTree(0, MerkleTree.EMPTY_ROOT, 5, tree.root(5), List.of(tree.leaf(0)))).isFalse();
        assertThat(Proofs.extendsTree(5, tree.root(5), 4, tree.root(4), List.of())).isFalse();
    }

    /// The same proof with something missing, added, changed or swapped.
    private static List<List<Hash>> spoiled(List<Hash> proof) {
        List<List<Hash>> all = new ArrayList<>();
        List<Hash> longer = new ArrayList<>(proof);
        longer.add(MerkleTree.EMPTY_ROOT);
        all.add(longer);
        if (!proof.isEmpty()) {
            all.add(proof.subList(1, proof.size()));
            all.add(proof.subList(0, proof.size() - 1));
            List<Hash> changed = new ArrayList<>(proof);
            changed.set(proof.size() / 2, MerkleTree.EMPTY_ROOT);
            all.add(changed);
        }
        if (proof.size() > 1) {
            all.add(proof.reversed());
        }
        return all;
    }

    @Test
    void frontier_hasTheRootOfTheDefinition() {
        Frontier frontier = Frontier.EMPTY;
        for (int size = 1; size <= SIZES; size++) {
            frontier = frontier.with(tree.leaf(size - 1));
            assertThat(frontier.root()).isEqualTo(tree.root(size));
        }
    }

    @Test
    void tiles_giveEveryRootAndProof() throws CofferException {
        long seed = Long.getLong("coffer.seed", 7L);
        Random random = new Random(seed);
        TestTree large = TestTree.ofSize(70_000);
        TileHashes hashes = new TileHashes(70_000, large::tile);
        assertThat(Proofs.root(70_000, hashes)).isEqualTo(large.root(70_000));
        for (int round = 0; round < 30; round++) {
            int older = 1 + random.nextInt(70_000);
            int index = random.nextInt(older);
            assertThat(Proofs.root(older, hashes)).as("seed %d", seed).isEqualTo(large.root(older));
            assertThat(Proofs.inclusion(index, older, hashes)).isEqualTo(Proofs.inclusion(index, older, large));
            assertThat(Proofs.consistency(older, 70_000, hashes)).isEqualTo(Proofs.consistency(older, 70_000, large));
        }
    }

    /// The example of tlog-tiles, "Partial Tiles".
    @Test
    void aTreeOf70000_hasTheTilesOfTheSpecification() {
        List<TileId> tiles = TileId.allHashes(70_000);
        assertThat(tiles.stream().filter(tile -> tile.level() == 0 && tile.isFull())).hasSize(273);
        assertThat(tiles.stream().filter(tile -> !tile.isFull() || tile.level() > 0))
                .containsExactly(
                        TileId.hashes(0, 273, 112), TileId.hashes(1, 0, 256), TileId.hashes(1, 1, 17), TileId.hashes(2, 0, 1));
        assertThat(TileId.allHashes(256)).containsExactly(TileId.hashes(0, 0, 256), TileId.hashes(1, 0, 1));
        assertThat(TileId.allHashes(0)).isEmpty();
    }

    @Test
    void paths_areTheOnesOfTheSpecification() throws Exception {
        assertThat(TileId.hashes(0, 1_234_067, 256).path()).isEqualTo("tile/0/x001/x234/067");
        assertThat(TileId.hashes(2, 0, 17).path()).isEqualTo("tile/2/000.p/17");
        assertThat(TileId.entries(1_000, 255).path()).isEqualTo("tile/entries/x001/000.p/255");
        for (TileId tile : Stream.of(
                        TileId.hashes(0, 1_234_067, 256), TileId.hashes(63, 999, 1), TileId.entries(1_000, 255))
                .toList()) {
            assertThat(TileId.parse(tile.path())).isEqualTo(tile);
        }
    }
}
