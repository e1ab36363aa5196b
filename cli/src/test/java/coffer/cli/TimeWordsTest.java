package coffer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeWordsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "2026-11-23T14:05:09Z, 2026-11-23T14:05:09Z",
        "2026-11-23T14:05+02:00, 2026-11-23T12:05:00Z",
        "2026-11-23T14:05, 2026-11-23T13:05:00Z",
        "2026-11-23 14:05:09, 2026-11-23T13:05:09Z",
        "2026-11-23, 2026-11-22T23:00:00Z",
        "2h, 2026-11-24T10:00:00Z",
        "90S, 2026-11-24T11:58:30Z",
        "30m, 2026-11-24T11:30:00Z",
        "1w, 2026-11-17T12:00:00Z",
        "PT2H, 2026-11-24T10:00:00Z",
        "P3D, 2026-11-21T12:00:00Z",
        "P1M, 2026-10-24T11:00:00Z"
    })
    void time_isRead(String text, String expected) {
        assertThat(TimeWords.parse(text, NOW, BERLIN)).contains(Instant.parse(expected));
    }

    @Test
    void whatIsNoTime_isNotTakenForOne() {
        for (String text : List.of("", "h", "2", "2 h", "yesterday", "2026-13-01", "2026-11-23T25:00", "-2h", "9999999d", "24:00")) {
            assertThat(TimeWords.parse(text, NOW, BERLIN)).as(text).isEmpty();
        }
    }
}
