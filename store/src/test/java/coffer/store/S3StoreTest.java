package coffer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Against a real server; what no well-behaved server does is in [S3StoreAgainstBadServersTest].
class S3StoreTest {

    private static S3ProxyServer server;
    private static S3ProxyServer virtual;

    @BeforeAll
    static void startServer() throws Exception {
        server = S3ProxyServer.start();
        virtual = S3ProxyServer.startVirtualHost("s3.test");
    }

    @AfterAll
    static void stopServer() {
        server.close();
        virtual.close();
    }

    @Nested
    class PathStyle extends ObjectStoreContract {
        @Override
        protected ObjectStore openEmpty() {
            return new S3Store(server.newBucket(), server.credentials());
        }
    }

    @Nested
    class UnderAPrefixOfTheBucket extends ObjectStoreContract {
        @Override
        protected ObjectStore openEmpty() throws StoreException {
            S3Location bucket = server.newBucket();
            // Objects of others in the bucket are neither seen nor touched.
            byte[] foreign = bytes(1, 5);
            new S3Store(bucket, server.credentials()).put(ObjectName.ofContent(foreign), foreign);
            return new S3Store(withPrefix(bucket, "some/place/"), server.credentials());
        }
    }

    @Nested
    class VirtualHostStyle extends ObjectStoreContract {
        @Override
        protected ObjectStore openEmpty() {
            virtual.createBucket("virtual");
            URI endpoint = URI.create("http://s3.test:" + virtual.endpoint().getPort());
            var location = new S3Location(endpoint, S3ProxyServer.REGION, "virtual", "", false);
            return new S3Store(location, virtual.credentials());
        }

        @AfterEach
        void deleteBucket() {
            virtual.deleteBucket("virtual");
        }
    }

    private static S3Location withPrefix(S3Location at, String prefix) {
        return new S3Location(at.endpoint(), at.region(), at.bucket(), prefix, at.pathStyle());
    }

    private static void assertRefused(StoreRefused.Reason reason, S3Store store) {
        byte[] content = ObjectStoreContract.bytes(1, 10);
        ObjectName name = ObjectName.ofContent(content);
        try (store) {
            assertThatExceptionOfType(StoreRefused.class)
                    .isThrownBy(() -> store.put(name, content))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
            assertThatExceptionOfType(StoreRefused.class)
                    .isThrownBy(() -> store.list("", "", 1))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
        }
    }

    @Test
    void everyCall_withAWrongSecret_isRefused() {
        assertRefused(
                StoreRefused.Reason.ACCESS,
                new S3Store(server.newBucket(), new S3Credentials(S3ProxyServer.ACCESS_KEY, "wrong")));
    }

    @Test
    void everyCall_withAnUnknownAccessKey_isRefused() {
        assertRefused(
                StoreRefused.Reason.ACCESS,
                new S3Store(server.newBucket(), new S3Credentials("nobody", S3ProxyServer.SECRET_KEY)));
    }

    @Test
    void everyCall_onABucketThatIsNotThere_isRefused() {
        var nowhere = new S3Location(server.endpoint(), S3ProxyServer.REGION, "no-such-bucket", "", true);
        assertRefused(StoreRefused.Reason.PLACE, new S3Store(nowhere, server.credentials()));
    }

    @Test
    void everyCall_withAClockThatIsFarOff_isRefused() {
        Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofHours(3));
        var store = new S3Store(
                server.newBucket(), server.credentials(), S3Limits.DEFAULT, wrong, new Random(1), Ticks.SYSTEM);
        assertRefused(StoreRefused.Reason.CLOCK, store);
    }

    @Test
    void list_leavesOutForeignKeys() throws Exception {
        S3Location bucket = server.newBucket();
        byte[] content = ObjectStoreContract.bytes(2, 10);
        ObjectName name = ObjectName.ofContent(content);
        try (var inFolder = new S3Store(withPrefix(bucket, "f/"), server.credentials());
                var atTop = new S3Store(bucket, server.credentials())) {
            inFolder.put(name, content);
            assertThat(atTop.list("", "", 10)).isEmpty();
            assertThat(inFolder.list("", "", 10)).containsExactly(new ObjectInfo(name, 10));
        }
    }

    @Test
    void put_ofALargeObjectReadOnce_givesTheSameBytes() throws Exception {
        int size = 24 << 20;
        byte[] content = ObjectStoreContract.bytes(3, size);
        ObjectName name = ObjectName.ofContent(content);
        try (var store = new S3Store(server.newBucket(), server.credentials())) {
            store.put(name, size, Content.once(new ByteArrayInputStream(content)));
            assertThat(store.read(name, size)).isEqualTo(content);
        }
    }
}
