package coffer.cli;

import coffer.agent.AgentClient;
import coffer.agent.Json;
import coffer.core.CofferException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

final class AgentCommand extends NeedsPart {

    AgentCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "agent", "The device's own process, which commands start when they need it.")
                .parts("COMMAND")
                .build();
    }

    @Override
    public Map<String, Action> parts() {
        Map<String, Action> parts = new LinkedHashMap<>();
        parts.put("start", new Start(coffer()));
        parts.put("stop", new Stop(coffer()));
        parts.put("status", new Show(coffer()));
        parts.put("install", new AgentSessionCommand.Install(coffer()));
        parts.put("uninstall", new AgentSessionCommand.Uninstall(coffer()));
        parts.put("run", new AgentSessionCommand.Run(coffer()));
        return parts;
    }

    abstract static class Part implements Action {
        final Coffer coffer;

        Part(Coffer coffer) {
            this.coffer = coffer;
        }

        final String installed() {
            return AgentSessionCommand.start(coffer).isInstalled()
                    ? " It starts with your session."
                    : " `coffer agent install` starts it with your session.";
        }

        final int running(AgentClient agent) throws CofferException {
            Json.Fields about = agent.about();
            coffer.output()
                    .result(
                            "The agent runs: process " + about.whole("pid") + ", device " + about.text("state") + ", "
                                    + Shown.count(about.whole("operations"), "operation") + " at work." + installed(),
                            Json.object()
                                    .put("running", true)
                                    .put("agent", about)
                                    .put("installed", AgentSessionCommand.start(coffer).isInstalled())
                                    .build());
            return Exit.OK;
        }
    }

    static final class Start extends Part {
        Start(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "start", "Start the agent if it does not run.")
                    .examples("coffer agent start")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            return running(coffer.agents().connect(coffer.home()));
        }
    }

    static final class Stop extends Part {
        Stop(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "stop", "Stop the agent cleanly; the next command starts it again.")
                    .examples("coffer agent stop")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            boolean ran = coffer.agents().stop(coffer.home());
            coffer.output()
                    .result(
                            ran ? "The agent has stopped." : "No agent ran.",
                            Json.object().put("stopped", ran).build());
            return Exit.OK;
        }
    }

    static final class Show extends Part {
        Show(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "status", "Say whether the agent runs, and starts with your session; fails if it does not run.")
                    .examples("coffer agent status")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            Optional<AgentClient> agent = coffer.agents().find(coffer.home());
            if (agent.isPresent()) {
                return running(agent.get());
            }
            coffer.output()
                    .result(
                            "No agent runs." + installed(),
                            Json.object()
                                    .put("running", false)
                                    .put("installed", AgentSessionCommand.start(coffer).isInstalled())
                                    .build());
            return Exit.PROBLEMS;
        }
    }
}
