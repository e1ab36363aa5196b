package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import coffer.service.Service;
import coffer.service.ServiceConfig;
import coffer.store.ObjectInfo;
import coffer.store.S3Location;
import coffer.store.S3ProxyServer;
import coffer.store.S3Store;
import coffer.world.TcpRecorder.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A service whose packs lie in a bucket of a real S3 server; devices reach it directly.
class S3ProviderTest {

    @TempDir
    Path folder = Path.of("");

    private S3ProxyServer server;
    private TcpRecorder recorder;
    private S3Location bucket;
    private Service service;
    private Device device;

    @BeforeEach
    void startAll() throws Exception {
        server = S3ProxyServer.start();
        recorder = new TcpRecorder(server.endpoint());
        bucket = server.newBucket();
        Path accessKey = Files.writeString(folder.resolve("access-key"), S3ProxyServer.ACCESS_KEY);
        Path secretKey = Files.writeString(folder.resolve("secret-key"), S3ProxyServer.SECRET_KEY);
        service = Service.start(ServiceConfig.parse(Map.of(
                "data", folder.resolve("service").toString(),
                "listen", "127.0.0.1:0",
                "providers", "bucket",
                "provider.bucket.kind", "s3",
                "provider.bucket.endpoint", recorder.address().toString(),
                "provider.bucket.bucket", bucket.bucket(),
                "provider.bucket.access-key-file", accessKey.toString(),
                "provider.bucket.secret-key-file", secretKey.toString())));
        device = new LocalDeviceSetup()
                .create(folder.resolve("home"), service.address(), "first")
                .device();
    }

    @AfterEach
    void stopAll() throws CofferException, IOException {
        device.close();
        service.close();
        recorder.close();
        server.close();
    }

    private Path source() throws IOException {
        Path source = Files.createDirectories(folder.resolve("source"));
        byte[] content = new byte[3_000_000];
        new Random(1).nextBytes(content);
        Files.write(source.resolve("large"), content);
        Files.writeString(source.resolve("small"), "a few words");
        Files.createFile(source.resolve("empty"));
        return source;
    }

    private void put() throws CofferException {
        Device.PutReport report = device.put(List.of(folder.resolve("source")), "/", Progress.SILENT);
        assertThat(report.problems()).isEmpty();
    }

    private void assertComesBack(String into) throws CofferException, IOException {
        Path copy = folder.resolve(into);
        assertThat(device.get("/source", copy, false, Progress.SILENT).problems()).isEmpty();
        for (String name : List.of("large", "small", "empty")) {
            Path original = folder.resolve("source").resolve(name);
            assertThat(Files.mismatch(original, copy.resolve("source").resolve(name))).as(name).isEqualTo(-1);
        }
    }

    private List<ObjectInfo> objects() throws Exception {
        try (S3Store store = new S3Store(bucket, server.credentials())) {
            return store.list("", "", 1_000);
        }
    }

    @Test
    void whatIsPut_comesBackByteForByte_andEveryPackOfItIsInTheBucket() throws Exception {
        source();
        put();
        assertComesBack("copy");
        Device.VerifyReport report = device.verify(true, Progress.SILENT);
        assertThat(report.problems()).isEmpty();
        assertThat(report.files()).isEqualTo(3);
        assertThat(objects()).hasSize((int) report.packs()).isNotEmpty();
    }

    @Test
    void packsGoFromDeviceToProvider_andNotThroughTheService() throws Exception {
        source();
        put();
        assertComesBack("copy");
        assertThat(service.metricsText()).doesNotContain("coffer_blob_bytes_total");
        assertThat(recorder.requests()).extracting(Request::method).contains("PUT", "GET");
    }

    @Test
    void anUploadGrantTakesNoOtherBytesAndNoOtherSize() throws Exception {
        source();
        put();
        Request upload = recorder.requests().stream()
                .filter(request -> request.method().equals("PUT"))
                .findFirst()
                .orElseThrow();
        String key = upload.target().substring(("/" + bucket.bucket() + "/").length());
        byte[] stored = server.stored(bucket.bucket(), key);
        assertThat(stored).hasSize(Integer.parseInt(upload.header("content-length")));
        byte[] others = stored.clone();
        others[others.length / 2] ^= 1;

        assertThat(repeat(upload, others)).isBetween(400, 499);
        assertThat(repeat(upload, java.util.Arrays.copyOf(stored, stored.length + 1))).isBetween(400, 499);
        assertThat(server.stored(bucket.bucket(), key)).isEqualTo(stored);
        assertThat(repeat(upload, stored)).as("the grant itself is still good").isEqualTo(200);
    }

    /// Sends other bytes with what the device was granted.
    private int repeat(Request upload, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(recorder.address() + upload.target()))
                .PUT(BodyPublishers.ofByteArray(body));
        for (String header : List.of("authorization", "x-amz-date", "x-amz-content-sha256")) {
            request.header(header, upload.header(header));
        }
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request.build(), BodyHandlers.discarding()).statusCode();
        }
    }

    @Test
    void aDamagedObject_isRefused_andHealedByStoringTheSameFilesAgain() throws Exception {
        source();
        put();
        for (ObjectInfo object : objects()) {
            byte[] bytes = server.stored(bucket.bucket(), object.name().text());
            bytes[bytes.length / 3] ^= 0x10;
            server.replace(bucket.bucket(), object.name().text(), bytes);
        }

        ByteArrayOutputStream handedOut = new ByteArrayOutputStream();
        assertThatExceptionOfType(CofferException.class)
                .isThrownBy(() -> device.read("/source/large", handedOut))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INTEGRITY));
        byte[] original = Files.readAllBytes(folder.resolve("source/large"));
        assertThat(handedOut.toByteArray()).isEqualTo(java.util.Arrays.copyOf(original, handedOut.size()));
        assertThat(device.verify(true, Progress.SILENT).problems())
                .isNotEmpty()
                .allMatch(problem -> problem.code().equals(ErrorCode.INTEGRITY.name()));

        put();
        assertThat(device.verify(true, Progress.SILENT).problems()).isEmpty();
        assertComesBack("healed");
    }

    @Test
    void anObjectThatIsGone_isFound_andHealedByStoringTheSameFilesAgain() throws Exception {
        source();
        put();
        try (S3Store store = new S3Store(bucket, server.credentials())) {
            for (ObjectInfo object : store.list("", "", 1_000)) {
                store.delete(object.name());
            }
        }
        assertThat(device.verify(false, Progress.SILENT).problems()).isNotEmpty();
        assertThatExceptionOfType(CofferException.class)
                .isThrownBy(() -> device.read("/source/large", OutputStream.nullOutputStream()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INTEGRITY));

        put();
        assertThat(device.verify(true, Progress.SILENT).problems()).isEmpty();
        assertComesBack("healed");
    }
}
