package coffer.service;

import static coffer.core.log.LogFixture.device;

import coffer.core.CofferException;
import coffer.core.Fuzz;
import coffer.core.LogId;
import coffer.core.api.ChallengeRequest;
import coffer.core.api.CheckRequest;
import coffer.core.api.DownloadRequest;
import coffer.core.api.FindAccountRequest;
import coffer.core.api.PackSize;
import coffer.core.api.SessionRequest;
import coffer.core.api.UploadRequest;
import coffer.core.log.Entry;
import coffer.core.log.LogFixture;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What anybody may send to the service, and what an operator may write into its configuration.
class DecoderFuzzTest {

    static List<Object> requests() {
        String id = "ab".repeat(32);
        return List.of(
                new UploadRequest(id, List.of(new PackSize(id, 100_000), new PackSize(id, 5)), List.of()),
                new CheckRequest(id, List.of(new PackSize(id, 100_000))),
                new DownloadRequest(id, List.of(id, id)),
                new ChallengeRequest(id, id),
                new SessionRequest(id, id, "AAAA", "BBBB"),
                new FindAccountRequest(id));
    }

    /// JSON may be written in many ways; what is accepted has every part that the record has.
    @ParameterizedTest
    @MethodSource("requests")
    void request(Object request) {
        Fuzz.of(
                        request.getClass().getSimpleName(),
                        bytes -> {
                            Object read = Json.read(bytes, request.getClass());
                            if (!Json.read(Json.write(read), request.getClass()).equals(read)) {
                                throw new IllegalStateException("read otherwise than written");
                            }
                            return null;
                        },
                        Problem.class)
                .from(Json.write(request))
                .run();
    }

    @Test
    void entryForAPlace() throws CofferException {
        Entry genesis = new LogFixture().accountGenesis(device(1), device(9));
        LogId log = new LogId(genesis.id().value());
        Fuzz.of("entry for a place", bytes -> LogService.decode(log, 0, bytes).encode(), Problem.class)
                .from(genesis.encode())
                .run();
    }

    @Test
    void configuration() {
        String good = """
                data = somewhere
                listen = 127.0.0.1:8420
                origins = https://cloud.example
                providers = local,far
                provider.far.kind = s3
                provider.far.endpoint = https://s3.example
                provider.far.bucket = packs
                provider.far.access-key-file = a
                provider.far.secret-key-file = b
                copies = 1
                quota = 12GiB
                released-grace = P7D
                disk-reserve = 64MiB
                """;
        Fuzz.of(
                        "configuration",
                        bytes -> {
                            Properties properties = new Properties();
                            properties.load(new ByteArrayInputStream(bytes));
                            Map<String, String> values = new TreeMap<>();
                            for (String key : properties.stringPropertyNames()) {
                                values.put(key, properties.getProperty(key));
                            }
                            ServiceConfig config = ServiceConfig.parse(values);
                            if (!config.with(Map.of()).print().equals(config.print())) {
                                throw new IllegalStateException("read otherwise than printed");
                            }
                            return null;
                        },
                        ConfigException.class,
                        IllegalArgumentException.class) // of Properties: a malformed escape
                .from(good.getBytes(StandardCharsets.UTF_8))
                .run();
    }

    @Test
    void tileOfARequest() {
        Fuzz.of(
                        "tile of a request",
                        bytes -> {
                            String text = new String(bytes, StandardCharsets.ISO_8859_1);
                            return ("tile/" + text).equals(TlogApi.parse(text).path()) ? bytes : new byte[0];
                        },
                        Problem.class)
                .from("0/x001/067".getBytes(StandardCharsets.UTF_8), "entries/000.p/17".getBytes(StandardCharsets.UTF_8))
                .run();
    }
}
