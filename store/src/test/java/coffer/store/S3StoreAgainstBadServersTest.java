package coffer.store;

import static coffer.store.ScriptedServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a provider may answer that no good server does.
class S3StoreAgainstBadServersTest {

    private static final byte[] CONTENT = ObjectStoreContract.bytes(1, 50_000);
    private static final ObjectName NAME = ObjectName.ofContent(CONTENT);
    private static final ByteRange RANGE = new ByteRange(100, 200);
    private static final RetryPolicy QUICK =
            new RetryPolicy(4, Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofSeconds(20));

    private static S3Store store(ScriptedServer server, RetryPolicy retry) {
        return store(server.endpoint(), retry);
    }

    private static S3Store store(URI endpoint, RetryPolicy retry) {
        var limits = new S3Limits(
                Duration.ofSeconds(2), Duration.ofMillis(300), 1 << 20, 4, Duration.ofSeconds(1), retry);
        return new S3Store(
                new S3Location(endpoint, "us-east-1", "bucket", "", true),
                new S3Credentials("key", "secret"),
                limits,
                Clock.systemUTC(),
                new Random(1),
                Ticks.SYSTEM);
    }

    private static String rangeHeader(ByteRange range, long total) {
        return "Content-Range: bytes " + range.offset() + "-" + (range.end() - 1) + "/" + total + "\r\n";
    }

    private static byte[] part() {
        return Arrays.copyOfRange(CONTENT, 100, 300);
    }

    @Test
    void get_ofAlteredBytes_isCorrupt() throws Exception {
        byte[] altered = CONTENT.clone();
        altered[49_999] ^= 1;
        try (var server = new ScriptedServer(answer(200, "", altered));
                var store = store(server, QUICK)) {
            assertThatExceptionOfType(StoreCorrupt.class).isThrownBy(() -> store.read(NAME, 50_000));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void get_ofAnotherLength_isCorrupt() throws Exception {
        try (var server = new ScriptedServer(
                        answer(200, "", Arrays.copyOf(CONTENT, 49_999)),
                        answer(200, "", Arrays.copyOf(CONTENT, 50_001)),
                        answer(200, "", new byte[0]));
                var store = store(server, QUICK)) {
            for (int i = 0; i < 3; i++) {
                assertThatExceptionOfType(StoreCorrupt.class).isThrownBy(() -> store.read(NAME, 60_000));
            }
        }
    }

    @Test
    void get_thatBreaksOff_isUnavailable() throws Exception {
        try (var server = new ScriptedServer(answer(200, "Content-Length: 50000\r\n", CONTENT, 30_000));
                var store = store(server, QUICK)) {
            assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store.read(NAME, 50_000));
        }
    }

    @Test
    void get_thatStopsComing_isGivenUp() throws Exception {
        try (var server = new ScriptedServer(ScriptedServer.stalling(200, CONTENT, 30_000));
                var store = store(server, RetryPolicy.NONE)) {
            long start = System.nanoTime();
            assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store.read(NAME, 50_000));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(
                    Duration.ofMillis(250), Duration.ofSeconds(10));
        }
    }

