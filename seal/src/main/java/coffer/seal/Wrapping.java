package coffer.seal;

import coffer.core.Bytes;
import coffer.core.Limits;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;

/// Wrapping of secrets to public keys: HPKE base mode (RFC 9180) with KEM MLKEM768-X25519 (0x647A), HKDF-SHA256 and
/// AES-256-GCM; `wrapped = enc (1,120 bytes) || ciphertext` (docs/spec/keys.md).
///
/// `info` says for whom, by whom, where and what for ([WrapContext]); a wrap opens under no other. Base mode does not
/// say who wrapped: wraps stand inside signed entries, and a recipient checks the entry and the commitment to the
/// secret before keeping it.
public final class Wrapping {

    /// ML-KEM-768 ciphertext (1,088 bytes) || ephemeral X25519 public key (32 bytes).
    public static final int ENCAPSULATION_SIZE = 1_120;

    private static final int TAG_SIZE = 16;
    private static final byte[] NO_ASSOCIATED_DATA = new byte[0];

    private Wrapping() {}

    public static int wrappedSize(int plaintextSize) {
        return ENCAPSULATION_SIZE + plaintextSize + TAG_SIZE;
    }

    /// Throws [IllegalArgumentException] unless `publicKey` is a valid public key; check foreign ones with
    /// [#isPublicKey] first.
    public static byte[] wrap(Bytes publicKey, byte[] info, byte[] plaintext) {
        HPKE hpke = hpke();
        HPKEContextWithEncapsulation context =
                hpke.setupBaseS(requirePublicKey(hpke, publicKey), info);
        return join(context, plaintext);
    }

    /// As the public form, with the encapsulation's 64 random bytes given: for vectors.
    static byte[] wrap(Bytes publicKey, byte[] info, byte[] plaintext, byte[] randomness) {
        HPKE hpke = hpke();
        return join(hpke.setupBaseS(requirePublicKey(hpke, publicKey), info, randomness), plaintext);
    }

    /// Wraps a secret.
    public static byte[] wrapSecret(Bytes publicKey, WrapContext context, Secret secret) {
        return wrap(publicKey, context.encode(), secret.open());
    }

    public static byte[] unwrap(WrapKeys keys, byte[] info, byte[] wrapped) throws OpenException {
        int ciphertextSize = wrapped.length - ENCAPSULATION_SIZE;
        if (ciphertextSize < TAG_SIZE || wrapped.length > Limits.WRAPPED_BYTES_MAX) {
            throw new OpenException();
        }
        byte[] encapsulation = Arrays.copyOf(wrapped, ENCAPSULATION_SIZE);
        byte[] ciphertext = Arrays.copyOfRange(wrapped, ENCAPSULATION_SIZE, wrapped.length);
        try {
            return hpke().setupBaseR(encapsulation, keys.keyPair(), info).open(NO_ASSOCIATED_DATA, ciphertext);
        } catch (InvalidCipherTextException | IllegalArgumentException | IllegalStateException e) {
            // The library also reports malformed encapsulations by unchecked exceptions.
            throw new OpenException();
        }
    }

    /// Unwraps a secret; anything else than one counts as not having opened.
    public static Secret unwrapSecret(WrapKeys keys, WrapContext context, byte[] wrapped) throws OpenException {
        if (wrapped.length != wrappedSize(Secret.SIZE)) {
            throw new OpenException();
        }
        return Secret.ofOpened(unwrap(keys, context.encode(), wrapped));
    }

    /// Whether `publicKey` is one that can be wrapped to.
    public static boolean isPublicKey(Bytes publicKey) {
        try {
            requirePublicKey(hpke(), publicKey);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// Makes a new object because the library does not say that one may be shared between threads; it is cheap.
    static HPKE hpke() {
        return new HPKE(
                HPKE.mode_base, HPKE.kem_MLKEM768_X25519, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    }

    private static AsymmetricKeyParameter requirePublicKey(HPKE hpke, Bytes publicKey) {
        if (publicKey.size() != WrapKeys.PUBLIC_KEY_SIZE) {
            throw new IllegalArgumentException("public key of another length");
        }
        return hpke.deserializePublicKey(publicKey.toArray());
    }

    private static byte[] join(HPKEContextWithEncapsulation context, byte[] plaintext) {
        try {
            byte[] encapsulation = context.getEncapsulation();
            byte[] ciphertext = context.seal(NO_ASSOCIATED_DATA, plaintext);
            byte[] wrapped = Arrays.copyOf(encapsulation, encapsulation.length + ciphertext.length);
            System.arraycopy(ciphertext, 0, wrapped, encapsulation.length, ciphertext.length);
            return wrapped;
        } catch (InvalidCipherTextException e) {
            throw new AssertionError("wrapping has no way to fail", e);
        }
    }
}
