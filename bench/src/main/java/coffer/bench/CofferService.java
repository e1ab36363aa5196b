package coffer.bench;

import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Coffer's service in a process of its own.
final class CofferService {

    private static final int PORT = 17591;
    private static final int TRIES = 300;
    private static final int TRY_MS = 100;

    private @Nullable Process process;

    String address() {
        return "http://127.0.0.1:" + PORT;
    }

    Optional<Long> pid() {
        Process present = process;
        return present == null || !present.isAlive() ? Optional.empty() : Optional.of(present.pid());
    }

    /// Starts it with its data in `work/service`, and waits until it is ready.
    ///
    /// @param settings    beside the address and the folder
    /// @param environment of the process, beside this one's own
    void start(Path work, Map<String, String> settings, Map<String, String> environment)
            throws IOException, InterruptedException {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("data", work.resolve("service").toString());
        all.put("listen", "127.0.0.1:" + PORT);
        StringBuilder text = new StringBuilder();
        all.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        Path file = work.resolve("service.properties");
        Files.writeString(file, text);
        Path log = work.resolve("service.log");
        Process started = Shell.builder(new Invocation(work, environment, command(file)))
                .redirectErrorStream(true)
                .redirectOutput(new File(log.toString()))
                .start();
        process = started;
        for (int i = 0; i < TRIES && !isReady(); i++) {
            if (!started.isAlive()) {
                throw new IOException("the service ended; see " + log);
            }
            Thread.sleep(TRY_MS);
        }
    }

    /// The options are those that the launcher gives `coffer service run`.
    private static List<String> command(Path config) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:ReservedCodeCacheSize=64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "coffer.bench.ServiceProcess",
                config.toString());
    }

    private boolean isReady() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(address() + "/readyz").toURL().openConnection();
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    void stop() throws InterruptedException {
        Process present = process;
        if (present != null) {
            present.destroy();
            present.waitFor();
            process = null;
        }
    }
}
