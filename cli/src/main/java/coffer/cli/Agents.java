package coffer.cli;

import coffer.agent.AgentClient;
import coffer.agent.AgentLauncher;
import coffer.core.CofferException;
import java.nio.file.Path;
import java.util.Optional;

/// How commands reach the agent of a home.
interface Agents {

    /// The agent of the home, started if needed.
    AgentClient connect(Path home) throws CofferException;

    /// The agent that runs now, if one does.
    Optional<AgentClient> find(Path home);

    /// Stops the agent; false if none ran.
    boolean stop(Path home) throws CofferException;

    /// Processes of their own on this machine.
    Agents PROCESSES = new Agents() {
        @Override
        public AgentClient connect(Path home) throws CofferException {
            return new AgentLauncher(home).connect();
        }

        @Override
        public Optional<AgentClient> find(Path home) {
            return new AgentLauncher(home).find();
        }

        @Override
        public boolean stop(Path home) throws CofferException {
            return new AgentLauncher(home).stop();
        }
    };
}
