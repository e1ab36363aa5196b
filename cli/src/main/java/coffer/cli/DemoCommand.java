package coffer.cli;

import coffer.core.CofferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

final class DemoCommand implements Action {

    private final Coffer coffer;

    private List<String> folders = List.of();

    DemoCommand(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "demo",
                "Tell the whole story on this machine, in a temporary home, and check every claim.",
                "",
                "Without folders a small bundled sample of pictures, documents and e-mails is kept. Nothing of yours is changed.")
                .many("0..*", values -> folders = values, "[FOLDER…]", "What to keep in the demonstration.")
                .examples("coffer demo", "coffer demo ~/Pictures ~/Mail")
                .build();
    }

    @Override
    public Integer call() throws IOException, CofferException, InterruptedException {
        // The story is told in its own words; only what goes wrong in the parts is shown beside it.
        Logs.quiet();
        Path root = Files.createTempDirectory("coffer-demo");
        try {
            List<Path> sources = new ArrayList<>();
            folders.forEach(folder -> sources.add(coffer.terminal().resolve(folder)));
            if (sources.isEmpty()) {
                sources.add(Sample.write(root.resolve("sample")));
            }
            return new Demo(new Story(coffer.terminal()), root, sources).run();
        } finally {
            Trees.delete(root);
        }
    }
}
