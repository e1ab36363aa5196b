package coffer.device.sync;

import coffer.core.Bytes;
import coffer.core.NodeId;
import coffer.device.sync.LocalFolder.Entry;
import coffer.device.sync.Look.Seen;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalNode;
import coffer.device.sync.plan.Stamp;
import coffer.device.sync.plan.SyncedNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Finds out which node each item of the local folder is (docs/sync.md, "Which item is which node"). A pure function of
/// what was known and what was seen; lives for one pass.
final class Matcher {

    /// Deeper than file systems go: more means a loop.
    private static final int DEPTH_MAX = 4_096;

    private final LocalTree local;
    private final SyncedRows rows;
    private final Supplier<NodeId> ids;
    private final Map<Long, Integer> seenFiles = new HashMap<>();
    private final Map<NodeId, LocalNode> found = new HashMap<>();
    private final List<LocalNode> order = new ArrayList<>();
    private final Set<NodeId> gone = new LinkedHashSet<>();
    private final Map<NodeId, Map<String, Long>> looked = new HashMap<>();
    private final Set<NodeId> wholes = new HashSet<>();
    private final Set<NodeId> done = new HashSet<>();
    private final Set<NodeId> unsure = new LinkedHashSet<>();

    Matcher(LocalTree local, SyncedRows rows, Supplier<NodeId> ids) {
        this.local = local;
        this.rows = rows;
        this.ids = ids;
    }

    /// What a pass changes.
    ///
    /// @param put    items as they are now, a folder before what is in it
    /// @param gone   nodes without an item now
    /// @param unsure nodes whose former place has to be looked at too before the pass can be believed
    /// @param torn   what was seen cannot have been there at one time: a folder would lie in itself
    record Result(List<LocalNode> put, List<NodeId> gone, List<NodeId> unsure, boolean torn) {}

    Result match(List<Look> looks) {
        for (Look look : looks) {
            count(look.seen());
            Map<String, Long> names = looked.computeIfAbsent(look.folder(), folder -> new HashMap<>());
            look.names().forEach(name -> names.put(name, -1L));
            look.seen().forEach(seen -> names.put(seen.entry().name(), seen.entry().stamp().fileId()));
            if (look.whole()) {
                wholes.add(look.folder());
            }
        }
        // What is nearer the top first: looking into a folder from there covers looks at the folder itself.
        List<Look> ordered = new ArrayList<>(looks);
        ordered.sort(Comparator.comparingInt(look -> local.tree.depth(look.folder())));
        for (Look look : ordered) {
            if (!done.contains(look.folder())) {
                folder(look.folder(), look.seen(), look.whole(), look.names());
            }
        }
        List<NodeId> lost = new ArrayList<>();
        for (NodeId top : gone) {
            local.tree.subtree(top).stream().filter(id -> !found.containsKey(id) && !isKept(id, top)).forEach(lost::add);
        }
        List<LocalNode> changed = order.stream().filter(node -> !node.equals(local.find(node.id()))).toList();
        Set<NodeId> lostOnce = new LinkedHashSet<>(lost);
        return new Result(changed, List.copyOf(lostOnce), List.copyOf(unsure), isTorn(changed, lostOnce));
    }

    private boolean isTorn(List<LocalNode> changed, Set<NodeId> lost) {
        for (LocalNode node : changed) {
            NodeId at = node.parent();
            for (int steps = 0; !at.equals(local.tree.top()); steps++) {
                LocalNode up = found.containsKey(at) ? found.get(at) : local.find(at);
                if (up == null || steps > DEPTH_MAX || lost.contains(at)) {
                    return true;
                }
                at = up.parent();
            }
        }
        return false;
    }

    /// Whether something below what has gone went elsewhere with a folder that was found again.
    private boolean isKept(NodeId id, NodeId top) {
        LocalNode node = local.find(id);
        while (node != null && !node.id().equals(top)) {
            if (found.containsKey(node.parent())) {
                return true;
            }
            node = local.find(node.parent());
        }
        return false;
    }

    private void count(List<Seen> seen) {
        for (Seen one : seen) {
            seenFiles.merge(one.entry().stamp().fileId(), 1, Integer::sum);
            if (one.below() != null) {
                count(one.below());
            }
        }
    }

    private void folder(NodeId folder, List<Seen> seen, boolean whole, Set<String> names) {
        IdentityHashMap<Seen, NodeId> matched = new IdentityHashMap<>();
        Set<NodeId> here = new HashSet<>();
        for (Seen one : seen) {
            NodeId id = byPlace(folder, one.entry());
            if (id != null) {
                claim(folder, one, id, matched);
                here.add(id);
            }
        }
        for (Seen one : seen) {
            if (!matched.containsKey(one)) {
                NodeId id = byFile(one.entry());
                NodeId claimed = id != null ? id : later(folder, one.entry());
                claim(folder, one, claimed, matched);
                here.add(claimed);
            }
        }
        for (NodeId child : List.copyOf(local.tree.children(folder))) {
            LocalNode node = local.find(child);
            if (node != null && !here.contains(child) && (whole || names.contains(node.name()))) {
                gone.add(child);
            }
        }
        for (Seen one : seen) {
            NodeId id = matched.get(one);
            if (id != null && one.below() != null) {
                wholes.add(id);
                done.add(id);
                folder(id, one.below(), true, Set.of());
            }
        }
    }

