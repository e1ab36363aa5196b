package coffer.seal;

import coffer.core.Bytes;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;

/// An HPKE key pair of KEM MLKEM768-X25519 (0x647A): to its public key secrets are wrapped, it alone unwraps them.
///
/// The private key is the 32-byte seed; both halves expand from it as the KEM says, so storing the seed stores the pair.
/// Close it when done; the public key stays usable.
public final class WrapKeys implements AutoCloseable {

    /// ML-KEM-768 encapsulation key (1,184 bytes) || X25519 public key (32 bytes).
    public static final int PUBLIC_KEY_SIZE = 1_216;

    private final Secret seed;
    private final Bytes publicKey;

    private WrapKeys(Secret seed, Bytes publicKey) {
        this.seed = seed;
        this.publicKey = publicKey;
    }

    /// Expands `seed`, which stays the caller's.
    public static WrapKeys of(Secret seed) {
        HPKE hpke = Wrapping.hpke();
        AsymmetricCipherKeyPair pair = keyPair(seed);
        return new WrapKeys(seed.copy(), Bytes.of(hpke.serializePublicKey(pair.getPublic())));
    }

    public Bytes publicKey() {
        return publicKey;
    }

    /// A copy of the seed; the caller closes it.
    public Secret seed() {
        return seed.copy();
    }

    AsymmetricCipherKeyPair keyPair() {
        return keyPair(seed);
    }

    private static AsymmetricCipherKeyPair keyPair(Secret seed) {
        return Wrapping.hpke().deserializePrivateKey(seed.open(), null);
    }

    @Override
    public void close() {
        seed.close();
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
