package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Hash;
import coffer.core.Limits;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.api.ChallengeAnswer;
import coffer.core.api.ChallengeRequest;
import coffer.core.api.CheckAnswer;
import coffer.core.api.CheckRequest;
import coffer.core.api.DownloadAnswer;
import coffer.core.api.DownloadPlan;
import coffer.core.api.DownloadRequest;
import coffer.core.api.FindAccountAnswer;
import coffer.core.api.FindAccountRequest;
import coffer.core.api.HeadInfo;
import coffer.core.api.PackSize;
import coffer.core.api.ServiceInfo;
import coffer.core.api.SessionRequest;
import coffer.core.api.UploadAnswer;
import coffer.core.api.UploadCopy;
import coffer.core.api.UploadRequest;
import coffer.core.api.VaultList;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.LogFixture.TestDevice;
import coffer.core.log.LogFixture;
import coffer.core.log.PackRef;
import coffer.core.log.Role;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The service over real HTTP: what each endpoint does, and what it refuses.
class ServiceTest {

    private static final String REGION = "home";

    @TempDir
    private Path data;

    private final TestClock clock = new TestClock();
    private Service service;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        start(Map.of());
    }

    private void start(Map<String, String> changes) throws Exception {
        Map<String, String> values = new HashMap<>(Map.of(
                "data", data.resolve("service").toString(),
                "listen", "127.0.0.1:0",
                "provider.local.region", REGION,
                "address-rate", "10000",
                "account-rate", "10000"));
        values.putAll(changes);
        service = Service.start(ServiceConfig.parse(values), clock);
        client = new TestClient(service.address());
    }

    private void restart(Map<String, String> changes) throws Exception {
        stop();
        start(changes);
    }

    @AfterEach
    void stop() {
        client.close();
        service.close();
    }

    private TestAccount account(int number) throws Exception {
        return new TestAccount(client, number).begun();
    }

    @Nested
    class Operating {

        @Test
        void service_saysItsLimitsAndRegions() throws Exception {
            ServiceInfo info = client.get(null, "/v1/service").json(ServiceInfo.class);
            assertThat(info.name()).isEqualTo("Coffer");
            assertThat(info.time()).isEqualTo(clock.millis());
            assertThat(info.limits().entryBytesMax()).isEqualTo(Limits.ENTRY_BYTES_MAX);
            assertThat(info.regions()).hasSize(1);
            assertThat(info.regions().getFirst().id()).isEqualTo(REGION);
            assertThat(info.regions().getFirst().origins()).containsExactly(client.origin());
        }

        @Test
        void health_readinessAndMetricsAnswer() throws Exception {
            account(1);
            client.get(null, "/healthz").expect(200);
            client.get(null, "/readyz").expect(200);
            String text = new String(client.get(null, "/metrics").expect(200).body(), StandardCharsets.UTF_8);
            assertThat(text)
                    .contains("coffer_entries_appended_total 1\n")
                    .contains("coffer_accounts 1\n")
                    .contains("coffer_http_requests_total{route=\"/v1/logs/{log}/entries/{sequence}\",status=\"201\"} 1\n");
        }

        @Test
        void metrics_areNotForThoseWhoComeThroughAProxy() throws Exception {
            client.with(null, "GET", "/metrics", Map.of("X-Forwarded-For", "203.0.113.9")).problem(404, "not-found");
        }

        @Test
        void readiness_failsWithoutRoomOnTheDisk() throws Exception {
            restart(Map.of("disk-reserve", "1000000TiB"));
            client.get(null, "/readyz").problem(507, "disk-full");
            TestAccount nobody = new TestAccount(client, 1);
            assertThat(client.put(null, nobody.genesis()).problem(507, "disk-full").code()).isEqualTo("LOCAL");
        }

        @Test
        void unknownPathsAndMethods_areProblems() throws Exception {
            client.get(null, "/").problem(404, "not-found");
            client.get(null, "/v1/nothing").problem(404, "not-found");
            client.get(null, "/v1/service/").problem(404, "not-found");
            var answer = client.post(null, "/v1/service", Map.of());
            answer.problem(405, "method-not-allowed");
            assertThat(answer.header("allow")).isEqualTo("GET");
            client.with(null, "HEAD", "/v1/service", Map.of()).expect(405);
        }

        @Test
        void closing_letsAnotherServiceContinue() throws Exception {
            TestAccount account = account(1);
            restart(Map.of());
            String token = new TestAccount(client, 1).token();
            assertThat(client.get(token, "/v1/logs/" + account.id().hex() + "/head").json(HeadInfo.class).sequence())
                    .isZero();
        }

        @Test
        void twoServices_doNotShareAFolder() {
            ServiceConfig same = ServiceConfig.of(data.resolve("service"));
            assertThatThrownBy(() -> Service.start(same))
                    .isInstanceOf(IOException.class)
                    .hasMessage("another service runs on this folder");
        }

        @Test
        void shortSecret_isRefused() throws Exception {
            stop();
            Files.write(data.resolve("service").resolve("service.secret"), new byte[5]);
            assertThatThrownBy(() -> start(Map.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("does not hold 32 bytes");
            Files.delete(data.resolve("service").resolve("service.secret"));
            start(Map.of());
        }
    }

    @Nested
    class SigningIn {

        @Test
        void aDevice_getsATokenThatWorks() throws Exception {
            TestAccount account = account(1);
            client.get(account.token(), "/v1/vaults").json(VaultList.class);
        }

        @Test
        void localhost_isTheSameOrigin() throws Exception {
            int port = URI.create(client.origin()).getPort();
            TestAccount account = account(1);
            account.signIn(account.device, "http://localhost:" + port).expect(200);
        }

        @Test
        void aSignatureForAnotherOrigin_isRefused() throws Exception {
            TestAccount account = account(1);
            account.signIn(account.device, "http://elsewhere.example:8420").problem(401, "sign-in-refused");
        }

        @Test
        void aChallengeUsedBefore_isRefused() throws Exception {
            TestAccount account = account(1);
            SessionRequest answer = account.answer(account.device, client.origin(), challenge(account));
            client.post(null, "/v1/sessions", answer).expect(200);
            client.post(null, "/v1/sessions", answer).problem(401, "sign-in-refused");
        }

        @Test
        void anExpiredChallenge_isRefused() throws Exception {
            TestAccount account = account(1);
            SessionRequest answer = account.answer(account.device, client.origin(), challenge(account));
            clock.advance(Duration.ofMinutes(3));
            client.post(null, "/v1/sessions", answer).problem(401, "sign-in-refused");
        }

        @Test
        void aChallengeOfAnotherDeviceOrInvented_isRefused() throws Exception {
            TestAccount mine = account(1);
            TestAccount other = account(2);
            client.post(null, "/v1/sessions", mine.answer(mine.device, client.origin(), challenge(other)))
                    .problem(401, "sign-in-refused");
            String invented = Base64.getEncoder().encodeToString(new byte[32]);
            client.post(null, "/v1/sessions", mine.answer(mine.device, client.origin(), invented))
                    .problem(401, "sign-in-refused");
        }

        @Test
        void unknownAccountsAndDevices_areAnsweredAlike() throws Exception {
            TestAccount known = account(1);
            TestAccount unknown = new TestAccount(client, 2);
            TestDevice stranger = LogFixture.device(3);
            byte[] absent = unknown.signIn(unknown.device, client.origin()).expect(401).body();
            byte[] notMine = known.signIn(stranger, client.origin()).expect(401).body();
            byte[] badSignature = known.signIn(known.device, "http://x.example").expect(401).body();
            assertThat(absent).isEqualTo(notMine).isEqualTo(badSignature);
        }

        @Test
        void malformedRequests_are400() throws Exception {
            String id = "0".repeat(64);
            for (String body : List.of(
                    "",
                    "null",
                    "[]",
                    "{}",
                    "{\"account\":\"" + id + "\"}",
                    "{\"account\":\"" + id + "\",\"device\":null}",
                    "{\"account\":\"" + id + "\",\"device\":\"" + id + "\",\"more\":1}",
                    "{\"account\":\"" + id + "\",\"account\":\"" + id + "\",\"device\":\"" + id + "\"}",
                    "{\"account\":\"" + id.toUpperCase(Locale.ROOT).replace('0', 'A') + "\",\"device\":\"" + id + "\"}",
                    "{\"account\":\"xyz\",\"device\":\"" + id + "\"}",
                    "{\"account\":7,\"device\":\"" + id + "\"}",
                    "{\"account\":\"" + id + "\",\"device\":\"" + id + "\"} {}",
                    "[".repeat(2_000))) {
                client.postRaw(null, "/v1/sessions/challenge", body.getBytes(StandardCharsets.UTF_8))
                        .problem(400, "malformed");
            }
        }

        @Test
        void largeBodies_are413_andOtherMediaTypes415() throws Exception {
            client.postRaw(null, "/v1/sessions", new byte[10_000]).problem(413, "too-large");
            client.send(client.request(null, "/v1/sessions")
                            .header("Content-Type", "text/plain")
                            .POST(BodyPublishers.ofString("{}")))
                    .problem(415, "wrong-media-type");
        }

        @Test
        void badTokens_are401() throws Exception {
            TestAccount account = account(1);
            String token = account.token();
            char last = token.charAt(token.length() - 5);
            String changed = token.substring(0, token.length() - 5) + (last == 'A' ? 'B' : 'A')
                    + token.substring(token.length() - 4);
            for (String bad : List.of("", "x", changed, token.substring(1), token + "A", "é", "A".repeat(5_000))) {
                client.with(null, "GET", "/v1/vaults", Map.of("Authorization", "Bearer " + ascii(bad)))
                        .problem(401, "not-signed-in");
            }
            client.with(null, "GET", "/v1/vaults", Map.of("Authorization", token)).problem(401, "not-signed-in");
            client.get(null, "/v1/vaults").problem(401, "not-signed-in");
            client.get(token, "/v1/vaults").expect(200);
        }

        private String ascii(String text) {
            return text.replaceAll("[^\\x20-\\x7e]", "?");
        }

        @Test
        void tokensEnd() throws Exception {
            TestAccount account = account(1);
            String token = account.token();
            clock.advance(Duration.ofMinutes(14));
            client.get(token, "/v1/vaults").expect(200);
            clock.advance(Duration.ofMinutes(2));
            client.get(token, "/v1/vaults").problem(401, "not-signed-in");
        }

        @Test
        void aRemovedDevice_isRefusedAtOnce() throws Exception {
            TestAccount account = account(1);
            TestDevice second = LogFixture.device(50);
            String token = account.token();
            Entry added = account.addDevice(second, Role.FULL);
            client.put(token, added).expect(201);
            account.applied(added);
            String secondToken = account.token(second);
            client.get(secondToken, "/v1/vaults").expect(200);
            Entry removed = account.next(
                    account.device,
                    2,
                    new Control.DeviceRemoved(
                            List.of(second.id()), LogFixture.generation(2, account.device, account.recovery)));
            client.put(token, removed).expect(201);
            client.get(secondToken, "/v1/vaults").problem(401, "not-signed-in");
            account.signIn(second, client.origin()).problem(401, "sign-in-refused");
        }

        @Test
        void recoveryWords_findTheAccountAndLetNewDevicesIn() throws Exception {
            TestAccount account = account(1);
            FindAccountAnswer found = client.post(
                            null, "/v1/accounts/find", new FindAccountRequest(account.recovery.id().hex()))
                    .json(FindAccountAnswer.class);
            assertThat(found.account()).isEqualTo(account.id().hex());
            client.post(null, "/v1/accounts/find", new FindAccountRequest(account.device.id().hex()))
                    .problem(404, "not-found");
            String token = account.token(account.recovery);
            LogId vault = account.beginVault(account.token());
            client.get(token, "/v1/logs/" + account.id().hex() + "/entries").expect(200);
            client.get(token, "/v1/logs/" + vault.hex() + "/entries").expect(200);
            client.post(token, "/v1/packs/uploads", new UploadRequest(vault.hex(), List.of(new PackSize("0".repeat(64), 5))))
                    .problem(403, "not-allowed");
            TestDevice fresh = LogFixture.device(60);
            Entry recovered = account.next(
                    account.recovery,
                    2,
                    new Control.Recovered(
                            fresh.record(),
                            List.of(account.device.id()),
                            LogFixture.generation(2, fresh, account.recovery)));
            client.put(token, recovered).expect(201);
            account.applied(recovered);
            client.get(account.token(fresh), "/v1/vaults").expect(200);
        }

        private String challenge(TestAccount account) throws Exception {
            return client.post(
                            null,
                            "/v1/sessions/challenge",
                            new ChallengeRequest(account.id().hex(), account.device.id().hex()))
                    .json(ChallengeAnswer.class)
                    .challenge();
        }
    }

    @Nested
    class Logs {

        @Test
        void entries_comeBackAsTheyWereSent() throws Exception {
            TestAccount account = account(1);
            String token = account.token();
            LogId vault = account.beginVault(token);
            List<byte[]> sent = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Entry commit = account.commit();
                client.put(token, commit).expect(201);
                account.vaultApplied(commit);
                sent.add(commit.encode());
            }
            var answer = client.get(token, "/v1/logs/" + vault.hex() + "/entries?from=1").expect(200);
            assertThat(answer.header("content-type")).isEqualTo("application/cbor-seq");
            assertThat(answer.body()).isEqualTo(concatenated(sent));
            assertThat(client.get(token, "/v1/logs/" + vault.hex() + "/entries?from=2&limit=2").body())
                    .isEqualTo(concatenated(sent.subList(1, 3)));
            assertThat(client.get(token, "/v1/logs/" + vault.hex() + "/entries?from=6").expect(200).body()).isEmpty();
            assertThat(client.get(token, "/v1/logs/" + vault.hex() + "/head").json(HeadInfo.class).id())
                    .isEqualTo(account.vault().head().id().hex());
        }

        @Test
        void entriesWithoutBodies_keepTheirIds() throws Exception {
            TestAccount account = account(1);
            String token = account.token();
            LogId vault = account.beginVault(token);
            Entry commit = account.commit();
            client.put(token, commit).expect(201);
            byte[] page = client.get(token, "/v1/logs/" + vault.hex() + "/entries?from=1&bodies=false").body();
            assertThat(page).isEqualTo(commit.withoutBody().encode());
            assertThat(Entry.decodePerhapsWithoutBody(page).id()).isEqualTo(commit.id());
        }

        @Test
        void pages_goOnAfterALongLogWithoutGaps() throws Exception {
            TestAccount account = account(1);
            String token = account.token();
            LogId vault = account.beginVault(token);
            List<byte[]> sent = new ArrayList<>();
            for (int i = 0; i < 320; i++) {
                Entry commit = account.commit();
                client.put(token, commit).expect(201);
                account.vaultApplied(commit);
                sent.add(commit.encode());
            }
            assertThat(client.get(token, "/v1/logs/" + vault.hex() + "/entries?from=1").body())
                    .isEqualTo(concatenated(sent));
            // A restart goes on from the state kept after 128 entries and still knows what may follow.
            restart(Map.of());
            client.put(token, account.commit()).expect(201);
        }

        @Test
        void aSecondAppend_isAnsweredWithTheHead() throws Exception {
            TestAccount account = account(1);
            String token = account.token();
            account.beginVault(token);
            Entry first = account.commit();
            Entry second = account.commit();
            client.put(token, first).expect(201);
            var conflict = client.put(token, second).expect(409);
            HeadInfo head = new ObjectMapper().readValue(conflict.body(), HeadInfo.class);
            assertThat(head.sequence()).isEqualTo(1);
            assertThat(head.id()).isEqualTo(first.id().hex());
        }

        @Test
        void theSameAppendAgain_isTheSameAnswer() throws Exception {
            TestAccount account = account(1);
            String token = account.token();
            account.beginVault(token);
            Entry commit = account.commit();
            byte[] once = client.put(token, commit).expect(201).body();
            assertThat(client.put(token, commit).expect(201).body()).isEqualTo(once);
            assertThat(client.put(null, account.genesis()).status()).isEqualTo(201);
        }

        @Test
        void appendsThatRace_haveOneWinnerEach() throws Exception {
            TestAccount account = account(1);
            String token = account.token();
            LogId vault = account.beginVault(token);
            for (int round = 0; round < 10; round++) {
                List<Entry> contenders = new ArrayList<>();
                List<Callable<Integer>> sends = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    Entry entry = account.commit();
                    contenders.add(entry);
                    sends.add(() -> client.put(token, entry).status());
                }
                List<Integer> statuses = new ArrayList<>();
                try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                    for (Future<Integer> status : threads.invokeAll(sends)) {
                        statuses.add(status.get());
                    }
                }
                assertThat(statuses).containsOnly(201, 409).containsOnlyOnce(201);
                account.vaultApplied(contenders.get(statuses.indexOf(201)));
                assertThat(client.get(token, "/v1/logs/" + vault.hex() + "/head").json(HeadInfo.class).id())
                        .isEqualTo(account.vault().head().id().hex());
            }
        }

        @Test
        void malformedEntries_are400_andInvalidOnes422() throws Exception {
            TestAccount account = account(1);
            String token = account.token();
            LogId vault = account.beginVault(token);
            byte[] good = account.commit().encode();
            String path = TestClient.entryPath(vault, 1);
            client.put(token, path, "application/cbor", new byte[0]).problem(400, "malformed");
            client.put(token, path, "application/cbor", new byte[] {(byte) 0xff}).problem(400, "malformed");
            client.put(token, path, "application/cbor", Arrays.copyOf(good, good.length + 1)).problem(400, "malformed");
            client.put(token, path, "application/cbor", Arrays.copyOf(good, good.length - 1)).problem(400, "malformed");
            client.put(token, path, "application/json", good).problem(415, "wrong-media-type");
            client.put(token, TestClient.entryPath(vault, 2), "application/cbor", good).problem(400, "malformed");
            client.put(token, TestClient.entryPath(account.id(), 1), "application/cbor", good).problem(400, "malformed");
            byte[] badSignature = good.clone();
            badSignature[badSignature.length - 1] ^= 1;
            assertThat(client.put(token, path, "application/cbor", badSignature).problem(422, "invalid-chain").code())
                    .isEqualTo("CHAIN");
            client.put(token, path, "application/cbor", good).expect(201);
        }

        @Test
        void anyChangedByte_isRefused() throws Exception {
            TestAccount account = account(1);
            String token = account.token();
            LogId vault = account.beginVault(token);
            byte[] good = account.commit().encode();
            long seed = System.nanoTime();
            Random random = new Random(seed);
            for (int i = 0; i < 60; i++) {
                byte[] bad = good.clone();
                int at = random.nextInt(bad.length);
                bad[at] ^= (byte) (1 << random.nextInt(8));
                assertThat(client.put(token, TestClient.entryPath(vault, 1), "application/cbor", bad).status())
                        .as("seed %d byte %d", seed, at)
                        .isIn(400, 422);
            }
        }

        @Test
        void entriesOverTheLimit_are413() throws Exception {
            TestAccount account = account(1);
            String token = account.token();
            LogId vault = account.beginVault(token);
            byte[] large = new byte[Limits.ENTRY_BYTES_MAX + 1];
            client.put(token, TestClient.entryPath(vault, 1), "application/cbor", large).problem(413, "too-large");
            client.put(null, TestClient.entryPath(vault, 1), "application/cbor", new byte[70_000])
                    .problem(413, "too-large");
        }

        @Test
        void entriesByADeviceWithoutTheRight_are422() throws Exception {
            TestAccount account = account(1);
            String token = account.token();
            account.beginVault(token);
            TestDevice reader = LogFixture.device(50);
            Entry added = account.addDevice(reader, Role.READ_ONLY);
            client.put(token, added).expect(201);
            account.applied(added);
            Entry commit = account.fixture().commit(account.vault(), account.state(), reader);
            assertThat(client.put(account.token(reader), commit).problem(422, "invalid-right").code())
                    .isEqualTo("NOT_AUTHORISED");
        }

        @Test
        void withoutASession_onlyAccountsBegin() throws Exception {
            TestAccount account = account(1);
            String token = account.token();
            account.beginVault(token);
            client.put(null, account.commit()).problem(401, "not-signed-in");
            client.put(null, account.addDevice(LogFixture.device(50), Role.FULL)).problem(401, "not-signed-in");
            client.put(null, account.fixture().vaultGenesis(account.state(), account.device))
                    .problem(401, "not-signed-in");
        }

        @Test
        void anotherAccountsLogs_areNotThere() throws Exception {
            TestAccount mine = account(1);
            TestAccount other = account(2);
            String token = mine.token();
            LogId vault = other.beginVault(other.token());
            byte[] absent = client.get(token, "/v1/logs/" + "0".repeat(64) + "/head").problem(404, "not-found").toString()
                    .getBytes(StandardCharsets.UTF_8);
            for (LogId log : List.of(vault, other.id())) {
                assertThat(client.get(token, "/v1/logs/" + log.hex() + "/head").problem(404, "not-found").toString()
                                .getBytes(StandardCharsets.UTF_8))
                        .isEqualTo(absent);
                client.get(token, "/v1/logs/" + log.hex() + "/entries").problem(404, "not-found");
            }
            client.put(token, other.commit()).problem(404, "not-found");
            client.put(token, other.addDevice(LogFixture.device(50), Role.FULL)).problem(404, "not-found");
            String pack = "0".repeat(64);
            client.post(token, "/v1/packs/uploads", new UploadRequest(vault.hex(), List.of(new PackSize(pack, 5))))
                    .problem(404, "not-found");
            client.post(token, "/v1/packs/downloads", new DownloadRequest(vault.hex(), List.of(pack)))
                    .problem(404, "not-found");
            client.post(token, "/v1/packs/check", new CheckRequest(vault.hex(), List.of(new PackSize(pack, 5))))
                    .problem(404, "not-found");
            assertThat(client.get(token, "/v1/vaults").json(VaultList.class).vaults()).isEmpty();
            assertThat(client.get(other.token(), "/v1/vaults").json(VaultList.class).vaults())
                    .containsExactly(vault.hex());
        }

        @Test
        void anotherAccountsVault_cannotBeBegunForIt() throws Exception {
            TestAccount mine = account(1);
            TestAccount other = account(2);
            client.put(mine.token(), other.fixture().vaultGenesis(other.state(), other.device))
                    .problem(422, "invalid-right");
        }

        @Test
        void badQueriesAndIds_areRefused() throws Exception {
            TestAccount account = account(1);
            String token = account.token();
            String log = "/v1/logs/" + account.id().hex();
            client.get(token, log + "/entries?from=-1").problem(400, "malformed");
            client.get(token, log + "/entries?limit=0").problem(400, "malformed");
            client.get(token, log + "/entries?limit=1001").problem(400, "malformed");
            client.get(token, log + "/entries?from=x").problem(400, "malformed");
            client.get(token, "/v1/logs/zz/head").problem(404, "not-found");
            client.get(token, "/v1/logs/" + account.id().hex().toUpperCase(Locale.ROOT) + "/head")
                    .problem(404, "not-found");
            byte[] body = account.genesis().encode();
            client.put(token, log + "/entries/01", "application/cbor", body).problem(404, "not-found");
            client.put(token, log + "/entries/-1", "application/cbor", body).problem(404, "not-found");
            client.put(token, log + "/entries/99999999999999999999", "application/cbor", body).problem(404, "not-found");
        }

        @Test
        void vaultsOfOneAccount_areBounded() throws Exception {
            restart(Map.of("vaults-per-account", "2"));
            TestAccount account = account(1);
            String token = account.token();
            account.beginVault(token);
            account.beginVault(token);
            client.put(token, account.fixture().vaultGenesis(account.state(), account.device)).problem(422, "too-many");
        }
    }

    @Nested
    class Packs {

        private TestAccount account;
        private String token;
        private LogId vault;

        @BeforeEach
        void vault() throws Exception {
            account = account(1);
            token = account.token();
            vault = account.beginVault(token);
        }

        @Test
        void aPack_isUploadedCheckedCommittedAndDownloaded() throws Exception {
            byte[] bytes = bytes(300_000, 1);
            PackRef pack = pack(bytes);
            assertThat(present(pack)).isEmpty();
            upload(pack, bytes).expect(201);
            assertThat(present(pack)).containsExactly(pack.id().hex());
            Entry commit = account.commit(List.of(pack), List.of());
            client.put(token, commit).expect(201);
            assertThat(client.get(null, download(pack)).expect(200).body()).isEqualTo(bytes);
        }

        @Test
        void aCommitOfAPackThatIsNotStored_is422AndNamesIt() throws Exception {
            byte[] bytes = bytes(1_000, 1);
            PackRef pack = pack(bytes);
            Entry commit = account.commit(List.of(pack), List.of());
            assertThat(client.put(token, commit).problem(422, "packs-missing").packs()).containsExactly(pack.id().hex());
            grant(pack);
            client.put(token, commit).problem(422, "packs-missing");
            upload(pack, bytes).expect(201);
            client.put(token, account.commit(List.of(new PackRef(pack.id(), 999)), List.of()))
                    .problem(422, "packs-missing");
            client.put(token, commit).expect(201);
        }

        @Test
        void anUploadOfOtherBytes_isRefusedAndLeavesNothing() throws Exception {
            byte[] bytes = bytes(100_000, 1);
            PackRef pack = pack(bytes);
            byte[] other = bytes.clone();
            other[50_000] ^= 1;
            upload(pack, other).problem(422, "wrong-content");
            upload(pack, Arrays.copyOf(bytes, 99_999)).problem(422, "wrong-content");
            upload(pack, Arrays.copyOf(bytes, 100_001)).problem(422, "wrong-content");
            assertThat(present(pack)).isEmpty();
            client.get(null, download(pack)).problem(404, "not-found");
            upload(pack, bytes).expect(201);
            upload(pack, bytes).expect(201);
        }

        @Test
        void grants_areForOneObjectMethodSizeAndTime() throws Exception {
            byte[] bytes = bytes(1_000, 1);
            PackRef pack = pack(bytes);
            String upload = grant(pack).url();
            upload(pack, bytes).expect(201);
            String download = download(pack);
            PackRef other = pack(bytes(1_000, 2));
            for (String tampered : List.of(
                    upload.replace("size=1000", "size=999"),
                    upload.replace("expires=", "expires=9"),
                    upload.replace(pack.id().hex(), other.id().hex()),
                    upload.replace("provider=local", "provider=other"),
                    upload + "&x=1",
                    upload.replaceAll("grant=.*", "grant="),
                    upload.replaceAll("\\?.*", ""),
                    download)) {
                client.put(null, tampered, "application/octet-stream", bytes).problem(403, "grant-refused");
            }
            client.get(null, upload).problem(403, "grant-refused");
            client.with(null, "HEAD", upload, Map.of()).expect(403);
            client.with(null, "DELETE", upload, Map.of()).expect(405);
            clock.advance(Duration.ofMinutes(11));
            client.put(null, upload, "application/octet-stream", bytes).problem(403, "grant-expired");
            client.get(null, download).problem(403, "grant-expired");
        }

        @Test
        void tricksWithPathsOfBlobs_reachNothing() throws Exception {
            byte[] bytes = bytes(1_000, 1);
            PackRef pack = pack(bytes);
            upload(pack, bytes).expect(201);
            String download = download(pack);
            String name = pack.id().hex();
            for (String trick : List.of(
                    "../service.secret",
                    "..%2f..%2fservice.secret",
                    "%2e%2e/service.db",
                    name + "/..",
                    name + "%00",
                    name + ";x=y",
                    "./" + name,
                    "//" + name,
                    name.toUpperCase(Locale.ROOT).equals(name) ? name + "/" : name.toUpperCase(Locale.ROOT))) {
                URI granted = URI.create(download);
                assertThat(raw("GET /v1/blobs/" + trick + "?" + granted.getRawQuery() + " HTTP/1.1\r\nHost: x\r\n"
                                + "Connection: close\r\n\r\n"))
                        .as(trick)
                        .startsWith("HTTP/1.1 4");
            }
        }

        @Test
        void ranges_areServed() throws Exception {
            byte[] bytes = bytes(10_000, 1);
            PackRef pack = pack(bytes);
            upload(pack, bytes).expect(201);
            String url = download(pack);
            assertRange(url, "bytes=0-0", bytes, 0, 1);
            assertRange(url, "bytes=100-199", bytes, 100, 200);
            assertRange(url, "bytes=9990-", bytes, 9_990, 10_000);
            assertRange(url, "bytes=-10", bytes, 9_990, 10_000);
            assertRange(url, "bytes=9990-20000", bytes, 9_990, 10_000);
            assertRange(url, "bytes=-20000", bytes, 0, 10_000);
            for (String ignored : List.of("bytes=0-1,5-6", "lines=1-2", "bytes=5-4", "bytes=-", "bytes=a-b")) {
                assertThat(client.with(null, "GET", url, Map.of("Range", ignored)).expect(200).body())
                        .as(ignored)
                        .isEqualTo(bytes);
            }
            var beyond = client.with(null, "GET", url, Map.of("Range", "bytes=10000-"));
            beyond.problem(416, "range-not-satisfiable");
            assertThat(beyond.header("content-range")).isEqualTo("bytes */10000");
            client.with(null, "GET", url, Map.of("Range", "bytes=-0")).problem(416, "range-not-satisfiable");
            var head = client.with(null, "HEAD", url, Map.of()).expect(200);
            assertThat(head.header("content-length")).isEqualTo("10000");
            assertThat(head.header("accept-ranges")).isEqualTo("bytes");
        }

        private void assertRange(String url, String range, byte[] bytes, int from, int to) throws Exception {
            var answer = client.with(null, "GET", url, Map.of("Range", range)).expect(206);
            assertThat(answer.body()).as(range).isEqualTo(Arrays.copyOfRange(bytes, from, to));
            assertThat(answer.header("content-range")).isEqualTo("bytes " + from + "-" + (to - 1) + "/" + bytes.length);
        }

        @Test
        void damagedBytes_neverPassForTheWhole() throws Exception {
            byte[] bytes = bytes(400_000, 1);
            PackRef pack = pack(bytes);
            upload(pack, bytes).expect(201);
            String url = download(pack);
            try (Stream<Path> files = Files.walk(data)) {
                Path stored = files.filter(file -> file.getFileName().toString().contains(pack.id().hex()))
                        .findFirst()
                        .orElseThrow();
                byte[] damaged = Files.readAllBytes(stored);
                damaged[200_000] ^= 1;
                stored.toFile().setWritable(true);
                Files.write(stored, damaged);
            }
            assertThatThrownBy(() -> client.get(null, url))
                    .isInstanceOf(IOException.class);
            upload(pack, bytes).expect(201);
            assertThat(client.get(null, url).expect(200).body()).as("writing it again heals it").isEqualTo(bytes);
        }

        @Test
        void quota_boundsWhatIsGranted() throws Exception {
            restart(Map.of("quota", "1MiB"));
            PackRef large = new PackRef(pack(bytes(1, 9)).id(), 900_000);
            grant(large);
            assertThat(client.post(
                                    token,
                                    "/v1/packs/uploads",
                                    new UploadRequest(vault.hex(), List.of(new PackSize(pack(bytes(1, 8)).id().hex(), 200_000))))
                            .problem(507, "quota")
                            .code())
                    .isEqualTo("QUOTA");
            grant(large);
        }

        @Test
        void aFullAccount_mayStillReleaseButNotWriteOn() throws Exception {
            byte[] bytes = bytes(1_000, 1);
            PackRef pack = pack(bytes);
            upload(pack, bytes).expect(201);
            append(account.commit(List.of(pack), List.of()));
            PackRef large = new PackRef(pack(bytes(1, 9)).id(), Limits.PACK_BYTES_MAX);
            grant(large);
            restart(Map.of("quota", "1KiB"));
            assertThat(client.put(token, account.commit()).problem(507, "quota").code()).isEqualTo("QUOTA");
            client.put(token, account.commit(List.of(), List.of(pack.id()))).expect(201);
        }

        @Test
        void badRequestsForGrants_areRefused() throws Exception {
            String id = pack(bytes(1, 1)).id().hex();
            uploads(List.of()).problem(400, "malformed");
            uploads(List.of(new PackSize(id, 0))).problem(413, "too-large");
            uploads(List.of(new PackSize(id, -5))).problem(413, "too-large");
            uploads(List.of(new PackSize(id, Limits.PACK_BYTES_MAX + 1L))).problem(413, "too-large");
            uploads(List.of(new PackSize(id, 5), new PackSize(id, 5))).problem(400, "malformed");
            uploads(List.of(new PackSize("../x", 5))).problem(400, "malformed");
            uploads(List.of(new PackSize(id, 5))).expect(200);
            assertThat(uploads(List.of(new PackSize(id, 6))).problem(422, "pack-conflict").packs()).containsExactly(id);
            client.post(token, "/v1/packs/downloads", new DownloadRequest(vault.hex(), List.of(id, id)))
                    .problem(400, "malformed");
        }

        @Test
        void packsOfAnotherVault_areAnsweredLikeNone() throws Exception {
            byte[] bytes = bytes(1_000, 1);
            PackRef pack = pack(bytes);
            upload(pack, bytes).expect(201);
            TestAccount other = account(2);
            String otherToken = other.token();
            LogId otherVault = other.beginVault(otherToken);
            assertThat(client.post(otherToken, "/v1/packs/check", new CheckRequest(otherVault.hex(), sizes(pack)))
                            .json(CheckAnswer.class)
                            .present())
                    .isEmpty();
            assertThat(client.post(
                                    otherToken,
                                    "/v1/packs/downloads",
                                    new DownloadRequest(otherVault.hex(), List.of(pack.id().hex())))
                            .json(DownloadAnswer.class)
                            .grants())
                    .isEmpty();
        }

        @Test
        void aReadOnlyDevice_getsNoUploads() throws Exception {
            TestDevice reader = LogFixture.device(50);
            Entry added = account.addDevice(reader, Role.READ_ONLY);
            client.put(token, added).expect(201);
            account.applied(added);
            String readerToken = account.token(reader);
            String id = pack(bytes(1, 1)).id().hex();
            client.post(readerToken, "/v1/packs/uploads", new UploadRequest(vault.hex(), List.of(new PackSize(id, 5))))
                    .problem(403, "not-allowed");
            client.post(readerToken, "/v1/packs/downloads", new DownloadRequest(vault.hex(), List.of(id))).expect(200);
        }

        @Test
        void releasedPacks_areDeletedAfterTheGraceAndNotBefore() throws Exception {
            byte[] bytes = bytes(1_000, 1);
            PackRef pack = pack(bytes);
            upload(pack, bytes).expect(201);
            append(account.commit(List.of(pack), List.of()));
            append(account.commit(List.of(), List.of(pack.id())));
            clock.advance(Duration.ofDays(7).minusSeconds(1));
            assertThat(service.sweeper().sweep()).isZero();
            token = account.token();
            assertThat(client.get(null, download(pack)).expect(200).body()).isEqualTo(bytes);
            clock.advance(Duration.ofSeconds(2));
            assertThat(service.sweeper().sweep()).isEqualTo(1);
            token = account.token();
            assertThat(present(pack)).isEmpty();
            assertThat(downloads(pack)).isEmpty();
        }

        @Test
        void aReleasedPackThatIsAddedAgain_stays() throws Exception {
            byte[] bytes = bytes(1_000, 1);
            PackRef pack = pack(bytes);
            upload(pack, bytes).expect(201);
            append(account.commit(List.of(pack), List.of()));
            append(account.commit(List.of(), List.of(pack.id())));
            clock.advance(Duration.ofDays(6));
            token = account.token();
            append(account.commit(List.of(pack), List.of()));
            clock.advance(Duration.ofDays(30));
            assertThat(service.sweeper().sweep()).isZero();
            token = account.token();
            assertThat(client.get(null, download(pack)).expect(200).body()).isEqualTo(bytes);
        }

        @Test
        void packsThatWereNeverCommitted_areDeletedAfterTheirGrace() throws Exception {
            byte[] bytes = bytes(1_000, 1);
            PackRef pack = pack(bytes);
            upload(pack, bytes).expect(201);
            clock.advance(Duration.ofHours(25));
            assertThat(service.sweeper().sweep()).isEqualTo(1);
            token = account.token();
            Entry commit = account.commit(List.of(pack), List.of());
            client.put(token, commit).problem(422, "packs-missing");
        }

        @Test
        void oneVaultsRelease_doesNotDeleteWhatAnotherHolds() throws Exception {
            byte[] bytes = bytes(1_000, 1);
            PackRef pack = pack(bytes);
            upload(pack, bytes).expect(201);
            append(account.commit(List.of(pack), List.of()));
            TestAccount thief = account(2);
            String thiefToken = thief.token();
            LogId thiefVault = thief.beginVault(thiefToken);
            client.post(thiefToken, "/v1/packs/uploads", new UploadRequest(thiefVault.hex(), sizes(pack))).expect(200);
            Entry added = thief.commit(List.of(pack), List.of());
            client.put(thiefToken, added).expect(201);
            thief.vaultApplied(added);
            client.put(thiefToken, thief.commit(List.of(), List.of(pack.id()))).expect(201);
            clock.advance(Duration.ofDays(30));
            service.sweeper().sweep();
            token = account.token();
            assertThat(client.get(null, download(pack)).expect(200).body()).isEqualTo(bytes);
        }

        @Test
        void aSlowSender_isCutAndLeavesNothing() throws Exception {
            restart(Map.of("idle-timeout", "PT0.5S"));
            byte[] bytes = bytes(1_000, 1);
            PackRef pack = pack(bytes);
            URI url = URI.create(grant(pack).url());
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
                socket.setSoTimeout(20_000);
                OutputStream out = socket.getOutputStream();
                out.write(("PUT " + url.getRawPath() + "?" + url.getRawQuery()
                                + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(bytes, 0, 10);
                out.flush();
                byte[] answer = socket.getInputStream().readAllBytes();
                assertThat(new String(answer, StandardCharsets.US_ASCII)).doesNotContain("201");
            }
            assertThat(present(pack)).isEmpty();
        }

        private String raw(String request) throws Exception {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.address().getPort())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            }
        }

        private void append(Entry entry) throws Exception {
            client.put(token, entry).expect(201);
            account.vaultApplied(entry);
        }

        private TestClient.Answer uploads(List<PackSize> packs) throws Exception {
            return client.post(token, "/v1/packs/uploads", new UploadRequest(vault.hex(), packs));
        }

        private UploadCopy grant(PackRef pack) throws Exception {
            return uploads(sizes(pack)).json(UploadAnswer.class).grants().getFirst().copies().getFirst();
        }

        private TestClient.Answer upload(PackRef pack, byte[] bytes) throws Exception {
            UploadCopy grant = grant(pack);
            assertThat(grant.origin()).isEqualTo(client.origin());
            assertThat(grant.method()).isEqualTo("PUT");
            return client.put(null, grant.url(), "application/octet-stream", bytes);
        }

        private String download(PackRef pack) throws Exception {
            return downloads(pack).getFirst().copies().getFirst().url();
        }

        private List<DownloadPlan> downloads(PackRef pack) throws Exception {
            return client.post(
                            token,
                            "/v1/packs/downloads",
                            new DownloadRequest(vault.hex(), List.of(pack.id().hex())))
                    .json(DownloadAnswer.class)
                    .grants();
        }

        private List<String> present(PackRef pack) throws Exception {
            return client.post(token, "/v1/packs/check", new CheckRequest(vault.hex(), sizes(pack)))
                    .json(CheckAnswer.class)
                    .present();
        }
    }

    @Nested
    class Events {

        @Test
        void aListener_isToldOfPresentAndNewHeads() throws Exception {
            TestAccount account = account(1);
            String token = account.token();
            LogId vault = account.beginVault(token);
            try (EventReader events = new EventReader(token)) {
                events.awaitLine("data: {\"log\":\"" + account.id().hex() + "\",\"sequence\":0");
                events.awaitLine("data: {\"log\":\"" + vault.hex() + "\",\"sequence\":0");
                client.put(token, account.commit()).expect(201);
                events.awaitLine("data: {\"log\":\"" + vault.hex() + "\",\"sequence\":1");
            }
        }

        @Test
        void aListener_isNotToldOfOthers() throws Exception {
            TestAccount mine = account(1);
            TestAccount other = account(2);
            String token = mine.token();
            String otherToken = other.token();
            LogId otherVault = other.beginVault(otherToken);
            try (EventReader events = new EventReader(token)) {
                client.put(otherToken, other.commit()).expect(201);
                mine.beginVault(token);
                assertThat(events.awaitLine("data: {\"log\":\"" + mine.vault().id().hex()))
                        .noneMatch(line -> line.contains(otherVault.hex()));
            }
        }

        @Test
        void silence_isBrokenByPings() throws Exception {
            restart(Map.of("idle-timeout", "PT0.4S"));
            TestAccount account = account(1);
            try (EventReader events = new EventReader(account.token())) {
                events.awaitLine("event: ping");
                events.awaitLine("event: ping");
                events.awaitLine("event: ping");
            }
        }

        @Test
        void aRemovedDevicesStream_ends() throws Exception {
            TestAccount account = account(1);
            String token = account.token();
            TestDevice second = LogFixture.device(50);
            Entry added = account.addDevice(second, Role.FULL);
            client.put(token, added).expect(201);
            account.applied(added);
            try (EventReader events = new EventReader(account.token(second))) {
                events.awaitLine("data: {");
                Entry removed = account.next(
                        account.device,
                        2,
                        new Control.DeviceRemoved(
                                List.of(second.id()), LogFixture.generation(2, account.device, account.recovery)));
                client.put(token, removed).expect(201);
                events.awaitEnd();
            }
        }

        @Test
        void streamsOfOneDevice_areBounded() throws Exception {
            restart(Map.of("streams-per-device", "2"));
            TestAccount account = account(1);
            String token = account.token();
            try (EventReader first = new EventReader(token);
                    EventReader second = new EventReader(token)) {
                first.awaitLine("data: {");
                second.awaitLine("data: {");
                client.get(token, "/v1/events").problem(429, "too-many-requests");
            }
        }

        @Test
        void closingTheService_endsStreams() throws Exception {
            TestAccount account = account(1);
            try (EventReader events = new EventReader(account.token())) {
                events.awaitLine("data: {");
                long start = System.nanoTime();
                service.close();
                events.awaitEnd();
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            }
        }

        private final class EventReader implements AutoCloseable {
            private final BufferedReader lines;
            private final InputStream in;

            EventReader(String token) throws Exception {
                HttpResponse<InputStream> answer =
                        client.http().send(client.request(token, "/v1/events").build(), BodyHandlers.ofInputStream());
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
                in = answer.body();
                lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            }

            List<String> awaitLine(String start) throws Exception {
                return CompletableFuture.supplyAsync(() -> read(start)).get(10, TimeUnit.SECONDS);
            }

            private List<String> read(String start) {
                List<String> seen = new ArrayList<>();
                try {
                    String line = lines.readLine();
                    while (line != null) {
                        seen.add(line);
                        if (line.startsWith(start)) {
                            return seen;
                        }
                        line = lines.readLine();
                    }
                } catch (IOException e) {
                    throw new AssertionError("the stream broke before " + start, e);
                }
                throw new AssertionError("the stream ended before " + start);
            }

            void awaitEnd() throws Exception {
                CompletableFuture.runAsync(() -> {
                            try {
                                while (lines.readLine() != null) {
                                    Thread.onSpinWait();
                                }
                            } catch (IOException e) {
                                // A cut stream has ended, too.
                                return;
                            }
                        })
                        .get(10, TimeUnit.SECONDS);
            }

            @Override
            public void close() throws IOException {
                in.close();
            }
        }
    }

    @Nested
    class Pairing {

        private final String box = "/v1/mailboxes/" + Hash.of(new byte[] {7}).hex();

        @Test
        void aLetter_isWrittenOnceAndRead() throws Exception {
            client.get(null, box + "/0").problem(404, "not-found");
            put(0, "letter").expect(204);
            assertThat(client.get(null, box + "/0").expect(200).body()).asString(StandardCharsets.UTF_8).isEqualTo("letter");
            put(0, "again").problem(409, "already-written");
            put(1, "other").expect(204);
            assertThat(client.get(null, box + "/0").body()).asString(StandardCharsets.UTF_8).isEqualTo("letter");
        }

        @Test
        void aReader_waitsForTheLetter() throws Exception {
            CompletableFuture<HttpResponse<byte[]>> waiting = client.http()
                    .sendAsync(client.request(null, box + "/2?wait=10").build(), BodyHandlers.ofByteArray());
            Thread.sleep(100);
            assertThat(waiting).isNotDone();
            put(2, "at last").expect(204);
            assertThat(waiting.get(5, TimeUnit.SECONDS).body()).asString(StandardCharsets.UTF_8).isEqualTo("at last");
            long start = System.nanoTime();
            client.get(null, box + "/3?wait=1").problem(404, "not-found");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));
        }

        @Test
        void badBoxesSlotsSizesAndWaits_areRefused() throws Exception {
            client.get(null, "/v1/mailboxes/short/0").problem(404, "not-found");
            client.get(null, box + "/4").problem(404, "not-found");
            client.get(null, box + "/-1").problem(404, "not-found");
            client.get(null, box + "/0?wait=26").problem(400, "malformed");
            client.put(null, box + "/0", "application/octet-stream", new byte[(64 << 10) + 1]).problem(413, "too-large");
            client.put(null, box + "/0", "application/octet-stream", new byte[64 << 10]).expect(204);
        }

        @Test
        void boxes_areBoundedInNumber() throws Exception {
            restart(Map.of("mailboxes", "2"));
            for (int i = 0; i < 3; i++) {
                client.put(
                                null,
                                "/v1/mailboxes/" + Hash.of(new byte[] {(byte) i}).hex() + "/0",
                                "application/octet-stream",
                                new byte[1])
                        .expect(i < 2 ? 204 : 503);
            }
        }

        private TestClient.Answer put(int slot, String letter) throws Exception {
            return client.put(
                    null, box + "/" + slot, "application/octet-stream", letter.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Nested
    class Limiting {

        @Test
        void anAddressThatAsksTooOften_is429WithRetryAfter() throws Exception {
            restart(Map.of("address-rate", "1"));
            int refused = 0;
            for (int i = 0; i < 10; i++) {
                var answer = client.get(null, "/v1/service");
                if (answer.status() == 429) {
                    answer.problem(429, "too-many-requests");
                    assertThat(answer.header("retry-after")).isNotEmpty();
                    refused++;
                }
            }
            assertThat(refused).isGreaterThanOrEqualTo(4);
            client.get(null, "/healthz").expect(200);
        }

        @Test
        void oneAccountsFlood_doesNotStopAnother() throws Exception {
            restart(Map.of("account-rate", "2"));
            TestAccount loud = account(1);
            TestAccount quiet = account(2);
            String loudToken = loud.token();
            String quietToken = quiet.token();
            int refused = 0;
            for (int i = 0; i < 20; i++) {
                refused += client.get(loudToken, "/v1/vaults").status() == 429 ? 1 : 0;
            }
            assertThat(refused).isPositive();
            client.get(quietToken, "/v1/vaults").expect(200);
        }

        @Test
        void behindAProxy_theForwardedAddressCounts() throws Exception {
            restart(Map.of("address-rate", "1", "behind-proxy", "true"));
            for (int i = 0; i < 20; i++) {
                client.with(null, "GET", "/v1/service", Map.of("X-Forwarded-For", "9.9.9.9, 203.0.113." + i)).expect(200);
            }
        }

        @Test
        void accountsPerHour_areBounded() throws Exception {
            restart(Map.of("accounts-per-hour", "1"));
            int refused = 0;
            for (int i = 1; i <= 12; i++) {
                refused += client.put(null, new TestAccount(client, i).genesis()).status() == 429 ? 1 : 0;
            }
            assertThat(refused).isEqualTo(2);
        }
    }

    private static byte[] concatenated(List<byte[]> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        parts.forEach(out::writeBytes);
        return out.toByteArray();
    }

    private static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static PackRef pack(byte[] bytes) {
        return new PackRef(new PackId(Hash.of(bytes).value()), bytes.length);
    }

    private static List<PackSize> sizes(PackRef pack) {
        return List.of(new PackSize(pack.id().hex(), pack.size()));
    }
}
