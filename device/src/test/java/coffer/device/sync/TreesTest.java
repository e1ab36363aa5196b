package coffer.device.sync;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.device.sync.LocalFolder.Entry;
import coffer.device.sync.Look.Seen;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalNode;
import coffer.device.sync.plan.Names;
import coffer.device.sync.plan.RemoteNode;
import coffer.device.sync.plan.Stamp;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What the simulation found once, each in its smallest form.
class TreesTest {

    private final SimWorld world = new SimWorld(1);
    private final NodeId top = world.vault.top;
    private final Trees trees;

    TreesTest() throws CofferException {
        this.trees = new Trees(top, Names.EXACT, new SimStore(), world::newId, (from, to) -> {});
    }

    private static RemoteNode there(NodeId id, NodeId parent, String name, Kind kind, long version) {
        return new RemoteNode(id, parent, name, kind, ContentId.NONE, 0, false, 0, version);
    }

    private static Seen seen(String name, Kind kind, long fileId, @Nullable List<Seen> below) {
        return new Seen(new Entry(name, kind, new Stamp(fileId, 0, 0, 0), false, ""), below);
    }

    private Matcher.Result match(Look... looks) {
        Matcher.Result matched = new Matcher(trees.local, trees.rows, world::newId, List.of(looks)).match();
        trees.apply(matched);
        return matched;
    }

    private static Look whole(NodeId folder, Seen... seen) {
        return new Look(folder, true, Set.of(), List.of(seen));
    }

    private LocalNode at(String... path) {
        NodeId at = top;
        LocalNode node = null;
        for (String name : path) {
            node = trees.local.child(at, name);
            assertThat(node).as(name).isNotNull();
            at = node == null ? at : node.id();
        }
        assertThat(node).isNotNull();
        return java.util.Objects.requireNonNull(node);
    }

    @Test
    void folderThatLeavesOneThatIsRemoved_takesAlongWhatIsInIt() throws CofferException {
        NodeId old = world.newId();
        NodeId folder = world.newId();
        NodeId file = world.newId();
        trees.apply(new RemoteVault.Changes(
                true,
                List.of(there(old, top, "old", Kind.FOLDER, 1), there(folder, old, "d", Kind.FOLDER, 1),
                        there(file, folder, "f", Kind.FILE, 1)),
                List.of(), 1));
        trees.apply(new RemoteVault.Changes(
                false, List.of(there(folder, top, "d", Kind.FOLDER, 2)), List.of(old), 2));
        assertThat(trees.remote.children(folder)).containsExactly(file);
        assertThat(trees.remote.find(file)).isNotNull();
        assertThat(trees.remote.find(old)).isNull();
    }

    @Test
    void fileThatMovedIntoAFolderThatIsSeenFirst_isTheSame_inALookAtEverything() {
        match(whole(top, seen("a", Kind.FOLDER, 10, List.of()), seen("z", Kind.FOLDER, 20, List.of(seen("f", Kind.FILE, 1, null)))));
        NodeId file = at("z", "f").id();
        Matcher.Result matched = match(whole(
                top, seen("a", Kind.FOLDER, 10, List.of(seen("g", Kind.FILE, 1, null))), seen("z", Kind.FOLDER, 20, List.of())));
        assertThat(matched.unsure()).isEmpty();
        assertThat(at("a", "g").id()).isEqualTo(file);
        assertThat(trees.local.tree.all()).hasSize(3);
    }

    @Test
    void folderThatMovedAndWasReplaced_keepsItsNode_withWhatIsInIt() {
        match(whole(top, seen("d", Kind.FOLDER, 10, List.of(seen("f", Kind.FILE, 1, null)))));
        NodeId folder = at("d").id();
        NodeId file = at("d", "f").id();
        match(whole(
                top, seen("d", Kind.FOLDER, 11, List.of(seen("f", Kind.FILE, 2, null))),
                seen("e", Kind.FOLDER, 10, List.of(seen("f", Kind.FILE, 1, null)))));
        assertThat(at("e").id()).isEqualTo(folder);
        assertThat(at("e", "f").id()).isEqualTo(file);
        assertThat(at("d", "f").id()).isNotEqualTo(file);
    }

    @Test
    void itemUnderANameOfOurs_whoseNodeIsUnknown_isNewUnderAFreshId() {
        NodeId node = world.newId();
        match(whole(top, seen(".coffer-moving-" + node.hex(), Kind.FILE, 1, null)));
        assertThat(trees.local.tree.all()).hasSize(1).noneMatch(one -> one.id().equals(node));
    }

    @Test
    void everyChangeOfATree_isADifference_untilAllIsCompared() throws CofferException {
        NodeId file = world.newId();
        trees.apply(new RemoteVault.Changes(true, List.of(there(file, top, "f", Kind.FILE, 1)), List.of(), 1));
        trees.settle();
        assertThat(trees.differing()).containsExactly(file);
        trees.apply(new RemoteVault.Changes(true, List.of(), List.of(), 2));
        trees.settle();
        assertThat(trees.differing()).isEmpty();
    }
}
