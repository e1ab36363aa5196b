package coffer.core;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/// An Ed25519 private key (RFC 8032), made from a 32-byte seed. Closing zeroes the seed.
public final class SigningKey implements AutoCloseable {

    public static final int SEED_SIZE = 32;

    private static final byte[] PKCS8_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final byte[] seed;
    private final VerifyKey verifyKey;

    private SigningKey(byte[] seed) {
        this.seed = seed;
        this.verifyKey = deriveVerifyKey(seed);
    }

    /// Copies `seed`; the caller zeroes its own.
    public static SigningKey ofSeed(byte[] seed) {
        if (seed.length != SEED_SIZE) {
            throw new IllegalArgumentException("an Ed25519 seed has 32 bytes");
        }
        return new SigningKey(seed.clone());
    }

    public VerifyKey verifyKey() {
        return verifyKey;
    }

    /// Signs; 64 bytes.
    public Bytes sign(SignatureLabel label, byte[] data) {
        return signBare(label.message(data));
    }

    /// Signs the text of a signed note, a public format without labels: a key that signs notes signs nothing else.
    public Bytes signNote(byte[] text) {
        return signBare(text);
    }

    private Bytes signBare(byte[] message) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(privateKey());
            signer.update(message);
            return Bytes.of(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 signing failed", e);
        }
    }

    private PrivateKey privateKey() throws GeneralSecurityException {
        byte[] encoded = new byte[PKCS8_PREFIX.length + SEED_SIZE];
        try {
            System.arraycopy(PKCS8_PREFIX, 0, encoded, 0, PKCS8_PREFIX.length);
            System.arraycopy(seed, 0, encoded, PKCS8_PREFIX.length, SEED_SIZE);
            return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /// The JDK offers no call from private to public key; its generator draws exactly the seed from its randomness.
    /// Named provider, because another one may draw differently; the RFC's vectors check it.
    private static VerifyKey deriveVerifyKey(byte[] seed) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519", "SunEC");
            generator.initialize(NamedParameterSpec.ED25519, new FixedRandom(seed));
            var point = ((EdECPublicKey) generator.generateKeyPair().getPublic()).getPoint();
            byte[] bigEndian = point.getY().toByteArray();
            byte[] key = new byte[VerifyKey.SIZE];
            for (int i = 0; i < Math.min(VerifyKey.SIZE, bigEndian.length); i++) {
                key[i] = bigEndian[bigEndian.length - 1 - i];
            }
            if (point.isXOdd()) {
                key[VerifyKey.SIZE - 1] |= (byte) 0x80;
            }
            return new VerifyKey(Bytes.of(key));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 key derivation failed", e);
        }
    }

    @Override
    public void close() {
        Arrays.fill(seed, (byte) 0);
    }

    @Override
    public String toString() {
        return "[redacted]";
    }

    /// Gives out the seed once.
    @SuppressWarnings("serial") // never serialised: lives for one call
    private static final class FixedRandom extends SecureRandom {
        private final byte[] seed;

        FixedRandom(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] out) {
            if (out.length != seed.length) {
                throw new IllegalStateException("the generator draws another amount than the seed");
            }
            System.arraycopy(seed, 0, out, 0, out.length);
        }
    }
}
