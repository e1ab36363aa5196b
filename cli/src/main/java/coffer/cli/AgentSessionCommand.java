package coffer.cli;

import coffer.agent.AgentMain;
import coffer.agent.Json;
import coffer.agent.SessionStart;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/// The parts of `coffer agent` that let the system start it.
final class AgentSessionCommand {

    private AgentSessionCommand() {}

    static SessionStart start(Coffer coffer) {
        Terminal terminal = coffer.terminal();
        Path userHome = terminal.environment("HOME").map(terminal::resolve).orElse(Path.of(System.getProperty("user.home")));
        Map<String, String> environment = new HashMap<>();
        for (String name : new String[] {"XDG_CONFIG_HOME", "COFFER_JAVA_HOME"}) {
            terminal.environment(name).ifPresent(value -> environment.put(name, value));
        }
        return new SessionStart(SessionStart.platform(), coffer.home(), userHome, environment, coffer.agents()::system);
    }

    static final class Install extends AgentCommand.Part {
        private boolean print;

        Install(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "install",
                            "Start the agent with your session, so that synced folders go on by themselves.",
                            "",
                            "Writes a systemd user unit (Linux), a launch agent (macOS) or a task (Windows), and has the system"
                                    + " use it where that can be done from here.")
                    .flag(value -> print = value, "Only print the file.", "--print")
                    .examples("coffer agent install", "coffer agent install --print")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            SessionStart start = start(coffer);
            if (print) {
                String text = start.text();
                Json.Fields json = Json.object().put("file", start.file().toString()).put("text", text).build();
                coffer.output().result(text.stripTrailing(), json);
                return Exit.OK;
            }
            if (!Files.isDirectory(coffer.home())) {
                throw CofferException.withAdvice(
                        ErrorCode.LOCAL,
                        "There is no device here yet.",
                        "Make one with `coffer account create`, `coffer device join` or `coffer recover`.");
            }
            boolean runs = coffer.agents().find(coffer.home()).isPresent();
            SessionStart.Installed installed = start.install(!runs);
            String said = "Wrote " + Shown.name(installed.file().toString())
                    + (runs ? ". An agent runs already; the system starts it from the next session on." : ".");
            coffer.output()
                    .result(
                            said + installed.next().map(next -> "\n" + next).orElse(""),
                            Json.object()
                                    .put("file", installed.file().toString())
                                    .put("next", installed.next())
                                    .build());
            return Exit.OK;
        }
    }

    static final class Uninstall extends AgentCommand.Part {
        Uninstall(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "uninstall", "Do not start the agent with your session any more; one that runs goes on.")
                    .examples("coffer agent uninstall")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            boolean was = start(coffer).uninstall();
            coffer.output()
                    .result(
                            was ? "The agent does not start with your session any more." : "It was not installed.",
                            Json.object().put("uninstalled", was).build());
            return Exit.OK;
        }
    }

    static final class Run extends AgentCommand.Part {
        Run(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "run",
                            "Be the agent, in the foreground, until stopped; for the system that starts it.",
                            "",
                            "If another process is the agent of this home already, that one goes on and this one ends.")
                    .examples("coffer agent run")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            int status = coffer.agents().run(coffer.home());
            if (status == AgentMain.TAKEN) {
                coffer.output().note("Another process is the agent of this home.");
                return Exit.OK;
            }
            return status;
        }
    }
}
