package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Limits;
import coffer.core.LogId;
import coffer.core.api.CheckRequest;
import coffer.core.api.DownloadRequest;
import coffer.core.api.HeadInfo;
import coffer.core.api.PackSize;
import coffer.core.api.UploadRequest;
import coffer.core.api.VaultList;
import coffer.core.log.Entry;
import coffer.core.log.LogFixture;
import coffer.core.log.LogFixture.TestDevice;
import coffer.core.log.Role;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Logs over HTTP: appending, racing, reading, and what is refused.
class LogApiTest extends ServiceHarness {

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
        client.post(token, "/v1/packs/uploads", new UploadRequest(vault.hex(), List.of(new PackSize(pack, 5)), List.of()))
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
