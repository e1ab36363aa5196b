package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.device.sync.LocalFolder.Entry;
import coffer.device.sync.LocalFolder.Listing;
import coffer.device.sync.Look.Seen;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Looks at places of the local folder, off the control thread.
final class Scan {

    /// Names to look at in a known folder; all that is below it if null.
    ///
    /// @param fileId of that folder; another one in its place says nothing of it
    record Request(NodeId folder, LocalPath path, long fileId, @Nullable Set<String> names) {

        /// Whether what is at a path is looked at, or into.
        boolean covers(LocalPath other) {
            int depth = path.names().size();
            boolean whole = names == null || (other.names().size() > depth && names.contains(other.names().get(depth)));
            return whole && path.isAbove(other);
        }
    }

    /// @param unreadable folders that are there and could not be read: what is in them is as it was
    /// @param absent     folders that were there a moment ago
    /// @param missed     requests whose folder is no longer in that place
    record Result(
            LocalFolder.Top top, List<Look> looks, List<LocalPath> unreadable, List<LocalPath> absent, List<Request> missed) {

        static Result without(LocalFolder.Top top) {
            return new Result(top, List.of(), List.of(), List.of(), List.of());
        }
    }

    private final LocalFolder folder;
    private final LongPredicate knownFolder;
    private final List<LocalPath> unreadable = new ArrayList<>();
    private final List<LocalPath> absent = new ArrayList<>();
    private final List<Request> missed = new ArrayList<>();

    /// @param knownFolder whether a folder of that file id is known, so that what is in it need not be looked at
    Scan(LocalFolder folder, LongPredicate knownFolder) {
        this.folder = folder;
        this.knownFolder = knownFolder;
    }

    Result run(List<Request> requests) throws CofferException {
        List<Look> looks = new ArrayList<>();
        LocalFolder.Top before = folder.top();
        if (before != LocalFolder.Top.PRESENT) {
            return Result.without(before);
        }
        for (Request request : requests) {
            Look look = tryLook(request);
            if (look != null && isThere(request)) {
                looks.add(look);
            } else if (look != null) {
                missed.add(request);
            }
        }
        // A disk that went away meanwhile looks empty: nothing that was seen then counts.
        LocalFolder.Top after = folder.top();
        return after == LocalFolder.Top.PRESENT
                ? new Result(after, looks, unreadable, absent, missed)
                : Result.without(after);
    }

    /// A folder on the way that cannot be entered is as good as one that cannot be read.
    private @Nullable Look tryLook(Request request) {
        try {
            return look(request);
        } catch (CofferException e) {
            unreadable.add(request.path());
            return null;
        }
    }

    private @Nullable Look look(Request request) throws CofferException {
        Set<String> names = request.names();
        if (names != null) {
            return new Look(request.folder(), false, Set.copyOf(names), named(request.path(), names));
        }
        List<Seen> seen = below(request.path(), true);
        return seen == null ? null : new Look(request.folder(), true, Set.of(), seen);
    }

    private boolean isThere(Request request) throws CofferException {
        if (request.path().isTop()) {
            return true;
        }
        Entry entry = folder.look(request.path());
        return entry != null && entry.kind() == Kind.FOLDER && entry.stamp().fileId() == request.fileId();
    }

    private List<Seen> named(LocalPath path, Set<String> names) throws CofferException {
        List<Seen> seen = new ArrayList<>();
        Set<String> found = new HashSet<>();
        for (String name : names.stream().sorted().toList()) {
            Entry entry = folder.look(path.child(name));
            // Where the disk folds names, two of them may lead to one item.
            if (entry != null && found.add(entry.name())) {
                boolean into = entry.kind() == Kind.FOLDER;
                seen.add(new Seen(entry, into ? below(path.child(entry.name()), false) : null));
            }
        }
        return seen;
    }

    /// What is in a folder; null if that cannot be said, or if there is none.
    ///
    /// @param deep whether to look into folders that are known too
    private @Nullable List<Seen> below(LocalPath path, boolean deep) throws CofferException {
        return switch (folder.list(path)) {
            case Listing.Absent() -> {
                absent.add(path);
                yield null;
            }
            case Listing.Unreadable unread -> {
                unreadable.add(path);
                yield null;
            }
            case Listing.Entries entries -> {
                List<Seen> seen = new ArrayList<>(entries.entries().size());
                for (Entry entry : entries.entries()) {
                    boolean into = entry.kind() == Kind.FOLDER && (deep || !knownFolder.test(entry.stamp().fileId()));
                    seen.add(new Seen(entry, into ? below(path.child(entry.name()), deep) : null));
                }
                yield seen;
            }
        };
    }
}
