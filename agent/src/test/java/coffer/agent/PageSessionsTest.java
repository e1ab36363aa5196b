package coffer.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PageSessionsTest {

    private Instant now = Instant.EPOCH;
    private final PageSessions sessions = new PageSessions(() -> now);

    @Test
    void ticket_livesAnHour() {
        String early = sessions.ticket();
        String late = sessions.ticket();
        now = now.plus(PageSessions.TICKET_LIVES);
        assertThat(sessions.open(early)).isPresent();
        now = now.plusMillis(1);
        assertThat(sessions.open(late)).isEmpty();
    }

    @Test
    void tickets_thatNobodyUses_makeRoom() {
        String first = sessions.ticket();
        for (int i = 0; i < 16; i++) {
            sessions.ticket();
        }
        assertThat(sessions.open(first)).isEmpty();
        assertThat(sessions.open(sessions.ticket())).isPresent();
    }

    @Test
    void knows_onlyTheCookieOfItsKey() {
        PageSessions.Session one = sessions.open(sessions.ticket()).orElseThrow();
        PageSessions.Session two = sessions.open(sessions.ticket()).orElseThrow();
        assertThat(sessions.knows(one.key(), one.cookie())).isTrue();
        assertThat(sessions.knows(one.key(), two.cookie())).isFalse();
        assertThat(sessions.knows(one.key(), "")).isFalse();
        assertThat(sessions.knows(one.cookie(), one.cookie())).isFalse();
        sessions.end(one.key());
        assertThat(sessions.knows(one.key(), one.cookie())).isFalse();
        assertThat(sessions.knows(two.key(), two.cookie())).isTrue();
    }
}
