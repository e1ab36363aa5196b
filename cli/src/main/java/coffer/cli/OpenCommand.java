package coffer.cli;

import coffer.agent.AgentClient;
import coffer.agent.Json;
import coffer.agent.PageLink;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/// Opens the pages of this device.
///
/// The address holds a secret, and what a program is started with can be read by every user of a machine: so the browser is
/// given a file that only its owner may read, and which leads to the address.
final class OpenCommand implements Action {

    private final Coffer coffer;
    private boolean printOnly;

    OpenCommand(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                        this,
                        "open",
                        "Open the pages of this device in the browser.",
                        "",
                        "The address it prints works once, within an hour, in one browser on this machine; keep it to yourself until"
                                + " then. Whoever opens it sees and may change everything, until the agent stops.")
                .flag(value -> printOnly |= value, "Only print the address.", "--print")
                .examples("coffer open", "coffer open --print")
                .build();
    }

    @Override
    public Integer call() throws CofferException {
        try (Device device = coffer.device()) {
            device.limits(); // so that who has no device is told what to do
        }
        AgentClient agent = coffer.agents().connect(coffer.home());
        String address = agent.pages();
        if (coffer.isJson()) {
            coffer.output().json(Json.object().put("address", address).build());
        } else {
            coffer.output().line(address);
        }
        coffer.terminal().out().flush();
        if (!printOnly && !coffer.isJson()) {
            open(coffer.home(), address);
        }
        return Exit.OK;
    }

    private void open(Path home, String address) throws CofferException {
        try {
            Path link = PageLink.write(home, address);
            if (coffer.agents().system(opener(link.toUri().toString())) != 0) {
                coffer.terminal().err().println("No browser could be started; open the address in one on this machine.");
            }
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The address cannot be written for the browser.", e);
        }
    }

    private static List<String> opener(String file) {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.startsWith("mac")) {
            return List.of("open", file);
        }
        return system.startsWith("windows")
                ? List.of("rundll32", "url.dll,FileProtocolHandler", file)
                : List.of("xdg-open", file);
    }
}
