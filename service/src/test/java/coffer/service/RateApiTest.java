package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/// Rate limits over HTTP.
class RateApiTest extends ServiceHarness {

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
