package coffer.service.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {

    private static final String NAME = "ab".repeat(32);

    private static final List<Measurement> EACH_KIND = List.of(
            new Measurement.Begun(0, 1, "p/0001", "p", "Ö \"AG\"\n", "eu", "http://x", "w", 5, "abc", Map.of("a", "b")),
            new Measurement.Round(1, 0),
            new Measurement.Intended(2, NAME, 7, Role.CANARY),
            new Measurement.Probed(3, Operation.PUT, Role.CANARY, NAME, 12, Result.RIGHT),
            new Measurement.ReadBack(4, Role.CANARY, 1),
            new Measurement.Listed(5, 6, Result.RIGHT, 1, 0, 0, 0, 0),
            new Measurement.Checked(6, Check.RANGES, true),
            new Measurement.Carried(7, 0, Way.DOWN, 16, 1L << 40, 9, 2, 3),
            new Measurement.LoadDone(8, 0),
            new Measurement.Resumed(9, "w"),
            new Measurement.FinalRead(10, 0),
            new Measurement.Cancelled(11),
            new Measurement.Ended(12, "w", Measurement.How.DONE, 0, ""));

    @TempDir
    Path folder = Path.of("");

    private Path file() {
        return folder.resolve("state.jsonl");
    }

    private List<Measurement> replayed() throws IOException {
        var found = new ArrayList<Measurement>();
        Journal.open(file(), found::add).close();
        return found;
    }

    private void write(List<Measurement> lines) throws IOException {
        try (Journal journal = Journal.open(file(), _ -> {})) {
            for (Measurement line : lines) {
                journal.append(line);
            }
            journal.force();
        }
    }

    @Test
    void everyKind_comesBack_afterTheFileIsOpenedAgain() throws Exception {
        assertThat(EACH_KIND.stream().map(Object::getClass).distinct().count())
                .isEqualTo(Measurement.class.getPermittedSubclasses().length);
        write(EACH_KIND);
        assertThat(replayed()).isEqualTo(EACH_KIND);
        write(EACH_KIND);
        assertThat(replayed()).hasSize(2 * EACH_KIND.size());
    }

    @Test
    void aFileThatEndsAnywhere_givesItsWholeLines_andGoesOnAfterThem() throws Exception {
        write(EACH_KIND);
        byte[] whole = Files.readAllBytes(file());
        // Not every one: each opening forces the cut.
        for (int length = 0; length <= whole.length; length += 11) {
            byte[] cut = Arrays.copyOf(whole, length);
            Files.write(file(), cut);
            int lines = (int) new String(cut, StandardCharsets.ISO_8859_1).chars().filter(c -> c == '\n').count();
            assertThat(replayed()).isEqualTo(EACH_KIND.subList(0, lines));
            write(List.of(EACH_KIND.getLast()));
            assertThat(replayed()).hasSize(lines + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "{\"kind\":\"round\",\"at\":1}",
                "{\"kind\":\"round\",\"at\":1,\"number\":2,\"more\":3}",
                "{\"kind\":\"round\",\"at\":1,\"number\":null}",
                "{\"kind\":\"round\",\"at\":1,\"number\":1.5}",
                "{\"kind\":\"round\",\"at\":1,\"at\":1,\"number\":2}",
                "{\"kind\":\"unheard\",\"at\":1}",
                "{\"kind\":\"checked\",\"at\":1,\"check\":\"NO_SUCH\",\"holds\":true}",
                "{\"kind\":\"round\",\"at\":1,\"number\":2} {}"
            })
    void aLineThatIsDamaged_isRefused_andStaysAsItIs(String line) throws Exception {
        write(EACH_KIND);
        String damaged = Files.readString(file()) + line + "\n";
        Files.writeString(file(), damaged);
        assertThatThrownBy(this::replayed).isInstanceOf(IOException.class);
        assertThat(Files.readString(file())).isEqualTo(damaged);
    }
}
