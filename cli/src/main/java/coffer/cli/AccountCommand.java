package coffer.cli;

import coffer.agent.Json;
import coffer.core.CofferException;
import coffer.device.Device;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

final class AccountCommand extends NeedsPart {

    AccountCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "account", "Make an account.")
                .parts("COMMAND")
                .build();
    }

    @Override
    public Map<String, Action> parts() {
        return Map.of("create", new Create(coffer()));
    }

    static final class Create implements Action {

        private final Coffer coffer;
        private String service = "";
        private @Nullable String certificate;
        private @Nullable String name;

        Create(Coffer coffer) {
            this.coffer = coffer;
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                    this,
                    "create",
                    "Make an account, with this machine as its first device.",
                    "",
                    "There is no password. The 24 recovery words are shown once and kept nowhere: with them, and only with them,"
                            + " the account comes back when every device is lost. Write them down.")
                    .required(value -> service = value, "URL", "The service's address.", "--service")
                    .serviceCertificate(value -> certificate = value)
                    .option(value -> name = value, "NAME", "This device's name (default: the machine's).", "--name")
                    .examples(
                            "coffer account create --service http://cloud.example:8443",
                            "coffer account create --service http://cloud.example:8443 --name laptop")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            String deviceName = Names.device(name, coffer.terminal());
            URI address = Names.service(service);
            String words = coffer.setup(certificate).create(address, deviceName);
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
