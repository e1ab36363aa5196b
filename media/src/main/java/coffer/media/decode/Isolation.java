package coffer.media.decode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What a system offers to keep a process small, behind all others, and away from the network.
final class Isolation {

    private static @Nullable List<String> offline;
    private static @Nullable List<String> shell;

    private Isolation() {}

    /// To stand before a command.
    ///
    /// @param memoryKb of everything that the process writes to; the shell's limit holds for it and for what it starts
    static synchronized List<String> prefix(int memoryKb) {
        List<String> prefix = new ArrayList<>(limits(memoryKb));
        prefix.addAll(offline());
        return prefix;
    }

    private static List<String> limits(int memoryKb) {
        List<String> found = shell;
        if (found == null) {
            found = works(limited(memoryKb)) ? limited(memoryKb) : List.of();
            shell = found;
        }
        return found.isEmpty() ? found : limited(memoryKb);
    }

    private static List<String> limited(int memoryKb) {
        return List.of("/bin/sh", "-c", "ulimit -d " + memoryKb + "; ulimit -c 0; exec nice -n 10 \"$@\"", "sh");
    }

    private static List<String> offline() {
        List<String> found = offline;
        if (found == null) {
            List<String> unshare = List.of("unshare", "--map-root-user", "--net", "--");
            found = works(unshare) ? unshare : List.of();
            offline = found;
        }
        return found;
    }

    private static boolean works(List<String> prefix) {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (process.waitFor(5, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
