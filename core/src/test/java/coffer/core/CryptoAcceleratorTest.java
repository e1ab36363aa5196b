package coffer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.security.MessageDigest;
import java.security.Security;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/// With and without the accelerator everything is the same bytes and is refused alike.
class CryptoAcceleratorTest {

    @Test
    void signatures_areTheSameWithAndWithout() throws Exception {
        byte[] seed = new byte[SigningKey.SEED_SIZE];
        Arrays.fill(seed, (byte) 9);
        byte[] data = {1, 2, 3};
        boolean wasInstalled = Security.getProvider("CofferAccelerated") != null;
        Security.removeProvider("CofferAccelerated");
        try (SigningKey key = SigningKey.ofSeed(seed)) {
            Bytes plain = key.sign(SignatureLabel.ENTRY, data);
            boolean installed = CryptoAccelerator.install();
            assertThat(Signature.getInstance("Ed25519").getProvider().getName())
                    .isEqualTo(installed ? "CofferAccelerated" : "SunEC");
            Bytes accelerated = key.sign(SignatureLabel.ENTRY, data);
            assertThat(accelerated).isEqualTo(plain);
            assertThat(key.verifyKey().verify(SignatureLabel.ENTRY, data, plain)).isTrue();
            assertThat(key.verifyKey().verify(SignatureLabel.SESSION, data, plain)).isFalse();
            byte[] changed = plain.toArray();
            changed[0] ^= 1;
            assertThat(key.verifyKey().verify(SignatureLabel.ENTRY, data, Bytes.of(changed))).isFalse();
        } finally {
            if (!wasInstalled) {
                Security.removeProvider("CofferAccelerated");
            }
        }
    }

    @Test
    void hashesAndSealedBytes_areTheSameWithAndWithout() throws Exception {
        byte[] data = new byte[100_003];
        Arrays.fill(data, (byte) 7);
        Security.removeProvider("CofferAccelerated");
        List<Bytes> plain = results(data);
        assertThat(CryptoAccelerator.install()).isEqualTo(CryptoAccelerator.isPresent());
        try {
            assertThat(results(data)).isEqualTo(plain);
        } finally {
            Security.removeProvider("CofferAccelerated");
        }
    }

    /// What every algorithm that is taken from the provider makes of the data.
    private static List<Bytes> results(byte[] data) throws Exception {
        SecretKeySpec key = new SecretKeySpec(Arrays.copyOf(data, 32), "AES");
        GCMParameterSpec nonce = new GCMParameterSpec(128, new byte[12]);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, key, nonce);
        byte[] sealed = cipher.doFinal(data);
        Cipher opener = Cipher.getInstance("AES/GCM/NoPadding");
        opener.init(Cipher.DECRYPT_MODE, key, nonce);
        List<Bytes> results = new ArrayList<>();
        results.add(Bytes.of(sealed));
        results.add(Bytes.of(opener.doFinal(sealed)));
        results.add(Bytes.of(MessageDigest.getInstance("SHA-256").digest(data)));
        for (String algorithm : List.of("HmacSHA256", "HmacSHA512")) {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(key);
            results.add(Bytes.of(mac.doFinal(data)));
        }
        sealed[5] ^= 1;
        opener.init(Cipher.DECRYPT_MODE, key, nonce);
        assertThatExceptionOfType(AEADBadTagException.class).isThrownBy(() -> opener.doFinal(sealed));
        return results;
    }

    @Test
    void installing_twiceChangesNothing() {
        boolean first = CryptoAccelerator.install();
        int providers = Security.getProviders().length;
        assertThat(CryptoAccelerator.install()).isEqualTo(first);
        assertThat(Security.getProviders()).hasSize(providers);
        Security.removeProvider("CofferAccelerated");
    }
}
