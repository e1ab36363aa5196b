package coffer.device;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The lines of one `.cofferignore`; the last one that fits decides.
record IgnoreRules(List<IgnorePattern> patterns) {

    static final String FILE = ".cofferignore";
    static final IgnoreRules NONE = new IgnoreRules(List.of());

    /// Longer files, and lines after so many, say nothing: they could only slow down every look.
    static final int BYTES_MAX = 256 << 10;
    private static final int LINES_MAX = 10_000;

    static IgnoreRules parse(String text) {
        List<IgnorePattern> patterns = new ArrayList<>();
        for (String line : text.lines().limit(LINES_MAX).toList()) {
            IgnorePattern pattern = IgnorePattern.parse(line);
            if (pattern != null) {
                patterns.add(pattern);
            }
        }
        return new IgnoreRules(List.copyOf(patterns));
    }

    /// Whether an item is ignored; null if no line says anything about it. `names` lead to it from this file's folder.
    @Nullable
    Boolean decide(List<String> names, boolean folder) {
        for (IgnorePattern pattern : patterns.reversed()) {
            if (pattern.matches(names, folder)) {
                return !pattern.isNegated();
            }
        }
        return null;
    }
}
