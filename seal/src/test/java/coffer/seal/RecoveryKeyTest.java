package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import coffer.core.ErrorCode;
import coffer.seal.RecoveryWordsException.Fault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RecoveryKeyTest {

    /// The vectors with 256 bits of entropy of trezor/python-mnemonic, vectors.json (entropy, words).
    private static final String[][] BIP39_VECTORS = {
        {"7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
            "legal winner thank year wave sausage worth useful legal winner thank year"
                    + " wave sausage worth useful legal winner thank year wave sausage worth title"},
        {"8080808080808080808080808080808080808080808080808080808080808080",
            "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd"
                    + " amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless"},
        {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo vote"},
        {"00ac97c48106f0aeb8ba061e0250a559b3251dc35854e694780ba51d53a50120",
            "absent gorilla van acoustic humor firm title dolphin bulk barely citizen recall"
                    + " crane moment aspect appear track phrase actual enforce steel spoon afraid benefit"},
        {"3edc83b60740d77af3afa2fcb82c2f1bc541ee4e2518ddef4996d32453f54a3c",
            "disagree tomato unique attend aspect runway solid violin witness scrap armed daring"
                    + " favorite warm decade perfect target kid grant play early wide cigar night"},
        {"89bb4bc5555992cdaf3444c5e7ca5a6e9f27efab894f1990bae41be8b2a26ea4",
            "meadow surge vanish primary odor grocery rubber mass shine dinner notable tag"
                    + " venue water purchase clarify book magic ribbon daughter menu eye ritual orchard"},
        {"911fec0fbd88029f6fa99164896c18d898c9232af18bdcca3e42d53b86493104",
            "much youth advance kitchen lens exile salt cram goose enter alert raise"
                    + " milk muscle profit cousin system faint mouse price reveal cause series long"},
    };

    private static final String GOOD = BIP39_VECTORS[3][1];

    private static RecoveryWordsException refused(String words) {
        RecoveryWordsException e = catchThrowableOfType(RecoveryWordsException.class, () -> RecoveryKey.parse(words));
        assertThat(e).isNotNull();
        assertThat(e.code()).isEqualTo(ErrorCode.ENROLMENT);
        return e;
    }

    @Test
    void words_areThoseOfThePublishedVectors() throws Exception {
        for (String[] vector : BIP39_VECTORS) {
            byte[] entropy = HexFormat.of().parseHex(vector[0]);
            RandomSource fixed = target -> System.arraycopy(entropy, 0, target, 0, target.length);
            try (RecoveryKey key = RecoveryKey.generate(fixed);
                    RecoveryKey parsed = RecoveryKey.parse(vector[1])) {
                assertThat(String.join(" ", key.words())).isEqualTo(vector[1]);
                assertThat(parsed.words()).isEqualTo(key.words());
            }
        }
    }

    @Test
    void parse_readsAnyCaseAndANumberedList() throws Exception {
        List<String> words = List.of(GOOD.split(" ", -1));
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            list.append(i + 1).append(". ").append(words.get(i).toUpperCase(Locale.ROOT)).append('\n');
        }
        try (RecoveryKey key = RecoveryKey.parse(list.toString())) {
            assertThat(key.words()).isEqualTo(words);
        }
    }

    @Test
    void parse_saysWhichWordIsNotOnTheList() {
        List<String> words = new ArrayList<>(List.of(GOOD.split(" ", -1)));
        for (int i = 0; i < words.size(); i++) {
            List<String> wrong = new ArrayList<>(words);
            wrong.set(i, "gorila");
            RecoveryWordsException e = refused(String.join(" ", wrong));
            assertThat(e.fault()).isEqualTo(Fault.UNKNOWN_WORD);
            assertThat(e.position()).isEqualTo(i + 1);
            assertThat(e.details()).containsEntry("word", Integer.toString(i + 1));
            assertThat(e.getMessage()).doesNotContain("gorila");
        }
    }

    @Test
    void parse_saysHowManyWordsThereWere() {
        for (String wrong : List.of("", "absent", GOOD.substring(0, GOOD.lastIndexOf(' ')), GOOD + " zoo")) {
            RecoveryWordsException e = refused(wrong);
            assertThat(e.fault()).isEqualTo(Fault.COUNT);
            assertThat(e.position()).isEqualTo(wrong.isEmpty() ? 0 : wrong.split(" ", -1).length);
        }
    }

    @Test
    void parse_refusesAnotherWordInOnePlaceAndTwoSwapped() {
        List<String> words = new ArrayList<>(List.of(GOOD.split(" ", -1)));
        Collections.swap(words, 0, 1);
        assertThat(refused(String.join(" ", words)).fault()).isEqualTo(Fault.CHECKSUM);
        Collections.swap(words, 0, 1);
        words.set(23, "zoo");
        assertThat(refused(String.join(" ", words)).fault()).isEqualTo(Fault.CHECKSUM);
    }

    /// Its words have a right checksum ("abandon" 23 times and "art"), and everybody knows them.
    @Test
    void parse_refusesTheAllZeroKey() {
        assertThat(refused("abandon ".repeat(23) + "art").fault()).isEqualTo(Fault.CHECKSUM);
    }

    @Test
    void deviceKeys_areAFunctionOfTheWords() throws Exception {
        try (RecoveryKey key = RecoveryKey.parse(GOOD);
                RecoveryKey other = RecoveryKey.parse(BIP39_VECTORS[0][1]);
                DeviceKeys first = key.deviceKeys();
                DeviceKeys second = key.deviceKeys();
                DeviceKeys third = other.deviceKeys()) {
            assertThat(first.record()).isEqualTo(second.record()).isNotEqualTo(third.record());
        }
    }
}
