package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Limits;
import coffer.core.LogId;
import coffer.core.api.HeadInfo;
import coffer.core.api.ServiceInfo;
import coffer.core.log.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What operators and anyone may ask.
class ServiceOperationTest extends ServiceHarness {

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
    void aFullDisk_is507AndLosesNothingAcknowledged() throws Exception {
        stop();
        start(Map.of(), 80);
        TestAccount account = account(1);
        String token = account.token();
        LogId vault = account.beginVault(token);
        int acknowledged = 0;
        Entry commit = account.commit();
        TestClient.Answer answer = client.put(token, commit);
        while (answer.status() == 201) {
            acknowledged++;
            account.vaultApplied(commit);
            commit = account.commit();
            answer = client.put(token, commit);
        }
        assertThat(answer.problem(507, "disk-full").code()).isEqualTo("LOCAL");
        assertThat(acknowledged).isPositive();
        assertThat(headOf(token, vault)).as("reading goes on").isEqualTo(acknowledged);
        client.put(token, account.commit()).problem(507, "disk-full");
        restart(Map.of());
        assertThat(headOf(token, vault)).isEqualTo(acknowledged);
        client.put(token, account.commit()).expect(201);
    }

    private long headOf(String token, LogId log) throws Exception {
        return client.get(token, "/v1/logs/" + log.hex() + "/head").json(HeadInfo.class).sequence();
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
