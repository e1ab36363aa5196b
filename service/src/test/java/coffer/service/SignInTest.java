package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.LogId;
import coffer.core.api.ChallengeAnswer;
import coffer.core.api.ChallengeRequest;
import coffer.core.api.FindAccountAnswer;
import coffer.core.api.FindAccountRequest;
import coffer.core.api.PackSize;
import coffer.core.api.SessionRequest;
import coffer.core.api.UploadRequest;
import coffer.core.api.VaultList;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.LogFixture;
import coffer.core.log.LogFixture.TestDevice;
import coffer.core.log.Role;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Sessions over HTTP: who gets in, and who does not.
class SignInTest extends ServiceHarness {

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
        client.post(token, "/v1/packs/uploads", new UploadRequest(vault.hex(), List.of(new PackSize("0".repeat(64), 5)), List.of()))
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
