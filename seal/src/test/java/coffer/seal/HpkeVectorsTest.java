package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Bytes;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KEM;
import javax.crypto.KeyAgreement;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.junit.jupiter.api.Test;

/// Holds the wrapping's KEM and key schedule against a published vector, and against the JDK's own primitives.
class HpkeVectorsTest {

    /// First vector of testdata/hpke-pq.json in FiloSottile/hpke, commit 01465197 (KEM 25722, KDF 1, AEAD 3): seed of
    /// the recipient, randomness of the encapsulation, info, and the digests of what both sides seal and export.
    private static final byte[] SEED = hex("447cfc23de31102101a1b5aec0897a31f24670946f8e67345df7099b7c26e626");
    private static final byte[] RANDOMNESS = hex("66dcfb2cda326274668adca8cb96b89f67fbfae8816f9f8032ff03c949c132a3"
            + "323670b13f897ba7ed7ec6bda73f38f15200adb8dcb46384c327815672883d95");
    private static final byte[] INFO =
            hex("34663634363532303666366532303631323034373732363536333639363136653230353537323665");
    private static final byte[] SEALED_DIGEST = hex("e4543c1f32ece74e014597608c4cfb50");
    private static final byte[] EXPORTED_DIGEST = hex("64461402f389ef288ce89299232a4a64");

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static byte[] draw(SHAKEDigest source) {
        byte[] length = new byte[1];
        source.doOutput(length, 0, 1);
        byte[] drawn = new byte[length[0] & 0xff];
        source.doOutput(drawn, 0, drawn.length);
        return drawn;
    }

    @Test
    void publishedVector_sealsAndExportsAsItSays() throws Exception {
        HPKE hpke = new HPKE(
                HPKE.mode_base, HPKE.kem_MLKEM768_X25519, HPKE.kdf_HKDF_SHA256, HPKE.aead_CHACHA20_POLY1305);
        AsymmetricCipherKeyPair pair = hpke.deserializePrivateKey(SEED, null);
        HPKEContextWithEncapsulation sender = hpke.setupBaseS(pair.getPublic(), INFO, RANDOMNESS);
        HPKEContext recipient = hpke.setupBaseR(sender.getEncapsulation(), pair, INFO);
        SHAKEDigest source = new SHAKEDigest(128);
        SHAKEDigest sealed = new SHAKEDigest(128);
        for (int i = 0; i < 1_000; i++) {
            byte[] associated = draw(source);
            byte[] plaintext = draw(source);
            byte[] ciphertext = sender.seal(associated, plaintext);
            sealed.update(ciphertext, 0, ciphertext.length);
            assertThat(recipient.open(associated, ciphertext)).isEqualTo(plaintext);
        }
        SHAKEDigest exportSource = new SHAKEDigest(128);
        SHAKEDigest exported = new SHAKEDigest(128);
        for (int length = 0; length < 1_000; length++) {
            byte[] value = recipient.export(draw(exportSource), length);
            exported.update(value, 0, value.length);
        }
        byte[] digest = new byte[16];
        sealed.doOutput(digest, 0, 16);
        assertThat(digest).isEqualTo(SEALED_DIGEST);
        exported.doOutput(digest, 0, 16);
        assertThat(digest).isEqualTo(EXPORTED_DIGEST);
    }

    /// The KEM as its specification words it, from the JDK's ML-KEM, X25519 and SHA3-256, and the key schedule of
    /// RFC 9180 from our own HKDF, down to the exported secret.
    @Test
    void jdk_decapsulatesWhatTheWrappingEncapsulates() throws Exception {
        HPKE hpke = Wrapping.hpke();
        FixedRandom random = new FixedRandom(110);
        for (int round = 0; round < 20; round++) {
            byte[] seed = random.bytes(32);
            byte[] info = random.bytes(round);
            AsymmetricCipherKeyPair pair = hpke.deserializePrivateKey(seed, null);
            HPKEContextWithEncapsulation sender = hpke.setupBaseS(pair.getPublic(), info);
            JdkKeys jdk = JdkKeys.of(seed);
            assertThat(jdk.publicKey()).isEqualTo(Bytes.of(hpke.serializePublicKey(pair.getPublic())));
            byte[] shared = jdk.decapsulate(sender.getEncapsulation());
            byte[] expected = exporter(shared, info, new byte[] {7}, 32);
            assertThat(sender.export(new byte[] {7}, 32)).isEqualTo(expected);
        }
    }

