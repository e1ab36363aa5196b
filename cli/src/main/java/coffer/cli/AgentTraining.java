package coffer.cli;

import coffer.agent.AgentMain;
import coffer.service.ConfigException;
import coffer.service.Service;
import coffer.service.ServiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Is an agent for a few seconds, with a service in the same process and a sample to keep and to give back, so that the JVM can
/// write down what an agent needs. The launcher script starts it; it prints nothing and touches nothing but a temporary folder.
public final class AgentTraining {

    /// How long the agent may take to be there, in looks.
    private static final int STARTS_MAX = 200;

    /// How long it may take to end once it was asked to.
    private static final Duration END_MAX = Duration.ofMinutes(1);

    private AgentTraining() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, ConfigException {
        Logs.quiet();
        Path root = Files.createTempDirectory("coffer-training");
        boolean ended;
        try (Service service = Service.start(ServiceConfig.of(root.resolve("service")).with(Map.of("listen", "127.0.0.1:0")))) {
            Path home = Files.createDirectory(root.resolve("home"));
            Path sample = Sample.write(root.resolve("sample"));
            Thread agent = Thread.ofPlatform().daemon().start(() -> serve(home));
            awaitAgent(home);
            for (List<String> command : commands(service.address().toString(), sample, root.resolve("copy"))) {
                Training.run(home, command);
            }
            ended = agent.join(END_MAX);
        } finally {
            Trees.delete(root);
        }
        // Whatever hangs, this process does not.
        System.exit(ended ? 0 : 1);
    }

    private static List<List<String>> commands(String service, Path sample, Path copy) {
        return List.of(
                List.of("account", "create", "--service", service, "--name", "training"),
                List.of("put", sample.toString(), "/"),
                List.of("put", sample.toString(), "/"),
                List.of("ls", "-l", "/"),
                List.of("get", "/", copy.toString()),
                List.of("status"),
                List.of("agent", "stop"));
    }

    private static void serve(Path home) {
        try {
            AgentMain.run(home);
        } catch (IOException e) {
            // Then there is no cache, and everything works without it.
        }
    }

    private static void awaitAgent(Path home) throws InterruptedException {
        for (int i = 0; i < STARTS_MAX && !Files.exists(home.resolve("agent.json")); i++) {
            Thread.sleep(50);
        }
    }
}
