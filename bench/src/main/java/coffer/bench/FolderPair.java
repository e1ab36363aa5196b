package coffer.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// Two devices of one person on this machine, and a program that keeps a folder of each the same.
///
/// Used in the order `begin`, `share`, `end`.
interface FolderPair {

    String name();

    String version() throws IOException, InterruptedException;

    /// Starts what must run before anything can be shared, below `work`, which exists and is empty.
    void begin(Path work) throws IOException, InterruptedException;

    /// Has the two folders, which exist, kept the same from now on.
    void share(Path one, Path two) throws IOException, InterruptedException;

    /// Processes that do the work, by name.
    Map<String, Long> daemons() throws IOException;

    void end() throws IOException, InterruptedException;
}
