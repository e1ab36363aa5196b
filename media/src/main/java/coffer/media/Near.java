package coffer.media;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Finds what is the same among many: by content, and by difference hashes that differ in few bits.
///
/// Two hashes that differ in fewer than eight bits agree in at least one of their eight bytes; so only those that share a byte in its
/// place are compared.
final class Near {

    /// @param hashed whether there is a hash; a picture that is one colour has none to speak of
    record Picture<T>(T value, String content, boolean hashed, long hash) {}

    private Near() {}

    /// Groups of equal content, each with two members at least.
    static <T> List<List<T>> equal(List<Picture<T>> pictures) {
        Map<String, List<T>> groups = new LinkedHashMap<>();
        for (Picture<T> picture : pictures) {
            groups.computeIfAbsent(picture.content, _ -> new ArrayList<>()).add(picture.value);
        }
        return groups.values().stream().filter(group -> group.size() > 1).toList();
    }

    /// Groups of different content whose hashes differ in at most `bits` of the one before them, directly or by way of others.
    static <T> List<List<T>> similar(List<Picture<T>> pictures, int bits) {
        Map<String, Picture<T>> distinct = new LinkedHashMap<>();
        for (Picture<T> picture : pictures) {
            if (picture.hashed && isTelling(picture.hash)) {
                distinct.putIfAbsent(picture.content, picture);
            }
        }
        List<Picture<T>> list = List.copyOf(distinct.values());
        int[] group = new int[list.size()];
        for (int i = 0; i < group.length; i++) {
            group[i] = i;
        }
        for (int band = 0; band < Long.BYTES; band++) {
            join(list, band, bits, group);
        }
        Map<Integer, List<T>> groups = new LinkedHashMap<>();
        for (int i = 0; i < group.length; i++) {
            groups.computeIfAbsent(root(group, i), _ -> new ArrayList<>()).add(list.get(i).value);
        }
        return groups.values().stream().filter(members -> members.size() > 1).toList();
    }

    /// Nearly all bits equal means a picture without shapes, and all of those look alike.
    private static boolean isTelling(long hash) {
        int ones = Long.bitCount(hash);
        return ones >= 6 && ones <= 58;
    }

    private static <T> void join(List<Picture<T>> list, int band, int bits, int[] group) {
        Map<Long, List<Integer>> buckets = new HashMap<>();
        for (int i = 0; i < list.size(); i++) {
            long key = list.get(i).hash >>> (8 * band) & 0xff;
            List<Integer> bucket = buckets.computeIfAbsent(key, _ -> new ArrayList<>());
            for (int other : bucket) {
                if (Long.bitCount(list.get(i).hash ^ list.get(other).hash) <= bits) {
                    group[root(group, i)] = root(group, other);
                }
            }
            bucket.add(i);
        }
    }

    private static int root(int[] group, int of) {
        int at = of;
        while (group[at] != at) {
            group[at] = group[group[at]];
            at = group[at];
        }
        return at;
    }
}
