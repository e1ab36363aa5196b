package coffer.device;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Words that are looked for in names: whatever the case and however the letters were composed.
///
/// @param words folded; none of them empty
record NameWords(List<String> words) {

    static NameWords of(String text) {
        return new NameWords(Arrays.stream(folded(text).split("\\s+"))
                .filter(word -> !word.isEmpty())
                .distinct()
                .toList());
    }

    /// Whether every word is in the name; nothing is asked for by no words.
    boolean match(String name) {
        if (words.isEmpty()) {
            return false;
        }
        String folded = folded(name);
        return words.stream().allMatch(folded::contains);
    }

    private static String folded(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
}
