package coffer.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// borg at its defaults, with a repository in a folder.
final class Borg implements Contender {

    private final Path program;
    private Path work = Path.of("/");
    private int archives;

    Borg(Path program) {
        this.program = program;
    }

    @Override
    public String name() {
        return "borg";
    }

    @Override
    public String version() throws IOException, InterruptedException {
        return Shell.run(Path.of("/"), program.toString(), "--version").strip();
    }

    @Override
    public void begin(Path work) throws IOException, InterruptedException {
        this.work = work;
        archives = 0;
        Shell.run(command(work, "init", "-e", "repokey"));
    }

    @Override
    public Invocation put(Path root, String set) {
        archives++;
        return command(root.resolve(set), "create", "::" + archives, ".");
    }

    @Override
    public Invocation get(Path root, String set, Path target) {
        return command(target, "extract", "::" + archives);
    }

    @Override
    public Path restored(Path root, String set, Path target) {
        return target;
    }

    @Override
    public List<Path> repository() {
        return List.of(work.resolve("repository"));
    }

    private Invocation command(Path folder, String... arguments) {
        List<String> words = new ArrayList<>(List.of(program.toString()));
        words.addAll(List.of(arguments));
        return new Invocation(
                folder,
                Map.of(
                        "BORG_REPO", work.resolve("repository").toString(),
                        "BORG_BASE_DIR", work.resolve("base").toString(),
                        "BORG_PASSPHRASE", "not a secret: this repository is deleted"),
                words);
    }
}
