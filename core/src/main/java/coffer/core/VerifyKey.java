package coffer.core;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;

/// An Ed25519 public key (RFC 8032), 32 bytes.
///
/// The JDK loads keys of small order, under which one signature fits many messages; they and encodings that are not
/// canonical cannot become a `VerifyKey`.
public record VerifyKey(Bytes value) {

    public static final int SIZE = 32;
    public static final int SIGNATURE_SIZE = 64;

    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    /// Little-endian p = 2^255 - 19.
    private static final Bytes FIELD_PRIME =
            Bytes.ofHex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

    /// The y coordinates, little-endian, of the eight points whose order divides 8.
    private static final List<Bytes> SMALL_ORDER = List.of(
            Bytes.ofHex("0000000000000000000000000000000000000000000000000000000000000000"),
            Bytes.ofHex("0100000000000000000000000000000000000000000000000000000000000000"),
            Bytes.ofHex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
            Bytes.ofHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
            Bytes.ofHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"));

    public VerifyKey {
        if (!isAcceptable(value)) {
            throw new IllegalArgumentException("not an acceptable Ed25519 public key");
        }
    }

    /// Whether these bytes may be used as a key at all.
    public static boolean isAcceptable(Bytes value) {
        if (value.size() != SIZE) {
            return false;
        }
        byte[] y = value.toArray();
        y[SIZE - 1] &= 0x7f;
        return isBelowPrime(y) && !SMALL_ORDER.contains(Bytes.of(y));
    }

    /// Verifies a signature; false for anything that is not valid, including one of another length.
    public boolean verify(SignatureLabel label, byte[] data, Bytes signature) {
        return verifyBare(label.message(data), signature);
    }

    /// The same for [SigningKey#signNote].
    public boolean verifyNote(byte[] text, Bytes signature) {
        return verifyBare(text, signature);
    }

    private boolean verifyBare(byte[] message, Bytes signature) {
        if (signature.size() != SIGNATURE_SIZE) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(publicKey());
            verifier.update(message);
            return verifier.verify(signature.toArray());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private PublicKey publicKey() throws GeneralSecurityException {
        byte[] encoded = new byte[X509_PREFIX.length + SIZE];
        System.arraycopy(X509_PREFIX, 0, encoded, 0, X509_PREFIX.length);
        System.arraycopy(value.toArray(), 0, encoded, X509_PREFIX.length, SIZE);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    private static boolean isBelowPrime(byte[] y) {
        for (int i = SIZE - 1; i >= 0; i--) {
            int difference = (y[i] & 0xff) - (FIELD_PRIME.at(i) & 0xff);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return value.hex();
    }
}
