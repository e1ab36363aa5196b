package coffer.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// rclone's crypt remote at its defaults, over a folder or a bucket.
final class Rclone implements Contender {

    private final Path program;
    private final Optional<S3Server> s3;
    private Path work = Path.of("/");
    private String password = "";

    Rclone(Path program, Optional<S3Server> s3) {
        this.program = program;
        this.s3 = s3;
    }

    @Override
    public String name() {
        return s3.isPresent() ? "rclone crypt to S3" : "rclone crypt";
    }

    @Override
    public String version() throws IOException, InterruptedException {
        return Shell.run(Path.of("/"), program.toString(), "version").lines().findFirst().orElse("");
    }

    @Override
    public void begin(Path work) throws IOException, InterruptedException {
        this.work = work;
        password = Shell.run(work, program.toString(), "obscure", "not a secret: deleted afterwards").strip();
        Files.createDirectories(repository().getFirst());
        Files.writeString(work.resolve("rclone.conf"), "");
    }

    @Override
    public Invocation put(Path root, String set) {
        return command("copy", root.resolve(set).toString(), "kept:");
    }

    @Override
    public Invocation get(Path root, String set, Path target) {
        return command("copy", "kept:", target.toString());
    }

    @Override
    public Path restored(Path root, String set, Path target) {
        return target;
    }

    @Override
    public List<Path> repository() {
        return List.of(s3.map(server -> server.bucket("rclone")).orElse(work.resolve("repository")));
    }

    private Invocation command(String... arguments) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("RCLONE_CONFIG", work.resolve("rclone.conf").toString());
        environment.put("RCLONE_CONFIG_KEPT_TYPE", "crypt");
        environment.put("RCLONE_CONFIG_KEPT_PASSWORD", password);
        if (s3.isPresent()) {
            environment.put("RCLONE_CONFIG_KEPT_REMOTE", "server:rclone");
            environment.put("RCLONE_CONFIG_SERVER_TYPE", "s3");
            environment.put("RCLONE_CONFIG_SERVER_PROVIDER", "Other");
            environment.put("RCLONE_CONFIG_SERVER_ENDPOINT", s3.get().endpoint().toString());
            environment.put("RCLONE_CONFIG_SERVER_ACCESS_KEY_ID", S3Server.ACCESS_KEY);
            environment.put("RCLONE_CONFIG_SERVER_SECRET_ACCESS_KEY", S3Server.SECRET_KEY);
            environment.put("RCLONE_CONFIG_SERVER_FORCE_PATH_STYLE", "true");
        } else {
            environment.put("RCLONE_CONFIG_KEPT_REMOTE", repository().getFirst().toString());
        }
        List<String> words = new java.util.ArrayList<>(List.of(program.toString()));
        words.addAll(List.of(arguments));
        return new Invocation(work, environment, words);
    }
}
