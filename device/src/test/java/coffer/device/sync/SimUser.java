package coffer.device.sync;

import coffer.device.sync.SimFiles.Inode;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Someone who works in the folder of one device, and what became of everything that was ever written.
final class SimUser {

    /// What users wrote, and what of it a user knowingly wrote over or removed.
    static final class Ledger {
        final Set<String> written = new HashSet<>();
        final Set<String> given = new HashSet<>();
        int last;

        String fresh() {
            String content = "v" + ++last;
            written.add(content);
            return content;
        }
    }

    /// What some devices ignore.
    static final String IGNORED = "i.tmp";

    private static final List<String> NAMES =
            List.of("a", "b", "c.txt", "d", "A", "C.txt", "e\u0301", "\u00e9", ".coffer-x", IGNORED);

    private final SimWorld world;
    private final SimDisk disk;
    private final Ledger ledger;
    private final Random random;

    SimUser(SimWorld world, SimDisk disk, Ledger ledger) {
        this.world = world;
        this.disk = disk;
        this.ledger = ledger;
        this.random = world.random;
    }

    void act(String who) {
        if (disk.top != LocalFolder.Top.PRESENT) {
            return;
        }
        List<LocalPath> all = disk.all();
        all.removeIf(path -> path.last().startsWith(Names.OWN + "-moving"));
        @Nullable LocalPath some = all.isEmpty() ? null : all.get(random.nextInt(all.size()));
        int choice = some == null ? 0 : random.nextInt(20);
        String done = switch (choice) {
            case 0, 1, 2 -> create(Kind.FILE);
            case 3, 4 -> create(Kind.FOLDER);
            case 5 -> create(Kind.SYMLINK);
            case 6, 7, 8 -> edit(some);
            case 9 -> append(some);
            case 10, 11 -> delete(some);
            case 12, 13, 14 -> move(some, place());
            case 15 -> rename(some);
            case 16 -> swap(some, all.get(random.nextInt(all.size())));
            case 17 -> saveAtomically(some);
            case 18 -> saveWithBackup(some);
            default -> random.nextBoolean() ? replaceByOther(some) : chmod(some);
        };
        world.trace(who + " " + done);
    }

    private LocalPath place() {
        List<LocalPath> folders = new ArrayList<>(List.of(LocalPath.TOP, LocalPath.TOP));
        for (LocalPath path : disk.all()) {
            Inode node = disk.find(path);
            if (node != null && node.kind == Kind.FOLDER && path.names().size() < 5) {
                folders.add(path);
            }
        }
        return folders.get(random.nextInt(folders.size())).child(NAMES.get(random.nextInt(NAMES.size())));
    }

    private String create(Kind kind) {
        LocalPath path = place();
        if (disk.find(path) != null) {
            return "finds " + path;
        }
        disk.make(path, kind, kind == Kind.FOLDER ? "" : ledger.fresh());
        return "creates " + kind + " " + path;
    }

    private String edit(@Nullable LocalPath path) {
        Inode node = file(path);
        if (node == null || path == null) {
            return "-";
        }
        ledger.given.add(node.content);
        disk.write(path, ledger.fresh());
        return "edits " + path + " " + node.content;
    }

    private @Nullable Inode file(@Nullable LocalPath path) {
        Inode node = path == null ? null : disk.find(path);
        return node != null && node.kind == Kind.FILE ? node : null;
    }

    private String append(@Nullable LocalPath path) {
        Inode node = file(path);
        if (node == null || path == null) {
            return "-";
        }
        String longer = node.content + "+" + ++ledger.last;
        ledger.given.add(node.content);
        ledger.written.add(longer);
        disk.write(path, longer);
        return "appends to " + path + " " + longer;
    }

    private void give(Inode node) {
        if (node.kind != Kind.FOLDER) {
            ledger.given.add(node.content);
        }
        node.children.values().forEach(child -> give(child.inode()));
    }

    private String delete(@Nullable LocalPath path) {
        if (path == null) {
            return "-";
        }
        Inode node = disk.detach(path);
        give(node);
        disk.free(node);
        return "deletes " + path;
    }

    private String move(@Nullable LocalPath from, LocalPath to) {
        Inode there = disk.find(to);
        if (from == null || isWithin(to, from) || isWithin(from, to)) {
            return "-";
        }
        Inode node = disk.find(from);
        if (node == null || (there != null && (there == node || there.kind == Kind.FOLDER || node.kind == Kind.FOLDER))) {
            return "-";
        }
        if (there != null) {
            give(there);
        }
        disk.attach(to, disk.detach(from));
        return "moves " + from + " to " + to;
    }

    private boolean isWithin(LocalPath path, LocalPath folder) {
        if (path.names().size() < folder.names().size()) {
            return false;
        }
        for (int i = 0; i < folder.names().size(); i++) {
            if (!disk.names.key(path.names().get(i)).equals(disk.names.key(folder.names().get(i)))) {
                return false;
            }
        }
        return true;
    }

    private String rename(@Nullable LocalPath path) {
        if (path == null) {
            return "-";
        }
        String name = path.last();
        String other = name.equals(name.toLowerCase(java.util.Locale.ROOT))
                ? name.toUpperCase(java.util.Locale.ROOT)
                : name.toLowerCase(java.util.Locale.ROOT);
        LocalPath to = path.parent().child(other);
        Inode there = disk.find(to);
        if (there != null && there != disk.find(path)) {
            return "-";
        }
        disk.attach(to, disk.detach(path));
        return "renames " + path + " to " + other;
    }

    private String swap(@Nullable LocalPath a, LocalPath b) {
        if (a == null || isWithin(a, b) || isWithin(b, a)) {
            return "-";
        }
        Inode one = disk.detach(a);
        Inode two = disk.detach(b);
        disk.attach(a, two);
        disk.attach(b, one);
        return "swaps " + a + " and " + b;
    }

    private String saveAtomically(@Nullable LocalPath path) {
        Inode node = file(path);
        if (node == null || path == null) {
            return "-";
        }
        LocalPath part = path.parent().child(path.last() + "~tmp" + ++ledger.last);
        Inode written = disk.make(part, Kind.FILE, ledger.fresh());
        ledger.given.add(node.content);
        disk.attach(path, disk.detach(part));
        return "saves " + path + " " + written.content;
    }

    private String saveWithBackup(@Nullable LocalPath path) {
        Inode node = file(path);
        if (node == null || path == null || path.last().length() > 30) {
            return "-";
        }
        LocalPath backup = path.parent().child(path.last() + "~");
        Inode old = disk.find(backup);
        if (old != null) {
            if (old.kind == Kind.FOLDER) {
                return "-";
            }
            give(old);
        }
        disk.attach(backup, disk.detach(path));
        disk.make(path, Kind.FILE, ledger.fresh());
        return "saves with backup " + path;
    }

    private String replaceByOther(@Nullable LocalPath path) {
        Inode node = path == null ? null : disk.find(path);
        if (node == null || path == null) {
            return "-";
        }
        give(node);
        disk.free(disk.detach(path));
        boolean folder = node.kind == Kind.FOLDER;
        disk.make(path, folder ? Kind.FILE : Kind.FOLDER, folder ? ledger.fresh() : "");
        return "replaces " + path;
    }

    private String chmod(@Nullable LocalPath path) {
        Inode node = file(path);
        if (node == null || path == null) {
            return "-";
        }
        node.executable = !node.executable;
        disk.onChange.accept(path);
        return "chmods " + path;
    }
}
