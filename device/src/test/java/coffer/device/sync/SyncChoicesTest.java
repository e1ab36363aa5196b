package coffer.device.sync;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Names;
import coffer.device.sync.plan.RemoteNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules of docs/sync.md, "Choosing subfolders": device two leaves folders out, device one does not.
class SyncChoicesTest {

    private static final String MARK = " (conflict two 2026-11-23 14-05-09)";

    private final SimWorld world = new SimWorld(7);
    private SimDisk one = new SimDisk(world, Names.EXACT, "");
    private SimDisk two = new SimDisk(world, Names.EXACT, "");

    /// Both have `d/f`, `d/e/g` and `k`; nothing is left out.
    @BeforeEach
    void start() throws CofferException {
        one = world.add("one", Names.EXACT).disk;
        two = world.add("two", Names.EXACT).disk;
        folder(one, "d");
        folder(one, "d/e");
        file(one, "d/f", "in d");
        file(one, "d/e/g", "in e");
        file(one, "k", "kept");
        settle();
    }

    private static LocalPath path(String path) {
        return new LocalPath(List.of(path.split("/")));
    }

    private void file(SimDisk disk, String path, String content) {
        world.ledger.written.add(content);
        disk.make(path(path), Kind.FILE, content);
    }

    private void folder(SimDisk disk, String path) {
        disk.make(path(path), Kind.FOLDER, "");
    }

    private void remove(SimDisk disk, String path) {
        disk.free(disk.detach(path(path)));
    }

    private void move(SimDisk disk, String from, String to) {
        disk.attach(path(to), disk.detach(path(from)));
    }

    private void settle() throws CofferException {
        SimCheck.atRest(world);
    }

    private static Set<String> paths(SimDisk disk) {
        TreeSet<String> paths = new TreeSet<>();
        disk.all().forEach(path -> paths.add(path.toString()));
        return paths;
    }

    private static String content(SimDisk disk, String path) {
        return Objects.requireNonNull(disk.find(path(path))).content;
    }

    private NodeId node(String name) {
        return world.vault.live().values().stream()
                .filter(node -> node.name().equals(name)).findFirst().orElseThrow().id();
    }

    private SimDevice device() {
        return world.devices.getLast();
    }

    private void leaveOut(String... names) {
        Set<NodeId> folders = new TreeSet<>();
        for (String name : names) {
            folders.add(node(name));
        }
        assertThat(device().leaveOut(folders)).as("is not refused").isTrue();
    }

    @Test
    void whatIsLeftOut_isRemovedHere_andNowhereElse() throws CofferException {
        Map<NodeId, RemoteNode> before = world.vault.live();
        leaveOut("d");
        settle();
        assertThat(paths(two)).containsExactly("/k");
        assertThat(paths(one)).containsExactly("/d", "/d/e", "/d/e/g", "/d/f", "/k");
        assertThat(world.vault.live()).isEqualTo(before);
        assertThat(device().store.rows()).hasSize(1);
        SyncEngine all = world.devices.getFirst().engine();
        assertThat(all.fingerprintOfChosen()).isEqualTo(all.fingerprint()).isEqualTo(device().engine().fingerprint());
        assertThat(device().engine().fingerprintOfChosen()).as("does not claim to have it all").isNotEqualTo(all.fingerprint());
    }

    @Test
    void leavingOut_isRefused_whereSomethingOfItIsNotAsInTheVault_andTakingInIsNot() throws CofferException {
        leaveOut("e");
        settle();
        file(two, "d/k2", "new");
        device().engine().onLocal(new LocalFolder.Event.Changed(path("d/k2")));
        world.runFor(30);
        assertThat(device().leaveOut(Set.of(node("d"), node("e")))).isFalse();
        assertThat(device().store.leftOut()).containsExactly(node("e"));
        assertThat(device().leaveOut(Set.of())).isTrue();
        settle();
        assertThat(paths(two)).isEqualTo(paths(one)).contains("/d/e/g", "/d/k2");
    }

    @Test
    void whatHasNotComeYet_canBeLeftOutAtAnyTime_andNeverComes() throws CofferException {
        device().engine().pause();
        file(one, "k2", "new");
        folder(one, "d/n");
        file(one, "d/n/f", "in n");
        world.runFor(10_000);
        leaveOut("d");
        device().engine().resume();
        device().engine().onRemote();
        settle();
        assertThat(paths(two)).containsExactly("/k", "/k2");
    }

    @Test
    void theTopAndFiles_cannotBeLeftOut() {
        assertThat(device().leaveOut(Set.of(world.vault.top))).isFalse();
        assertThat(device().leaveOut(Set.of(node("k")))).isFalse();
    }

    @Test
    void whatIsEditedMeanwhile_stays_besideTheNameThatIsTaken() throws CofferException {
        leaveOut("d");
        two.write(path("d/f"), "edited");
        settle();
        assertThat(paths(two)).containsExactly("/d" + MARK, "/d" + MARK + "/f", "/k");
        assertThat(content(one, "d" + MARK + "/f")).isEqualTo("edited");
        assertThat(content(one, "d/f")).isEqualTo("in d");
        assertThat(device().store.conflicts()).extracting(SyncStore.Conflict::with).containsExactly(node("d"));
    }

    @Test
    void whatIsIgnored_staysWhereItIs_andTheVaultHearsNothingOfIt() throws CofferException {
        two.ignored = SimUser.IGNORED;
        file(two, "d/e/" + SimUser.IGNORED, "ignored");
        settle();
        Map<NodeId, RemoteNode> before = world.vault.live();
        leaveOut("d");
        settle();
        assertThat(paths(two)).containsExactly("/d", "/d/e", "/d/e/i.tmp", "/k");
        assertThat(world.vault.live()).isEqualTo(before);
        assertThat(device().leaveOut(Set.of())).isTrue();
        settle();
        assertThat(paths(two)).containsExactly("/d", "/d/e", "/d/e/g", "/d/e/i.tmp", "/d/f", "/k");
        assertThat(world.vault.live()).as("the folders have become one").isEqualTo(before);
    }

