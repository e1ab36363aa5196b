package coffer.device.sync;

import coffer.core.NodeId;
import coffer.device.sync.LocalFolder.Entry;
import coffer.device.sync.Look.Seen;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalNode;
import coffer.device.sync.plan.Names;
import coffer.device.sync.plan.Stamp;
import coffer.device.sync.plan.SyncedNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Finds out which node each item of the local folder is (docs/sync.md, "Which item is which node"). A pure function of
/// what was known and what was seen; lives for one pass.
///
/// What is where it was comes first, in every folder whose node is known; then folders that have moved, with what is in
/// them; then folders that are new; files that have moved last, when it is sure which are no longer where they were.
final class Matcher {

    /// Deeper than file systems go: more means a loop.
    private static final int DEPTH_MAX = 4_096;

    private record Item(NodeId folder, Seen seen) {
        Entry entry() {
            return seen.entry();
        }
    }

    private record Opened(NodeId folder, List<Seen> seen) {}

    private final LocalTree local;
    private final SyncedRows rows;
    private final Supplier<NodeId> ids;
    private final KnownContent contents;
    private final Sighting sighting;
    private final List<Look> looks;
    private final ArrayDeque<Opened> opened = new ArrayDeque<>();
    private final ArrayDeque<Item> knownFolders = new ArrayDeque<>();
    private final ArrayDeque<Item> newFolders = new ArrayDeque<>();
    private final List<Item> others = new ArrayList<>();
    private final Map<NodeId, LocalNode> found = new LinkedHashMap<>();
    private final Set<NodeId> unsure = new LinkedHashSet<>();

    Matcher(LocalTree local, SyncedRows rows, Supplier<NodeId> ids, List<Look> looks) {
        this.local = local;
        this.rows = rows;
        this.ids = ids;
        this.looks = looks;
        this.contents = new KnownContent(local, rows);
        this.sighting = new Sighting(looks, local::key);
    }

    /// What a pass changes.
    ///
    /// @param put    items as they are now, a folder before what is in it
    /// @param gone   nodes without an item now
    /// @param unsure nodes whose former place has to be looked at too before the pass can be believed
    /// @param torn   what was seen cannot have been there at one time: a folder would lie in itself
    record Result(List<LocalNode> put, List<NodeId> gone, List<NodeId> unsure, boolean torn) {}

    Result match() {
        looks.forEach(this::open);
        matchFolders();
        others.forEach(this::claimOther);
        Set<NodeId> gone = gone();
        List<LocalNode> changed =
                found.values().stream().filter(node -> !node.equals(local.find(node.id()))).toList();
        return new Result(changed, List.copyOf(gone), List.copyOf(unsure), isTorn(changed, gone));
    }

    private void open(Look look) {
        LocalNode folder = local.find(look.folder());
        if (folder != null && sighting.contents(folder.stamp().fileId()) != null) {
            return; // what is in it was seen on the way from another folder too
        }
        if (look.whole()) {
            sighting.lookedInto(look.folder());
        } else {
            sighting.lookedAt(look.folder(), look.names());
        }
        opened.add(new Opened(look.folder(), look.seen()));
    }

    private void matchFolders() {
        matchPlaces();
        while (!knownFolders.isEmpty() || !newFolders.isEmpty()) {
            Item item = knownFolders.poll();
            if (item != null) {
                claimMovedFolder(item);
            } else {
                claimNewFolder(newFolders.remove());
            }
            matchPlaces();
        }
    }

    private void matchPlaces() {
        for (Opened folder = opened.poll(); folder != null; folder = opened.poll()) {
            for (Seen seen : folder.seen()) {
                Item item = new Item(folder.folder(), seen);
                NodeId id = byPlace(item);
                if (id != null) {
                    claim(item, id);
                } else if (seen.entry().kind() != Kind.FOLDER) {
                    others.add(item);
                } else if (byFile(seen.entry()) != null) {
                    knownFolders.add(item);
                } else {
                    newFolders.add(item);
                }
            }
        }
    }

    private void claim(Item item, NodeId id) {
        found.put(id, contents.node(id, item.folder(), item.entry()));
        boolean folder = item.entry().kind() == Kind.FOLDER;
        List<Seen> below = folder ? sighting.contents(item.entry().stamp().fileId()) : null;
        if (below != null) {
            sighting.lookedInto(id);
            opened.add(new Opened(id, below));
        }
    }

    private void claimMovedFolder(Item item) {
        NodeId id = byFile(item.entry());
        if (id == null) {
            newFolders.add(item);
        } else {
            claim(item, id);
        }
    }

    /// A folder that was made anew in the place of another, or one that nobody knows.
    private void claimNewFolder(Item item) {
        NodeId id = at(item);
        claim(item, id == null || sawFileOf(id) ? byName(item.entry()) : id);
    }

    private void claimOther(Item item) {
        NodeId id = byFile(item.entry());
        claim(item, id == null ? byName(item.entry()) : id);
    }

    /// The node that the name of an item names, where that is one of ours; else a new one.
    private NodeId byName(Entry entry) {
        NodeId id = Names.moved(entry.name());
        if (id == null || kind(id) != entry.kind() || local.find(id) != null || found.containsKey(id)) {
            return ids.get();
        }
        return id;
    }

