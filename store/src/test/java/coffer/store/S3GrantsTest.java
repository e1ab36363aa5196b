package coffer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Grants as a device uses them: plain HTTP requests to a real server, which has to enforce what they bind.
class S3GrantsTest {

    private static final Duration LIFETIME = Duration.ofMinutes(5);

    private static S3ProxyServer server;
    private static HttpClient client;

    private final byte[] content = ObjectStoreContract.bytes(1, 10_000);
    private final ObjectName name = ObjectName.ofContent(content);
    private S3Location bucket;
    private S3Grants grants;
    private S3Store store;

    @BeforeAll
    static void startServer() throws Exception {
        server = S3ProxyServer.start();
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stopServer() {
        client.shutdownNow();
        server.close();
    }

    @BeforeEach
    void newBucket() {
        bucket = server.newBucket();
        grants = at(Clock.systemUTC());
        store = new S3Store(bucket, server.credentials());
    }

    private S3Grants at(Clock clock) {
        return new S3Grants(bucket, server.credentials(), clock);
    }

    private static int put(UploadGrant grant, URI url, byte[] body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(url).method(grant.method(), BodyPublishers.ofByteArray(body));
        grant.headers().forEach(request::header);
        return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private static int get(URI url, Map<String, String> headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(url);
        headers.forEach(request::header);
        return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    @Test
    void upload_storesItsObject() throws Exception {
        UploadGrant grant = grants.upload(name, content.length, LIFETIME);
        assertThat(put(grant, grant.url(), content)).isEqualTo(200);
        assertThat(store.read(name, content.length)).isEqualTo(content);
    }

    @Test
    void upload_twice_isAsOnce() throws Exception {
        UploadGrant grant = grants.upload(name, content.length, LIFETIME);
        assertThat(put(grant, grant.url(), content)).isEqualTo(200);
        assertThat(put(grant, grant.url(), content)).isEqualTo(200);
        assertThat(store.read(name, content.length)).isEqualTo(content);
    }

    @Test
    void upload_ofOtherBytes_isRefused_andStoresNothing() throws Exception {
        UploadGrant grant = grants.upload(name, content.length, LIFETIME);
        byte[] other = content.clone();
        other[5_000] ^= 1;
        assertThat(put(grant, grant.url(), other)).isBetween(400, 403);
        assertThat(store.stat(name)).isEmpty();
    }

    @Test
    void upload_ofAnotherSize_isRefused_andStoresNothing() throws Exception {
        UploadGrant grant = grants.upload(name, content.length - 1, LIFETIME);
        assertThat(put(grant, grant.url(), content)).isEqualTo(403);
        assertThat(store.stat(name)).isEmpty();
    }

    @Test
    void upload_toAnotherName_isRefused() throws Exception {
        UploadGrant grant = grants.upload(name, content.length, LIFETIME);
        ObjectName other = ObjectName.ofContent(new byte[] {1});
        URI url = URI.create(grant.url().toString().replace(name.text(), other.text()));
        assertThat(put(grant, url, content)).isEqualTo(403);
        assertThat(store.stat(other)).isEmpty();
    }

    @Test
    void upload_withAnotherHashHeader_isRefused() throws Exception {
        UploadGrant grant = grants.upload(name, content.length, LIFETIME);
        byte[] other = ObjectStoreContract.bytes(2, content.length);
        var headers = new TreeMap<>(grant.headers());
        headers.put("x-amz-content-sha256", ObjectName.ofContent(other).text());
        var forged = new UploadGrant("PUT", grant.url(), headers, grant.size(), grant.sha256(), grant.expires());
        assertThat(put(forged, grant.url(), other)).isEqualTo(403);
        headers.put("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
        forged = new UploadGrant("PUT", grant.url(), headers, grant.size(), grant.sha256(), grant.expires());
        assertThat(put(forged, grant.url(), other)).isEqualTo(403);
        assertThat(store.stat(name)).isEmpty();
    }

    @Test
    void upload_longAfterItsExpiry_isRefused() throws Exception {
        UploadGrant grant = at(Clock.offset(Clock.systemUTC(), Duration.ofHours(-1)))
                .upload(name, content.length, LIFETIME);
        assertThat(put(grant, grant.url(), content)).isEqualTo(403);
        assertThat(store.stat(name)).isEmpty();
    }

    @Test
    void download_readsItsObject_wholeOrInParts() throws Exception {
        store.put(name, content);
        DownloadGrant grant = grants.download(name, LIFETIME);
        assertThat(get(grant.url(), grant.headers())).isEqualTo(200);
        assertThat(get(grant.url(), Map.of("range", "bytes=5-9"))).isEqualTo(206);
    }

    @Test
    void download_ofAnotherObject_isRefused() throws Exception {
        store.put(name, content);
        byte[] others = ObjectStoreContract.bytes(2, 10);
        ObjectName other = ObjectName.ofContent(others);
        store.put(other, others);
        String url = grants.download(name, LIFETIME).url().toString();
        assertThat(get(URI.create(url.replace(name.text(), other.text())), Map.of())).isEqualTo(403);
    }

    @Test
    void download_tamperedWith_isRefused() throws Exception {
        store.put(name, content);
        String url = grants.download(name, LIFETIME).url().toString();
        assertThat(get(URI.create(url.replace("X-Amz-Expires=300", "X-Amz-Expires=301")), Map.of())).isEqualTo(403);
        char last = url.charAt(url.length() - 1);
        String cut = url.substring(0, url.length() - 1);
        assertThat(get(URI.create(cut + (last == '0' ? '1' : '0')), Map.of())).isEqualTo(403);
    }

    @Test
    void download_afterItsExpiry_isRefused() throws Exception {
        store.put(name, content);
        DownloadGrant grant = at(Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-301))).download(name, LIFETIME);
        assertThat(get(grant.url(), Map.of())).isEqualTo(403);
    }

    @Test
    void download_usedToWriteOrDelete_isRefused() throws Exception {
        store.put(name, content);
        URI url = grants.download(name, LIFETIME).url();
        for (String method : new String[] {"PUT", "DELETE"}) {
            var request = HttpRequest.newBuilder(url).method(method, BodyPublishers.ofByteArray(content)).build();
            assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(403);
        }
        assertThat(store.read(name, content.length)).isEqualTo(content);
    }

    @Test
    void lifetimes_areCutToWhatTheProtocolAllows() {
        Instant now = Instant.parse("2026-01-02T03:04:05.678Z");
        S3Grants fixed = at(Clock.fixed(now, ZoneOffset.UTC));
        Instant second = Instant.parse("2026-01-02T03:04:05Z");
        assertThat(fixed.upload(name, 1, Duration.ofHours(1)).expires()).isEqualTo(second.plus(Duration.ofMinutes(14)));
        assertThat(fixed.upload(name, 1, LIFETIME).expires()).isEqualTo(second.plus(LIFETIME));
        assertThat(fixed.download(name, Duration.ofDays(30)).expires()).isEqualTo(second.plus(Duration.ofDays(7)));
        assertThat(fixed.origin()).isEqualTo(server.endpoint().toString());
    }
}
