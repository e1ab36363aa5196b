package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Choosing subfolders of a folder on a real disk, with a real database and a replica.
class SyncFoldersTest {

    private static final long WAIT_MS = 60_000;

    @TempDir
    Path temp = Path.of("");

    private Path top = Path.of("");
    private Workbench bench;
    private Agreements agreements;
    private SyncFolders folders;

    @BeforeEach
    void begin() throws Exception {
        bench = new Workbench(temp.resolve("bench"), 1);
        Path home = Files.createDirectories(temp.resolve("home"));
        top = Files.createDirectories(temp.resolve("top")).toRealPath();
        write("work/old/letter", "a letter");
        write("work/plan", "a plan");
        write("notes", "some notes");
        Clock clock = Clock.systemUTC();
        Contents contents = new VaultContents(bench.home, bench.replica, bench.vault, bench.packs, bench.ingest, clock);
        agreements = new Agreements(contents, bench.replica, bench.vault.id(), FakeVault.DEVICE, _ -> true, clock);
        folders = open(home);
        folders.add(top, "/docs");
        awaitUpToDate();
    }

    private SyncFolders open(Path home) throws CofferException {
        return open(home, FakeVault.DEVICE);
    }

    /// @param self whose packs need not be read back
    private SyncFolders open(Path home, DeviceId self) throws CofferException {
        return SyncFolders.open(new SyncFolders.Parts(
                home, "one", self, bench.replica, bench.vault, bench.packs, bench.fetch, bench.tree, bench.ingest.one(), () -> {},
                agreements, Clock.systemUTC()));
    }

    @AfterEach
    void end() {
        folders.close();
        agreements.close();
        bench.close();
    }

    private void write(String path, String content) throws IOException {
        Files.createDirectories(top.resolve(path).getParent());
        Files.writeString(top.resolve(path), content);
    }

    private Device.SyncInfo info() throws CofferException {
        return folders.list().getFirst();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + WAIT_MS * 1_000_000;
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(5);
        }
    }

    private void awaitUpToDate() throws Exception {
        await(() -> info().state() == Device.SyncState.UP_TO_DATE);
    }

    private Set<String> here() throws IOException {
        try (Stream<Path> all = Files.walk(top)) {
            Set<String> found = new TreeSet<>();
            all.map(path -> top.relativize(path).toString())
                    .filter(path -> !path.isEmpty() && !path.startsWith(".coffer"))
                    .forEach(found::add);
            return found;
        }
    }

    @Test
    void whatIsLeftOut_goesFromThisDiskAlone_staysOutOverARestart_andComesBackWhole() throws Exception {
        List<String> vault = bench.paths();
        assertThat(vault).contains("/docs/work/old/letter");
        folders.choose(top, List.of("work/old"), List.of(), Progress.SILENT);
        await(() -> here().equals(Set.of("notes", "work", "work/plan")));
        awaitUpToDate();
        assertThat(info().leftOut()).containsExactly(new Device.LeftOut("work/old", false));
        assertThat(folders.preview(top)).containsExactly(new Device.SyncStep("leave out", top + "/work/old"));
        folders.close();
        folders = open(temp.resolve("home"));
        awaitUpToDate();
        bench.tree.makeFolder("/docs/work/old/new", false);
        bench.tree.makeFolder("/docs/seen", false);
        folders.heard();
        await(() -> here().contains("seen"));
        awaitUpToDate();
        assertThat(here()).containsExactly("notes", "seen", "work", "work/plan");
        folders.choose(top, List.of(), List.of("/work/old/"), Progress.SILENT);
        await(() -> here().contains("work/old/letter") && here().contains("work/old/new"));
        awaitUpToDate();
        assertThat(Files.readString(top.resolve("work/old/letter"))).isEqualTo("a letter");
        assertThat(bench.paths()).containsAll(vault);
        assertThat(info().leftOut()).isEmpty();
    }

    @Test
    void whatIsIgnored_staysHere_andIsSaid() throws Exception {
        write(".cofferignore", "*.tmp\n");
        await(() -> bench.paths().contains("/docs/.cofferignore"));
        write("work/old/x.tmp", "not in the vault");
        awaitUpToDate();
        List<String> vault = bench.paths();
        folders.choose(top, List.of("work"), List.of(), Progress.SILENT);
        await(() -> here().equals(Set.of("notes", "work", "work/old", "work/old/x.tmp")));
        awaitUpToDate();
        assertThat(info().leftOut()).containsExactly(new Device.LeftOut("work", true));
        assertThat(bench.paths()).isEqualTo(vault);
    }

    @Test
    void whatCannotBeChosen_isRefused_andNothingIsDone() throws Exception {
        List<List<String>> wrong = List.of(List.of("notes"), List.of("nothing there"), List.of("/"), List.of("work", "nothing"));
        for (List<String> without : wrong) {
            assertRefused("Nothing was changed.", () -> folders.choose(top, without, List.of(), Progress.SILENT));
        }
        assertRefused("not left out", () -> folders.choose(top, List.of(), List.of("work"), Progress.SILENT));
        folders.setPaused(top, true);
        await(() -> info().state() == Device.SyncState.PAUSED);
        write("work/plan", "another plan");
        await(() -> !folders.preview(top).isEmpty());
        assertRefused("not as in the vault", () -> folders.choose(top, List.of("work"), List.of(), Progress.SILENT));
        assertThat(info().leftOut()).isEmpty();
        assertThat(here()).contains("work/old/letter");
    }

    @Test
    void whatOthersStored_isReadBackBeforeItGoesFromThisDisk_andStaysIfItDoesNotOpen() throws Exception {
        bench.packs.unavailable = true;
        new ReadBack(bench.replica, bench.vault, bench.packs, FakeVault.DEVICE).require(ids("/docs/work"), Progress.SILENT);
        folders.close();
        folders = open(temp.resolve("home"), DeviceId.of(new byte[DeviceId.SIZE]));
        awaitUpToDate();
        assertRefused("", () -> folders.choose(top, List.of("work"), List.of(), Progress.SILENT));
        bench.packs.unavailable = false;
        bench.packs.flipEveryByte();
        assertRefused("what is here stays here", () -> folders.choose(top, List.of("work"), List.of(), Progress.SILENT));
        assertThat(here()).contains("work/old/letter", "work/plan");
        assertThat(info().leftOut()).isEmpty();
        bench.packs.flipEveryByte();
        folders.choose(top, List.of("work"), List.of(), Progress.SILENT);
        await(() -> here().equals(Set.of("notes")));
    }

    private Set<NodeId> ids(String path) throws CofferException {
        return bench.replica.read(bench.vault.id(), (tx, ref) -> Set.of(Objects.requireNonNull(new Nodes(tx, ref).find(path)).id()));
    }

    private static void assertRefused(String words, Callable<Device.SyncInfo> choice) {
        assertThatThrownBy(choice::call).isInstanceOfSatisfying(CofferException.class, e -> assertThat(e.reason() + e.advice()).contains(words));
    }
}
