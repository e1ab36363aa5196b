package coffer.device.sync;

import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Names;
import coffer.device.sync.plan.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A file system in memory, with inodes that may be given again; and what programs of its user do in it.
class SimFiles {

    static final class Inode {
        final Kind kind;
        final long id;
        String content = "";
        boolean executable;
        boolean unreadable;
        long mtimeNs;
        final TreeMap<String, Child> children = new TreeMap<>();

        Inode(Kind kind, long id) {
            this.kind = kind;
            this.id = id;
        }

        Stamp stamp() {
            return kind == Kind.FOLDER ? new Stamp(id, 0, 0, 0) : new Stamp(id, content.length(), mtimeNs, 0);
        }
    }

    record Child(String name, Inode inode) {}

    final Inode root = new Inode(Kind.FOLDER, 1);
    final Names names;
    final SimWorld world;
    private final List<Long> freed = new ArrayList<>();
    private long lastId = 1;

    /// Whether the numbers of inodes that are gone are given to new ones.
    boolean reuses;

    Consumer<LocalPath> onChange = path -> {};

    SimFiles(SimWorld world, Names names) {
        this.world = world;
        this.names = names;
    }

    @Nullable Child child(LocalPath path) {
        Inode parent = path.isTop() ? null : find(path.parent());
        return parent == null ? null : parent.children.get(names.key(path.last()));
    }

    @Nullable Inode find(LocalPath path) {
        Inode at = root;
        for (String name : path.names()) {
            Child child = at.kind == Kind.FOLDER ? at.children.get(names.key(name)) : null;
            if (child == null) {
                return null;
            }
            at = child.inode;
        }
        return at;
    }

    Inode make(LocalPath path, Kind kind, String content) {
        return make(path, kind, content, newId());
    }

    Inode make(LocalPath path, Kind kind, String content, long id) {
        Inode node = new Inode(kind, id);
        node.content = content;
        node.mtimeNs = world.tick();
        attach(path, node);
        return node;
    }

    void write(LocalPath path, String content) {
        Inode node = find(path);
        if (node != null) {
            node.content = content;
            node.mtimeNs = world.tick();
            onChange.accept(path);
        }
    }

    void attach(LocalPath path, Inode node) {
        Inode parent = find(path.parent());
        if (parent == null || parent.kind != Kind.FOLDER) {
            throw new IllegalStateException("no such folder");
        }
        Child old = parent.children.put(names.key(path.last()), new Child(path.last(), node));
        if (old != null && old.inode != node) {
            free(old.inode);
        }
        onChange.accept(path);
    }

    Inode detach(LocalPath path) {
        Inode parent = find(path.parent());
        Child child = parent == null ? null : parent.children.remove(names.key(path.last()));
        if (child == null) {
            throw new IllegalStateException("nothing there");
        }
        onChange.accept(path);
        return child.inode;
    }

    void free(Inode node) {
        free(node.id);
        node.children.values().forEach(child -> free(child.inode));
    }

    void free(long id) {
        freed.add(id);
    }

    long newId() {
        if (reuses && !freed.isEmpty() && world.random.nextInt(3) == 0) {
            return freed.remove(world.random.nextInt(freed.size()));
        }
        return ++lastId;
    }

    List<LocalPath> all() {
        List<LocalPath> found = new ArrayList<>();
        collect(LocalPath.TOP, root, found);
        return found;
    }

    private void collect(LocalPath path, Inode node, List<LocalPath> into) {
        for (Child child : node.children.values()) {
            LocalPath at = path.child(child.name);
            into.add(at);
            collect(at, child.inode, into);
        }
    }
}
