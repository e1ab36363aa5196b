package coffer.device.sync;

import coffer.core.Bytes;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Names;
import coffer.device.sync.plan.Stamp;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A folder on a file system in memory, with inodes that are given again, and faults.
final class SimDisk implements LocalFolder {

    static final class Inode {
        final Kind kind;
        final long id;
        String content = "";
        boolean executable;
        long mtimeNs;
        long changeNs;
        final TreeMap<String, Child> children = new TreeMap<>();

        Inode(Kind kind, long id) {
            this.kind = kind;
            this.id = id;
        }

        Stamp stamp() {
            return kind == Kind.FOLDER ? new Stamp(id, 0, 0, 0) : new Stamp(id, kind == Kind.FILE ? content.length() : 0, mtimeNs, changeNs);
        }
    }

    record Child(String name, Inode inode) {}

    final Inode root;
    final Names names;
    final Map<ContentId, String> staging = new HashMap<>();
    final List<Long> freed = new ArrayList<>();
    private final SimWorld world;
    private long lastId = 1;
    private long ticks = 1;
    Top top = Top.PRESENT;
    boolean full;
    boolean reuses;
    Runnable beforeCall = () -> {};
    Runnable beforeChange = () -> {};
    Consumer<LocalPath> onChange = path -> {};

    SimDisk(SimWorld world, Names names) {
        this.world = world;
        this.names = names;
        this.root = new Inode(Kind.FOLDER, 1);
    }

    static ContentId contentId(String content) {
        return new ContentId(Bytes.of(("F" + content).getBytes(StandardCharsets.UTF_8)));
    }

    static String content(ContentId id) {
        return new String(id.value().toArray(), StandardCharsets.UTF_8).substring(1);
    }

