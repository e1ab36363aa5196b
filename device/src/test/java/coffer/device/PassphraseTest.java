package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.seal.DeviceKeys;
import coffer.seal.RandomSource;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassphraseTest {

    private static final Optional<String> NONE = Optional.empty();
    private static final Optional<String> FIRST = Optional.of("eins zwei drei");
    private static final Optional<String> SECOND = Optional.of("vier fünf sechs");

    @TempDir
    Path root;

    private final LocalDeviceSetup setup = new LocalDeviceSetup();
    private byte[] secrets = {};

    @BeforeEach
    void makeHome() throws CofferException {
        LogId log = LogId.of(new byte[32]);
        try (DeviceKeys keys = DeviceKeys.generate(RandomSource.secure());
                DeviceHome home = DeviceHome.lock(root)) {
            secrets = keys.encodeSecrets();
            home.save(new KeyFile.Identity(keys, log, log, URI.create("https://cloud.example"), "laptop"));
        }
    }

    private byte[] load(Optional<String> passphrase) throws CofferException {
        try (DeviceHome home = DeviceHome.lock(root)) {
            KeyFile.Identity identity = passphrase.isPresent() ? home.load(passphrase.get()) : home.load();
            try (DeviceKeys keys = identity.keys()) {
                return keys.encodeSecrets();
            }
        }
    }

    private void refused(Optional<String> passphrase) {
        assertThatThrownBy(() -> load(passphrase))
                .isInstanceOfSatisfying(CofferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCAL));
    }

    private boolean keysLieOpen() throws Exception {
        String hex = HexFormat.of().formatHex(Files.readAllBytes(root.resolve("device.key")));
        return hex.contains(HexFormat.of().formatHex(Arrays.copyOf(secrets, 32)))
                || hex.contains(HexFormat.of().formatHex(Arrays.copyOfRange(secrets, 32, 64)));
    }

    @Test
    void keysOfADeviceWithAPassphrase_openWithItAlone_andLieNowhereOpen() throws Exception {
        assertThat(keysLieOpen()).isTrue();
        assertThat(setup.isLocked(root)).isFalse();
        setup.changePassphrase(root, NONE, FIRST);
        assertThat(setup.isLocked(root)).isTrue();
        assertThat(keysLieOpen()).isFalse();
        assertThat(load(FIRST)).isEqualTo(secrets);
        refused(NONE);
        refused(SECOND);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("device.key")))).isEqualTo("rw-------");
        setup.changePassphrase(root, FIRST, SECOND);
        refused(FIRST);
        assertThat(load(SECOND)).isEqualTo(secrets);
        setup.changePassphrase(root, SECOND, NONE);
        assertThat(load(NONE)).isEqualTo(secrets);
        assertThat(setup.isLocked(root)).isFalse();
    }

    @Test
    void changing_withoutThePresentPassphrase_changesNothing() throws Exception {
        setup.changePassphrase(root, NONE, FIRST);
        byte[] before = Files.readAllBytes(root.resolve("device.key"));
        for (Optional<String> wrong : java.util.List.of(NONE, SECOND)) {
            assertThatThrownBy(() -> setup.changePassphrase(root, wrong, SECOND)).isInstanceOf(CofferException.class);
            assertThatThrownBy(() -> setup.changePassphrase(root, wrong, NONE)).isInstanceOf(CofferException.class);
        }
        for (String other : new String[] {"", "sieben!", "x".repeat(1_025)}) {
            assertThatThrownBy(() -> setup.changePassphrase(root, FIRST, Optional.of(other))).isInstanceOf(CofferException.class);
        }
        assertThat(root.resolve("device.key")).hasBinaryContent(before);
    }

    /// The new file is written beside the old one and renamed; whatever a crash leaves of it is in nobody's way.
    @Test
    void whatAnInterruptedChangeLeft_isInNobodysWay() throws Exception {
        setup.changePassphrase(root, NONE, FIRST);
        byte[] sealed = Files.readAllBytes(root.resolve("device.key"));
        for (int cut : new int[] {0, 1, sealed.length / 2, sealed.length - 1, sealed.length}) {
            Files.write(root.resolve("device.key.new"), Arrays.copyOf(sealed, cut));
            assertThat(load(FIRST)).isEqualTo(secrets);
            setup.changePassphrase(root, FIRST, SECOND);
            assertThat(load(SECOND)).isEqualTo(secrets);
            assertThat(root.resolve("device.key.new")).doesNotExist();
            setup.changePassphrase(root, SECOND, FIRST);
        }
    }

    @Test
    void aDiskThatRefuses_leavesThePassphraseAsItWas() throws Exception {
        setup.changePassphrase(root, NONE, FIRST);
        Files.createDirectories(root.resolve("device.key.new").resolve("in the way"));
        assertThatThrownBy(() -> setup.changePassphrase(root, FIRST, SECOND))
                .isInstanceOfSatisfying(CofferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCAL));
        assertThat(load(FIRST)).isEqualTo(secrets);
    }

    @Test
    void anySealedFileWithAFlippedByte_isRefused() throws Exception {
        setup.changePassphrase(root, NONE, FIRST);
        byte[] sealed = Files.readAllBytes(root.resolve("device.key"));
        for (int at = 0; at < sealed.length; at += 17) {
            byte[] flipped = sealed.clone();
            flipped[at] ^= 1;
            Files.write(root.resolve("device.key"), flipped);
            refused(FIRST);
        }
    }

    @Test
    void opening_aLockedHome_saysHowToUnlock_andLetsTheHomeGo() throws Exception {
        setup.changePassphrase(root, NONE, FIRST);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> setup.open(root))
                    .isInstanceOfSatisfying(CofferException.class, e -> assertThat(e.advice()).contains("coffer unlock"))
                    .hasMessageContaining("locked");
        }
    }
}
