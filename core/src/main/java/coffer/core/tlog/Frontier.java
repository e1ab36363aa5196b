package coffer.core.tlog;

import coffer.core.Hash;
import java.util.ArrayList;
import java.util.List;

/// The right edge of a tree: the roots of the largest complete subtrees, left to right, one for each bit of the size.
/// It is all that is needed to add leaves and to know the root.
///
/// Since it only ever grows, a root made from it after more leaves is by construction consistent with the one before.
///
/// @param size  leaves
/// @param roots as many as the size has ones in binary, the largest subtree first
public record Frontier(long size, List<Hash> roots) {

    public static final Frontier EMPTY = new Frontier(0, List.of());

    public Frontier {
        roots = List.copyOf(roots);
        if (size < 0 || roots.size() != Long.bitCount(size)) {
            throw new IllegalArgumentException("a frontier has one root for each bit of its size");
        }
    }

    /// The frontier after one more leaf.
    public Frontier with(Hash leaf) {
        List<Hash> next = new ArrayList<>(roots);
        Hash hash = leaf;
        for (long rest = size; (rest & 1) == 1; rest >>= 1) {
            hash = MerkleTree.node(next.removeLast(), hash);
        }
        next.add(hash);
        return new Frontier(size + 1, next);
    }

    public Hash root() {
        if (roots.isEmpty()) {
            return MerkleTree.EMPTY_ROOT;
        }
        Hash hash = roots.getLast();
        for (Hash left : roots.reversed().subList(1, roots.size())) {
            hash = MerkleTree.node(left, hash);
        }
        return hash;
    }
}
