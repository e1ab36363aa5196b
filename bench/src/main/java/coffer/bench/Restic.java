package coffer.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// restic at its defaults, with a repository in a folder or in a bucket.
final class Restic implements Contender {

    private final Path program;
    private final Optional<S3Server> s3;
    private Path work = Path.of("/");

    Restic(Path program, Optional<S3Server> s3) {
        this.program = program;
        this.s3 = s3;
    }

    @Override
    public String name() {
        return s3.isPresent() ? "restic to S3" : "restic";
    }

    @Override
    public String version() throws IOException, InterruptedException {
        return Shell.run(Path.of("/"), program.toString(), "version").lines().findFirst().orElse("");
    }

    @Override
    public void begin(Path work) throws IOException, InterruptedException {
        this.work = work;
        Files.writeString(work.resolve("password"), "not a secret: this repository is deleted\n");
        Shell.run(command(work, "init"));
    }

    @Override
    public Invocation put(Path root, String set) {
        return command(root.resolve(set), "backup", "--quiet", ".");
    }

    @Override
    public Invocation get(Path root, String set, Path target) {
        return command(work, "restore", "--quiet", "latest", "--target", target.toString());
    }

    @Override
    public Path restored(Path root, String set, Path target) {
        return target;
    }

    @Override
    public List<Path> repository() {
        return List.of(s3.map(server -> server.bucket("restic")).orElse(work.resolve("repository")));
    }

    private Invocation command(Path folder, String... arguments) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("RESTIC_PASSWORD_FILE", work.resolve("password").toString());
        environment.put("RESTIC_CACHE_DIR", work.resolve("cache").toString());
        environment.put("RESTIC_PROGRESS_FPS", "0.1");
        environment.put(
                "RESTIC_REPOSITORY",
                s3.map(server -> "s3:" + server.endpoint() + "/restic")
                        .orElse(work.resolve("repository").toString()));
        if (s3.isPresent()) {
            environment.put("AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY);
            environment.put("AWS_SECRET_ACCESS_KEY", S3Server.SECRET_KEY);
        }
        List<String> words = new ArrayList<>(List.of(program.toString()));
        words.addAll(List.of(arguments));
        return new Invocation(folder, environment, words);
    }
}