    private record JdkKeys(PrivateKey mlKem, Bytes mlKemPublic, PrivateKey x25519, Bytes x25519Public) {

        static JdkKeys of(byte[] seed) throws Exception {
            byte[] expanded = new byte[96];
            SHAKEDigest shake = new SHAKEDigest(256);
            shake.update(seed, 0, seed.length);
            shake.doFinal(expanded, 0, expanded.length);
            var generator = java.security.KeyPairGenerator.getInstance("ML-KEM");
            generator.initialize(NamedParameterSpec.ML_KEM_768, new Draws(Arrays.copyOf(expanded, 64)));
            var mlKem = generator.generateKeyPair();
            byte[] encoded = mlKem.getPublic().getEncoded();
            PrivateKey x25519 = KeyFactory.getInstance("X25519")
                    .generatePrivate(
                            new XECPrivateKeySpec(NamedParameterSpec.X25519, Arrays.copyOfRange(expanded, 64, 96)));
            byte[] basePoint = new byte[32];
            basePoint[0] = 9;
            byte[] x25519Public = agree(x25519, basePoint);
            return new JdkKeys(
                    mlKem.getPrivate(),
                    Bytes.of(encoded, encoded.length - 1_184, 1_184),
                    x25519,
                    Bytes.of(x25519Public));
        }

        Bytes publicKey() {
            byte[] both = Arrays.copyOf(mlKemPublic.toArray(), 1_216);
            System.arraycopy(x25519Public.toArray(), 0, both, 1_184, 32);
            return Bytes.of(both);
        }

        byte[] decapsulate(byte[] encapsulation) throws Exception {
            byte[] ciphertext = Arrays.copyOfRange(encapsulation, 1_088, 1_120);
            byte[] first = KEM.getInstance("ML-KEM")
                    .newDecapsulator(mlKem)
                    .decapsulate(Arrays.copyOf(encapsulation, 1_088))
                    .getEncoded();
            MessageDigest digest = MessageDigest.getInstance("SHA3-256");
            digest.update(first);
            digest.update(agree(x25519, ciphertext));
            digest.update(ciphertext);
            digest.update(x25519Public.toArray());
            digest.update(new byte[] {'\\', '.', '/', '/', '^', '\\'});
            return digest.digest();
        }

        private static byte[] agree(PrivateKey key, byte[] point) throws Exception {
            byte[] bigEndian = new byte[32];
            for (int i = 0; i < 32; i++) {
                bigEndian[i] = point[31 - i];
            }
            bigEndian[0] &= 0x7f;
            XECPublicKey other = (XECPublicKey) KeyFactory.getInstance("X25519")
                    .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, bigEndian)));
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(key);
            agreement.doPhase(other, true);
            return agreement.generateSecret();
        }
    }

    /// RFC 9180 section 5.1 for base mode, and 5.3.
    private static byte[] exporter(byte[] shared, byte[] info, byte[] exporterContext, int length) {
        byte[] suite = concat("HPKE".getBytes(java.nio.charset.StandardCharsets.US_ASCII), hex("647a00010002"));
        byte[] pskIdHash = extract(suite, new byte[0], "psk_id_hash", new byte[0]);
        byte[] infoHash = extract(suite, new byte[0], "info_hash", info);
        byte[] context = concat(new byte[] {0}, pskIdHash, infoHash);
        byte[] secret = extract(suite, shared, "secret", new byte[0]);
        byte[] exporterSecret = expand(suite, secret, "exp", context, 32);
        return expand(suite, exporterSecret, "sec", exporterContext, length);
    }

    private static byte[] extract(byte[] suite, byte[] salt, String label, byte[] input) {
        return Hkdf.extractSha256(salt.length == 0 ? new byte[32] : salt, concat(ascii("HPKE-v1"), suite, ascii(label), input));
    }

    private static byte[] expand(byte[] suite, byte[] key, String label, byte[] info, int length) {
        byte[] size = {(byte) (length >>> 8), (byte) length};
        return Hkdf.expandSha256(key, concat(size, ascii("HPKE-v1"), suite, ascii(label), info), length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /// Gives out 64 bytes in the two draws that the JDK's key generation makes: d, then z.
    @SuppressWarnings("serial") // never serialised: lives for one call
    private static final class Draws extends SecureRandom {
        private final byte[] bytes;
        private int at;

        Draws(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void nextBytes(byte[] target) {
            System.arraycopy(bytes, at, target, 0, target.length);
            at += target.length;
        }
    }
}
