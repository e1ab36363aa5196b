package coffer.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Security;
import java.security.Signature;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// With and without the accelerator, signatures are the same bytes and verify alike.
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
    void installing_twiceChangesNothing() {
        boolean first = CryptoAccelerator.install();
        int providers = Security.getProviders().length;
        assertThat(CryptoAccelerator.install()).isEqualTo(first);
        assertThat(Security.getProviders()).hasSize(providers);
        Security.removeProvider("CofferAccelerated");
    }
}
