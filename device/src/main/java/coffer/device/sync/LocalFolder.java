package coffer.device.sync;

import coffer.core.CofferException;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Stamp;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The local side of a synced folder: looks at items and changes them, inside the folder alone.
///
/// No method follows a symbolic link, in the last name or before it, and none leaves the folder. Every change is guarded:
/// it happens only if what is there is what the caller expects, else it is [Outcome.Refused] and nothing has changed. So a
/// caller that acts on old news does no harm. What is written appears whole or not at all, and is forced to the disk
/// before it gets its name. Methods block; they are called off the control thread, changes one at a time.
///
/// Ignored items (docs/sync.md) and the folder `.coffer` at the top, which holds the marker and the staging area, are
/// never listed, and sockets, pipes and devices are not either.
public interface LocalFolder {

    /// An item of a listing.
    ///
    /// @param link       target of a symbolic link; empty for others
    /// @param executable whether the owner may run the file; false for others
    record Entry(String name, Kind kind, Stamp stamp, boolean executable, String link) {}

    enum Top {
        /// There, with the marker that bears this folder's id.
        PRESENT,
        /// Not there, not readable, or without its marker: say, a disk that is not mounted. Not an empty folder.
        MISSING,
        /// There, with the marker of another folder.
        FOREIGN
    }

    /// What a listing found.
    sealed interface Listing {
        record Entries(List<Entry> entries) implements Listing {}

        /// There is no folder there.
        record Absent() implements Listing {}

        /// It is there and cannot be read: nothing is known about what is in it, least of all that it is empty.
        record Unreadable(String message) implements Listing {}
    }

    /// What became of a guarded change.
    sealed interface Outcome {
        /// @param entry the item as it is now; null after a removal
        record Done(@Nullable Entry entry) implements Outcome {}

        record Refused(Refusal refusal) implements Outcome {}
    }

    enum Refusal {
        /// What is there is not what was expected, or is gone.
        CHANGED,
        /// Something stands where the item should go.
        TAKEN,
        /// The content is not in the staging area, or no longer.
        NOT_STAGED,
        /// The folder still holds something, be it ignored.
        NOT_EMPTY,
        /// The target's folder is gone or another one, or a link stands in the way.
        NO_FOLDER,
        /// The platform cannot hold such a name or path.
        IMPOSSIBLE
    }

    /// A place to put something in.
    ///
    /// @param folderId the [Stamp#fileId] that the path's folder must have; 0 for the top
    record Target(LocalPath path, long folderId) {}

    Top top() throws CofferException;

    /// Everything in one folder, in any order.
    Listing list(LocalPath folder) throws CofferException;

    /// One item, or null if there is none or it is ignored.
    @Nullable
    Entry look(LocalPath path) throws CofferException;

    /// Names the content of a file without storing it, or null if it is not (or no longer) the one with that stamp.
    @Nullable
    ContentId identify(LocalPath path, Stamp expected) throws CofferException;

    Outcome makeFolder(Target target) throws CofferException;

    /// Gives staged content ([RemoteVault#fetch]) its place.
    ///
    /// @param expected the stamp of the file that it replaces; null if nothing may be there
    Outcome place(ContentId staged, Target target, @Nullable Stamp expected, boolean executable, long mtimeNs)
            throws CofferException;

    /// @param expected the stamp of the link that it replaces; null if nothing may be there
    Outcome makeLink(String link, Target target, @Nullable Stamp expected) throws CofferException;

    Outcome setExecutable(LocalPath path, Stamp expected, boolean executable) throws CofferException;

    /// Moves the item that has this file id; its content may have changed meanwhile and goes along. Nothing may stand at
    /// the target but the item itself, under a name that the file system takes for the same.
    Outcome move(LocalPath from, long fileId, Target target) throws CofferException;

    /// Removes a file or link that has just this stamp, or an empty folder of that file id.
    Outcome remove(LocalPath path, Kind kind, Stamp expected) throws CofferException;

    /// The file id of content in the staging area, which it keeps when it gets its place; 0 if it is not there, whole.
    long staged(ContentId content) throws CofferException;

    /// Drops all that the staging area holds.
    void dropStaged() throws CofferException;

    /// Something happened.
    sealed interface Event {
        /// The item at that path, or what is in it, may have changed, come or gone.
        record Changed(LocalPath path) implements Event {}

        /// Events were lost, or cannot be had: everything has to be looked at.
        record Lost() implements Event {}
    }

    /// Calls `listener` from any thread, from now until closed. Events may come late, twice and in any order.
    AutoCloseable watch(Consumer<Event> listener) throws CofferException;
}
