package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.DeviceRecord;
import coffer.core.ErrorCode;
import coffer.seal.DeviceKeys;
import coffer.seal.RandomSource;
import coffer.seal.RecoveryKey;
import coffer.seal.RecoveryPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whether a person still has the words, as a device can tell: by two of them where it has once had them all, by all everywhere.
class RecoveryNoteTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    @TempDir
    Path home;

    private final RecoveryKey key = RecoveryKey.generate(RandomSource.secure());
    private final List<String> words = key.words();
    private final DeviceRecord paper = record(key);
    private final RecoveryNote note = RecoveryNote.of(RecoveryPair.of(key, RandomSource.secure()), NOW);

    @AfterEach
    void close() {
        key.close();
    }

    private static DeviceRecord record(RecoveryKey key) {
        try (DeviceKeys keys = key.deviceKeys()) {
            return keys.record();
        }
    }

    private String two() {
        RecoveryPair pair = note.pair().orElseThrow();
        return words.get(pair.first() - 1) + " " + words.get(pair.second() - 1);
    }

    private void assertWrong(RecoveryNote by, String typed) {
        assertThatThrownBy(() -> by.check(typed, paper, NOW))
                .as(typed)
                .isInstanceOfSatisfying(CofferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENROLMENT));
    }

    @Test
    void twoWords_areCheckedWhereTheWordsHaveBeen() throws CofferException {
        RecoveryNote checked = note.check(" " + two().toUpperCase(java.util.Locale.ROOT) + "\n", paper, NOW.plusSeconds(60));
        assertThat(checked.shown(NOW).checked()).contains(NOW.plusSeconds(60));
        assertWrong(note, "zoo zoo zoo");
        assertWrong(note, "");
        assertWrong(note, "notaword atall");
    }

    @Test
    void allWords_areCheckedEverywhere_againstTheAccountsOwnKey() throws CofferException {
        RecoveryNote joined = new RecoveryNote(0, 0, Optional.empty());
        assertThat(joined.shown(NOW).places()).isEmpty();
        assertThat(joined.check(String.join(" ", words), paper, NOW).shown(NOW).checked()).contains(NOW);
        assertWrong(joined, two());
        try (RecoveryKey others = RecoveryKey.generate(RandomSource.secure())) {
            assertWrong(joined, String.join(" ", others.words()));
            assertWrong(note, String.join(" ", others.words()));
        }
    }

    @Test
    void aCheckIsDue_afterAMonth_andThenNowAndThen() throws CofferException {
        assertThat(note.shown(NOW.plus(RecoveryNote.FIRST_DUE)).due()).isFalse();
        assertThat(note.shown(NOW.plus(RecoveryNote.FIRST_DUE).plusMillis(1)).due()).isTrue();
        RecoveryNote checked = note.check(two(), paper, NOW);
        assertThat(checked.shown(NOW.plus(RecoveryNote.NEXT_DUE)).due()).isFalse();
        assertThat(checked.shown(NOW.plus(RecoveryNote.NEXT_DUE).plusMillis(1)).due()).isTrue();
        assertThat(new RecoveryNote(0, 0, Optional.empty()).shown(NOW.plus(Duration.ofDays(9_999))).due())
                .as("a device that never had the words does not nag")
                .isFalse();
    }

    @Test
    void theNote_isKeptForItsOwnerAlone_withoutTheWords() throws Exception {
        note.write(home);
        assertThat(RecoveryNote.read(home)).isEqualTo(note);
        String kept = new String(Files.readAllBytes(home.resolve(RecoveryNote.FILE)), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(two().split(" ")).noneMatch(kept::contains);
        if (Files.getFileStore(home).supportsFileAttributeView("posix")) {
            assertThat(Files.getPosixFilePermissions(home.resolve(RecoveryNote.FILE))).hasSize(2);
        }
        RecoveryNote without = new RecoveryNote(1, 2, Optional.empty());
        without.write(home);
        assertThat(RecoveryNote.read(home)).isEqualTo(without);
    }

    @Test
    void aNoteThatIsLostOrDamaged_leavesTheWholeCheck() throws Exception {
        assertThat(RecoveryNote.read(home).pair()).isEmpty();
        byte[] encoded = note.encode();
        for (int length = 0; length < encoded.length; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);
            assertThatThrownBy(() -> RecoveryNote.decode(cut)).isInstanceOf(CborException.class);
        }
        Files.write(home.resolve(RecoveryNote.FILE), new byte[300]);
        RecoveryNote damaged = RecoveryNote.read(home);
        assertThat(damaged.pair()).isEmpty();
        assertThat(damaged.check(String.join(" ", words), paper, NOW).checked()).isEqualTo(NOW.toEpochMilli());
    }
}
