package coffer.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "service", synopsisSubcommandLabel = "COMMAND", description = "Run the service for others.")
final class ServiceCommand extends NeedsPart {

    ServiceCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public Map<String, Object> parts() {
        return Map.of("run", new Run());
    }

    @Command(
            name = "run",
            description = "Run the service until it is stopped.",
            footer = {"", "Example:", "  coffer service run --config /etc/coffer/service.properties"})
    static final class Run implements Callable<Integer> {
        @Option(names = "--config", required = true, paramLabel = "FILE", description = "Its settings.")
        String config = "";

        @Override
        public Integer call() {
            throw new UsageException("This build has no service yet.");
        }
    }
}
