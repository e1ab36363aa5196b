package coffer.device.sync;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Names;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The table "What results" of docs/sync.md, written down once more as plainly as can be, for every pair of single changes
/// of one file: first one device's reaches the vault, then the other's.
class SyncTableTest {

    private static final String CONFLICT = "f (conflict two 2026-11-23 14-05-09)";

    enum Change {
        NOTHING,
        EDIT,
        EDIT_THE_SAME,
        MOVE,
        REMOVE,
        FLAG
    }

    /// A file in a folder: where it is, what it holds, and whether it may be run.
    private record File(String path, String content, boolean executable) {}

    private static final File BEFORE = new File("d/f", "before", false);

    private final SimWorld world = new SimWorld(11);

    /// What both have in the end, by path, when `first` is in the vault and `second` was made without knowing of it.
    private static Map<String, String> expected(Change first, Change second) {
        Map<String, String> files = new TreeMap<>();
        if (first == Change.REMOVE || second == Change.REMOVE) {
            Change other = first == Change.REMOVE ? second : first;
            if (other != Change.NOTHING && other != Change.REMOVE) {
                put(files, changed(BEFORE, other, first == Change.REMOVE ? "second" : "first"));
            }
            return files;
        }
        File there = changed(BEFORE, first, "first");
        File here = changed(BEFORE, second, "second");
        boolean edits = !there.content.equals(BEFORE.content) && !here.content.equals(BEFORE.content);
        if (edits && !there.content.equals(here.content)) {
            put(files, there);
            put(files, new File("d/" + CONFLICT, here.content, false));
            return files;
        }
        String path = there.path.equals(BEFORE.path) ? here.path : there.path;
        String content = there.content.equals(BEFORE.content) ? here.content : there.content;
        put(files, new File(path, content, there.executable || here.executable));
        return files;
    }

    private static File changed(File file, Change change, String by) {
        return switch (change) {
            case NOTHING, REMOVE -> file;
            case EDIT -> new File(file.path, by, file.executable);
            case EDIT_THE_SAME -> new File(file.path, "same", file.executable);
            case MOVE -> new File("e/" + by, file.content, file.executable);
            case FLAG -> new File(file.path, file.content, true);
        };
    }

    private static void put(Map<String, String> files, File file) {
        files.put(file.path, file.content + (file.executable ? " x" : ""));
    }

    private static void make(SimDisk disk, Change change, String by) {
        File file = changed(BEFORE, change, by);
        LocalPath path = path(BEFORE.path);
        switch (change) {
            case NOTHING -> {}
            case REMOVE -> disk.free(disk.detach(path));
            case EDIT, EDIT_THE_SAME -> disk.write(path, file.content);
            case MOVE -> disk.attach(path(file.path), disk.detach(path));
            case FLAG -> {
                Objects.requireNonNull(disk.find(path)).executable = true;
                disk.onChange.accept(path);
            }
        }
    }

    private static LocalPath path(String path) {
        return new LocalPath(List.of(path.split("/")));
    }

    @ParameterizedTest
    @CsvSource({
        "NOTHING,EDIT", "NOTHING,MOVE", "NOTHING,REMOVE", "NOTHING,FLAG",
        "EDIT,NOTHING", "EDIT,EDIT", "EDIT,MOVE", "EDIT,REMOVE", "EDIT,FLAG",
        "EDIT_THE_SAME,EDIT_THE_SAME", "EDIT_THE_SAME,EDIT", "EDIT,EDIT_THE_SAME",
        "MOVE,NOTHING", "MOVE,EDIT", "MOVE,MOVE", "MOVE,REMOVE", "MOVE,FLAG",
        "REMOVE,NOTHING", "REMOVE,EDIT", "REMOVE,MOVE", "REMOVE,REMOVE", "REMOVE,FLAG",
        "FLAG,NOTHING", "FLAG,EDIT", "FLAG,MOVE", "FLAG,REMOVE", "FLAG,FLAG",
    })
    void twoChangesOfOneFile_resultInWhatTheTableSays(Change first, Change second) throws CofferException {
        SimDisk one = world.add("one", Names.EXACT).disk;
        SimDevice device = world.add("two", Names.EXACT);
        for (String folder : List.of("d", "e")) {
            one.make(path(folder), Kind.FOLDER, "");
        }
        one.make(path(BEFORE.path), Kind.FILE, BEFORE.content);
        SimCheck.atRest(world);
        device.offlineFor(Long.MAX_VALUE / 2);
        make(one, first, "first");
        make(device.disk, second, "second");
        world.runFor(60_000);
        SimCheck.atRest(world);
        Map<String, String> files = new TreeMap<>();
        for (LocalPath path : device.disk.all()) {
            SimFiles.Inode node = Objects.requireNonNull(device.disk.find(path));
            if (node.kind == Kind.FILE) {
                put(files, new File(String.join("/", path.names()), node.content, node.executable));
            }
        }
        assertThat(files).isEqualTo(expected(first, second));
    }
}
