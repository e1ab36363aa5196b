package coffer.device;

import coffer.core.CofferException;
import coffer.device.sync.LocalFolder.Entry;
import coffer.device.sync.LocalFolder.Outcome;
import coffer.device.sync.LocalFolder.Refusal;
import coffer.device.sync.LocalFolder.Target;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Stamp;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The guarded changes of a synced folder.
///
/// What replaces or removes something takes it aside in the same step and looks at it there: if it is not what was
/// expected, because somebody wrote in that very moment, it goes back. So an edit is not lost even in the moment
/// between looking and acting. What a crash leaves aside is brought back by [DiskStaging#recover].
final class DiskChanges {

    private final Path top;
    private final DiskStaging staging;
    private final DiskStaging.Source source;
    private final Consumer<LocalPath> changed;
    private final Arrival arrives;

    /// Hears of each item before it gets its place.
    @FunctionalInterface
    interface Arrival {
        void at(LocalPath path) throws CofferException;
    }

    /// @param changed hears of each folder whose names changed
    DiskChanges(
            Path top, DiskStaging staging, DiskStaging.Source source, Consumer<LocalPath> changed, Arrival arrives) {
        this.top = top;
        this.staging = staging;
        this.source = source;
        this.changed = changed;
        this.arrives = arrives;
    }

    @FunctionalInterface
    private interface Change {
        Outcome run(OpenFolder folder, String name) throws IOException, CofferException;
    }

    /// Does something in the folder that a path leads into.
    private Outcome in(LocalPath path, long folderId, Change change) throws CofferException {
        if (path.isTop() || path.names().getFirst().equals(DiskMarker.FOLDER)) {
            return refused(Refusal.IMPOSSIBLE);
        }
        try (OpenFolder folder = OpenFolder.open(top, path.parent().names())) {
            DiskStat stat = folder == null ? null : folder.stat();
            if (folder == null || stat == null || (folderId != 0 && stat.fileId() != folderId)) {
                return refused(Refusal.NO_FOLDER);
            }
            Outcome outcome = change.run(folder, path.last());
            if (outcome instanceof Outcome.Done) {
                changed.accept(path.parent());
            }
            return outcome;
        } catch (InvalidPathException e) {
            return refused(Refusal.IMPOSSIBLE);
        } catch (IOException e) {
            if (DiskFailures.isImpossible(e)) {
                return refused(Refusal.IMPOSSIBLE);
            }
            throw DiskFailures.of(e);
        }
    }

    static Entry entry(OpenFolder folder, String name, DiskStat stat, Kind kind) throws IOException {
        String link = kind == Kind.SYMLINK ? Files.readSymbolicLink(folder.child(name)).toString() : "";
        return new Entry(name, kind, stat.stamp(), stat.stat().executable(), link);
    }

    private static Outcome done(OpenFolder folder, String name) throws IOException {
        DiskStat stat = folder.stat(name);
        Kind kind = stat == null ? null : stat.kind();
        // Somebody has taken it away at once: the caller looks again.
        return stat == null || kind == null ? refused(Refusal.CHANGED) : new Outcome.Done(entry(folder, name, stat, kind));
    }

    private static Outcome refused(Refusal refusal) {
        return new Outcome.Refused(refusal);
    }

    /// Why an item cannot be put where `there` is; null if it can.
    private static @Nullable Refusal refusal(@Nullable DiskStat there, @Nullable Stamp expected) {
        if (expected == null) {
            return there == null ? null : Refusal.TAKEN;
        }
        return there != null && there.stamp().equals(expected) ? null : Refusal.CHANGED;
    }

    Outcome makeFolder(Target target) throws CofferException {
        arrives.at(target.path());
        return in(target.path(), target.folderId(), (folder, name) -> {
            try {
                Files.createDirectory(folder.child(name));
            } catch (FileAlreadyExistsException e) {
                return refused(Refusal.TAKEN);
            }
            return done(folder, name);
        });
    }

