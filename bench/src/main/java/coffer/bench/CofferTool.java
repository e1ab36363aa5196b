package coffer.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Coffer through its launcher, with a service in a process of its own and one device.
///
/// *Fresh* stops the agent before every command, so that each pays for its start and for cold code; *warm* lets service and
/// agent live on, after they have kept another folder.
final class CofferTool implements Contender {

    private final Path checkout;
    private final boolean fresh;
    /// What service and agent keep first when they are to be warm.
    private final Path exercise;
    private final Optional<S3Server> s3;
    private Path work = Path.of("/");
    private final CofferService service = new CofferService();

    CofferTool(Path checkout, boolean fresh, Path exercise, Optional<S3Server> s3) {
        this.checkout = checkout;
        this.fresh = fresh;
        this.exercise = exercise;
        this.s3 = s3;
    }

    @Override
    public String name() {
        return (s3.isPresent() ? "Coffer to S3" : "Coffer") + (fresh ? "" : ", warm");
    }

    @Override
    public String version() throws IOException, InterruptedException {
        return "commit " + Shell.run(checkout, "git", "rev-parse", "--short", "HEAD").strip();
    }

    @Override
    public void begin(Path work) throws IOException, InterruptedException {
        this.work = work;
        startService();
        Shell.run(coffer("account", "create", "--service", service.address(), "--name", "bench"));
        if (!fresh) {
            Shell.run(coffer("put", exercise.toString(), "/"));
            Shell.run(coffer("get", "/" + exercise.getFileName(), work.resolve("exercise").toString()));
            Shell.deleteAll(List.of(work.resolve("exercise")));
        }
    }

    private void startService() throws IOException, InterruptedException {
        Map<String, String> settings = new TreeMap<>();
        Map<String, String> environment = Map.of();
        if (s3.isPresent()) {
            Files.createDirectories(s3.get().bucket("coffer"));
            settings.put("providers", "bucket");
            settings.put("provider.bucket.kind", "s3");
            settings.put("provider.bucket.endpoint", s3.get().endpoint().toString());
            settings.put("provider.bucket.bucket", "coffer");
            settings.put("provider.bucket.access-key-env", "BENCH_ACCESS_KEY");
            settings.put("provider.bucket.secret-key-env", "BENCH_SECRET_KEY");
            environment = Map.of("BENCH_ACCESS_KEY", S3Server.ACCESS_KEY, "BENCH_SECRET_KEY", S3Server.SECRET_KEY);
        }
        service.start(work, settings, environment);
    }

    @Override
    public void beforeCommand() throws IOException, InterruptedException {
        if (fresh) {
            Shell.run(coffer("agent", "stop"));
        }
    }

    @Override
    public Invocation put(Path root, String set) {
        return coffer("put", root.resolve(set).toString(), "/");
    }

    @Override
    public Invocation get(Path root, String set, Path target) {
        return coffer("get", "/" + Path.of(set).getFileName(), target.toString());
    }

    @Override
    public Path restored(Path root, String set, Path target) {
        return target.resolve(Path.of(set).getFileName());
    }

    @Override
    public List<Path> repository() {
        return s3.isPresent()
                ? List.of(work.resolve("service"), s3.get().bucket("coffer"))
                : List.of(work.resolve("service"));
    }

    @Override
    public Map<String, Long> daemons() {
        Map<String, Long> daemons = new TreeMap<>();
        service.pid().ifPresent(pid -> daemons.put("service", pid));
        Path file = work.resolve("home").resolve("agent.json");
        if (Files.isReadable(file)) {
            try {
                daemons.put("agent", new ObjectMapper().readTree(file.toFile()).get("pid").asLong());
            } catch (IOException e) {
                // Written at this moment; then it has used next to nothing yet.
            }
        }
        return daemons;
    }

    @Override
    public void end() throws IOException, InterruptedException {
        Shell.succeeds(work, coffer("agent", "stop").words().toArray(String[]::new));
        service.stop();
    }

    /// A command on this contender's device.
    Invocation coffer(String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                checkout.resolve("coffer").toString(), "--home", work.resolve("home").toString()));
        words.addAll(List.of(arguments));
        return new Invocation(work, Map.of("COFFER_BUILD", "never"), words);
    }
}
