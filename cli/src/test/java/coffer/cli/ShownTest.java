package coffer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.device.Progress;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShownTest {

    @Test
    void name_ofOrdinaryKinds_isLeftAlone() {
        for (String name : new String[] {"a b.txt", "ü", "日本語", "😀", "👨‍👩‍👧", "مرحبا", "e\u0301"}) {
            assertThat(Shown.name(name)).isEqualTo(name);
        }
    }

    @Test
    void name_thatActsOnATerminal_isEscaped() {
        assertThat(Shown.name("a\nb")).isEqualTo("a\\nb");
        assertThat(Shown.name("\u001b]0;owned\u0007")).isEqualTo("\\u{1b}]0;owned\\u{7}");
        assertThat(Shown.name("\u009b31m")).isEqualTo("\\u{9b}31m");
        assertThat(Shown.name("gpj.\u202etxt.exe")).isEqualTo("gpj.\\u{202e}txt.exe");
        assertThat(Shown.name("a\u2028b")).isEqualTo("a\\u{2028}b");
        assertThat(Shown.name("half\ud800")).isEqualTo("half\\u{d800}");
    }

    @Test
    void name_neverLooksLikeAnother() {
        assertThat(Shown.name("a\\nb")).isEqualTo("a\\\\nb").isNotEqualTo(Shown.name("a\nb"));
    }

    @Test
    void name_ofAnything_holdsNoControlCharacter() {
        long seed = 7;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String name = new String(Character.toChars(random.nextInt(0x110000))) + (char) random.nextInt(0x100);
            assertThat(Shown.name(name).chars().noneMatch(Character::isISOControl))
                    .as("seed %d, case %d", seed, i)
                    .isTrue();
        }
    }

    @Test
    void bytes_areRoundedToWhatPeopleRead() {
        assertThat(Shown.bytes(0)).isEqualTo("0 B");
        assertThat(Shown.bytes(999)).isEqualTo("999 B");
        assertThat(Shown.bytes(1000)).isEqualTo("1.0 kB");
        assertThat(Shown.bytes(1950)).isEqualTo("2.0 kB");
        assertThat(Shown.bytes(99_950)).isEqualTo("100 kB");
        assertThat(Shown.bytes(999_499)).isEqualTo("999 kB");
        assertThat(Shown.bytes(999_500)).isEqualTo("1.0 MB");
        assertThat(Shown.bytes(123_456_789)).isEqualTo("123 MB");
        assertThat(Shown.bytes(Long.MAX_VALUE)).isEqualTo("9.2 EB");
    }

    @Test
    void count_isGroupedAndNumbered() {
        assertThat(Shown.count(1, "file")).isEqualTo("1 file");
        assertThat(Shown.count(0, "file")).isEqualTo("0 files");
        assertThat(Shown.count(1_234_567, "entry", "entries")).isEqualTo("1,234,567 entries");
    }

    @Test
    void width_countsColumnsAsTerminalsDo() {
        assertThat(Width.of("abc")).isEqualTo(3);
        assertThat(Width.of("日本")).isEqualTo(4);
        assertThat(Width.of("e\u0301")).isEqualTo(1);
        assertThat(Width.of("😀")).isEqualTo(2);
        assertThat(Width.of("👨‍👩‍👧")).isEqualTo(6);
        assertThat(Width.padded("日本", 6)).isEqualTo("日本  ");
        assertThat(Width.cut("日本語", 5)).isEqualTo("日本…");
        assertThat(Width.cut("abc", 3)).isEqualTo("abc");
    }

    @Test
    void bar_saysHowFarHowFastAndHowLong() {
        assertThat(Bar.line("sealing", 50_000_000, 200_000_000, Progress.Unit.BYTES, 5))
                .isEqualTo("sealing      ━━━━━━·················· 25 %  50.0 MB of 200 MB  10.0 MB/s  0:15 left");
        assertThat(Bar.line("looking", 12, -1, Progress.Unit.FILES, 0.5)).isEqualTo("looking      12 files");
        assertThat(Bar.line("a\nb", 3, 2, Progress.Unit.PACKS, 0)).startsWith("a\\nb").contains("100 %");
    }
}
