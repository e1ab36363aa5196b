package coffer.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Two Coffer devices with an agent each, and the service between them in a process of its own.
final class CofferPair implements FolderPair {

    private static final int WAIT_MS = 100;
    private static final int TRIES = 600;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path checkout;
    private final CofferService service = new CofferService();
    private Path work = Path.of("/");

    CofferPair(Path checkout) {
        this.checkout = checkout;
    }

    @Override
    public String name() {
        return "Coffer";
    }

    @Override
    public String version() throws IOException, InterruptedException {
        return "commit " + Shell.run(checkout, "git", "rev-parse", "--short", "HEAD").strip();
    }

    @Override
    public void begin(Path work) throws IOException, InterruptedException {
        this.work = work;
        service.start(work, Map.of(), Map.of());
        run(0, "account", "create", "--service", service.address(), "--name", "one");
        String code = JSON.readTree(run(0, "device", "code", "--no-wait", "--json")).get("code").asText();
        Process joining = Shell.builder(coffer(1, "device", "join", code, "--service", service.address(), "--name", "two"))
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("join.log").toFile())
                .start();
        for (int i = 0; joining.isAlive() && i < TRIES; i++) {
            Shell.succeeds(work, coffer(0, "device", "approve", "--yes").words().toArray(String[]::new));
            Thread.sleep(WAIT_MS);
        }
        if (joining.waitFor() != 0) {
            throw new IOException("the second device did not join; see " + work.resolve("join.log"));
        }
    }

    @Override
    public void share(Path one, Path two) throws IOException, InterruptedException {
        run(0, "sync", one.toString(), "/bench");
        run(1, "sync", two.toString(), "/bench");
    }

    private String run(int side, String... arguments) throws IOException, InterruptedException {
        return Shell.run(coffer(side, arguments));
    }

    private Path home(int side) {
        return work.resolve("home" + side);
    }

    private Invocation coffer(int side, String... arguments) {
        List<String> words = new ArrayList<>(List.of(checkout.resolve("coffer").toString(), "--home", home(side).toString()));
        words.addAll(List.of(arguments));
        return new Invocation(work, Map.of(), words);
    }

    @Override
    public Map<String, Long> daemons() throws IOException {
        Map<String, Long> daemons = new TreeMap<>();
        service.pid().ifPresent(pid -> daemons.put("service", pid));
        for (int side = 0; side < 2; side++) {
            Path file = home(side).resolve("agent.json");
            if (Files.isReadable(file)) {
                daemons.put(side == 0 ? "one" : "two", JSON.readTree(file.toFile()).get("pid").asLong());
            }
        }
        return daemons;
    }

    @Override
    public void end() throws IOException, InterruptedException {
        for (int side = 0; side < 2; side++) {
            Shell.succeeds(work, coffer(side, "agent", "stop").words().toArray(String[]::new));
        }
        service.stop();
    }
}
