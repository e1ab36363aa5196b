package coffer.cli;

import coffer.agent.AgentClient;
import coffer.agent.AgentLauncher;
import coffer.agent.AgentMain;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// How commands reach the agent of a home.
interface Agents {

    /// The agent of the home, started if needed.
    AgentClient connect(Path home) throws CofferException;

    /// The agent that runs now, if one does.
    Optional<AgentClient> find(Path home);

    /// Stops the agent; false if none ran.
    boolean stop(Path home) throws CofferException;

    /// Is the agent of the home itself, until it is stopped; returns the exit status of the process.
    int run(Path home) throws CofferException;

    /// Runs a program of the system; -1 if it cannot be.
    int system(List<String> command);

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

        @Override
        public int run(Path home) throws CofferException {
            try {
                return AgentMain.run(home);
            } catch (IOException e) {
                throw new CofferException(ErrorCode.LOCAL, "The agent cannot be started.", e);
            }
        }

        @Override
        public int system(List<String> command) {
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (process.waitFor(20, TimeUnit.SECONDS)) {
                    return process.exitValue();
                }
                process.destroy();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                // The program is not there.
            }
            return -1;
        }
    };
}