    // What users do

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
        Inode node = new Inode(kind, newId());
        node.content = content;
        touch(node);
        attach(path, node);
        return node;
    }

    void write(LocalPath path, String content) {
        Inode node = find(path);
        if (node != null) {
            node.content = content;
            touch(node);
            onChange.accept(path);
        }
    }

    void touch(Inode node) {
        node.mtimeNs = node.changeNs = ++ticks;
    }

    void attach(LocalPath path, Inode node) {
        Inode parent = find(path.parent());
        if (parent == null) {
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
        freed.add(node.id);
        node.children.values().forEach(child -> free(child.inode));
    }

    private long newId() {
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

    // What the engine does

    private Entry entry(Child child) {
        Inode node = child.inode;
        return new Entry(child.name, node.kind, node.stamp(), node.executable, node.kind == Kind.SYMLINK ? node.content : "");
    }

    @Override
    public Top top() {
        return top;
    }

    @Override
    public Listing list(LocalPath folder) {
        beforeCall.run();
        Inode node = top == Top.PRESENT ? find(folder) : null;
        if (node == null || node.kind != Kind.FOLDER) {
            return new Listing.Absent();
        }
        return new Listing.Entries(node.children.values().stream().map(this::entry).toList());
    }

    @Override
    public @Nullable Entry look(LocalPath path) {
        beforeCall.run();
        Inode parent = top == Top.PRESENT ? find(path.parent()) : null;
        Child child = parent == null ? null : parent.children.get(names.key(path.last()));
        return child == null ? null : entry(child);
    }

    @Override
    public boolean ignores(LocalPath path, Kind kind) {
        return false;
    }

    @Override
    public @Nullable ContentId identify(LocalPath path, Stamp expected) {
        beforeCall.run();
        Inode node = top == Top.PRESENT ? find(path) : null;
        return node == null || !node.stamp().equals(expected) ? null : contentId(node.content);
    }

    private @Nullable Outcome refusal(Target target) throws CofferException {
        beforeCall.run();
        beforeChange.run();
        if (full) {
            throw new CofferException(ErrorCode.LOCAL, "the disk is full");
        }
        Inode folder = top == Top.PRESENT ? find(target.path().parent()) : null;
        boolean right = folder != null && folder.kind == Kind.FOLDER
                && (target.folderId() == 0 ? folder == root : folder.id == target.folderId());
        return right ? null : new Outcome.Refused(Refusal.NO_FOLDER);
    }

    private Outcome done(LocalPath path) {
        Entry entry = null;
        Inode parent = find(path.parent());
        Child child = parent == null ? null : parent.children.get(names.key(path.last()));
        if (child != null) {
            entry = entry(child);
        }
        return new Outcome.Done(entry);
    }

    @Override
    public Outcome makeFolder(Target target) throws CofferException {
        Outcome refused = refusal(target);
        if (refused != null) {
            return refused;
        }
        if (find(target.path()) != null) {
            return new Outcome.Refused(Refusal.TAKEN);
        }
        make(target.path(), Kind.FOLDER, "");
        return done(target.path());
    }

    @Override
    public Outcome place(ContentId staged, Target target, @Nullable Stamp expected, boolean executable, long mtimeNs)
            throws CofferException {
        Outcome refused = put(target, Kind.FILE, expected);
        if (refused != null) {
            return refused;
        }
        String content = staging.get(staged);
        if (content == null) {
            return new Outcome.Refused(Refusal.NOT_STAGED);
        }
        make(target.path(), Kind.FILE, content).executable = executable;
        return done(target.path());
    }

    private @Nullable Outcome put(Target target, Kind kind, @Nullable Stamp expected) throws CofferException {
        Outcome refused = refusal(target);
        if (refused != null) {
            return refused;
        }
        Inode there = find(target.path());
        if (expected == null) {
            return there == null ? null : new Outcome.Refused(Refusal.TAKEN);
        }
        boolean same = there != null && there.kind == kind && there.stamp().equals(expected);
        return same ? null : new Outcome.Refused(Refusal.CHANGED);
    }

    @Override
    public Outcome makeLink(String link, Target target, @Nullable Stamp expected) throws CofferException {
        Outcome refused = put(target, Kind.SYMLINK, expected);
        if (refused != null) {
            return refused;
        }
        make(target.path(), Kind.SYMLINK, link);
        return done(target.path());
    }

    @Override
    public Outcome setExecutable(LocalPath path, Stamp expected, boolean executable) {
        beforeCall.run();
        beforeChange.run();
        Inode node = top == Top.PRESENT ? find(path) : null;
        if (node == null || !node.stamp().equals(expected)) {
            return new Outcome.Refused(Refusal.CHANGED);
        }
        node.executable = executable;
        node.changeNs = ++ticks;
        onChange.accept(path);
        return done(path);
    }

    @Override
    public Outcome move(LocalPath from, long fileId, Target target) throws CofferException {
        Outcome refused = refusal(target);
        if (refused != null) {
            return refused;
        }
        Inode node = find(from);
        if (node == null || node.id != fileId || from.isTop()) {
            return new Outcome.Refused(Refusal.CHANGED);
        }
        Inode there = find(target.path());
        if (there != null && there != node) {
            return new Outcome.Refused(Refusal.TAKEN);
        }
        if (target.path().names().size() > from.names().size()
                && target.path().names().subList(0, from.names().size()).equals(from.names())) {
            return new Outcome.Refused(Refusal.NO_FOLDER);
        }
        attach(target.path(), detach(from));
        return done(target.path());
    }

    @Override
    public Outcome remove(LocalPath path, Kind kind, Stamp expected) {
        beforeCall.run();
        beforeChange.run();
        Inode node = top == Top.PRESENT ? find(path) : null;
        if (node == null || node.kind != kind || !node.stamp().equals(expected)) {
            return new Outcome.Refused(Refusal.CHANGED);
        }
        if (!node.children.isEmpty()) {
            return new Outcome.Refused(Refusal.NOT_EMPTY);
        }
        free(detach(path));
        return new Outcome.Done(null);
    }

    @Override
    public boolean isStaged(ContentId content) {
        return staging.containsKey(content);
    }

    @Override
    public void dropStaged(ContentId content) {
        staging.remove(content);
    }

    @Override
    public AutoCloseable watch(Consumer<Event> listener) {
        return () -> {};
    }
}