    /// The node that was in this place, if the item is surely it.
    private @Nullable NodeId byPlace(Item item) {
        NodeId id = at(item);
        if (id == null || filesOf(id).contains(item.entry().stamp().fileId())) {
            return id == null || isOlderFile(id, item.entry()) ? null : id;
        }
        if (item.entry().kind() == Kind.FOLDER) {
            return null;
        }
        boolean another = false;
        for (NodeId known : withFile(item.entry())) {
            another = true;
            isSureOf(known);
        }
        // Where a node has just gone, a file that was elsewhere a moment ago has moved in; it is not that node again.
        boolean movedIn = local.find(id) == null
                && !local.withFile(item.entry().stamp().fileId()).isEmpty();
        return another && (movedIn || sawFileOf(id)) ? null : id;
    }

    private @Nullable NodeId at(Item item) {
        Entry entry = item.entry();
        LocalNode node = local.child(item.folder(), entry.name());
        if (node != null) {
            return node.kind() == entry.kind() && !found.containsKey(node.id()) ? node.id() : null;
        }
        SyncedNode row = rows.at(item.folder(), entry.name());
        if (row == null || row.kind() != entry.kind() || local.find(row.id()) != null || found.containsKey(row.id())) {
            return null;
        }
        if (row.isLeaving() && row.stamp().fileId() != entry.stamp().fileId()) {
            return null; // what is here instead of an item that was removed here is another one
        }
        return row.id();
    }

    private boolean sawFileOf(NodeId id) {
        return filesOf(id).stream().anyMatch(sighting::sawFile);
    }

    /// The file that a node's item was last, and the one that was to come in its place.
    private List<Long> filesOf(NodeId id) {
        LocalNode node = local.find(id);
        SyncedNode row = rows.find(id);
        List<Long> files = new ArrayList<>(2);
        if (node != null) {
            files.add(node.stamp().fileId());
        } else if (row != null) {
            files.add(row.stamp().fileId());
        }
        if (row != null && row.receivedFile() != 0) {
            files.add(row.receivedFile());
        }
        return files;
    }

    private @Nullable Kind kind(NodeId id) {
        LocalNode node = local.find(id);
        SyncedNode row = rows.find(id);
        return node != null ? node.kind() : row != null ? row.kind() : null;
    }

    /// Nodes that are, or were, this very item.
    private Set<NodeId> withFile(Entry entry) {
        Set<NodeId> known = new LinkedHashSet<>(local.withFile(entry.stamp().fileId()));
        known.addAll(rows.withFile(entry.stamp().fileId()));
        known.removeIf(id -> kind(id) != entry.kind());
        return known;
    }

    /// The node that this very item was, if it is no longer where it was: else this is another link to the same file.
    private @Nullable NodeId byFile(Entry entry) {
        for (NodeId id : withFile(entry)) {
            if (!found.containsKey(id) && !hasLaterFile(id, entry) && (isThisFolder(id, entry) || isSureOf(id))) {
                return id;
            }
        }
        return null;
    }

    /// Whether the node's item is this very folder, which cannot be in two places. One that has been taken for another since
    /// is still where that was seen, as far as anybody knows.
    private boolean isThisFolder(NodeId id, Entry entry) {
        LocalNode node = local.find(id);
        return entry.kind() == Kind.FOLDER && (node == null || node.stamp().fileId() == entry.stamp().fileId());
    }

    /// Whether what was last sent of a node was another file: then this one is what that replaced, kept by somebody as a
    /// backup, also when the later one is gone meanwhile.
    private boolean hasLaterFile(NodeId id, Entry entry) {
        LocalNode node = local.find(id);
        if (node != null && node.stamp().fileId() == entry.stamp().fileId()) {
            return false;
        }
        SyncedNode row = rows.find(id);
        Stamp sent = row == null ? null : row.sentStamp();
        return sent != null && sent.fileId() != entry.stamp().fileId();
    }

    /// Whether this is the very file that the later one replaced, back in its place: it is not what was sent.
    private boolean isOlderFile(NodeId id, Entry entry) {
        SyncedNode row = rows.find(id);
        return row != null && row.stamp().fileId() == entry.stamp().fileId() && hasLaterFile(id, entry);
    }

    /// Whether the pass has seen what is now where the item of a node was last; asks for a look there if not.
    private boolean isSureOf(NodeId id) {
        for (LocalNode node = local.find(id); node != null; node = local.find(node.parent())) {
            if (sighting.covers(node.parent(), node.name())) {
                return true;
            }
            if (found.containsKey(node.parent())) {
                break;
            }
        }
        if (local.find(id) == null) {
            return true;
        }
        unsure.add(id);
        return false;
    }

    /// Nodes whose place was looked at and that were found nowhere, with what was in them and did not go elsewhere.
    private Set<NodeId> gone() {
        Set<NodeId> gone = new LinkedHashSet<>();
        for (NodeId folder : sighting.folders()) {
            for (NodeId child : local.tree.children(folder)) {
                LocalNode node = local.find(child);
                if (node != null && sighting.covers(folder, node.name())) {
                    lose(child, gone);
                }
            }
        }
        return gone;
    }

    private void lose(NodeId id, Set<NodeId> gone) {
        if (!found.containsKey(id) && gone.add(id)) {
            local.tree.children(id).forEach(child -> lose(child, gone));
        }
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
}
