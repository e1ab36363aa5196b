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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A synced folder on a file system in memory, with faults.
final class SimDisk extends SimFiles implements LocalFolder {

    private final Map<ContentId, Long> staging = new HashMap<>();
    private final Map<ContentId, String> contents = new HashMap<>();
    private final Set<LocalPath> arrived = new HashSet<>();
    final String name;
    Top top = Top.PRESENT;
    boolean full;

    /// A name that is ignored wherever it is; none if empty.
    String ignored = "";

    /// What is synced whatever is said of it.
    Synced synced = (path, fileId) -> false;

    interface Synced {
        boolean test(LocalPath path, long fileId);
    }

    Runnable beforeCall = () -> {};
    Runnable beforeChange = () -> {};

    SimDisk(SimWorld world, Names names, String name) {
        super(world, names);
        this.name = name;
    }

    static ContentId contentId(String content) {
        return new ContentId(Bytes.of(("F" + content).getBytes(StandardCharsets.UTF_8)));
    }

    static String content(ContentId id) {
        return new String(id.value().toArray(), StandardCharsets.UTF_8).substring(1);
    }

    /// Brings content whole into the staging area.
    void stage(ContentId id) throws CofferException {
        failWhenFull();
        staging.computeIfAbsent(id, none -> newId());
        contents.put(id, content(id));
    }

    /// What a crash leaves of the staging area, and of what was only in memory.
    void crash() {
        staging.values().forEach(this::free);
        staging.clear();
        arrived.clear();
    }

    private void failWhenFull() throws CofferException {
        if (full) {
            throw new CofferException(ErrorCode.LOCAL, "the disk is full");
        }
    }

    boolean isIgnored(LocalPath path) {
        Inode node = find(path);
        return hasIgnoredName(path) && !hasArrived(key(path)) && !synced.test(path, node == null ? 0 : node.id);
    }

    private boolean hasArrived(LocalPath path) {
        return arrived.stream().anyMatch(folder -> folder.isAbove(path));
    }

    private boolean hasIgnoredName(LocalPath path) {
        return !ignored.isEmpty() && path.names().stream().anyMatch(one -> names.key(one).equals(names.key(ignored)));
    }

    private LocalPath key(LocalPath path) {
        return new LocalPath(path.names().stream().map(names::key).toList());
    }

    private void arrives(LocalPath path) {
        if (hasIgnoredName(path)) {
            arrived.add(key(path));
        }
    }

    private Entry entry(Child child) {
        Inode node = child.inode();
        String link = node.kind == Kind.SYMLINK ? node.content : "";
        return new Entry(child.name(), node.kind, node.stamp(), node.executable, link);
    }

    @Override
    public Top top() {
        return top;
    }

    /// The folder at a path, or null if there is none.
    private @Nullable Inode folder(LocalPath path) throws CofferException {
        Inode node = top == Top.PRESENT ? find(path) : null;
        for (LocalPath at = path; !at.isTop(); at = at.parent()) {
            Inode on = find(at);
            if (on != null && on.unreadable) {
                throw new CofferException(ErrorCode.LOCAL, "not to be read");
            }
        }
        return node == null || node.kind != Kind.FOLDER ? null : node;
    }

    @Override
    public Listing list(LocalPath path) {
        beforeCall.run();
        try {
            Inode node = folder(path);
            if (node == null) {
                return new Listing.Absent();
            }
            List<Child> seen = node.children.values().stream()
                    .filter(child -> !isIgnored(path.child(child.name())))
                    .toList();
            return new Listing.Entries(seen.stream().map(this::entry).toList());
        } catch (CofferException e) {
            return new Listing.Unreadable("It cannot be read.");
        }
    }

    @Override
    public @Nullable Entry look(LocalPath path) throws CofferException {
        beforeCall.run();
        if (path.isTop() || folder(path.parent()) == null) {
            return null;
        }
        Child child = child(path);
        return child == null || isIgnored(path.parent().child(child.name())) ? null : entry(child);
    }

    @Override
    public @Nullable ContentId identify(LocalPath path, Stamp expected) throws CofferException {
        beforeCall.run();
        Inode node = path.isTop() || folder(path.parent()) == null ? null : find(path);
        if (node == null || node.kind != Kind.FILE || !node.stamp().equals(expected)) {
            return null;
        }
        if (node.unreadable) {
            throw new CofferException(ErrorCode.LOCAL, "not to be read");
        }
        return contentId(node.content);
    }

    private static Outcome refused(Refusal refusal) {
        return new Outcome.Refused(refusal);
    }

