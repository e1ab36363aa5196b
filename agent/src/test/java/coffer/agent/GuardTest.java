package coffer.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GuardTest {

    private static final String TOKEN = "0123456789abcdef";
    private final Guard guard = new Guard(4711, TOKEN);

    @Test
    void check_letsTheCommandIn() {
        assertThat(status("POST", "127.0.0.1:4711", null, "Bearer " + TOKEN, "application/json")).isZero();
        assertThat(status("GET", "localhost:4711", null, "Bearer " + TOKEN, null)).isZero();
        assertThat(status("GET", "127.0.0.1:4711", "http://127.0.0.1:4711", "Bearer " + TOKEN, null)).isZero();
    }

    @Test
    void check_refusesAPageWhoseNameWasReboundToLoopback() {
        assertThat(status("GET", "evil.example:4711", null, "Bearer " + TOKEN, null)).isEqualTo(421);
        assertThat(status("GET", "127.0.0.1", null, "Bearer " + TOKEN, null)).isEqualTo(421);
        assertThat(status("GET", "127.0.0.1:4711.evil.example", null, "Bearer " + TOKEN, null)).isEqualTo(421);
        assertThat(status("GET", null, null, "Bearer " + TOKEN, null)).isEqualTo(421);
    }

    @Test
    void check_refusesAPageOfAnotherOrigin() {
        assertThat(status("GET", "127.0.0.1:4711", "http://evil.example", "Bearer " + TOKEN, null)).isEqualTo(403);
        assertThat(status("GET", "127.0.0.1:4711", "null", "Bearer " + TOKEN, null)).isEqualTo(403);
        assertThat(status("GET", "127.0.0.1:4711", "http://127.0.0.1:4712", "Bearer " + TOKEN, null)).isEqualTo(403);
    }

    @Test
    void check_refusesAWrongToken() {
        for (String wrong : new String[] {null, "", "Bearer ", "Bearer x", TOKEN, "bearer " + TOKEN, "Bearer " + TOKEN + "0"}) {
            assertThat(status("GET", "127.0.0.1:4711", null, wrong, null)).as("%s", wrong).isEqualTo(401);
        }
    }

    @Test
    void check_refusesABodyThatABrowserSendsWithoutAsking() {
        assertThat(status("POST", "127.0.0.1:4711", null, "Bearer " + TOKEN, "text/plain")).isEqualTo(415);
        assertThat(status("POST", "127.0.0.1:4711", null, "Bearer " + TOKEN, null)).isEqualTo(415);
    }

    private int status(
            String method,
            @Nullable String host,
            @Nullable String origin,
            @Nullable String authorization,
            @Nullable String type) {
        return guard.check(new Guard.Caller(method, host, origin, authorization, type))
                .map(Guard.Refusal::status)
                .orElse(0);
    }
}
