package coffer.device.sync;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.device.sync.SimFiles.Inode;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.MassChange;
import coffer.device.sync.plan.Names;
import coffer.device.sync.plan.Plan.Tally;
import coffer.device.sync.plan.RemoteNode;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The rules of docs/sync.md, one by one: two devices that did not hear of each other meanwhile.
class SyncRulesTest {

    private static final String MARK = " (conflict two 2026-11-23 14-05-09)";

    private final SimWorld world = new SimWorld(7);
    private SimDisk one = new SimDisk(world, Names.EXACT, "");
    private SimDisk two = new SimDisk(world, Names.EXACT, "");

    @BeforeEach
    void start() throws CofferException {
        use(Names.EXACT, Names.EXACT);
    }

    private void use(Names first, Names second) throws CofferException {
        world.devices.clear();
        world.users.clear();
        one = world.add("one", first).disk;
        two = world.add("two", second).disk;
    }

    private static LocalPath path(String path) {
        return new LocalPath(List.of(path.split("/")));
    }

    private void file(SimDisk disk, String path, String content) {
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

    /// Lets device one send what it has, then device two hear of it.
    private void oneThenTwo() throws CofferException {
        SimDevice second = world.devices.get(1);
        second.offlineFor(Long.MAX_VALUE / 2);
        world.devices.getFirst().engine().onRemote();
        world.runFor(60_000);
        settle();
    }

    private static Set<String> paths(SimDisk disk) {
        TreeSet<String> paths = new TreeSet<>();
        disk.all().forEach(path -> paths.add(path.toString()));
        return paths;
    }

    private static String content(SimDisk disk, String path) {
        return Objects.requireNonNull(disk.find(path(path))).content;
    }

    private RemoteNode node(String name) {
        return world.vault.live().values().stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void editedOnBothSides_bothAreKept_andTheVaultsKeepsTheName() throws CofferException {
        file(one, "f.txt", "old");
        settle();
        one.write(path("f.txt"), "first");
        two.write(path("f.txt"), "second");
        oneThenTwo();
        assertThat(paths(one)).containsExactly("/f" + MARK + ".txt", "/f.txt");
        assertThat(content(two, "f.txt")).isEqualTo("first");
        assertThat(content(one, "f" + MARK + ".txt")).isEqualTo("second");
        assertThat(world.devices.get(1).store.conflicts()).isNotEmpty();
    }

    @Test
    void editedTheSameOnBothSides_isNoConflict() throws CofferException {
        file(one, "f", "old");
        settle();
        one.write(path("f"), "same");
        two.write(path("f"), "same");
        oneThenTwo();
        assertThat(paths(two)).containsExactly("/f");
    }

    @Test
    void editBeatsRemoval_onEitherSide() throws CofferException {
        file(one, "f", "old");
        file(one, "g", "old");
        settle();
        remove(one, "f");
        two.write(path("f"), "new");
        one.write(path("g"), "new");
        remove(two, "g");
        oneThenTwo();
        assertThat(paths(one)).containsExactly("/f", "/g");
        assertThat(content(one, "f")).isEqualTo("new");
        assertThat(content(two, "g")).isEqualTo("new");
    }

    @Test
    void removedFolder_staysForWhatIsNewInIt_andForNothingElse() throws CofferException {
        folder(one, "d");
        file(one, "d/old", "old");
        settle();
        remove(one, "d");
        file(two, "d/new", "new");
        oneThenTwo();
        assertThat(paths(one)).containsExactly("/d", "/d/new");
    }

    @Test
    void sameNameCreatedTwice_foldersMerge_equalFilesAreOne_othersAreKept() throws CofferException {
        for (SimDisk disk : List.of(one, two)) {
            folder(disk, "d");
            file(disk, "d/same", "same");
            file(disk, "d/other", disk == one ? "first" : "second");
        }
        oneThenTwo();
        assertThat(paths(one)).containsExactly("/d", "/d/other", "/d/other" + MARK, "/d/same");
        assertThat(content(two, "d/other")).isEqualTo("first");
    }

    @Test
    void movedOnBothSides_theVaultsPlaceCounts_andAnEditGoesAlong() throws CofferException {
        file(one, "f", "old");
        settle();
        NodeId id = node("f").id();
        move(one, "f", "g");
        move(two, "f", "h");
        two.write(path("h"), "edited");
        oneThenTwo();
        assertThat(paths(two)).containsExactly("/g");
        assertThat(content(one, "g")).isEqualTo("edited");
        assertThat(node("g").id()).isEqualTo(id);
    }

    @Test
    void foldersMovedIntoEachOther_theVaultsMoveCounts() throws CofferException {
        folder(one, "a");
        folder(one, "b");
        file(one, "a/f", "f");
        file(one, "b/g", "g");
        settle();
        move(one, "a", "b/a");
        move(two, "b", "a/b");
        oneThenTwo();
        assertThat(paths(one)).containsExactly("/b", "/b/a", "/b/a/f", "/b/g");
        assertThat(paths(two)).isEqualTo(paths(one));
    }

    @Test
    void swappedAndRotated_nodesKeepTheirIds() throws CofferException {
        for (String name : List.of("a", "b", "c")) {
            folder(one, name);
            file(one, name + "/in-" + name, name);
        }
        settle();
        NodeId a = node("a").id();
        Inode first = one.detach(path("a"));
        move(one, "b", "a");
        move(one, "c", "b");
        one.attach(path("c"), first);
        settle();
        assertThat(node("c").id()).isEqualTo(a);
        assertThat(paths(two)).containsExactly("/a", "/a/in-b", "/b", "/b/in-c", "/c", "/c/in-a");
    }

    @Test
    void caseOnlyRename_isARename_whereCaseIsFolded() throws CofferException {
        use(Names.EXACT, new Names(true, true, true));
        file(one, "name", "f");
        settle();
        NodeId id = node("name").id();
        move(one, "name", "Name");
        settle();
        assertThat(paths(two)).containsExactly("/Name");
        move(two, "Name", "NAME");
        settle();
        assertThat(paths(one)).containsExactly("/NAME");
        assertThat(node("NAME").id()).isEqualTo(id);
    }

    @Test
    void namesThatADiskTakesForOne_areBothThere_andTheVaultKeepsTheirNames() throws CofferException {
        use(Names.EXACT, new Names(true, true, false));
        file(one, "a", "lower");
        file(one, "A", "upper");
        settle();
        assertThat(paths(two)).hasSize(2).anyMatch(path -> path.contains(" ("));
        assertThat(paths(one)).containsExactly("/A", "/a");
    }

    @Test
    void namesThatADiskCannotHold_areEscaped_andComeBackAsTheyWere() throws CofferException {
        use(Names.EXACT, new Names(true, true, true));
        List<String> hard = List.of("a:b", "x.", "CON", "what?", ".coffer");
        hard.forEach(name -> file(one, name, name));
        settle();
        assertThat(paths(two)).hasSize(hard.size()).noneMatch(path -> path.contains(":") || path.endsWith("."));
        for (LocalPath path : two.all()) {
            two.write(path, content(two, path.last()) + " edited");
        }
        settle();
        assertThat(paths(one)).containsExactlyInAnyOrderElementsOf(hard.stream().map(name -> "/" + name).toList());
    }

    @Test
    void folderThatIsNotThere_isNotAnEmptyOne() throws CofferException {
        file(one, "f", "f");
        settle();
        one.top = LocalFolder.Top.MISSING;
        SyncEngine engine = world.devices.getFirst().engine();
        engine.onLocal(new LocalFolder.Event.Lost());
        world.runFor(60_000);
        assertThat(engine.status().state()).isEqualTo(SyncStatus.State.FOLDER_MISSING);
        assertThat(world.vault.live()).hasSize(1);
    }

    @Test
    void folderReplacedByFile_isAnotherNode() throws CofferException {
        folder(one, "x");
        file(one, "x/f", "f");
        settle();
        remove(one, "x");
        file(one, "x", "now a file");
        world.ledger.given.add("f");
        settle();
        assertThat(content(two, "x")).isEqualTo("now a file");
    }

    @Test
    void muchAtOnce_needsConsent_untilItIsGiven() {
        Tally none = new Tally(0, 0, 0, 0);
        assertThat(MassChange.needsConsent(new Tally(100, 0, 0, 0), 200, 100, 0.3, none)).isFalse();
        assertThat(MassChange.needsConsent(new Tally(101, 0, 0, 0), 200, 100, 0.3, none)).isTrue();
        assertThat(MassChange.needsConsent(new Tally(0, 0, 0, 299), 1_000, 100, 0.3, none)).isFalse();
        assertThat(MassChange.needsConsent(new Tally(0, 301, 0, 0), 1_000, 100, 0.3, none)).isTrue();
        assertThat(MassChange.needsConsent(new Tally(0, 301, 0, 0), 1_000, 100, 0.3, new Tally(0, 301, 0, 0))).isFalse();
        assertThat(MassChange.needsConsent(new Tally(0, 302, 0, 0), 1_000, 100, 0.3, new Tally(0, 301, 0, 0))).isTrue();
    }
}