    Outcome place(ContentId content, Target target, @Nullable Stamp expected, boolean executable, long mtimeNs)
            throws CofferException {
        arrives.at(target.path());
        return in(target.path(), target.folderId(), (folder, name) -> {
            Refusal refusal = refusal(folder.stat(name), expected);
            if (refusal != null) {
                return refused(refusal);
            }
            if (!staging.has(content)) {
                staging.stage(content, source); // placed before, for another node with the same content
            }
            staging.force(content);
            try (OpenFolder from = staging.staging();
                    OpenFolder aside = staging.aside()) {
                String staged = DiskStaging.name(content);
                String own = take(from, staged, aside);
                prepare(folder, name, expected, aside.child(own), executable, mtimeNs);
                Outcome outcome = put(aside, own, folder, name, expected);
                if (outcome instanceof Outcome.Refused) {
                    require(aside.replace(own, from, staged));
                }
                return outcome;
            }
        });
    }

    /// Under a name that says which file it is, so that after a crash it is known for ours.
    private static String take(OpenFolder from, String name, OpenFolder aside) throws IOException, CofferException {
        DiskStat stat = from.stat(name);
        if (stat == null) {
            throw new IOException("what was staged is gone");
        }
        String own = Long.toHexString(stat.stat().inode()) + "-" + DiskStaging.random();
        require(from.replace(name, aside, own));
        return own;
    }

    /// A file that takes the place of another may be used by whom the other was.
    private static void prepare(
            OpenFolder folder, String name, @Nullable Stamp expected, Path own, boolean executable, long mtimeNs)
            throws IOException {
        boolean is = false;
        if (expected != null && own.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Set<PosixFilePermission> permissions =
                    Files.getPosixFilePermissions(folder.child(name), LinkOption.NOFOLLOW_LINKS);
            Files.setPosixFilePermissions(own, permissions);
            is = permissions.contains(PosixFilePermission.OWNER_EXECUTE);
        }
        LocalWriter.setExecutable(own, executable, is);
        LocalWriter.setTime(own, mtimeNs);
    }

    Outcome makeLink(String link, Target target, @Nullable Stamp expected) throws CofferException {
        arrives.at(target.path());
        return in(target.path(), target.folderId(), (folder, name) -> {
            Refusal refusal = refusal(folder.stat(name), expected);
            if (refusal != null) {
                return refused(refusal);
            }
            try (OpenFolder aside = staging.aside()) {
                String made = "0-" + DiskStaging.random();
                Files.createSymbolicLink(aside.child(made), Path.of(link));
                String own = take(aside, made, aside);
                Outcome outcome = put(aside, own, folder, name, expected);
                if (outcome instanceof Outcome.Refused) {
                    Files.deleteIfExists(aside.child(own));
                }
                return outcome;
            }
        });
    }

    /// Puts an item that lies aside into its place, at which nothing is, or just what is expected.
    private Outcome put(OpenFolder aside, String own, OpenFolder folder, String name, @Nullable Stamp expected)
            throws IOException, CofferException {
        if (expected == null) {
            int error = aside.moveTo(own, folder, name);
            return error == PosixCalls.EEXIST ? refused(Refusal.TAKEN) : error == 0 ? done(folder, name) : failed(error);
        }
        int error = aside.exchange(own, folder, name);
        if (error == PosixCalls.EINVAL || error == PosixCalls.ENOSYS) {
            Refusal refusal = refusal(folder.stat(name), expected);
            if (refusal != null) {
                return refused(refusal);
            }
            error = aside.replace(own, folder, name);
            return error == 0 ? done(folder, name) : failed(error);
        }
        if (error != 0) {
            return error == PosixCalls.ENOENT ? refused(Refusal.CHANGED) : failed(error);
        }
        if (refusal(aside.stat(own), expected) == null) {
            Files.deleteIfExists(aside.child(own));
            return done(folder, name);
        }
        giveBack(aside, own, folder, name);
        return refused(Refusal.CHANGED);
    }

    /// Undoes an exchange that took what nobody expected.
    private void giveBack(OpenFolder aside, String own, OpenFolder folder, String name) throws IOException, CofferException {
        if (aside.exchange(own, folder, name) != 0) {
            restore(aside, own, folder, name);
            throw new IOException("what was placed is gone");
        }
    }

