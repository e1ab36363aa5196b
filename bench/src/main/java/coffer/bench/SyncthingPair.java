package coffer.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Two Syncthing instances that know each other's addresses and nobody else.
final class SyncthingPair implements FolderPair {

    private static final int API_PORT = 17601;
    private static final int SYNC_PORT = 17611;
    private static final int TRIES = 300;
    private static final int TRY_MS = 100;
    private static final String KEY = "bench";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path program;
    private final int delaySeconds;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Process> processes = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();

    /// @param delaySeconds how long it gathers changes before it looks; 10 as shipped, 1 at least
    SyncthingPair(Path program, int delaySeconds) {
        this.program = program;
        this.delaySeconds = delaySeconds;
    }

    @Override
    public String name() {
        return "Syncthing, delay " + delaySeconds + " s";
    }

    @Override
    public String version() throws IOException, InterruptedException {
        return Shell.run(Path.of("/"), program.toString(), "--version").split(" ", 3)[1];
    }

    @Override
    public void begin(Path work) throws IOException, InterruptedException {
        for (int side = 0; side < 2; side++) {
            Path home = Files.createDirectories(work.resolve("home" + side));
            ProcessBuilder builder = new ProcessBuilder(
                            program.toString(), "serve", "--home=" + home, "--no-browser", "--no-restart", "--no-default-folder",
                            "--gui-address=127.0.0.1:" + (API_PORT + side), "--gui-apikey=" + KEY)
                    .redirectErrorStream(true)
                    .redirectOutput(new File(work.resolve("log" + side).toString()));
            builder.environment().put("STNOUPGRADE", "1");
            builder.environment().put("HOME", home.toString());
            processes.add(builder.start());
        }
        for (int side = 0; side < 2; side++) {
            ids.add(identity(side));
            call(side, "PATCH", "options", Map.of(
                    "listenAddresses", List.of(address(side)),
                    "globalAnnounceEnabled", false,
                    "localAnnounceEnabled", false,
                    "relaysEnabled", false,
                    "natEnabled", false,
                    "urAccepted", -1,
                    "crashReportingEnabled", false));
        }
        for (int side = 0; side < 2; side++) {
            int other = 1 - side;
            call(side, "POST", "devices", Map.of("deviceID", ids.get(other), "addresses", List.of(address(other))));
        }
    }

    private static String address(int side) {
        return "tcp://127.0.0.1:" + (SYNC_PORT + side);
    }

    private String identity(int side) throws IOException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            try {
                HttpRequest request = request(side, "/rest/system/status").build();
                HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
                JsonNode id = answer.statusCode() == 200 ? JSON.readTree(answer.body()).get("myID") : null;
                if (id != null && !id.asText().isEmpty()) {
                    return id.asText();
                }
            } catch (IOException e) {
                // Not listening yet.
            }
            Thread.sleep(TRY_MS);
        }
        throw new IOException("Syncthing does not answer");
    }

    @Override
    public void share(Path one, Path two) throws IOException, InterruptedException {
        List<Path> folders = List.of(one, two);
        for (int side = 0; side < 2; side++) {
            call(side, "POST", "folders", Map.of(
                    "id", "bench",
                    "path", folders.get(side).toString(),
                    "devices", ids.stream().map(id -> Map.of("deviceID", id)).toList(),
                    "fsWatcherEnabled", true,
                    "fsWatcherDelayS", delaySeconds));
        }
    }

    private void call(int side, String method, String what, Object body) throws IOException, InterruptedException {
        HttpRequest request = request(side, "/rest/config/" + what)
                .method(method, BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("Syncthing says " + answer.statusCode() + " to " + what + ": " + answer.body());
        }
    }

    private static HttpRequest.Builder request(int side, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + (API_PORT + side) + path)).header("X-API-Key", KEY);
    }

    @Override
    public Map<String, Long> daemons() {
        Map<String, Long> daemons = new TreeMap<>();
        for (int side = 0; side < processes.size(); side++) {
            daemons.put(side == 0 ? "one" : "two", processes.get(side).pid());
            String name = side == 0 ? "one, inner" : "two, inner";
            processes.get(side).descendants().forEach(child -> daemons.put(name, child.pid()));
        }
        return daemons;
    }

    @Override
    public void end() throws InterruptedException {
        for (Process process : processes) {
            process.destroy();
            process.waitFor();
        }
        processes.clear();
        ids.clear();
    }
}
