package coffer.seal;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/// Lists in the one order in which they are written.
final class Canonical {

    private Canonical() {}

    /// A copy by ascending key; throws [IllegalArgumentException] if a key comes twice.
    static <T, K extends Comparable<? super K>> List<T> sorted(List<T> items, Function<T, K> key) {
        List<T> sorted = items.stream().sorted(Comparator.comparing(key)).toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (key.apply(sorted.get(i - 1)).equals(key.apply(sorted.get(i)))) {
                throw new IllegalArgumentException("an id comes twice");
            }
        }
        return sorted;
    }
}
