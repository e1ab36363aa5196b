package coffer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitCommandTest {

    @ParameterizedTest
    @CsvSource({
        "off, 0", "OFF, 0", "500k, 500000", "500kB, 500000", "2M, 2000000", "1.5MiB, 1572864", "20Mbit, 2500000",
        "20 Mbit/s, 2500000", "1GB/s, 1000000000", "40000, 40000", "32kb, 32000"
    })
    void rate_isRead(String text, long bytesPerSecond) {
        assertThat(LimitCommand.rate(text)).isEqualTo(bytesPerSecond);
    }

    @Test
    void whatIsNoRate_orTooSlow_isRefused() {
        for (String text : new String[] {"", "fast", "-5k", "5x", "1k", "0", "100kbit", "5i", "1,5M"}) {
            assertThatThrownBy(() -> LimitCommand.rate(text)).as(text).isInstanceOf(UsageException.class);
        }
    }
}
