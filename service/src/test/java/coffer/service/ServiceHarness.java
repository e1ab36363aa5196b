package coffer.service;

import coffer.core.Hash;
import coffer.core.PackId;
import coffer.core.api.PackSize;
import coffer.core.log.PackRef;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A service on a free port, in a folder of its own, with a clock that stands still; and a client.
abstract class ServiceHarness {

    static final String REGION = "home";

    @TempDir
    Path data;

    final TestClock clock = new TestClock();
    Service service;
    TestClient client;

    @BeforeEach
    final void start() throws Exception {
        start(Map.of(), 0);
    }

    final void start(Map<String, String> changes) throws Exception {
        start(changes, 0);
    }

    /// @param pagesMax bound of the database, 0 for none
    final void start(Map<String, String> changes, int pagesMax) throws Exception {
        Map<String, String> values = new HashMap<>(Map.of(
                "data", data.resolve("service").toString(),
                "listen", "127.0.0.1:0",
                "provider.local.region", REGION,
                "address-rate", "10000",
                "account-rate", "10000"));
        values.putAll(changes);
        service = Service.start(ServiceConfig.parse(values), clock, pagesMax);
        client = new TestClient(service.address());
    }

    void restart(Map<String, String> changes) throws Exception {
        stop();
        start(changes);
    }

    @AfterEach
    final void stop() {
        client.close();
        service.close();
    }

    TestAccount account(int number) throws Exception {
        return new TestAccount(client, number).begun();
    }

    static byte[] concatenated(List<byte[]> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        parts.forEach(out::writeBytes);
        return out.toByteArray();
    }

    static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static PackRef pack(byte[] bytes) {
        return new PackRef(new PackId(Hash.of(bytes).value()), bytes.length);
    }

    static List<PackSize> sizes(PackRef pack) {
        return List.of(new PackSize(pack.id().hex(), pack.size()));
    }
}
