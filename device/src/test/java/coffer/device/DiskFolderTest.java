package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.device.sync.LocalFolder;
import coffer.device.sync.LocalFolder.Event;
import coffer.device.sync.LocalFolder.Listing;
import coffer.device.sync.LocalFolder.Outcome;
import coffer.device.sync.LocalFolder.Target;
import coffer.device.sync.LocalFolder.Top;
import coffer.device.sync.LocalFolderContract;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import coffer.seal.Content;
import coffer.seal.DedupKeys;
import coffer.seal.RandomSource;
import coffer.seal.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A synced folder on a real disk.
class DiskFolderTest extends LocalFolderContract {

    @TempDir
    Path temp = Path.of("");

    private final DedupKeys keys = DedupKeys.of(Secret.random(RandomSource.secure()));
    private final Map<ContentId, byte[]> contents = new HashMap<>();
    private final Set<LocalPath> synced = new HashSet<>();
    private final Set<Long> syncedFiles = new HashSet<>();
    private Path top = Path.of("");
    private DiskFolder folder = new DiskFolder(top, "", () -> keys, (_, _) -> {}, (_, _) -> false);

    @BeforeEach
    void mark() throws IOException, CofferException {
        top = Files.createDirectory(temp.resolve("top"));
        DiskMarker.write(top, "id");
        folder = new DiskFolder(top, "id", () -> keys, this::bring, (path, fileId) -> synced.contains(path) || syncedFiles.contains(fileId));
    }

    private void bring(ContentId content, java.io.OutputStream out) throws CofferException {
        try {
            out.write(contents.getOrDefault(content, new byte[0]));
        } catch (IOException e) {
            throw DiskFailures.of(e);
        }
    }

    @Override
    protected LocalFolder folder() {
        return folder;
    }

