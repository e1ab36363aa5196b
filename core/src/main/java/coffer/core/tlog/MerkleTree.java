package coffer.core.tlog;

import coffer.core.Bytes;
import coffer.core.Hash;
import java.security.MessageDigest;

/// The hashes of RFC 6962, section 2.1: a leaf and a node are told apart by the first byte hashed.
public final class MerkleTree {

    /// The root of the tree without leaves.
    public static final Hash EMPTY_ROOT = Hash.of(new byte[0]);

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private MerkleTree() {}

    public static Hash leaf(byte[] entry) {
        MessageDigest digest = Hash.digest();
        digest.update(LEAF);
        digest.update(entry);
        return new Hash(Bytes.of(digest.digest()));
    }

    public static Hash node(Hash left, Hash right) {
        MessageDigest digest = Hash.digest();
        digest.update(NODE);
        left.value().updateTo(digest);
        right.value().updateTo(digest);
        return new Hash(Bytes.of(digest.digest()));
    }
}
