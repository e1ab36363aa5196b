package coffer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Hash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Against another implementation, the one that the pages use (`qr` 0.7.0, version 6, level L): the first eight bytes of the SHA-256 of
/// all modules, for each of the eight masks.
class QrCodeTest {

    private static final String ADDRESS = "https://192.168.1.20:27443/#" + "0123456789abcdef".repeat(4);

    private static String hash(QrCode code) {
        StringBuilder modules = new StringBuilder();
        for (int row = 0; row < QrCode.SIZE; row++) {
            modules.append(row > 0 ? "\n" : "");
            for (int column = 0; column < QrCode.SIZE; column++) {
                modules.append(code.isDark(row, column) ? '1' : '0');
            }
        }
        return Hash.of(modules.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
    }

    private static List<String> hashes(String text) {
        List<String> hashes = new ArrayList<>();
        for (int mask = 0; mask < QrCode.MASKS; mask++) {
            hashes.add(hash(QrCode.of(text, mask)));
        }
        return hashes;
    }

    @Test
    void codes_areThoseOfAnotherImplementation() {
        assertThat(hashes(ADDRESS)).containsExactly(
                "c5abdecfd809d16c", "b5201f9fb1115e70", "9f6aefd82c5c7195", "3584ff28c4155ece",
                "737081f92366ddc0", "08a5d34ba6eeea9d", "8666b36dfcc2bbe9", "491845ad31b13d32");
        assertThat(hashes("x")).containsExactly(
                "d2fe2aa9181742dc", "0cc95bb62facc785", "883c2798e92b794f", "95972681e33bb165",
                "834f326964df69f7", "22aeeb7e45e8ccb2", "fff4b985081b0306", "f0d7f0e4279ceadd");
        assertThat(hashes("ü".repeat(67))).as("full").containsExactly(
                "07f4304711648441", "c6f85d7bfc740a45", "784efe723f1b99a5", "6e7b05ff139487e7",
                "6d9d7287ae3ca4a2", "ddccbb020645b2ba", "098ed1b4a9596ee0", "e1b639b9faa950aa");
    }

    @Test
    void theMaskThatIsChosen_isOneOfThem() {
        assertThat(hashes(ADDRESS)).contains(hash(QrCode.of(ADDRESS)));
    }

    @Test
    void whatIsTooLong_isRefused() {
        assertThatThrownBy(() -> QrCode.of("x".repeat(QrCode.BYTES_MAX + 1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void lines_areAsWide_andStandInAQuietZone() {
        List<String> lines = QrCode.of(ADDRESS).lines().stream().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "")).toList();
        assertThat(lines).hasSize(25).allSatisfy(line -> assertThat(line).hasSize(49).startsWith("    ").endsWith("    "));
        assertThat(lines.subList(0, 2)).allMatch(String::isBlank);
    }
}
