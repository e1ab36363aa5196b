package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.service.evaluation.Check;
import coffer.service.evaluation.Report;
import coffer.store.ObjectInfo;
import coffer.store.ObjectName;
import coffer.store.ObjectStore;
import coffer.store.RetryPolicy;
import coffer.store.S3Credentials;
import coffer.store.S3Location;
import coffer.store.S3ProxyServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Evaluations of a bucket of a real S3 server.
class EvaluationTest {

    private static final Duration DURATION = Duration.ofSeconds(6);

    @TempDir
    static Path folder = Path.of("");

    private static S3ProxyServer server;

    @BeforeAll
    static void start() throws Exception {
        server = S3ProxyServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Report evaluate(String id, S3Location bucket, Evaluating.Event event) throws Exception {
        return Evaluating.evaluate(folder, id, bucket, server.credentials(), DURATION, Map.of(), event);
    }

    private static List<ObjectInfo> objects(S3Location bucket, S3Credentials credentials) throws Exception {
        try (ObjectStore store = Evaluating.open(bucket, credentials, RetryPolicy.DEFAULT)) {
            return store.list("", "", 1_000);
        }
    }

    @Test
    void aSoundBucket_passes_andIsLeftAsItWas() throws Exception {
        S3Location bucket = server.newBucket();
        Report report = evaluate("sound", bucket, () -> {});
        assertThat(Evaluating.failures(report)).isEmpty();
        assertThat(report.capabilities().has(Check.CONDITIONAL_WRITE)).isTrue();
        assertThat(objects(bucket, server.credentials())).isEmpty();
    }

    @Test
    void aBucketInWhichOneObjectRots_fails() throws Exception {
        S3Location bucket = server.newBucket();
        Report report = evaluate("rotten", bucket, () -> {
            String key = canary(bucket);
            byte[] bytes = server.stored(bucket.bucket(), key);
            bytes[bytes.length / 2] ^= 4;
            server.replace(bucket.bucket(), key, bytes);
        });
        assertThat(Evaluating.failures(report)).contains("integrity.wrong-bytes");
        assertThat(objects(bucket, server.credentials())).isEmpty();
    }

    @Test
    void aBucketThatLosesOneObject_fails() throws Exception {
        S3Location bucket = server.newBucket();
        Report report = evaluate("lossy", bucket, () -> {
            try (ObjectStore store = Evaluating.open(bucket, server.credentials(), RetryPolicy.DEFAULT)) {
                store.delete(ObjectName.parse(canary(bucket)));
            }
        });
        assertThat(Evaluating.failures(report)).contains("durability.lost", "durability.denied");
    }

    /// An object that is read back in every round and kept to the end.
    private static String canary(S3Location bucket) throws Exception {
        return objects(bucket, server.credentials()).stream()
                .filter(object -> object.size() == 64 << 10)
                .findFirst()
                .orElseThrow()
                .name()
                .text();
    }
}