    private Outcome done(LocalPath path) {
        Child child = child(path);
        if (child == null) {
            return refused(Refusal.CHANGED);
        }
        world.trace(name + " * " + path + " is now " + child.inode().kind + " " + child.inode().content);
        return new Outcome.Done(entry(child));
    }

    /// Why nothing can be put at a target; null if it can.
    private @Nullable Outcome refusal(Target target, @Nullable Kind kind, @Nullable Stamp expected) throws CofferException {
        beforeCall.run();
        beforeChange.run();
        failWhenFull();
        arrives(target.path());
        Inode folder = folder(target.path().parent());
        if (folder == null || (target.folderId() == 0 ? folder != root : folder.id != target.folderId())) {
            return refused(Refusal.NO_FOLDER);
        }
        Inode there = find(target.path());
        if (expected == null) {
            return there == null ? null : refused(Refusal.TAKEN);
        }
        boolean same = there != null && there.kind == kind && there.stamp().equals(expected);
        return same ? null : refused(Refusal.CHANGED);
    }

    @Override
    public Outcome makeFolder(Target target) throws CofferException {
        Outcome refusal = refusal(target, null, null);
        if (refusal != null) {
            return refusal;
        }
        make(target.path(), Kind.FOLDER, "");
        return done(target.path());
    }

    @Override
    public Outcome place(ContentId staged, Target target, @Nullable Stamp expected, boolean executable, long mtimeNs)
            throws CofferException {
        Outcome refusal = refusal(target, Kind.FILE, expected);
        if (refusal != null) {
            return refusal;
        }
        String content = contents.get(staged);
        if (content == null) {
            return refused(Refusal.NOT_STAGED);
        }
        Long fileId = staging.remove(staged);
        Inode file = make(target.path(), Kind.FILE, content, fileId == null ? newId() : fileId);
        file.executable = executable;
        file.mtimeNs = mtimeNs;
        return done(target.path());
    }

    @Override
    public Outcome makeLink(String link, Target target, @Nullable Stamp expected) throws CofferException {
        Outcome refusal = refusal(target, Kind.SYMLINK, expected);
        if (refusal != null) {
            return refusal;
        }
        make(target.path(), Kind.SYMLINK, link);
        return done(target.path());
    }

    /// The item that is to be changed, if it is as expected.
    private @Nullable Inode expected(LocalPath path, Kind kind, Stamp stamp) throws CofferException {
        beforeCall.run();
        beforeChange.run();
        Inode node = path.isTop() || folder(path.parent()) == null ? null : find(path);
        boolean same = node != null && node.kind == kind && node.stamp().equals(stamp);
        return same ? node : null;
    }

    @Override
    public Outcome setExecutable(LocalPath path, Stamp stamp, boolean executable) throws CofferException {
        Inode node = expected(path, Kind.FILE, stamp);
        if (node == null) {
            return refused(Refusal.CHANGED);
        }
        node.executable = executable;
        onChange.accept(path);
        return done(path);
    }

    @Override
    public Outcome move(LocalPath from, long fileId, Target target) throws CofferException {
        Inode node = from.isTop() ? null : find(from);
        Outcome refusal = refusal(target, null, null);
        boolean itself = node != null && find(target.path()) == node;
        if (refusal != null && !(itself && refusal.equals(refused(Refusal.TAKEN)))) {
            return refusal;
        }
        if (node == null || node.id != fileId || find(from) != node) {
            return refused(Refusal.CHANGED);
        }
        for (LocalPath at = target.path().parent(); !at.isTop(); at = at.parent()) {
            if (find(at) == node) {
                return refused(Refusal.NO_FOLDER);
            }
        }
        world.trace(name + " * " + from + " moves");
        attach(target.path(), detach(from));
        return done(target.path());
    }

    @Override
    public Outcome remove(LocalPath path, Kind kind, Stamp stamp) throws CofferException {
        Inode node = expected(path, kind, stamp);
        if (node == null) {
            return refused(Refusal.CHANGED);
        }
        if (!node.children.isEmpty()) {
            return refused(Refusal.NOT_EMPTY);
        }
        free(detach(path));
        world.trace(name + " * " + path + " is gone " + node.content);
        return new Outcome.Done(null);
    }

    @Override
    public long staged(ContentId content) {
        return staging.getOrDefault(content, 0L);
    }

    @Override
    public void dropStaged() {
        staging.values().forEach(this::free);
        staging.keySet().forEach(contents::remove);
        staging.clear();
    }

    @Override
    public AutoCloseable watch(Consumer<Event> listener) {
        onChange = path -> listener.accept(new Event.Changed(path));
        return () -> onChange = path -> {};
    }
}
