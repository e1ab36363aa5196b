package coffer.agent;

import coffer.core.CryptoAccelerator;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The command line of an agent's process: the same Java and class path as this one, its own memory.
final class AgentJvm {

    /// With [SoftHeap] these keep the whole process under 256 MB, heap, code, and what native libraries take, unless synced folders
    /// of very many files need more: about a kilobyte for each.
    private static final List<String> OPTIONS = List.of(
            "-Xms32m",
            "-Xmx384m",
            "-XX:+UseSerialGC",
            // Most of what an agent holds while it syncs is held long: a third of the heap for what is young would leave too little.
            "-XX:MaxNewSize=24m",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=30",
            // What work has taken is given back when it is over, at once: RestingMemory collects once for it.
            "-XX:-ShrinkHeapInSteps",
            "-XX:TrimNativeHeapInterval=60000",
            "-XX:ReservedCodeCacheSize=64m",
            "-XX:MaxMetaspaceSize=64m",
            "-Xss512k",
            // Every thread that writes to a file would keep memory of the size of its largest piece.
            "-Djdk.nio.maxCachedBufferSize=262144",
            // Packs come and go by megabytes, in pieces of this.
            "-Djdk.httpclient.bufsize=65536",
            // As many lines to a provider stay open as are used at once.
            "-Dhttp.maxConnections=16",
            "--enable-native-access=ALL-UNNAMED");

    /// Where native code seals, hashes and compresses, the JVM's optimising compiler costs more than it saves: in one `put`
    /// of 800 MB it took 5 of 16 seconds of processor time, and 50 MB of memory.
    private static final String FAST_COMPILER_ONLY = "-XX:TieredStopAtLevel=1";

    /// Options that replace ours, separated by spaces; for measuring.
    private static final String OVERRIDE = "COFFER_AGENT_OPTIONS";

    private AgentJvm() {}

    static List<String> command(Path home) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String override = System.getenv(OVERRIDE);
        command.addAll(override == null ? options() : List.of(override.strip().split("\\s+")));
        command.addAll(cache());
        command.add(Build.option());
        command.add("-cp");
        command.add(classPath());
        command.add("coffer.agent.AgentMain");
        command.add(home.toString());
        return command;
    }

    private static List<String> options() {
        List<String> options = new ArrayList<>(OPTIONS);
        if (CryptoAccelerator.isPresent()) {
            options.add(FAST_COMPILER_ONLY);
        }
        return options;
    }

    /// This process's own, for a process that starts in another folder.
    private static String classPath() {
        List<String> absolute = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            absolute.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, absolute);
    }

    /// The class cache that the launcher script made, if it has; the JVM ignores one that does not fit.
    private static List<String> cache() {
        String file = System.getProperty("coffer.agent.cache", "");
        if (file.isEmpty() || !Files.isReadable(Path.of(file))) {
            return List.of();
        }
        return List.of("-XX:AOTCache=" + file, "-Xlog:disable", "-Xlog:all=error:stderr");
    }
}
