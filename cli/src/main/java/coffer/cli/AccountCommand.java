package coffer.cli;

import coffer.agent.Json;
import coffer.core.CofferException;
import coffer.device.Device;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "account", synopsisSubcommandLabel = "COMMAND", description = "Make an account.")
final class AccountCommand extends NeedsPart {

    AccountCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public Map<String, Object> parts() {
        return Map.of("create", new Create(coffer()));
    }

    @Command(
            name = "create",
            description = {
                "Make an account, with this machine as its first device.",
                "",
                "There is no password. The 24 recovery words are shown once and kept nowhere: with them, and only with them,"
                        + " the account comes back when every device is lost. Write them down."
            },
            footer = {
                "",
                "Examples:",
                "  coffer account create --service http://cloud.example:8443",
                "  coffer account create --service http://cloud.example:8443 --name laptop"
            })
    static final class Create implements Callable<Integer> {

        private final Coffer coffer;

        @Option(names = "--service", required = true, paramLabel = "URL", description = "The service's address.")
        String service = "";

        @Option(names = "--name", paramLabel = "NAME", description = "This device's name (default: the machine's).")
        @Nullable String name;

        Create(Coffer coffer) {
            this.coffer = coffer;
        }

        @Override
        public Integer call() throws CofferException {
            String deviceName = Names.device(name, coffer.terminal());
            String words = coffer.setup().create(Names.service(service), deviceName);
            if (coffer.output().isJson()) {
                coffer.output().json(Json.object().put("device", deviceName).put("words", words).build());
                return Exit.OK;
            }
            Words.print(words, coffer.output());
            try (Device device = coffer.device()) {
                StatusCommand.print(device.status(), coffer.output());
            }
            return Exit.OK;
        }
    }
}
