package coffer.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "up",
        description = {
            "Run a personal cloud: service, provider's folder and this machine's first device in one process.",
            "",
            "Asks nothing. The first time it prints the recovery words, once; later it starts again where it was."
        },
        footer = {"", "Example:", "  coffer up"})
final class UpCommand implements Callable<Integer> {

    UpCommand(Coffer coffer) {}

    @Override
    public Integer call() {
        throw new UsageException("This build has no service yet.");
    }
}
