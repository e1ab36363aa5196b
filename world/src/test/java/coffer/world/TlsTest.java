package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import coffer.device.ServiceTrust;
import coffer.service.ConfigException;
import coffer.service.Service;
import coffer.service.ServiceConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A service that speaks TLS with a certificate its operator made, and devices that were given it, or not.
class TlsTest {

    private static final String PASSWORD = "a password of the test";

    @TempDir
    Path folder = Path.of("");

    private Service service;

    @BeforeEach
    void startService() throws Exception {
        makeKey("service", "ip:127.0.0.1,dns:localhost");
        service = start("service", 0);
    }

    @AfterEach
    void stopService() {
        service.close();
    }

    /// As docs/operations.md says: a key with its certificate, and the certificate alone for devices.
    private void makeKey(String name, String addresses) throws IOException, InterruptedException {
        keytool("-genkeypair", "-keystore", folder.resolve(name + ".p12").toString(), "-storetype", "PKCS12",
                "-alias", "coffer", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=coffer",
                "-validity", "30", "-ext", "san=" + addresses, "-storepass", PASSWORD);
        keytool("-exportcert", "-rfc", "-keystore", folder.resolve(name + ".p12").toString(), "-alias", "coffer",
                "-file", certificate(name).toString(), "-storepass", PASSWORD);
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private Path certificate(String name) {
        return folder.resolve(name + ".pem");
    }

    private Service start(String key, int port) throws IOException, ConfigException {
        Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        return Service.start(ServiceConfig.of(folder.resolve("data"))
                .with(Map.of(
                        "listen", "127.0.0.1:" + port,
                        "tls-keystore", folder.resolve(key + ".p12").toString(),
                        "tls-password-file", password.toString())));
    }

    private Device create(Path home, URI address) throws CofferException {
        return new LocalDeviceSetup().create(home, address, "first").device();
    }

    private void assertRefused(CofferException e, String whatToDo) {
        assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(e.reason()).contains("certificate");
        assertThat(e.details().get("advice")).startsWith("Nothing was sent.").contains(whatToDo);
    }

    @Test
    void aDeviceThatWasGivenTheCertificate_storesAndReads_alsoWhenItIsOpenedAgain() throws Exception {
        assertThat(service.address().getScheme()).isEqualTo("https");
        Path home = folder.resolve("home");
        ServiceTrust.keep(home, certificate("service"));
        Path file = Files.writeString(folder.resolve("file"), "over TLS");
        try (Device device = create(home, service.address())) {
            assertThat(device.put(List.of(file), "/", Progress.SILENT).problems()).isEmpty();
        }
        try (Device device = new LocalDeviceSetup().open(home)) {
            device.get("/file", folder.resolve("copy"), false, Progress.SILENT);
            assertThat(device.verify(true, Progress.SILENT).problems()).isEmpty();
            assertThat(device.status().online()).isTrue();
        }
        assertThat(folder.resolve("copy/file")).hasContent("over TLS");
    }

    @Test
    void aDeviceThatWasNotGivenIt_refuses_andSaysHowToGiveIt() {
        assertThatExceptionOfType(CofferException.class)
                .isThrownBy(() -> create(folder.resolve("home"), service.address()))
                .satisfies(e -> assertRefused(e, "--service-certificate"));
    }

    @Test
    void anotherCertificateThanTheOneKept_isRefused_andTheReplicaStillAnswers() throws Exception {
        Path home = folder.resolve("home");
        ServiceTrust.keep(home, certificate("service"));
        Path file = Files.writeString(folder.resolve("file"), "words");
        int port = service.address().getPort();
        try (Device device = create(home, service.address())) {
            device.put(List.of(file), "/", Progress.SILENT);
            service.close();
            makeKey("impostor", "ip:127.0.0.1");
            service = start("impostor", port);
            assertThatExceptionOfType(CofferException.class)
                    .isThrownBy(() -> device.put(List.of(folder.resolve("password")), "/", Progress.SILENT))
                    .satisfies(e -> assertRefused(e, "service.pem"));
            assertThat(device.list("/", false)).extracting(Device.NodeInfo::path).containsExactly("/file");
        }
    }

    @Test
    void aCertificateForAnotherAddress_isRefused() throws Exception {
        service.close();
        makeKey("elsewhere", "dns:cloud.example");
        service = start("elsewhere", 0);
        Path home = folder.resolve("home");
        ServiceTrust.keep(home, certificate("elsewhere"));
        assertThatExceptionOfType(CofferException.class)
                .isThrownBy(() -> create(home, service.address()))
                .satisfies(e -> assertRefused(e, "service.pem"));
    }

    @Test
    void aFileThatIsNoCertificate_isRefusedBeforeAnythingIsMade() throws IOException {
        Path words = Files.writeString(folder.resolve("words"), "not a certificate");
        assertThatExceptionOfType(CofferException.class)
                .isThrownBy(() -> ServiceTrust.keep(folder.resolve("home"), words))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCAL));
        assertThat(folder.resolve("home")).doesNotExist();
    }
}
