package coffer.device.sync;

import coffer.core.NodeId;
import coffer.device.sync.Look.Seen;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Which places one pass has looked at, and which files it saw, whatever they turn out to be.
final class Sighting {

    private final UnaryOperator<String> key;
    private final Map<NodeId, Set<String>> names = new HashMap<>();
    private final Set<NodeId> wholes = new HashSet<>();
    private final Set<Long> files = new HashSet<>();
    private final Map<Long, List<Seen>> contents = new HashMap<>();

    /// @param key what names must differ in to be in one folder
    Sighting(List<Look> looks, UnaryOperator<String> key) {
        this.key = key;
        looks.forEach(look -> note(look.seen()));
    }

    private void note(List<Seen> seen) {
        for (Seen one : seen) {
            files.add(one.entry().stamp().fileId());
            List<Seen> below = one.below();
            if (below != null) {
                contents.put(one.entry().stamp().fileId(), below);
                note(below);
            }
        }
    }

    void lookedAt(NodeId folder, Set<String> some) {
        Set<String> keys = names.computeIfAbsent(folder, none -> new HashSet<>());
        some.forEach(name -> keys.add(key.apply(name)));
    }

    void lookedInto(NodeId folder) {
        wholes.add(folder);
    }

    /// Whether what is there under that name, or that nothing is, has been seen.
    boolean covers(NodeId folder, String name) {
        return wholes.contains(folder) || names.getOrDefault(folder, Set.of()).contains(key.apply(name));
    }

    boolean sawFile(long fileId) {
        return files.contains(fileId);
    }

    /// What is in the folder of that file id, whichever look found it on the way from another one; null if none did.
    @Nullable List<Seen> contents(long fileId) {
        return contents.get(fileId);
    }

    Set<NodeId> folders() {
        Set<NodeId> all = new HashSet<>(wholes);
        all.addAll(names.keySet());
        return all;
    }
}
