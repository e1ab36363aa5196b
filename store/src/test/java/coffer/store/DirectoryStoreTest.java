package coffer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import coffer.core.Bytes;
import coffer.core.Hash;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DirectoryStoreTest extends ObjectStoreContract {

    @TempDir
    Path folder = Path.of("replaced by JUnit");

    private final byte[] content = bytes(1, 300_000);
    private final ObjectName name = ObjectName.ofContent(content);

    @Override
    protected ObjectStore openEmpty() throws StoreException {
        return DirectoryStore.open(folder.resolve("store"), 0);
    }

    private Path root() {
        return folder.resolve("store");
    }

    private Path file() {
        return root().resolve("objects").resolve(name.text().substring(0, 2)).resolve(name.text());
    }

    private List<Path> incoming() throws IOException {
        try (Stream<Path> files = Files.list(root().resolve("incoming"))) {
            return files.toList();
        }
    }

    @Test
    void put_leavesOneFileInTheFolderOfItsFirstTwoCharacters_andNothingElse() throws Exception {
        store().put(name, content);
        assertThat(Files.readAllBytes(file())).isEqualTo(content);
        assertThat(incoming()).isEmpty();
    }

    @Test
    void open_givesBackWhatWasStored() throws Exception {
        store().put(name, content);
        store().close();
        try (var again = openEmpty()) {
            assertThat(again.read(name, content.length)).isEqualTo(content);
        }
    }

    @Test
    void open_removesTheRestsOfACrash_andNothingElse() throws Exception {
        store().put(name, content);
        store().close();
        Path rest = Files.write(root().resolve("incoming/a.part"), new byte[10]);
        try (var again = openEmpty()) {
            assertThat(rest).doesNotExist();
            assertThat(again.list("", "", 10)).containsExactly(new ObjectInfo(name, content.length));
        }
    }

    @Test
    void open_refusesAFolderThatIsOpen() {
        assertThatExceptionOfType(StoreRefused.class)
                .isThrownBy(this::openEmpty)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(StoreRefused.Reason.PLACE));
    }

    @Test
    void open_refusesAFolderWithoutAParent() {
        assertThatExceptionOfType(StoreRefused.class)
                .isThrownBy(() -> DirectoryStore.open(folder.resolve("no/parent"), 0))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(StoreRefused.Reason.PLACE));
    }

    @Test
    void get_ofAFileWithOneBitFlipped_isCorrupt_andAPutHealsIt() throws Exception {
        store().put(name, content);
        byte[] damaged = content.clone();
        damaged[123_456] ^= 4;
        Files.write(file(), damaged);
        assertThatExceptionOfType(StoreCorrupt.class).isThrownBy(() -> store().read(name, content.length));
        store().put(name, content);
        assertThat(store().read(name, content.length)).isEqualTo(content);
    }

    @Test
    void get_ofAFileThatWasCutOrExtended_isCorrupt() throws Exception {
        store().put(name, content);
        Files.write(file(), Arrays.copyOf(content, content.length - 1));
        assertThatExceptionOfType(StoreCorrupt.class).isThrownBy(() -> store().read(name, content.length));
        Files.write(file(), Arrays.copyOf(content, content.length + 1));
        assertThatExceptionOfType(StoreCorrupt.class).isThrownBy(() -> store().read(name, content.length + 1));
    }

    @Test
    void links_areNotFollowed() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.write(outside.resolve(name.text()), content);
        Path shard = file().getParent();
        Files.createSymbolicLink(shard, outside);
        assertThatExceptionOfType(ObjectMissing.class).isThrownBy(() -> store().read(name, content.length));
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store().put(name, content));
        store().delete(name);
        assertThat(outside.resolve(name.text())).exists();
        assertThat(store().list("", "", 10)).isEmpty();

        Files.delete(shard);
        Files.createDirectory(shard);
        Files.createSymbolicLink(file(), outside.resolve(name.text()));
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store().read(name, content.length));
        assertThat(store().list("", "", 10)).isEmpty();
        store().put(name, content);
        assertThat(Files.isSymbolicLink(file())).isFalse();
        assertThat(outside.resolve(name.text())).hasBinaryContent(content);
    }

    @Test
    void foreignFiles_areNotListed() throws Exception {
        store().put(name, content);
        Files.write(file().resolveSibling("README"), new byte[1]);
        Files.write(root().resolve("objects/notes"), new byte[1]);
        Files.createDirectory(root().resolve("objects/lost+found"));
        assertThat(store().list("", "", 10)).containsExactly(new ObjectInfo(name, content.length));
    }

    @Test
    void aFolderThatIsGone_isUnavailable_notEmpty() throws Exception {
        store().put(name, content);
        Files.move(root().resolve("objects"), folder.resolve("elsewhere"));
        assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store().stat(name));
        assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store().read(name, 1_000_000));
        assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store().delete(name));
        assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store().list("", "", 10));
    }

    @Test
    void put_thatWouldLeaveTooLittleRoom_isFull_andLeavesNothing() throws Exception {
        store().close();
        try (var store = DirectoryStore.open(root(), Long.MAX_VALUE / 2)) {
            assertThatExceptionOfType(StoreFull.class).isThrownBy(() -> store.put(name, content));
            assertThat(store.stat(name)).isEmpty();
            assertThat(incoming()).isEmpty();
        }
    }

    @Test
    void put_forcesTheFileBeforeItsNameAndTheFolderAfter() throws Exception {
        store().close();
        var disk = new RecordingDisk();
        try (var store = DirectoryStore.open(root(), 0, disk)) {
            disk.steps.clear();
            store.put(name, content);
        }
        assertThat(disk.steps).containsExactly("create", "write", "force", "force objects", "move", "force "
                + name.text().substring(0, 2));
    }

    enum Step {
        CREATE,
        WRITE,
        FORCE,
        MOVE,
        FORCE_FOLDER
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void put_onAFullDisk_isFull_andLeavesNothingHalf(Step step) throws Exception {
        store().close();
        var disk = new RecordingDisk();
        try (var store = DirectoryStore.open(root(), 0, disk)) {
            disk.failAt = step;
            assertThatExceptionOfType(StoreFull.class).isThrownBy(() -> store.put(name, content));
            assertThat(incoming()).isEmpty();
            assertThat(store.stat(name)).isEmpty();
            disk.failAt = null;
            store.put(name, content);
            assertThat(store.read(name, content.length)).isEqualTo(content);
        }
    }

    @Test
    void put_onADiskThatFailsOtherwise_isUnavailable() throws Exception {
        store().close();
        var disk = new RecordingDisk();
        disk.message = "Input/output error";
        try (var store = DirectoryStore.open(root(), 0, disk)) {
            disk.failAt = Step.WRITE;
            assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store.put(name, content));
            assertThat(incoming()).isEmpty();
        }
    }

    @Test
    void put_inAnInterruptedThread_isUnavailable_andKeepsTheFlag() throws Exception {
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store().put(name, content));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        assertThat(incoming()).isEmpty();
        store().put(name, content);
    }

    @Test
    void putAndGet_needMemoryThatDoesNotGrowWithTheObject() throws Exception {
        int size = 64 << 20;
        byte[] block = bytes(2, 1 << 16);
        MessageDigest digest = Hash.digest();
        for (int i = 0; i < size / block.length; i++) {
            digest.update(block);
        }
        var large = new ObjectName(new Hash(Bytes.of(digest.digest())));
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        store().put(large, size, () -> new RepeatingStream(block, size));
        try (StoredStream in = store().get(large)) {
            assertThat(in.transferTo(OutputStream.nullOutputStream())).isEqualTo(size);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4 << 20);
    }

    /// The same block again and again.
    private static final class RepeatingStream extends InputStream {
        private final byte[] block;
        private long left;

        RepeatingStream(byte[] block, long size) {
            this.block = block;
            this.left = size;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) {
            if (left == 0) {
                return -1;
            }
            int at = (int) (-left & (block.length - 1));
            int read = (int) Math.min(Math.min(count, left), block.length - at);
            System.arraycopy(block, at, buffer, offset, read);
            left -= read;
            return read;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }
    }

    /// The real disk, which notes its steps and fails one kind of them.
    private static final class RecordingDisk implements Disk {
        private final List<String> steps = new ArrayList<>();
        private String message = "No space left on device";
        private @Nullable Step failAt;

        private void step(Step step, String text) throws IOException {
            if (failAt == step) {
                throw new IOException(message);
            }
            if (steps.isEmpty() || !steps.getLast().equals(text)) {
                steps.add(text);
            }
        }

        @Override
        public NewFile create(Path file) throws IOException {
            step(Step.CREATE, "create");
            NewFile real = Disk.REAL.create(file);
            return new NewFile() {
                @Override
                public void write(ByteBuffer bytes) throws IOException {
                    step(Step.WRITE, "write");
                    real.write(bytes);
                }

                @Override
                public void force() throws IOException {
                    step(Step.FORCE, "force");
                    real.force();
                }

                @Override
                public void close() throws IOException {
                    real.close();
                }
            };
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            step(Step.MOVE, "move");
            Disk.REAL.move(from, to);
        }

        @Override
        public void forceFolder(Path folder) throws IOException {
            step(Step.FORCE_FOLDER, "force " + folder.getFileName());
            Disk.REAL.forceFolder(folder);
        }
    }
}
