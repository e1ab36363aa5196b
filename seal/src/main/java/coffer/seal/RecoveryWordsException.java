package coffer.seal;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.util.Map;

/// The words given are not a recovery key. Says what is wrong and where, never a word.
public final class RecoveryWordsException extends CofferException {

    /// What is wrong.
    public enum Fault {
        /// One word, at [#position], is not on the list.
        UNKNOWN_WORD,
        /// Not 24 words; [#position] is how many there were.
        COUNT,
        /// Every word is on the list but together they are not a key: one is another word, or two are swapped.
        CHECKSUM
    }

    private final Fault fault;
    private final int position;

    private RecoveryWordsException(Fault fault, int position, String message, Map<String, String> details) {
        super(ErrorCode.ENROLMENT, message, details);
        this.fault = fault;
        this.position = position;
    }

    static RecoveryWordsException unknownWord(int position) {
        return new RecoveryWordsException(
                Fault.UNKNOWN_WORD,
                position,
                "one of the recovery words is not on the list; check its spelling",
                Map.of("word", Integer.toString(position)));
    }

    static RecoveryWordsException wrongCount(int count) {
        return new RecoveryWordsException(
                Fault.COUNT,
                count,
                "a recovery key has 24 words",
                Map.of("words", Integer.toString(count)));
    }

    static RecoveryWordsException wrongChecksum() {
        return new RecoveryWordsException(
                Fault.CHECKSUM,
                0,
                "the recovery words do not belong together; a word is another one, or two are swapped",
                Map.of());
    }

    public Fault fault() {
        return fault;
    }

    /// The place of the unknown word, from 1; or how many words there were; or 0.
    public int position() {
        return position;
    }
}
