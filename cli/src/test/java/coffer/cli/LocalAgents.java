package coffer.cli;

import coffer.agent.AgentClient;
import coffer.agent.AgentMain;
import coffer.agent.AgentServer;
import coffer.agent.FakeSetup;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Agents in this process, over real sockets, with devices in memory.
final class LocalAgents implements Agents, AutoCloseable {

    private final FakeSetup setup = new FakeSetup();
    private final Map<Path, AgentServer> running = new HashMap<>();

    @Override
    public AgentClient connect(Path home) throws CofferException {
        try {
            Files.createDirectories(home);
            AgentServer server = running.get(home);
            if (server == null) {
                server = AgentServer.start(setup, home, () -> {});
                running.put(home, server);
            }
            return server.client();
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The agent cannot be started.", e);
        }
    }

    @Override
    public Optional<AgentClient> find(Path home) {
        return Optional.ofNullable(running.get(home)).map(AgentServer::client);
    }

    @Override
    public boolean stop(Path home) {
        AgentServer server = running.remove(home);
        if (server != null) {
            server.close();
        }
        return server != null;
    }

    @Override
    public int run(Path home) {
        return running.containsKey(home) ? AgentMain.TAKEN : Exit.OK;
    }

    /// No system is there.
    @Override
    public int system(List<String> command) {
        return -1;
    }

    @Override
    public void close() {
        running.values().forEach(AgentServer::close);
    }
}
