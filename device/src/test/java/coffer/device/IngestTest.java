package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.ErrorCode;
import coffer.seal.CommitBody;
import coffer.seal.Operation;
import coffer.seal.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class IngestTest extends OnWorkbench {

    @Test
    void put_storesFilesFoldersAndLinks_withTimesAndTheExecutableBit() throws Exception {
        write("a/b/run.sh", 100, 1);
        write("a/empty", 0, 1);
        Files.createDirectory(source.resolve("a/hollow"));
        Files.createSymbolicLink(source.resolve("a/link"), Path.of("../../outside"));
        assertThat(source.resolve("a/b/run.sh").toFile().setExecutable(true)).isTrue();
        Files.setLastModifiedTime(source.resolve("a/b/run.sh"), Times.fileTime(1_234_567_890_123_456_789L));
        Device.PutReport report = ingest.put(List.of(source.resolve("a")), "/x/y", Progress.SILENT);
        assertThat(report.problems()).isEmpty();
        assertThat(report.files()).isEqualTo(3);
        List<Device.NodeInfo> nodes = list();
        assertThat(nodes).extracting(Device.NodeInfo::path).containsExactly(
                "/x", "/x/y", "/x/y/a", "/x/y/a/b", "/x/y/a/b/run.sh", "/x/y/a/empty", "/x/y/a/hollow", "/x/y/a/link");
        Device.NodeInfo script = nodes.get(4);
        assertThat(script.executable()).isTrue();
        assertThat(script.modified()).isEqualTo(Times.ofNanos(1_234_567_890_123_456_789L));
        assertThat(nodes.get(7).kind()).isEqualTo(Device.NodeKind.SYMLINK);
    }

    @Test
    void putAgain_readsNothingAndCommitsNothing() throws Exception {
        for (int i = 0; i < 300; i++) {
            write("d" + i % 7 + "/f" + i, 10 + i, i);
        }
        settle();
        ingest.put(List.of(source), "/", Progress.SILENT);
        int commits = vault.commits;
        for (Path file : files()) {
            assertThat(file.toFile().setReadable(false)).isTrue(); // its change time moves, so it would have to be read
        }
        Device.PutReport second = ingest.put(List.of(source), "/", Progress.SILENT);
        for (Path file : files()) {
            assertThat(file.toFile().setReadable(true)).isTrue();
        }
        assertThat(second.files()).isEqualTo(300);
        Device.PutReport third = ingest.put(List.of(source), "/", Progress.SILENT);
        assertThat(third.unchanged()).isEqualTo(300);
        assertThat(third.sentBytes()).isZero();
        assertThat(third.newBytes()).isZero();
        assertThat(vault.commits).isEqualTo(commits);
    }

    @Test
    void sameContent_isStoredOnce() throws Exception {
        for (int i = 0; i < 50; i++) {
            write("copy" + i, 50_000, 1);
        }
        Device.PutReport report = ingest.put(List.of(source), "/", Progress.SILENT);
        assertThat(report.newBytes()).isEqualTo(50_000);
        assertThat(packs.storedBytes()).isLessThan(60_000);
        Device.PutReport elsewhere = ingest.put(List.of(source), "/elsewhere", Progress.SILENT);
        assertThat(elsewhere.sentBytes()).isZero();
    }

    @Test
    void changedFile_isANewVersionOfTheSameNode() throws Exception {
        write("f", 1_000, 1);
        ingest.put(List.of(source.resolve("f")), "/", Progress.SILENT);
        write("f", 1_200, 2);
        ingest.put(List.of(source.resolve("f")), "/", Progress.SILENT);
        assertThat(replica.history(vault.id(), "/f", DeviceId::hex)).extracting(Device.Version::size).containsExactly(1_200L, 1_000L);
    }

    @Test
    void fileInPlaceOfAFolder_sendsTheFolderToTheTrash() throws Exception {
        write("x/y", 10, 1);
        ingest.put(List.of(source.resolve("x")), "/", Progress.SILENT);
        Files.delete(source.resolve("x/y"));
        Files.delete(source.resolve("x"));
        write("x", 20, 2);
        ingest.put(List.of(source.resolve("x")), "/", Progress.SILENT);
        assertThat(list()).extracting(node -> node.path() + " " + node.kind()).containsExactly("/x FILE");
        assertThat(replica.trash(vault.id(), DeviceId::hex)).extracting(Device.TrashItem::path).containsExactly("/x");
    }

    @Test
    void insertionInFrontOfALargeFile_sendsAtMostTwoChunks() throws Exception {
        byte[] content = random(20 << 20, 5);
        Files.write(source.resolve("big"), content);
        ingest.put(List.of(source.resolve("big")), "/", Progress.SILENT);
        byte[] longer = new byte[content.length + 1_000];
        System.arraycopy(content, 0, longer, 1_000, content.length);
        Files.write(source.resolve("big"), longer);
        Device.PutReport report = ingest.put(List.of(source.resolve("big")), "/", Progress.SILENT);
        assertThat(report.newBytes()).isLessThanOrEqualTo(8 << 20);
        assertThat(report.newBytes()).isLessThan(content.length / 2);
    }

    @Test
    void strangeNames_areKept() throws Exception {
        List<String> names = List.of("-rf", " ", "a\nb", "\ud83d\ude00", "\"'`$", "caf\u00e9", "x".repeat(255), "a\\b", "\u202etxt.exe");
        for (String name : names) {
            Files.write(source.resolve(name), name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        Device.PutReport report = ingest.put(List.of(source), "/", Progress.SILENT);
        assertThat(report.problems()).isEmpty();
        assertThat(names(list())).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void namesThatAreEqualInUnicode_areBothKept() throws Exception {
        Files.write(source.resolve("caf\u00e9"), new byte[] {1});
        Files.write(source.resolve("cafe\u0301"), new byte[] {2, 2});
        Device.PutReport report = ingest.put(List.of(source), "/", Progress.SILENT);
        assertThat(report.problems()).extracting(Device.Problem::code).containsExactly(ErrorCode.UNSAFE_NAME.name());
        assertThat(list().stream().filter(node -> node.kind() == Device.NodeKind.FILE)).hasSize(2);
        Device.PutReport again = ingest.put(List.of(source), "/", Progress.SILENT);
        assertThat(again.sentBytes()).isZero();
        assertThat(list().stream().filter(node -> node.kind() == Device.NodeKind.FILE)).hasSize(2);
    }

    @Test
    void whatCannotBeRead_isReported_andTheRestGoesOn() throws Exception {
        write("good", 10, 1);
        Path pipe = source.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        Device.PutReport report =
                ingest.put(List.of(source, home.resolve("nothing")), "/", Progress.SILENT);
        assertThat(report.problems()).extracting(problem -> Path.of(problem.where()).getFileName().toString())
                .containsExactlyInAnyOrder("pipe", "nothing");
        assertThat(names(list())).containsExactly("good");
    }

    @Test
    void fileThatChangesWhileItIsRead_isReadAgain_andReportedIfItGoesOn() throws Exception {
        write("calm", 1_000, 1);
        Path restless = write("restless", 30 << 20, 2);
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            try (FileChannel channel = FileChannel.open(restless, StandardOpenOption.WRITE)) {
                for (int i = 0; !done.get(); i++) {
                    channel.write(ByteBuffer.wrap(new byte[] {(byte) i}), 100);
                    Thread.sleep(1);
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Device.PutReport report = ingest.put(List.of(source), "/", Progress.SILENT);
        done.set(true);
        writer.join();
        assertThat(report.problems()).extracting(problem -> Path.of(problem.where())).containsExactly(restless);
        assertThat(names(list())).containsExactly("calm");
        assertThat(ingest.put(List.of(source), "/", Progress.SILENT).problems()).isEmpty();
        assertThat(names(list())).containsExactly("calm", "restless");
    }

    @Test
    void statOfTheKernel_isWhatThePlatformSays() throws Exception {
        Path file = write("f", 10, 1);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        Path link = Files.createSymbolicLink(source.resolve("l"), Path.of("nowhere"));
        for (Path path : List.of(file, link, source)) {
            assertThat(LocalStat.of(path)).isEqualTo(LocalStat.slowly(path));
            LocalWriter.setTime(path, -1_234_567_890_123_456_789L);
            assertThat(LocalStat.of(path).mtimeNs()).isEqualTo(-1_234_567_890_123_456_789L);
            assertThat(LocalStat.of(path)).isEqualTo(LocalStat.slowly(path));
        }
        assertThatThrownBy(() -> LocalStat.of(source.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void crashAtEachUploadAndCommit_losesNothingAndSendsNothingTwice() throws Exception {
        for (int i = 0; i < 12; i++) {
            write("big" + i, 3 << 20, i);
        }
        for (int i = 0; i < 400; i++) {
            write("small/f" + i, 2_000, 1_000 + i);
        }
        settle();
        Random random = new Random(4);
        int crashes = 0;
        for (int attempt = 0; ; attempt++) {
            int failUpload = packs.uploads.size() + 1 + random.nextInt(2);
            int failCommit = vault.commits + 1 + random.nextInt(2);
            boolean last = attempt == 8;
            packs.fault = number -> last || number != failUpload
                    ? MemoryPacks.Outcome.WELL
                    : random.nextBoolean() ? MemoryPacks.Outcome.LOST : MemoryPacks.Outcome.STORED_BUT_NOT_ANSWERED;
            vault.beforeCommit = number -> {
                if (!last && number == failCommit) {
                    throw new IllegalStateException("crash");
                }
            };
            reopen();
            try {
                ingest.put(List.of(source), "/", Progress.SILENT);
                break;
            } catch (CofferException | IllegalStateException e) {
                crashes++;
            }
        }
        assertThat(crashes).isPositive();
        assertThat(new TreeSet<>(packs.uploads)).as("each pack once").hasSize(packs.uploads.size());
        long distinct = 12L * (3 << 20) + 400 * 2_000;
        assertThat(packs.storedBytes()).isLessThan(distinct + distinct / 5);
        assertThat(list().stream().filter(node -> node.kind() == Device.NodeKind.FILE)).hasSize(412);
    }

    @Test
    void epochThatEndsMeanwhile_isNotedAndTheNewOneIsUsed() throws Exception {
        write("f", 1_000, 1);
        vault.beforeCommit = number -> {
            if (number == 1) {
                vault.nextEpoch();
            }
        };
        ingest.put(List.of(source), "/", Progress.SILENT);
        assertThat(names(list())).containsExactly("f");
        long epoch = replica.read(vault.id(), (tx, ref) -> new ChunkIndex(tx, ref).packs(0, 10).getFirst().epoch());
        assertThat(epoch).isEqualTo(2);
    }

    @Test
    void destinationThatIsRemovedMeanwhile_isMadeAnew() throws Exception {
        ingest.put(List.of(), "/dest", Progress.SILENT);
        write("f", 1_000, 1);
        vault.beforeCommit = number -> {
            if (number == 2) {
                vault.beforeCommit = unused -> {};
                try {
                    Operation remove = replica.read(vault.id(), (tx, ref) ->
                            new Operation.Remove(new Nodes(tx, ref).require("/dest").id()));
                    vault.apply(new VaultAccess.Plan(new CommitBody(List.of(remove), List.of(), List.of()), List.of()));
                } catch (CofferException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        ingest.put(List.of(source.resolve("f")), "/dest", Progress.SILENT);
        assertThat(list()).extracting(Device.NodeInfo::path).containsExactly("/dest", "/dest/f");
        assertThat(replica.problems(vault.id())).isEmpty();
    }

    @Test
    void tinyFiles_fitTheirCommits_andManyBecomeFewPacks() throws Exception {
        for (int i = 0; i < 9_000; i++) {
            write("d" + i / 3_000 + "/file-with-a-longer-name-" + i, 12, i);
        }
        ingest.put(List.of(source), "/", Progress.SILENT);
        assertThat(vault.bodyBytesMax).isLessThan(1_000_000);
        assertThat(packs.uploads.size()).isLessThan(8);
        assertThat(replica.totals(vault.id()).files()).isEqualTo(9_000);
    }

    @Test
    void cancelledPut_endsSoonAndTheNextOneGoesOn() throws Exception {
        for (int i = 0; i < 200; i++) {
            write("f" + i, 100_000, i);
        }
        Progress gone = new Progress() {
            private volatile boolean cancelled;

            @Override
            public void update(String label, long done, long total, Unit unit) {
                cancelled = done > 5_000_000;
            }

            @Override
            public boolean cancelled() {
                return cancelled;
            }
        };
        assertThatThrownBy(() -> ingest.put(List.of(source), "/", gone)).isInstanceOf(CofferException.class);
        ingest.put(List.of(source), "/", Progress.SILENT);
        assertThat(replica.totals(vault.id()).files()).isEqualTo(200);
    }

    private void reopen() throws CofferException {
        db.close();
        db = ReplicaDb.open(home.resolve("replica.db"));
        replica = new Replica(db, InstantSource.system());
        FakeVault before = vault;
        vault = new FakeVault(replica);
        vault.sequence = before.sequence;
        vault.commits = before.commits;
        vault.beforeCommit = before.beforeCommit;
        ingest = new Ingest(replica, vault, packs, RandomSource.secure(), InstantSource.system());
    }

    /// Moves all times into the past, as if the files had been there for long.
    private void settle() throws InterruptedException {
        Thread.sleep(StatCache.SETTLED.toMillis() + 100);
    }

    private List<Path> files() throws IOException {
        try (var all = Files.walk(source)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private List<Device.NodeInfo> list() throws CofferException {
        List<Device.NodeInfo> nodes = new ArrayList<>();
        replica.list(vault.id(), "/", true, DeviceId::hex, nodes::add);
        return nodes;
    }

    private static List<String> names(List<Device.NodeInfo> nodes) {
        return nodes.stream()
                .filter(node -> node.kind() == Device.NodeKind.FILE)
                .map(node -> node.path().substring(node.path().lastIndexOf('/') + 1))
                .toList();
    }

    private Path write(String name, int size, long seed) throws IOException {
        Path file = source.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, random(size, seed));
        return Files.setLastModifiedTime(file, FileTime.fromMillis(1_500_000_000_000L + seed));
    }

    private static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