    private void restore(OpenFolder aside, String own, OpenFolder folder, String name) throws IOException {
        if (aside.moveTo(own, folder, name) != 0) {
            try (OpenFolder at = staging.requireTop()) {
                DiskStaging.returnToTop(aside, own, at);
            }
        }
    }

    Outcome setExecutable(LocalPath path, Stamp expected, boolean executable) throws CofferException {
        return in(path, 0, (folder, name) -> {
            DiskStat there = folder.stat(name);
            if (there == null || refusal(there, expected) != null || there.kind() != Kind.FILE) {
                return refused(Refusal.CHANGED);
            }
            LocalWriter.setExecutable(folder.child(name), executable, there.stat().executable());
            return done(folder, name);
        });
    }

    Outcome move(LocalPath from, long fileId, Target target) throws CofferException {
        arrives.at(target.path());
        return in(target.path(), target.folderId(), (into, name) -> {
            try (OpenFolder folder = from.isTop() ? null : OpenFolder.open(top, from.parent().names())) {
                DiskStat stat = folder == null ? null : folder.stat(from.last());
                if (folder == null || stat == null || stat.fileId() != fileId) {
                    return refused(Refusal.CHANGED);
                }
                DiskStat there = into.stat(name);
                boolean itself = there != null && there.fileId() == fileId;
                int error = itself ? folder.replace(from.last(), into, name) : folder.moveTo(from.last(), into, name);
                if (error == 0) {
                    changed.accept(from.parent());
                    return done(into, name);
                }
                return switch (error) {
                    case PosixCalls.EEXIST, PosixCalls.ENOTEMPTY -> refused(Refusal.TAKEN);
                    case PosixCalls.ENOENT -> refused(Refusal.CHANGED);
                    case PosixCalls.EINVAL -> refused(Refusal.NO_FOLDER); // into itself
                    case PosixCalls.ENAMETOOLONG -> refused(Refusal.IMPOSSIBLE);
                    default -> failed(error);
                };
            }
        });
    }

    Outcome remove(LocalPath path, Kind kind, Stamp expected) throws CofferException {
        return in(path, 0, (folder, name) -> {
            DiskStat there = folder.stat(name);
            if (there == null || there.kind() != kind) {
                return refused(Refusal.CHANGED);
            }
            return kind == Kind.FOLDER ? removeFolder(folder, name, there, expected) : removeItem(folder, name, there, expected);
        });
    }

    private static Outcome removeFolder(OpenFolder folder, String name, DiskStat there, Stamp expected)
            throws IOException, CofferException {
        if (there.fileId() != expected.fileId()) {
            return refused(Refusal.CHANGED);
        }
        int error = folder.removeFolder(name);
        return switch (error) {
            case 0 -> new Outcome.Done(null);
            case PosixCalls.ENOTEMPTY, PosixCalls.EEXIST -> refused(Refusal.NOT_EMPTY);
            case PosixCalls.ENOENT, PosixCalls.ENOTDIR -> refused(Refusal.CHANGED);
            default -> failed(error);
        };
    }

    private Outcome removeItem(OpenFolder folder, String name, DiskStat there, Stamp expected)
            throws IOException, CofferException {
        if (!there.stamp().equals(expected)) {
            return refused(Refusal.CHANGED);
        }
        try (OpenFolder aside = staging.aside()) {
            String taken = "0-" + DiskStaging.random();
            int error = folder.moveTo(name, aside, taken);
            if (error != 0) {
                return error == PosixCalls.ENOENT ? refused(Refusal.CHANGED) : failed(error);
            }
            if (refusal(aside.stat(taken), expected) != null) {
                restore(aside, taken, folder, name);
                return refused(Refusal.CHANGED);
            }
            Files.deleteIfExists(aside.child(taken));
            return new Outcome.Done(null);
        }
    }

    private static void require(int error) throws CofferException {
        if (error != 0) {
            throw DiskFailures.of(error);
        }
    }

    private static Outcome failed(int error) throws CofferException {
        throw DiskFailures.of(error);
    }
}
