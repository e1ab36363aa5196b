package coffer.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Runs commands whose time does not matter.
final class Shell {

    private Shell() {}

    /// Its output; fails if the command does.
    static String run(Invocation invocation) throws IOException, InterruptedException {
        ProcessBuilder builder = builder(invocation).redirectErrorStream(true);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException(invocation.words() + " ended with " + status + ":\n" + output);
        }
        return output;
    }

    static String run(Path folder, String... words) throws IOException, InterruptedException {
        return run(new Invocation(folder, Map.of(), Arrays.asList(words)));
    }

    static boolean succeeds(Path folder, String... words) throws IOException, InterruptedException {
        Process process = builder(new Invocation(folder, Map.of(), Arrays.asList(words)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        return process.waitFor() == 0;
    }

    static ProcessBuilder builder(Invocation invocation) {
        ProcessBuilder builder = new ProcessBuilder(invocation.words()).directory(invocation.folder().toFile());
        builder.environment().putAll(invocation.environment());
        return builder;
    }

    static void deleteAll(List<Path> folders) throws IOException, InterruptedException {
        for (Path folder : folders) {
            run(Path.of("/"), "rm", "-rf", folder.toString());
        }
    }

    /// Writes dirty pages and, if this user may, forgets what was read, so that the next command starts cold.
    static boolean dropCaches() throws IOException, InterruptedException {
        run(Path.of("/"), "sync");
        try {
            Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3");
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
