package coffer.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// A tool that keeps files: it puts folders into a repository of its own and gets them back.
///
/// Used in the order `begin`, then any number of `put` and `get`, then `end`; then perhaps from the start again.
interface Contender {

    String name();

    /// What it calls its version; printed with the figures.
    String version() throws IOException, InterruptedException;

    /// Makes an empty repository below `work`, which exists and is empty.
    void begin(Path work) throws IOException, InterruptedException;

    /// What must be done before a command and is not measured.
    default void beforeCommand() throws IOException, InterruptedException {}

    /// Keeps the folder `root/set` as it is now.
    Invocation put(Path root, String set);

    /// Writes what was kept last below `target`.
    Invocation get(Path root, String set, Path target);

    /// Where below `target` the files of the set then are.
    Path restored(Path root, String set, Path target);

    /// The folders that hold all it stored.
    Iterable<Path> repository();

    /// Processes that work for it beside the command, by name. Those that serve any storage are not among them.
    default Map<String, Long> daemons() {
        return Map.of();
    }

    /// Stops what runs. The repository is deleted by the caller.
    default void end() throws IOException, InterruptedException {}
}