    @Test
    void anEmptyFolderInItsPlace_waits_untilSomethingIsInIt() throws CofferException {
        leaveOut("d");
        settle();
        folder(two, "d");
        settle();
        assertThat(paths(two)).containsExactly("/d", "/k");
        assertThat(device().engine().status().waiting()).isZero();
        file(two, "d/x", "new");
        settle();
        assertThat(paths(two)).containsExactly("/d" + MARK, "/d" + MARK + "/x", "/k");
    }

    @Test
    void aFileInItsPlace_getsTheConflictName_alsoOneThatWasMovedThere() throws CofferException {
        leaveOut("d");
        settle();
        file(two, "d", "a file");
        settle();
        assertThat(paths(two)).containsExactly("/d" + MARK, "/k");
        move(two, "k", "d");
        settle();
        assertThat(paths(two)).containsExactlyInAnyOrder("/d" + MARK, "/d" + MARK.replace(")", " 2)"));
        assertThat(content(one, "d" + MARK.replace(")", " 2)"))).isEqualTo("kept");
        assertThat(device().leaveOut(Set.of())).isTrue();
        settle();
        assertThat(paths(two)).isEqualTo(paths(one)).hasSize(6);
    }

    @Test
    void takenInAgain_withTheSameNameCreatedMeanwhile_foldersMerge_equalFilesAreOne_othersAreKept() throws CofferException {
        leaveOut("d");
        settle();
        device().offlineFor(Long.MAX_VALUE / 2);
        device().engine().onRemote();
        world.runFor(1_000);
        folder(two, "d");
        folder(two, "d/e");
        file(two, "d/f", "in d");
        file(two, "d/e/g", "another");
        world.runFor(1_000);
        assertThat(device().leaveOut(Set.of())).isTrue();
        settle();
        assertThat(paths(two)).containsExactly("/d", "/d/e", "/d/e/g", "/d/e/g" + MARK, "/d/f", "/k");
        assertThat(content(two, "d/e/g")).isEqualTo("in e");
    }

    @Test
    void whatMovesElsewhere_outOfIt_comes_andIntoIt_leaves() throws CofferException {
        leaveOut("d");
        settle();
        move(one, "d/e", "e");
        move(one, "k", "d/k");
        settle();
        assertThat(paths(two)).containsExactly("/e", "/e/g");
        move(one, "e", "d/e");
        settle();
        assertThat(paths(two)).isEmpty();
        assertThat(paths(one)).containsExactly("/d", "/d/e", "/d/e/g", "/d/f", "/d/k");
    }

    @Test
    void whatMovesIntoIt_andWasEditedHere_stays_asANewNode() throws CofferException {
        leaveOut("d");
        settle();
        device().offlineFor(Long.MAX_VALUE / 2);
        move(one, "k", "d/k");
        two.write(path("k"), "edited");
        world.runFor(60_000);
        settle();
        assertThat(paths(two)).containsExactly("/k");
        assertThat(content(one, "k")).isEqualTo("edited");
        assertThat(content(one, "d/k")).isEqualTo("kept");
    }

    @Test
    void theChoice_followsRenames_andIsForgottenWithItsFolder() throws CofferException {
        leaveOut("e");
        settle();
        assertThat(paths(two)).containsExactly("/d", "/d/f", "/k");
        move(one, "d/e", "other");
        settle();
        assertThat(paths(two)).containsExactly("/d", "/d/f", "/k");
        world.ledger.given.add("in e");
        remove(one, "other");
        settle();
        assertThat(device().store.leftOut()).isEmpty();
    }

    @Test
    void aFolderRemovedHere_withOneInItThatIsLeftOut_comesBackForThatAlone() throws CofferException {
        leaveOut("e");
        settle();
        world.ledger.given.add("in d");
        remove(two, "d");
        settle();
        assertThat(paths(two)).containsExactly("/d", "/k");
        assertThat(paths(one)).containsExactly("/d", "/d/e", "/d/e/g", "/k");
    }

    @Test
    void leavingOutMuch_isNoMassChange() throws CofferException {
        world.trouble = new SimTrouble(false, false, false, true, false, false, false);
        device().crash();
        settle();
        for (int i = 0; i < 40; i++) {
            file(one, "d/n" + i, "n" + i);
        }
        settle();
        leaveOut("d");
        for (int i = 0; i < 100; i++) {
            world.runFor(20);
            assertThat(device().engine().status().question()).isEmpty();
        }
        assertThat(paths(two)).containsExactly("/k");
    }

    /// The person changes their mind while it is under way, and the process ends somewhere in between.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15})
    void aCrashAnywhere_andTakingItInAtOnce_removesNothingInTheVault(int changes) throws CofferException {
        Map<NodeId, RemoteNode> before = world.vault.live();
        for (int i = 0; i < 6; i++) {
            file(one, "d/e/n" + i, "n" + i);
        }
        settle();
        Set<String> paths = paths(one);
        NodeId d = node("d");
        world.live(0); // what follows is no calm
        device().crashSoon(changes);
        device().leaveOut(Set.of(d));
        world.runFor(50L * changes);
        device().crash();
        while (!device().isUp()) {
            world.runFor(100);
        }
        device().leaveOut(Set.of());
        settle();
        assertThat(paths(two)).isEqualTo(paths);
        assertThat(world.vault.live().keySet()).containsAll(before.keySet()).hasSize(before.size() + 6);
    }
}
