package coffer.device.sync.plan;

import java.util.ArrayList;
import java.util.List;

/// Where an item is below the top of a synced folder: names as on the disk, from the top down; none for the top itself.
public record LocalPath(List<String> names) {

    public static final LocalPath TOP = new LocalPath(List.of());

    public LocalPath {
        names = List.copyOf(names);
    }

    public LocalPath child(String name) {
        List<String> longer = new ArrayList<>(names);
        longer.add(name);
        return new LocalPath(longer);
    }

    public LocalPath parent() {
        return new LocalPath(names.subList(0, names.size() - 1));
    }

    /// Whether this is the other path or the way to it.
    public boolean isAbove(LocalPath other) {
        return names.size() <= other.names.size() && other.names.subList(0, names.size()).equals(names);
    }

    public String last() {
        return names.getLast();
    }

    public boolean isTop() {
        return names.isEmpty();
    }

    @Override
    public String toString() {
        return "/" + String.join("/", names);
    }
}
