package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeTest {

    @TempDir
    Path home;

    private Workbench bench;

    @BeforeEach
    void open() throws CofferException, IOException {
        bench = new Workbench(home, 1);
    }

    @AfterEach
    void close() {
        bench.close();
        // A plan never leaves operations that the rules make void.
    }

    @Test
    void makeFolder_makesParentsOnlyWhenAsked() throws CofferException {
        assertThatThrownBy(() -> bench.tree.makeFolder("/a/b", false)).isInstanceOf(CofferException.class);
        bench.tree.makeFolder("/a/b/c", true);
        bench.tree.makeFolder("/a/b/c", true);
        bench.tree.makeFolder("/a/d", false);
        assertThatThrownBy(() -> bench.tree.makeFolder("/a/d", false)).isInstanceOf(CofferException.class);
        assertThat(bench.paths()).containsExactly("/a", "/a/b", "/a/b/c", "/a/d");
    }

    @Test
    void search_findsNamesByTheirWords_butNothingInTheTrashOrDerived() throws CofferException {
        for (String path : List.of("/Evening at the Lake", "/a/LAKE house", "/gone/lake", "/Caf\u00e9", "/.coffer/lake")) {
            bench.tree.makeFolder(path, true);
        }
        bench.tree.remove("/gone");
        assertThat(search("lake", 10)).containsExactlyInAnyOrder("/Evening at the Lake", "/a/LAKE house");
        assertThat(search("  the LAKE eve ", 10)).containsExactly("/Evening at the Lake");
        assertThat(search("cafe\u0301", 10)).containsExactly("/Caf\u00e9");
        assertThat(search("lake", 1)).hasSize(1);
        assertThat(search("%", 10)).isEmpty();
        assertThat(search(" ", 10)).isEmpty();
        assertThat(search("a", 10)).contains("/a").doesNotContain("/");
    }

    private List<String> search(String words, int max) throws CofferException {
        return bench.replica.search(bench.vault.id(), words, max, _ -> "").stream().map(Device.NodeInfo::path).toList();
    }

    @Test
    void move_renames_orMovesIntoAFolder() throws Exception {
        bench.put(bench.write("f", 10, 1));
        bench.tree.makeFolder("/d/e", true);
        bench.tree.move("/f", "/g");
        bench.tree.move("/g", "/d");
        assertThat(bench.paths()).containsExactly("/d", "/d/e", "/d/g");
        bench.tree.move("/d/g", "/d/e/h");
        bench.tree.move("/d/e", "/k");
        assertThat(bench.paths()).containsExactly("/d", "/k", "/k/h");
        assertThat(bench.read("/k/h")).isEqualTo(Workbench.random(10, 1));
    }

    @Test
    void move_overwritesNothing_andMakesNoCycle() throws Exception {
        bench.put(bench.write("f", 10, 1), bench.write("g", 20, 2));
        bench.tree.makeFolder("/d/e", true);
        for (List<String> bad : List.of(
                List.of("/f", "/g"), List.of("/d", "/d/e"), List.of("/d", "/d/e/x"), List.of("/", "/d"), List.of("/none", "/x"),
                List.of("/f", "/none/x"), List.of("/f", "/g/x"))) {
            assertThatThrownBy(() -> bench.tree.move(bad.get(0), bad.get(1))).as(bad.toString()).isInstanceOf(CofferException.class);
        }
        assertThat(bench.paths()).containsExactly("/d", "/d/e", "/f", "/g");
        assertThat(bench.replica.problems(bench.vault.id())).isEmpty();
    }

    @Test
    void removed_isRestored_evenWhenItsFolderHasGone() throws Exception {
        bench.write("a/b/f", 10, 1);
        bench.put(bench.source.resolve("a"));
        bench.tree.remove("/a/b/f");
        String id = bench.replica.trash(bench.vault.id(), DeviceId::hex).getFirst().nodeId();
        bench.tree.remove("/a");
        assertThat(bench.tree.restoreTrashed(id)).isEqualTo("/a/b/f");
        assertThat(bench.read("/a/b/f")).isEqualTo(Workbench.random(10, 1));
    }

    @Test
    void restored_besidesWhatHasTakenItsName() throws Exception {
        bench.put(bench.write("f.txt", 10, 1));
        bench.tree.remove("/f.txt");
        bench.put(bench.write("f.txt", 20, 2));
        String id = bench.replica.trash(bench.vault.id(), DeviceId::hex).getFirst().nodeId();
        assertThat(bench.tree.restoreTrashed(id)).isEqualTo("/f (" + id.substring(0, 8) + ").txt");
        assertThat(bench.paths()).hasSize(2);
    }

    @Test
    void formerVersion_becomesThePresentOne() throws Exception {
        bench.put(bench.write("f", 10, 1));
        bench.put(bench.write("f", 20, 2));
        long first = bench.replica.history(bench.vault.id(), "/f", DeviceId::hex).getLast().version();
        bench.tree.move("/f", "/g");
        bench.tree.restoreVersion("/g", first);
        assertThat(bench.read("/g")).isEqualTo(Workbench.random(10, 1));
        assertThat(bench.replica.history(bench.vault.id(), "/g", DeviceId::hex)).hasSize(4);
    }

    private static void assertAdvice(String advice, ThrowingCallable call) {
        assertThatExceptionOfType(CofferException.class).isThrownBy(call).satisfies(e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.LOCAL);
            assertThat(e.advice()).startsWith("Nothing was changed.").contains(advice).doesNotContain("space");
        });
    }

    @Test
    void whatIsNotThereOrInTheWay_isSaidWithAdviceThatFits() throws Exception {
        bench.put(bench.write("f", 10, 1), bench.write("g", 20, 2));
        bench.tree.makeFolder("/d/e", true);
        assertAdvice("coffer ls", () -> bench.replica.list(bench.vault.id(), "/nothing", false, DeviceId::hex, _ -> {}));
        assertAdvice("coffer ls", () -> bench.read("/nothing"));
        assertAdvice("coffer ls", () -> bench.tree.move("/nothing", "/else"));
        assertAdvice("coffer ls", () -> bench.tree.remove("/nothing"));
        assertAdvice("coffer ls", () -> bench.tree.makeFolder("/nothing/below", false));
        assertAdvice("coffer ls -l", () -> bench.tree.makeFolder("/f/below", true));
        assertAdvice("coffer mv", () -> bench.tree.makeFolder("/d", false));
        assertAdvice("coffer mv", () -> bench.tree.move("/f", "/g"));
        assertAdvice("outside", () -> bench.tree.move("/d", "/d/e"));
        assertAdvice("in it", () -> bench.tree.remove("/"));
        assertAdvice("coffer history", () -> bench.tree.restoreVersion("/f", 99));
        assertAdvice("coffer trash", () -> bench.tree.restoreTrashed("00".repeat(16)));
        assertAdvice("coffer get", () -> bench.read("/d"));
    }

    @Test
    void emptyTrash_forgetsOneOrAll() throws Exception {
        bench.put(bench.write("f", 10, 1), bench.write("g", 20, 2), bench.write("h", 30, 3));
        bench.tree.remove("/f");
        bench.tree.remove("/g");
        bench.tree.remove("/h");
        List<Device.TrashItem> trash = bench.replica.trash(bench.vault.id(), DeviceId::hex);
        assertThat(bench.tree.emptyTrash(Optional.of(trash.getFirst().nodeId()))).isEqualTo(1);
        assertThat(bench.tree.emptyTrash(Optional.empty())).isEqualTo(2);
        assertThat(bench.replica.trash(bench.vault.id(), DeviceId::hex)).isEmpty();
        assertThat(bench.replica.problems(bench.vault.id())).isEmpty();
    }
}