    @Override
    protected void write(String path, String content) throws IOException {
        Path file = top.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, utf8(content));
    }

    @Override
    protected String read(String path) throws IOException {
        return Files.readString(top.resolve(path));
    }

    @Override
    protected ContentId stage(String content) throws CofferException {
        byte[] bytes = utf8(content);
        ContentId id = ContentIds.of(new Content.FileContent(bytes.length, 0, List.of(keys.id(bytes))));
        contents.put(id, bytes);
        folder.staging().stage(id, this::bring);
        return id;
    }

    @Test
    void top_tellsAFolderThatIsGone_fromOneThatIsEmptyOrAnothers() throws IOException, CofferException {
        assertThat(folder.top()).isEqualTo(Top.PRESENT);
        DiskMarker.write(top, "other");
        assertThat(folder.top()).isEqualTo(Top.FOREIGN);
        DiskMarker.remove(top, "other");
        assertThat(folder.top()).isEqualTo(Top.MISSING);
        Files.delete(top);
        assertThat(folder.top()).isEqualTo(Top.MISSING);
    }

    @Test
    void stagingArea_isForTheOwnerAlone() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(top.resolve(".coffer")))).isEqualTo("rwx------");
    }

    @Test
    void noLinkIsFollowed_inAnyPlaceOfAPath() throws IOException, CofferException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "x");
        Files.createSymbolicLink(top.resolve("way"), outside);
        assertThat(folder.list(path("way"))).isEqualTo(new Listing.Absent());
        assertThat(folder.look(path("way/secret"))).isNull();
        assertThat(folder.identify(path("way/secret"), new coffer.device.sync.plan.Stamp(1, 1, 1, 0))).isNull();
        ContentId content = stage("in");
        assertThat(folder.place(content, new Target(path("way/new"), 0), null, false, 1)).isInstanceOf(Outcome.Refused.class);
        assertThat(folder.makeFolder(new Target(path("way/new"), 0))).isInstanceOf(Outcome.Refused.class);
        assertThat(outside.resolve("new")).doesNotExist();
        assertThat(look("way").kind()).isEqualTo(Kind.SYMLINK);
    }

    /// Somebody lets a folder and a link change places as fast as the machine can, while the folder is read and written.
    @Test
    void linksAndFoldersThatChangePlaces_leadNowhereElse() throws Exception {
        Path outside = Files.createDirectory(temp.resolve("elsewhere"));
        Files.writeString(outside.resolve("secret"), "private");
        Files.createDirectory(top.resolve("way"));
        Files.createSymbolicLink(top.resolve("link"), outside);
        long id = look("way").stamp().fileId();
        try (OpenFolder names = Objects.requireNonNull(OpenFolder.open(top, List.of()))) {
            org.junit.jupiter.api.Assumptions.assumeTrue(names.exchange("way", names, "link") == 0, "names can be exchanged here");
            AtomicBoolean over = new AtomicBoolean();
            AtomicLong swaps = new AtomicLong();
            Thread swapping = Thread.ofPlatform().daemon().start(() -> {
                while (!over.get()) {
                    names.exchange("way", names, "link");
                    swaps.incrementAndGet();
                }
            });
            try {
                int placed = 0;
                int refused = 0;
                for (int i = 0; i < 20_000 && (i < 400 || placed < 20 || refused < 20); i++) {
                    LocalPath file = path("way/file-" + i);
                    Outcome outcome = i % 3 == 0
                            ? folder.makeFolder(new Target(file, id))
                            : i % 3 == 1
                                    ? folder.place(stage("content " + i), new Target(file, id), null, false, 1)
                                    : folder.makeLink("somewhere", new Target(file, id), null);
                    placed += outcome instanceof Outcome.Done ? 1 : 0;
                    refused += outcome instanceof Outcome.Refused ? 1 : 0;
                    assertThat(folder.look(path("way/secret"))).isNull();
                    if (folder.list(path("way")) instanceof Listing.Entries(var entries)) {
                        assertThat(entries).extracting(LocalFolder.Entry::name).doesNotContain("secret");
                    }
                    LocalFolder.Entry there = folder.look(file);
                    if (there != null && there.kind() == Kind.FILE) {
                        folder.identify(file, there.stamp());
                        folder.remove(file, Kind.FILE, there.stamp());
                    }
                }
                assertThat(swaps.get()).isPositive();
                assertThat(placed).as("of %d swaps", swaps.get()).isPositive();
                assertThat(refused).as("of %d swaps", swaps.get()).isPositive();
            } finally {
                over.set(true);
                swapping.join();
            }
        }
        try (Stream<Path> all = Files.list(outside)) {
            assertThat(all.map(found -> found.getFileName().toString())).containsExactly("secret");
        }
        assertThat(outside.resolve("secret")).hasContent("private");
    }

    @Test
    void aFolderThatCannotBeRead_isNotEmpty() throws IOException, CofferException {
        org.junit.jupiter.api.Assumptions.assumeFalse("root".equals(System.getProperty("user.name")));
        write("d/x", "1");
        Files.setPosixFilePermissions(top.resolve("d"), Set.of());
        assertThat(folder.list(path("d"))).isInstanceOf(Listing.Unreadable.class);
        Files.setPosixFilePermissions(top.resolve("d"), PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aFileMadeLaterUnderTheSameNumber_hasAnotherId() throws IOException, CofferException, InterruptedException {
        write("a", "1");
        DiskStat first = DiskStat.of(top.resolve("a"));
        long id = stamp("a").fileId();
        Files.delete(top.resolve("a"));
        Thread.sleep(50); // longer than the clock of any file system ticks
        write("a", "1");
        DiskStat second = DiskStat.of(top.resolve("a"));
        boolean reused = first != null
                && second != null
                && first.birthNs() != 0
                && first.stat().inode() == second.stat().inode();
        org.junit.jupiter.api.Assumptions.assumeTrue(reused);
        assertThat(stamp("a").fileId()).isNotEqualTo(id);
    }

    @Test
    void sameContentTwice_isPlacedTwice() throws IOException, CofferException {
        ContentId content = stage("twin");
        assertThat(folder.place(content, new Target(path("one"), 0), null, false, 1)).isInstanceOf(Outcome.Done.class);
        assertThat(folder.place(content, new Target(path("two"), 0), null, false, 1)).isInstanceOf(Outcome.Done.class);
        assertThat(read("one")).isEqualTo(read("two")).isEqualTo("twin");
    }

    @Test
    void recover_bringsBackWhatACrashCaughtAside_andDropsWhatWasOurs() throws IOException, CofferException {
        ContentId content = stage("half");
        Files.writeString(top.resolve(".coffer/aside/0-12345678"), "mine");
        Path ours = Files.writeString(top.resolve(".coffer/aside/x"), "ours");
        String inode = Long.toHexString(LocalStat.of(ours).inode());
        Files.move(ours, ours.resolveSibling(inode + "-12345678"));
        folder.staging().recover();
        assertThat(folder.staged(content)).isZero();
        assertThat(top.resolve(".coffer/aside")).isEmptyDirectory();
        List<Path> back;
        try (var files = Files.list(top)) {
            back = files.filter(file -> String.valueOf(file.getFileName()).startsWith("recovered-")).toList();
        }
        assertThat(back).hasSize(1);
        assertThat(back.getFirst()).hasContent("mine");
    }

    @Test
    void ignoredItems_areNotListed_unlessTheyAreSyncedAlready() throws IOException, CofferException {
        write(".cofferignore", "*.tmp\nbuild/\n");
        write("a.tmp", "1");
        write("build/x", "1");
        write("d/.cofferignore", "!a.tmp\n");
        write("d/a.tmp", "1");
        assertThat(folder.look(path("a.tmp"))).isNull();
        assertThat(folder.look(path("build/x"))).isNull();
        assertThat(folder.look(path("d/a.tmp"))).isNotNull();
        assertThat(folder.look(path("build"))).isNull();
        assertThat(folder.ignoresFolder(path("build"))).isTrue();
        assertThat(folder.ignoresFolder(path("d"))).isFalse();
        write("e/build", "a file");
        assertThat(folder.look(path("e/build"))).isNotNull();
        assertThat(folder.look(path(".cofferignore"))).isNotNull();
        synced.add(path("a.tmp"));
        assertThat(folder.look(path("a.tmp"))).isNotNull();
        write(".cofferignore", "\n");
        assertThat(folder.look(path("build/x"))).isNotNull();
    }

    @Test
    void whatIsSynced_isSeen_afterItGotANameThatIsIgnored() throws IOException, CofferException {
        write(".cofferignore", "*.tmp\n");
        write("a", "1");
        syncedFiles.add(Objects.requireNonNull(folder.look(path("a"))).stamp().fileId());
        Files.move(top.resolve("a"), top.resolve("a.tmp"));
        write("b.tmp", "1");
        assertThat(folder.look(path("a.tmp"))).isNotNull();
        assertThat(folder.look(path("b.tmp"))).isNull();
    }

    @Test
    void whatComesFromTheVault_isSeen_whateverTheRulesSay() throws IOException, CofferException {
        write(".cofferignore", "*.tmp\n");
        ContentId content = stage("x");
        assertThat(folder.place(content, new Target(path("v.tmp"), 0), null, false, 1)).isInstanceOf(Outcome.Done.class);
        assertThat(folder.look(path("v.tmp"))).isNotNull();
    }

    @Test
    void watch_tellsWhatHappens_alsoInFoldersThatAreNew() throws Exception {
        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        try (AutoCloseable _ = folder.watch(events::add)) {
            write("a", "1");
            await(events, "a");
            write("new/deep/x", "1");
            await(events, "new");
            Files.move(top.resolve("new"), top.resolve("renamed"));
            await(events, "renamed");
            write("renamed/deep/y", "1");
            await(events, "renamed/deep/y");
            Files.delete(top.resolve("a"));
            await(events, "a");
        }
    }

    /// A folder that appears with what is in it is told alone; later changes in it are told themselves.
    private static void await(BlockingQueue<Event> events, String path) throws InterruptedException {
        Event event = events.poll(60, TimeUnit.SECONDS);
        while (event != null && !event.equals(new Event.Changed(path(path)))) {
            event = events.poll(60, TimeUnit.SECONDS);
        }
        assertThat(event).isNotNull();
    }
}
