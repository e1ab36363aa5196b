package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import coffer.seal.RandomSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Files of the vault by their content.
class VaultContentsTest extends OnWorkbench {

    private static final Instant TIME = Instant.parse("2014-04-01T12:00:00Z");

    @SuppressWarnings("NullAway.Init")
    private Contents contents;

    @SuppressWarnings("NullAway.Init")
    private Tree tree;

    @BeforeEach
    void open() {
        contents = new VaultContents(home, replica, vault, packs, ingest, InstantSource.system());
        tree = new Tree(replica, vault, RandomSource.secure(), InstantSource.system());
    }

    private void store(String path, byte[] bytes) throws CofferException {
        contents.deposit(
                deposit -> deposit.put(path, TIME, bytes.length, () -> new ByteArrayInputStream(bytes)), Progress.SILENT);
    }

    private byte[] read(String path, long offset, long length) throws CofferException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        contents.read(contents.find(path).orElseThrow().node(), offset, length, out);
        return out.toByteArray();
    }

    private List<String> listed(boolean recursive) throws CofferException {
        List<String> paths = new ArrayList<>();
        replica.list(vault.id(), "/", recursive, _ -> "", node -> paths.add(node.path()));
        return paths;
    }

    private List<String> all() throws CofferException {
        List<String> paths = new ArrayList<>();
        contents.files("/", item -> paths.add(item.path()));
        return paths;
    }

    @Test
    void deposit_makesFoldersAndFiles_thatReadAsTheyWere() throws CofferException {
        byte[] large = Workbench.random(9 << 20, 1);
        store("/a/b/small", new byte[] {1, 2, 3});
        store("/a/b/large", large);
        store("/empty", new byte[0]);
        assertThat(all()).containsExactly("/a/b/large", "/a/b/small", "/empty");
        assertThat(read("/a/b/large", 0, Long.MAX_VALUE)).isEqualTo(large);
        assertThat(read("/empty", 0, 10)).isEmpty();
        assertThat(contents.find("/a/b/small").orElseThrow().modified()).isEqualTo(TIME);
        assertThat(contents.find("/a/b")).isEmpty();
    }

    @Test
    void read_ofARange_givesJustThat() throws CofferException {
        byte[] large = Workbench.random(9 << 20, 2);
        store("/large", large);
        long seed = System.nanoTime();
        for (int round = 0; round < 30; round++) {
            Random random = new Random(seed + round);
            int from = random.nextInt(large.length + 10);
            int length = random.nextInt(2 << 20);
            byte[] expected = from >= large.length
                    ? new byte[0]
                    : Arrays.copyOfRange(large, from, Math.min(large.length, from + length));
            assertThat(read("/large", from, length)).as("seed %d", seed + round).isEqualTo(expected);
        }
    }

    @Test
    void content_isNamedTheSame_forTheSameBytes_howeverTheyCame() throws Exception {
        byte[] bytes = Workbench.random(3 << 20, 3);
        store("/one", bytes);
        java.nio.file.Files.write(source.resolve("two"), bytes);
        ingest.put(List.of(source.resolve("two")), "/", Progress.SILENT);
        assertThat(contents.find("/one").orElseThrow().content()).isEqualTo(contents.find("/two").orElseThrow().content());
        store("/one", new byte[] {1});
        assertThat(contents.find("/one").orElseThrow().content()).isNotEqualTo(contents.find("/two").orElseThrow().content());
    }

    @Test
    void deposit_thatFails_leavesWhatIsThere_andTakesTheNext() throws CofferException {
        store("/kept", new byte[] {1});
        assertThatThrownBy(() -> contents.deposit(
                        deposit -> {
                            deposit.put("/lost", TIME, 1, () -> new ByteArrayInputStream(new byte[] {2}));
                            throw new CofferException(ErrorCode.LOCAL, "stopped");
                        },
                        Progress.SILENT))
                .hasMessage("stopped");
        store("/next", new byte[] {3});
        assertThat(all()).containsExactly("/kept", "/next");
    }

    @Test
    void since_saysWhatIsNew_andWhatIsGone() throws CofferException {
        store("/a/one", new byte[] {1});
        long position = contents.position();
        store("/a/two", new byte[] {2});
        String one = contents.find("/a/one").orElseThrow().node();
        tree.remove("/a/one");
        Contents.News news = contents.since(position).orElseThrow();
        assertThat(news.present()).extracting(Contents.Item::path).containsExactly("/a/two");
        assertThat(news.gone()).containsExactly(one);
        position = contents.position();
        tree.move("/a", "/b");
        assertThat(contents.since(position)).isEmpty();
        assertThat(all()).containsExactly("/b/two");
    }

    @Test
    void reservedFolder_isLeftOutOfListsOfTheRoot_andOfSyncedFolders() throws CofferException {
        store("/.coffer/derived/x", new byte[] {1});
        store("/a/.coffer/mine", new byte[] {2});
        assertThat(listed(false)).containsExactly("/a");
        assertThat(listed(true)).containsExactly("/a", "/a/.coffer", "/a/.coffer/mine");
        List<String> named = new ArrayList<>();
        replica.list(vault.id(), "/.coffer", true, _ -> "", node -> named.add(node.path()));
        assertThat(named).containsExactly("/.coffer/derived", "/.coffer/derived/x");
        NodeId root = NodeId.of(new byte[NodeId.SIZE]);
        VaultChanges changes = new VaultChanges(replica, vault.id(), root);
        long position = changes.since(-1).position();
        assertThat(changes.since(-1).present()).extracting(node -> node.name()).containsExactlyInAnyOrder("a", ".coffer", "mine");
        changes.since(-1);
        store("/.coffer/derived/y", new byte[] {3});
        assertThat(changes.since(position).present()).isEmpty();
    }
}
