package coffer.cli;

import coffer.agent.RemoteMedia;
import coffer.core.CofferException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/// What this device knows of mail and pictures.
final class MediaCommand implements Group {

    private final Coffer coffer;

    MediaCommand(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "media", "What this device knows of mail and pictures.").parts("COMMAND").build();
    }

    @Override
    public Map<String, Action> parts() {
        Map<String, Action> parts = new LinkedHashMap<>();
        parts.put("rebuild", new Rebuild(coffer));
        return parts;
    }

    @Override
    public Integer call() {
        throw new UsageException("Which part? `coffer media --help` lists them.");
    }

    static final class Rebuild extends OnMedia {

        Rebuild(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "rebuild",
                            "Forget what this device knows of mail and pictures, and learn it again from the vault.",
                            "",
                            "What is derived and kept in the vault is read; what is missing there is made again. Nothing else is changed.")
                    .examples("coffer media rebuild")
                    .build();
        }

        @Override
        int run(RemoteMedia media) throws CofferException {
            try (Bar bar = coffer().bar()) {
                media.rebuild(bar);
            }
            output().result("Done.", Coffer.done());
            return Exit.OK;
        }
    }
}
