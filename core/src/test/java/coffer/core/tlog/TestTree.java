package coffer.core.tlog;

import coffer.core.Hash;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A tree in memory, hashed straight from the definition in RFC 6962, section 2.1: what cleverer code is compared with.
final class TestTree implements HashSource {

    private final List<Hash> leaves = new ArrayList<>();

    static TestTree of(List<byte[]> entries) {
        TestTree tree = new TestTree();
        entries.forEach(entry -> tree.leaves.add(MerkleTree.leaf(entry)));
        return tree;
    }

    /// Leaves that are their own numbers.
    static TestTree ofSize(int size) {
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            entries.add(Integer.toString(i).getBytes(StandardCharsets.US_ASCII));
        }
        return of(entries);
    }

    Hash leaf(int index) {
        return leaves.get(index);
    }

    Hash root(int size) {
        return size == 0 ? MerkleTree.EMPTY_ROOT : mth(0, size);
    }

    private Hash mth(int from, int to) {
        if (to - from == 1) {
            return leaves.get(from);
        }
        int split = Integer.highestOneBit(to - from - 1);
        return MerkleTree.node(mth(from, from + split), mth(from + split, to));
    }

    @Override
    public Hash node(int level, long index) {
        return mth((int) (index << level), (int) ((index + 1) << level));
    }

    /// What a tile holds, by its definition in tlog-tiles.
    byte[] tile(TileId tile) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < tile.width(); i++) {
            out.writeBytes(node(tile.level() * 8, tile.index() * 256 + i).toArray());
        }
        return out.toByteArray();
    }
}