    @Test
    void anAnswerThatNeverBegins_isGivenUp() throws Exception {
        try (var server = new ScriptedServer(_ -> Thread.sleep(60_000));
                var store = store(server, RetryPolicy.NONE)) {
            assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store.stat(NAME));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Range: bytes 101-300/50000",
                "Content-Range: bytes 100-298/50000",
                "Content-Range: bytes 100-299/250",
                "Content-Range: bytes 100-299/*",
                "Content-Range: bytes */50000",
                "X-Content-Range: bytes 100-299/50000"
            })
    void getOfARange_answeredAsAnother_isCorrupt(String header) throws Exception {
        try (var server = new ScriptedServer(answer(206, header + "\r\n", part()));
                var store = store(server, QUICK)) {
            assertThatExceptionOfType(StoreCorrupt.class).isThrownBy(() -> store.read(NAME, RANGE));
        }
    }

    @Test
    void getOfARange_ofAnotherLength_isCorrupt() throws Exception {
        try (var server = new ScriptedServer(answer(206, rangeHeader(RANGE, 50_000), new byte[199]));
                var store = store(server, QUICK)) {
            assertThatExceptionOfType(StoreCorrupt.class).isThrownBy(() -> store.read(NAME, RANGE));
        }
    }

    @Test
    void getOfARange_answeredByTheWhole_isCorrupt() throws Exception {
        try (var server = new ScriptedServer(answer(200, "", CONTENT));
                var store = store(server, QUICK)) {
            assertThatExceptionOfType(StoreCorrupt.class).isThrownBy(() -> store.read(NAME, RANGE));
        }
    }

    @Test
    void get_answeredByARange_isCorrupt() throws Exception {
        try (var server = new ScriptedServer(answer(206, rangeHeader(RANGE, 50_000), part()));
                var store = store(server, QUICK)) {
            assertThatExceptionOfType(StoreCorrupt.class).isThrownBy(() -> store.read(NAME, 50_000));
        }
    }

    @Test
    void get_ofEncodedBytes_isCorrupt() throws Exception {
        try (var server = new ScriptedServer(answer(200, "Content-Encoding: gzip\r\n", CONTENT));
                var store = store(server, QUICK)) {
            assertThatExceptionOfType(StoreCorrupt.class).isThrownBy(() -> store.read(NAME, 50_000));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirect_isNotFollowed(int status) throws Exception {
        try (var target = new ScriptedServer(answer(200, "", CONTENT));
                var server = new ScriptedServer(
                        answer(status, "Location: " + target.endpoint() + "/bucket/x\r\n", new byte[0]));
                var store = store(server, QUICK)) {
            assertThatExceptionOfType(StoreRefused.class).isThrownBy(() -> store.read(NAME, 50_000));
            assertThat(target.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "500, '', StoreUnavailable",
        "502, '', StoreUnavailable",
        "503, SlowDown, StoreUnavailable",
        "429, '', StoreUnavailable",
        "400, RequestTimeout, StoreUnavailable",
        "507, '', StoreFull",
        "403, QuotaExceeded, StoreFull",
        "403, AccessDenied, StoreRefused",
        "403, SignatureDoesNotMatch, StoreRefused",
        "403, RequestTimeTooSkewed, StoreRefused",
        "401, '', StoreRefused",
        "400, InvalidRequest, StoreRefused",
        "404, NoSuchBucket, StoreRefused",
        "404, NoSuchKey, ObjectMissing",
        "404, '', ObjectMissing",
        "204, '', StoreCorrupt"
    })
    void anUnwelcomeAnswer_isTheFailureItStandsFor(int status, String code, String expected) throws Exception {
        String body = status == 204 ? "" : "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>";
        try (var server = new ScriptedServer(answer(status, "", body));
                var store = store(server, RetryPolicy.NONE)) {
            assertThatThrownBy(() -> store.read(NAME, 50_000))
                    .extracting(e -> e.getClass().getSimpleName())
                    .isEqualTo(expected);
        }
    }

    @Test
    void aFailureThatMayPass_isRepeated() throws Exception {
        try (var server = new ScriptedServer(
                        answer(503, "", ""), answer(500, "", ""), _ -> {}, answer(200, "", CONTENT));
                var store = store(server, QUICK)) {
            assertThat(store.read(NAME, 50_000)).isEqualTo(CONTENT);
            assertThat(server.requests()).hasSize(4);
        }
    }

    @Test
    void aPut_isRepeatedFromItsFirstByte() throws Exception {
        try (var server = new ScriptedServer(answer(503, "", ""), answer(200, "", ""));
                var store = store(server, QUICK)) {
            store.put(NAME, CONTENT);
            assertThat(server.requests()).hasSize(2).allSatisfy(head -> assertThat(head.toLowerCase(
                            Locale.ROOT))
                    .startsWith("put /bucket/" + NAME.text() + " http/1.1\r\n")
                    .contains("\r\ncontent-length: 50000\r\n")
                    .contains("\r\nx-amz-content-sha256: " + NAME.text() + "\r\n")
                    .contains("signedheaders=content-length;host;x-amz-content-sha256;x-amz-date")
                    .doesNotContain("expect:", "upgrade:", "x-amz-meta"));
        }
    }

    @Test
    void aPutOfContentThatCanBeReadOnce_isNotRepeated() throws Exception {
        try (var server = new ScriptedServer(answer(503, "", ""), answer(200, "", ""));
                var store = store(server, QUICK)) {
            var once = Content.once(new ByteArrayInputStream(CONTENT));
            assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store.put(NAME, 50_000, once));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void retries_end() throws Exception {
        var replies = new ScriptedServer.Reply[20];
        Arrays.fill(replies, answer(503, "", ""));
        try (var server = new ScriptedServer(replies);
                var store = store(server, QUICK)) {
            assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store.stat(NAME));
            assertThat(server.requests()).hasSize(QUICK.tries());
        }
    }

    @Test
    void aFailureForGood_isNotRepeated() throws Exception {
        try (var server = new ScriptedServer(answer(403, "", ""), answer(200, "", CONTENT));
                var store = store(server, QUICK)) {
            assertThatExceptionOfType(StoreRefused.class).isThrownBy(() -> store.read(NAME, 50_000));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aServerThatIsNotThere_isUnavailable() throws Exception {
        URI gone;
        try (var server = new ScriptedServer()) {
            gone = server.endpoint();
        }
        try (var store = store(gone, QUICK)) {
            assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store.stat(NAME));
        }
    }

    @Test
    void requestsBeyondTheLimit_waitForTheirTurn_andGiveUp() throws Exception {
        var replies = new ScriptedServer.Reply[5];
        Arrays.fill(replies, answer(200, "", CONTENT));
        try (var server = new ScriptedServer(replies);
                var store = store(server, RetryPolicy.NONE)) {
            StoredStream first = store.get(NAME);
            for (int i = 1; i < 4; i++) {
                assertThat(store.get(NAME).length()).isEqualTo(50_000);
            }
            assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store.stat(NAME));
            assertThat(server.requests()).hasSize(4);
            first.close();
            assertThat(store.stat(NAME)).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not xml",
                "<Other/>",
                "<ListBucketResult><Contents>",
                "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
                "<ListBucketResult><Contents><Key>%1$s</Key></Contents></ListBucketResult>",
                "<ListBucketResult><Contents><Key>%1$s</Key><Size>-5</Size></Contents></ListBucketResult>",
                "<ListBucketResult><Contents><Key>%1$s</Key><Size>x</Size></Contents></ListBucketResult>",
                "<!DOCTYPE l [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><ListBucketResult>&e;</ListBucketResult>",
                "<ListBucketResult><Contents><Key>%1$s</Key><Size>1</Size></Contents>"
                        + "<Contents><Key>%1$s</Key><Size>1</Size></Contents></ListBucketResult>"
            })
    void aListingThatMakesNoSense_isCorrupt(String body) throws Exception {
        try (var server = new ScriptedServer(answer(200, "", body.formatted(NAME.text())));
                var store = store(server, QUICK)) {
            assertThatExceptionOfType(StoreCorrupt.class).isThrownBy(() -> store.list("", "", 10));
        }
    }

    @Test
    void aListingOfWhatWasNotAskedFor_isCorrupt() throws Exception {
        String body = "<ListBucketResult><Contents><Key>" + NAME.text()
                + "</Key><Size>1</Size></Contents></ListBucketResult>";
        try (var server = new ScriptedServer(answer(200, "", body), answer(200, "", body));
                var store = store(server, QUICK)) {
            assertThatExceptionOfType(StoreCorrupt.class).isThrownBy(() -> store.list("", NAME.text(), 10));
            String other = NAME.text().startsWith("0") ? "1" : "0";
            assertThatExceptionOfType(StoreCorrupt.class).isThrownBy(() -> store.list(other, "", 10));
        }
    }

    @Test
    void aListingOfForeignKeysWithoutEnd_isCorrupt() throws Exception {
        var replies = new ScriptedServer.Reply[1_100];
        Arrays.fill(replies, answer(200, "", "<ListBucketResult><IsTruncated>true</IsTruncated>"
                + "<NextContinuationToken>t</NextContinuationToken>"
                + "<Contents><Key>foreign</Key><Size>1</Size></Contents></ListBucketResult>"));
        try (var server = new ScriptedServer(replies);
                var store = store(server, QUICK)) {
            assertThatExceptionOfType(StoreCorrupt.class).isThrownBy(() -> store.list("", "", 10));
            assertThat(server.requests()).hasSize(1_000);
        }
    }

    @Test
    void aListingThatNeverEnds_isCutByOrder() throws Exception {
        String page = "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t+/=</NextContinuationToken>"
                + "<Contents><Key>" + NAME.text() + "</Key><Size>1</Size></Contents></ListBucketResult>";
        try (var server = new ScriptedServer(answer(200, "", page), answer(200, "", page));
                var store = store(server, QUICK)) {
            assertThatExceptionOfType(StoreCorrupt.class).isThrownBy(() -> store.list("", "", 10));
            assertThat(server.requests().getLast()).contains("continuation-token=t%2B%2F%3D");
        }
    }
}
