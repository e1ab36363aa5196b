package coffer.world;

import coffer.service.Service;
import coffer.service.ServiceConfig;
import coffer.store.ObjectInfo;
import coffer.store.S3Location;
import coffer.store.S3ProxyServer;
import coffer.store.S3Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A service with a provider in each of two regions, "de" and "is", each a bucket of a real S3 server behind a recorder of its own,
/// and a proxy through which the service can be made to lie. Nothing tries the providers by itself.
final class TwoRegions implements AutoCloseable {

    private final Path folder;
    private final S3ProxyServer server = S3ProxyServer.start();
    private final S3Location bucketHere = server.newBucket();
    private final S3Location bucketThere = server.newBucket();
    private final int port = Processes.freePort();
    /// In region "de", where vaults begin.
    final TcpRecorder here = new TcpRecorder(server.endpoint());
    /// In region "is".
    final TcpRecorder there = new TcpRecorder(server.endpoint());
    final LyingProxy proxy = new LyingProxy();
    private final AheadClock clock = new AheadClock();
    private Service service;

    TwoRegions(Path folder) throws Exception {
        this.folder = folder;
        this.service = start();
        proxy.to(service.address());
    }

    private Service start() throws Exception {
        Path accessKey = Files.writeString(folder.resolve("access-key"), S3ProxyServer.ACCESS_KEY);
        Path secretKey = Files.writeString(folder.resolve("secret-key"), S3ProxyServer.SECRET_KEY);
        Map<String, String> settings = new HashMap<>(Map.of(
                "data", data().toString(),
                "listen", "127.0.0.1:" + port,
                "origins", "http://127.0.0.1:" + port + ", " + proxy.address(),
                "providers", "here, there",
                "provider.here.region", "de",
                "provider.there.region", "is",
                "move-every", "PT0.2S",
                "probe-every", "PT1H",
                "grant-life", "PT2M"));
        settings.putAll(bucket("here", here, bucketHere, accessKey, secretKey));
        settings.putAll(bucket("there", there, bucketThere, accessKey, secretKey));
        return Service.start(ServiceConfig.parse(settings), clock);
    }

    private static Map<String, String> bucket(
            String id, TcpRecorder recorder, S3Location bucket, Path accessKey, Path secretKey) {
        String at = "provider." + id + ".";
        return Map.of(
                at + "kind", "s3",
                at + "owner", "owner of " + id,
                at + "endpoint", recorder.address().toString(),
                at + "bucket", bucket.bucket(),
                at + "access-key-file", accessKey.toString(),
                at + "secret-key-file", secretKey.toString());
    }

    Path data() {
        return folder.resolve("service");
    }

    void restart() throws Exception {
        service.close();
        service = start();
    }

    /// As long as grants are valid, and copies that were left are kept, twice over.
    void letGrantsEnd() {
        clock.advance(Duration.ofMinutes(5));
    }

    List<ObjectInfo> objectsHere() throws Exception {
        return objects(bucketHere);
    }

    List<ObjectInfo> objectsThere() throws Exception {
        return objects(bucketThere);
    }

    private List<ObjectInfo> objects(S3Location bucket) throws Exception {
        try (S3Store store = new S3Store(bucket, server.credentials())) {
            return store.list("", "", 1_000);
        }
    }

    @Override
    public void close() {
        service.close();
        proxy.close();
        try (here;
                there) {
            server.close();
        } catch (IOException e) {
            throw new IllegalStateException("a recorder does not close", e);
        }
    }
}
