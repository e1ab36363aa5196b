package coffer.cli;

import picocli.CommandLine.Model.CommandSpec;

final class UpCommand implements Action {

    UpCommand(Coffer coffer) {}

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "up",
                "Run a personal cloud: service, provider's folder and this machine's first device in one process.",
                "",
                "Asks nothing. The first time it prints the recovery words, once; later it starts again where it was.")
                .examples("coffer up")
                .build();
    }

    @Override
    public Integer call() {
        throw new UsageException("This build has no service yet.");
    }
}
