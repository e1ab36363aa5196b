package coffer.cli;

import coffer.agent.AgentHost;
import coffer.agent.SoftHeap;
import coffer.agent.Json;
import coffer.agent.RemoteSetup;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.DeviceSetup;
import coffer.device.LocalDeviceSetup;
import coffer.service.ConfigException;
import coffer.service.Service;
import coffer.service.ServiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

final class UpCommand implements Action {

    /// The address stays the same, because devices remember it.
    private static final String LISTEN = "127.0.0.1:7070";

    private static final String LISTEN_FILE = "listen";

    /// Of service and device together; more only if very many files are synced.
    private static final long SOFT_HEAP = 130L << 20;

    private final Coffer coffer;
    private @Nullable String listen;

    UpCommand(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                        this,
                        "up",
                        "Run a personal cloud: service, provider's folder and this machine's first device in one process.",
                        "",
                        "Asks nothing. The first time it prints the recovery words, once; later it starts again where it"
                                + " was. While it runs, other commands use the same home.")
                .option(
                        value -> listen = value,
                        "HOST:PORT",
                        "Where to listen from now on (default: as before, at first " + LISTEN + ").",
                        "--listen")
                .examples("coffer up", "coffer --home /data/cloud up --listen 127.0.0.1:8080")
                .build();
    }

    @Override
    public Integer call() throws CofferException {
        Path home = coffer.home();
        coffer.agents().stop(home);
        DeviceSetup setup = new LocalDeviceSetup();
        try (Signals signals = new Signals();
                AgentHost agent = host(setup, home, signals);
                Service service = service(home.resolve("service"))) {
            Optional<String> words = setup.exists(home)
                    ? Optional.empty()
                    : Optional.of(new RemoteSetup(agent.client())
                            .create(service.address(), Names.device(null, coffer.terminal())));
            tell(service, home, words, agent.client().pages());
            signals.await();
            closeFirst(agent);
        } catch (IOException e) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL,
                    "The service cannot listen at its address.",
                    "Nothing was changed. End what listens there (another `coffer up`?), then try again.");
        }
        return Exit.OK;
    }

    private static AgentHost host(DeviceSetup setup, Path home, Signals signals) throws IOException, CofferException {
        SoftHeap.watch(SOFT_HEAP);
        return AgentHost.start(setup, home, signals::stop)
                .orElseThrow(() -> CofferException.withAdvice(
                        ErrorCode.LOCAL,
                        "Another process has this home.",
                        "Nothing was changed. End it (`coffer agent stop`, or another `coffer up`), then try again."));
    }

    /// The device ends its work while the service still answers.
    private static void closeFirst(AgentHost agent) throws IOException {
        agent.close();
    }

    /// Listens where it did before, unless told otherwise.
    private Service service(Path data) throws IOException, CofferException {
        Path file = data.resolve(LISTEN_FILE);
        String before = Files.exists(file) ? Files.readString(file).strip() : LISTEN;
        String chosen = listen == null ? before : listen;
        try {
            Service service = Service.start(ServiceConfig.of(data).with(Map.of("listen", chosen)));
            Files.writeString(file, chosen + "\n");
            return service;
        } catch (ConfigException e) {
            throw new UsageException(String.join(" ", e.problems()));
        }
    }

    private void tell(Service service, Path home, Optional<String> words, String pages) {
        Output output = coffer.output();
        if (output.isJson()) {
            output.json(Json.object()
                    .put("address", service.address().toString())
                    .put("home", home.toString())
                    .put("data", home.resolve("service").toString())
                    .put("words", words)
                    .put("pages", pages)
                    .build());
        } else {
            words.ifPresent(text -> Words.print(text, output));
            output.line("Your cloud runs at " + service.address() + ".");
            output.line("  sealed data, as a provider has it   " + Shown.name(home.resolve("service").toString()));
            output.line("  this device                         " + Shown.name(home.toString()));
            output.line("  its pages, for one browser          " + pages);
            output.line("In another terminal: coffer open     coffer put FILE… /     coffer ls     coffer device code");
            output.line("Ctrl-C stops it; `coffer up` starts it again where it was.");
        }
        coffer.terminal().out().flush();
    }
}
