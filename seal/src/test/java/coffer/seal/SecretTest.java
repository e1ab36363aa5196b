package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import coffer.core.SignatureLabel;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class SecretTest {

    private static final byte[] CONTEXT = {1, 2, 3};

    @Test
    void of_refusesEveryOtherSizeAndAllZero() {
        for (int size : new int[] {0, 1, 16, 31, 33, 64}) {
            byte[] wrong = new byte[size];
            java.util.Arrays.fill(wrong, (byte) 7);
            assertThatIllegalArgumentException().isThrownBy(() -> Secret.of(wrong));
            assertThatThrownBy(() -> Secret.ofOpened(wrong)).isInstanceOf(OpenException.class);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Secret.of(new byte[32]));
        assertThatThrownBy(() -> Secret.ofOpened(new byte[32])).isInstanceOf(OpenException.class);
    }

    @Test
    void ofOpened_zeroesWhatItTakesOver() throws OpenException {
        byte[] opened = new FixedRandom(1).bytes(32);
        try (Secret secret = Secret.ofOpened(opened)) {
            assertThat(opened).containsOnly(0);
            assertThat(secret.copyBytes()).isEqualTo(new FixedRandom(1).bytes(32));
        }
    }

    @Test
    void of_copies() {
        byte[] value = new FixedRandom(2).bytes(32);
        Secret secret = Secret.of(value);
        value[0] ^= 1;
        assertThat(secret.copyBytes()[0]).isNotEqualTo(value[0]);
    }

    @Test
    void close_zeroesAndForbidsUse() {
        Secret secret = new FixedRandom(3).secret();
        byte[] inside = secret.open();
        secret.close();
        secret.close();
        assertThat(inside).containsOnly(0);
        assertThatIllegalStateException().isThrownBy(secret::copyBytes);
        assertThatIllegalStateException().isThrownBy(() -> secret.derive(Label.CHUNK, CONTEXT));
    }

    @Test
    void everyHolderOfSecrets_printsRedacted() {
        FixedRandom random = new FixedRandom(4);
        try (Secret secret = random.secret();
                WrapKeys wrapKeys = WrapKeys.of(secret);
                DeviceKeys device = DeviceKeys.generate(random);
                RecoveryKey recovery = RecoveryKey.generate(random);
                JoinCode code = JoinCode.generate(random);
                AccountKeys account = AccountKeys.of(secret, 1);
                VaultKeys vault = VaultKeys.of(secret, 1);
                DedupKeys dedup = DedupKeys.of(secret)) {
            List<Object> holders =
                    List.of(secret, wrapKeys, device, recovery, code, account, vault, dedup, dedup.chunker());
            assertThat(holders).allSatisfy(holder -> assertThat(holder).hasToString("[redacted]"));
        }
    }

    @Test
    void derive_isHkdfExpandAsTheJdkComputesIt() throws Exception {
        try (Secret secret = new FixedRandom(5).secret();
                Secret derived = secret.derive(Label.CHUNK, CONTEXT)) {
            byte[] label = "coffer/chunk/v1".getBytes(StandardCharsets.US_ASCII);
            byte[] info = new byte[2 + label.length + CONTEXT.length];
            info[1] = (byte) label.length;
            System.arraycopy(label, 0, info, 2, label.length);
            System.arraycopy(CONTEXT, 0, info, 2 + label.length, CONTEXT.length);
            byte[] expected = KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.expandOnly(
                            new SecretKeySpec(secret.copyBytes(), "Generic"), info, 32));
            assertThat(derived.copyBytes()).isEqualTo(expected);
        }
    }

    @Test
    void derive_differsByLabelByContextAndBySecret() {
        FixedRandom random = new FixedRandom(6);
        try (Secret a = random.secret();
                Secret b = random.secret()) {
            List<String> derived = new ArrayList<>();
            for (Label label : Label.values()) {
                derived.add(HexFormat.of().formatHex(a.derive(label, CONTEXT).copyBytes()));
            }
            derived.add(HexFormat.of().formatHex(a.derive(Label.CHUNK, new byte[] {1, 2}).copyBytes()));
            derived.add(HexFormat.of().formatHex(b.derive(Label.CHUNK, CONTEXT).copyBytes()));
            assertThat(derived).doesNotHaveDuplicates();
        }
    }

    @Test
    void labels_arePrefixFreeAmongAllThatTheProjectUses() {
        List<String> labels = new ArrayList<>();
        for (Label label : Label.values()) {
            labels.add(label.text());
        }
        for (SignatureLabel label : SignatureLabel.values()) {
            labels.add(label.text());
        }
        labels.addAll(List.of("coffer/entry/v1", "coffer/device/v1", "coffer/join-code/v1"));
        assertThat(labels).hasSizeGreaterThan(20).allMatch(text -> text.matches("coffer/[a-z/-]+/v[0-9]+"));
        for (String label : labels) {
            assertThat(labels.stream().filter(other -> other.startsWith(label))).containsExactly(label);
        }
    }

    @Test
    void matches_comparesContent() {
        try (Secret a = new FixedRandom(7).secret();
                Secret same = a.copy();
                Secret other = new FixedRandom(8).secret()) {
            assertThat(a.matches(same)).isTrue();
            assertThat(a.matches(other)).isFalse();
        }
    }
}
