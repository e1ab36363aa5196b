package coffer.core.tlog;

import coffer.core.CofferException;
import coffer.core.Hash;
import java.util.ArrayList;
import java.util.List;

/// Makes and verifies proofs of inclusion and of consistency (RFC 6962, section 2.1; verification as in RFC 9162,
/// sections 2.1.3.2 and 2.1.4.2).
public final class Proofs {

    private Proofs() {}

    /// The root of the first `size` leaves.
    public static Hash root(long size, HashSource hashes) throws CofferException {
        return size == 0 ? MerkleTree.EMPTY_ROOT : subtree(0, size, hashes);
    }

    /// The siblings on the way from a leaf to the root of the first `size` leaves.
    public static List<Hash> inclusion(long index, long size, HashSource hashes) throws CofferException {
        requireWithin(index >= 0 && index < size);
        List<Hash> proof = new ArrayList<>();
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long middle = from + split(to - from);
            if (index < middle) {
                proof.addFirst(subtree(middle, to, hashes));
                to = middle;
            } else {
                proof.addFirst(subtree(from, middle, hashes));
                from = middle;
            }
        }
        return proof;
    }

    /// What shows that the tree of `older` leaves is a beginning of the one of `newer`.
    public static List<Hash> consistency(long older, long newer, HashSource hashes) throws CofferException {
        requireWithin(older > 0 && older <= newer);
        List<Hash> proof = new ArrayList<>();
        long from = 0;
        long to = newer;
        // Whether the older tree's own subtree has been left: then the verifier cannot know its root.
        boolean known = true;
        while (older < to) {
            long middle = from + split(to - from);
            if (older <= middle) {
                proof.addFirst(subtree(middle, to, hashes));
                to = middle;
            } else {
                proof.addFirst(subtree(from, middle, hashes));
                from = middle;
                known = false;
            }
        }
        if (!known) {
            proof.addFirst(subtree(from, to, hashes));
        }
        return proof;
    }

    /// Whether the proof leads from the leaf to the root.
    public static boolean includes(Hash leaf, long index, long size, List<Hash> proof, Hash root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long place = index;
        long last = size - 1;
        Hash hash = leaf;
        for (Hash sibling : proof) {
            if (last == 0) {
                return false;
            }
            if ((place & 1) == 1 || place == last) {
                hash = MerkleTree.node(sibling, hash);
                while ((place & 1) == 0 && place != 0) {
                    place >>= 1;
                    last >>= 1;
                }
            } else {
                hash = MerkleTree.node(hash, sibling);
            }
            place >>= 1;
            last >>= 1;
        }
        return last == 0 && hash.equals(root);
    }

    /// Whether the proof leads from one root to both. Every tree extends the empty one and itself, by an empty proof.
    public static boolean extendsTree(long older, Hash olderRoot, long newer, Hash newerRoot, List<Hash> proof) {
        if (older < 0 || older > newer) {
            return false;
        }
        if (older == newer) {
            return proof.isEmpty() && olderRoot.equals(newerRoot);
        }
        if (older == 0) {
            return proof.isEmpty() && olderRoot.equals(MerkleTree.EMPTY_ROOT);
        }
        List<Hash> path = new ArrayList<>(proof);
        if (Long.bitCount(older) == 1) {
            path.addFirst(olderRoot);
        }
        return !path.isEmpty() && leadsToBoth(older - 1, newer - 1, path, olderRoot, newerRoot);
    }

    private static boolean leadsToBoth(long olderLast, long newerLast, List<Hash> path, Hash olderRoot, Hash newerRoot) {
        int complete = Long.numberOfTrailingZeros(~olderLast);
        long place = olderLast >> complete;
        long last = newerLast >> complete;
        Hash older = path.getFirst();
        Hash newer = older;
        for (Hash sibling : path.subList(1, path.size())) {
            if (last == 0) {
                return false;
            }
            if ((place & 1) == 1 || place == last) {
                older = MerkleTree.node(sibling, older);
                newer = MerkleTree.node(sibling, newer);
                while ((place & 1) == 0 && place != 0) {
                    place >>= 1;
                    last >>= 1;
                }
            } else {
                newer = MerkleTree.node(newer, sibling);
            }
            place >>= 1;
            last >>= 1;
        }
        return last == 0 && older.equals(olderRoot) && newer.equals(newerRoot);
    }

    /// The hash over leaves `from` to `to`, where `from` is a multiple of a power of two not below their number.
    private static Hash subtree(long from, long to, HashSource hashes) throws CofferException {
        long count = to - from;
        if (Long.bitCount(count) == 1) {
            int level = Long.numberOfTrailingZeros(count);
            return hashes.node(level, from >> level);
        }
        long middle = from + split(count);
        return MerkleTree.node(subtree(from, middle, hashes), subtree(middle, to, hashes));
    }

    /// The largest power of two below `count`, which is above 1.
    private static long split(long count) {
        return Long.highestOneBit(count - 1);
    }

    private static void requireWithin(boolean within) {
        if (!within) {
            throw new IllegalArgumentException("the tree has no such proof");
        }
    }
}
