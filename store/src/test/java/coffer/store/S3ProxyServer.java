package coffer.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/// A real S3 server in this process, on a free port of the loopback interface, which checks signatures and payload
/// hashes. What it stores lives in memory. For tests of other modules too; they need s3proxy on their test class path.
public final class S3ProxyServer implements AutoCloseable {

    public static final String ACCESS_KEY = "TESTACCESSKEY000001";
    public static final String SECRET_KEY = "testsecretkey0000000000000000000000000001";
    public static final String REGION = "us-east-1";

    private final TransientNio2BlobStore blobs = new TransientNio2BlobStore();
    private final S3Proxy server;
    private final AtomicInteger buckets = new AtomicInteger();

    private S3ProxyServer(@Nullable String virtualHost) throws Exception {
        var builder = S3Proxy.builder()
                .blobStore(blobs)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
                .v4MaxNonChunkedRequestSize(128 << 20)
                .stopTimeout(0);
        if (virtualHost != null) {
            builder.virtualHost(virtualHost);
        }
        server = builder.build();
        server.start();
    }

    /// A server for buckets addressed by path.
    public static S3ProxyServer start() throws Exception {
        return new S3ProxyServer(null);
    }

    /// A server for buckets addressed as `bucket.host`, which must resolve to the loopback address.
    public static S3ProxyServer startVirtualHost(String host) throws Exception {
        return new S3ProxyServer(host);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    public S3Credentials credentials() {
        return new S3Credentials(ACCESS_KEY, SECRET_KEY);
    }

    /// A new empty bucket, addressed by path.
    public S3Location newBucket() {
        String bucket = "bucket-" + buckets.incrementAndGet();
        createBucket(bucket);
        return new S3Location(endpoint(), REGION, bucket, "", true);
    }

    public void createBucket(String bucket) {
        blobs.createContainer(bucket);
    }

    public void deleteBucket(String bucket) {
        blobs.deleteContainer(bucket);
    }

    /// What stands under a key, as the server keeps it.
    public byte[] stored(String bucket, String key) throws IOException {
        try (var in = blobs.getBlob(GetObjectRequest.builder().bucket(bucket).key(key).build())) {
            return in.readAllBytes();
        }
    }

    /// Changes what stands under a key behind everybody's back, as a damaged disk would.
    public void replace(String bucket, String key, byte[] content) {
        blobs.putBlob(
                PutObjectRequest.builder()
                        .bucket(bucket)
                        .key(key)
                        .contentLength((long) content.length)
                        .build(),
                new ByteArrayInputStream(content));
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server does not stop", e);
        }
        blobs.close();
    }
}
