package coffer.service.evaluation;

import coffer.store.ObjectName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the evaluation wrote and has not removed: everything intended and not known to be gone.
final class Ledger {

    /// Deleted objects that listings are still compared with.
    private static final int DELETED_MAX = 1_000;

    private final Map<ObjectName, Entry> entries = new LinkedHashMap<>();
    private final Map<ObjectName, Long> deleted = new LinkedHashMap<>();
    private final TreeSet<ObjectName> missing = new TreeSet<>();
    private long keptMillis;

    /// @param storedAt when the provider said that it is stored; empty while it did not
    record Entry(ObjectName name, long size, Role role, Optional<Long> storedAt) {

        /// Whether the provider answers for it.
        boolean isStored() {
            return storedAt.isPresent();
        }
    }

    void intended(ObjectName name, long size, Role role) {
        entries.put(name, new Entry(name, size, role, Optional.empty()));
        deleted.remove(name);
    }

    void stored(ObjectName name, long at) {
        entries.computeIfPresent(
                name, (_, entry) -> new Entry(name, entry.size(), entry.role(), Optional.of(at)));
    }

    /// A deletion was not acknowledged: it may or may not have happened.
    void uncertain(ObjectName name) {
        entries.computeIfPresent(name, (_, entry) -> new Entry(name, entry.size(), entry.role(), Optional.empty()));
    }

    /// After a crash, which may have come between a deletion and its note.
    void resumed() {
        entries.replaceAll((name, entry) ->
                entry.role().isKept() ? entry : new Entry(name, entry.size(), entry.role(), Optional.empty()));
    }

    void gone(ObjectName name, long at) {
        Entry entry = entries.remove(name);
        if (entry != null && entry.role().isKept() && entry.storedAt().isPresent()) {
            keptMillis += at - entry.storedAt().get();
        }
        deleted.put(name, at);
        if (deleted.size() > DELETED_MAX) {
            deleted.remove(deleted.keySet().iterator().next());
        }
    }

    void missing(ObjectName name) {
        missing.add(name);
    }

    void found(ObjectName name) {
        missing.remove(name);
    }

    boolean isMissing(ObjectName name) {
        return missing.contains(name);
    }

    /// Stored objects that were denied when they were last read.
    int missing() {
        return missing.size();
    }

    @Nullable Entry find(ObjectName name) {
        return entries.get(name);
    }

    /// Everything that may be there, in the order of writing.
    List<Entry> outstanding() {
        return List.copyOf(entries.values());
    }

    /// Objects of this role that the provider answers for.
    List<Entry> stored(Role role) {
        return entries.values().stream().filter(entry -> entry.role() == role && entry.isStored()).toList();
    }

    /// What may be there and is not kept: remains of a round that did not end as planned.
    List<Entry> strays() {
        var strays = new ArrayList<Entry>();
        for (Entry entry : entries.values()) {
            if (!entry.role().isKept() || !entry.isStored()) {
                strays.add(entry);
            }
        }
        return strays;
    }

    Map<ObjectName, Long> deleted() {
        return deleted;
    }

    /// Time that kept objects have been with the provider, all together.
    long keptMillis(long now) {
        long still = entries.values().stream()
                .filter(entry -> entry.role().isKept() && entry.isStored())
                .mapToLong(entry -> now - entry.storedAt().orElse(now))
                .sum();
        return keptMillis + still;
    }
}