    private void claim(NodeId folder, Seen one, NodeId id, IdentityHashMap<Seen, NodeId> matched) {
        LocalNode node = node(id, folder, one.entry());
        found.put(id, node);
        order.add(node);
        matched.put(one, id);
    }

    /// The node that was in this place, if the item is surely it.
    private @Nullable NodeId byPlace(NodeId folder, Entry entry) {
        NodeId id = at(folder, entry);
        if (id == null) {
            return null;
        }
        if (fileOf(id) == entry.stamp().fileId()) {
            return id;
        }
        boolean aliveElsewhere = seenFiles.containsKey(fileOf(id));
        boolean another = isKnownFile(entry);
        return entry.kind() != Kind.FOLDER && !(aliveElsewhere && another) ? id : null;
    }

    private @Nullable NodeId at(NodeId folder, Entry entry) {
        LocalNode node = local.child(folder, entry.name());
        if (node != null) {
            return node.kind() == entry.kind() && !found.containsKey(node.id()) ? node.id() : null;
        }
        SyncedNode row = rows.at(folder, entry.name());
        if (row == null || row.kind() != entry.kind() || local.find(row.id()) != null || found.containsKey(row.id())) {
            return null;
        }
        return row.id();
    }

    private long fileOf(NodeId id) {
        LocalNode node = local.find(id);
        SyncedNode row = rows.find(id);
        return node != null ? node.stamp().fileId() : row != null ? row.stamp().fileId() : 0;
    }

    private boolean isKnownFile(Entry entry) {
        return rows.withFile(entry.stamp().fileId()).stream().anyMatch(id -> kind(id) == entry.kind());
    }

    private @Nullable Kind kind(NodeId id) {
        LocalNode node = local.find(id);
        SyncedNode row = rows.find(id);
        return node != null ? node.kind() : row != null ? row.kind() : null;
    }

    /// The node that this very item was, wherever it was.
    private @Nullable NodeId byFile(Entry entry) {
        Set<NodeId> candidates = new LinkedHashSet<>(local.withFile(entry.stamp().fileId()));
        candidates.addAll(rows.withFile(entry.stamp().fileId()));
        for (NodeId id : candidates) {
            if (kind(id) == entry.kind() && !found.containsKey(id) && hasLeft(id)) {
                return id;
            }
        }
        return null;
    }

    /// Whether the item of a node is no longer where it was: else this is another link to the same file.
    private boolean hasLeft(NodeId id) {
        LocalNode node = local.find(id);
        if (node == null) {
            return true;
        }
        Map<String, Long> names = looked.get(node.parent());
        Long there = names == null ? null : names.get(node.name());
        if (there != null) {
            return there != node.stamp().fileId();
        }
        if (wholes.contains(node.parent()) || isBelowSeen(node)) {
            return true;
        }
        unsure.add(id);
        return false;
    }

    /// Whether the pass looks, or has looked, at everything in the folder of this item.
    private boolean isBelowSeen(LocalNode node) {
        LocalNode at = local.find(node.parent());
        return at != null && gone.contains(at.id());
    }

    /// A folder that was made anew in the place of another, or an item that nobody knows.
    private NodeId later(NodeId folder, Entry entry) {
        NodeId id = at(folder, entry);
        boolean aliveElsewhere = id != null && seenFiles.containsKey(fileOf(id));
        return id == null || aliveElsewhere ? ids.get() : id;
    }

    private LocalNode node(NodeId id, NodeId folder, Entry entry) {
        return new LocalNode(id, folder, entry.name(), entry.kind(), entry.stamp(), entry.executable(), content(id, entry));
    }

    private @Nullable ContentId content(NodeId id, Entry entry) {
        return switch (entry.kind()) {
            case FOLDER -> ContentId.NONE;
            case SYMLINK -> linkContent(entry.link());
            case FILE -> fileContent(id, entry.stamp());
        };
    }

    static ContentId linkContent(String target) {
        return new ContentId(Bytes.of(target.getBytes(StandardCharsets.UTF_8)));
    }

    private @Nullable ContentId fileContent(NodeId id, Stamp stamp) {
        LocalNode node = local.find(id);
        SyncedNode row = rows.find(id);
        if (node != null && node.content() != null && node.stamp().equals(stamp)) {
            return node.content();
        }
        if (row == null) {
            return null;
        }
        if (row.base() != null && row.stamp().equals(stamp)) {
            return row.base().content();
        }
        return row.sent() != null && Objects.equals(row.sentStamp(), stamp) ? row.sent().content() : null;
    }
}
