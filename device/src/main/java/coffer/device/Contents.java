package coffer.device;

import coffer.core.CofferException;
import coffer.core.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The files of the Home vault by what is in them, for those who derive something from it: previews, headers, indexes.
///
/// What is derived is kept in files of the vault too, below [#RESERVED], so that every device of the account has it. Any
/// thread may call.
public interface Contents {

    /// Name of the folder at the root of the vault that holds what programs derive. Listings of `/` leave it out, and it is not
    /// synced with folders.
    String RESERVED = ".coffer";

    /// A live file.
    ///
    /// @param node    hex id, which stays when the file is moved
    /// @param version sequence of the log entry that made this state
    /// @param content names the bytes: equal for files of this vault with equal content, and unknown outside of it
    record Item(String node, String path, long size, Instant modified, long version, Hash content) {}

    /// What is different since a position.
    ///
    /// @param present files that are new, changed, moved or back
    /// @param gone    nodes that are not live any more, or are no files
    record News(long position, List<Item> present, List<String> gone) {}

    /// Opens what is to be stored; asked once, and closed by the asker.
    @FunctionalInterface
    interface Source {
        InputStream open() throws IOException;
    }

    /// Takes files into the vault while a [Work] runs; any thread of it may call.
    interface Deposit {

        boolean exists(String path) throws CofferException;

        /// Stores a file, as a new version where one is there already, and makes the folders on the way. It is committed with
        /// others, at the latest when the work is over.
        ///
        /// @param size as well as it is known
        /// @return as [Item#content]
        Hash put(String path, Instant modified, long size, Source source) throws CofferException;
    }

    /// Deposits files. Runs again from its start if the vault was changed by others so that what was prepared does not fit;
    /// then what was committed already exists.
    @FunctionalInterface
    interface Work {
        void run(Deposit deposit) throws CofferException;
    }

    /// Sequence of the newest entry that is applied.
    long position() throws CofferException;

    /// Gives every live file at or below a path, one by one, all of one state; nothing may be asked of the vault meanwhile.
    ///
    /// @return the position of that state
    long files(String path, Consumer<Item> each) throws CofferException;

    /// What is different since a position; empty if only [#files] can tell.
    Optional<News> since(long position) throws CofferException;

    Optional<Item> find(String path) throws CofferException;

    Optional<Item> findNode(String node) throws CofferException;

    /// Writes the bytes of a file from `offset` on, `length` of them or up to its end, to `out`, which stays open.
    void read(String node, long offset, long length, OutputStream out) throws CofferException;

    /// Runs `work` and waits until all that it stored is committed. One at a time with everything else that stores content.
    void deposit(Work work, Progress progress) throws CofferException;

    /// The device's own folder, for what can be made again.
    Path home();

    /// A folder for what is open for a moment while it is worked on; what lies there is removed when the device is opened the next time.
    Path temporary() throws CofferException;
}
