package coffer.cli;

import coffer.agent.Json;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.service.ConfigException;
import coffer.service.Service;
import coffer.service.ServiceConfig;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

final class ServiceCommand extends NeedsPart {

    ServiceCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "service", "Run the service for others.").parts("COMMAND").build();
    }

    @Override
    public Map<String, Action> parts() {
        return Map.of("run", new Run(coffer()));
    }

    static final class Run implements Action {
        private final Coffer coffer;
        private String config = "";

        Run(Coffer coffer) {
            this.coffer = coffer;
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "run",
                            "Run the service until it is stopped.",
                            "",
                            "The settings have defaults that need no editing but `data`, the folder for everything that must"
                                    + " survive (docs/operations.md). What happens is logged on the error stream.")
                    .required(value -> config = value, "FILE", "Its settings.", "--config")
                    .examples("coffer service run --config /etc/coffer/service.properties")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            Logs.lines();
            ServiceConfig settings = settings();
            try (Signals signals = new Signals();
                    Service service = Service.start(settings)) {
                coffer.output()
                        .result(
                                "The service listens at " + service.address() + ".",
                                Json.object().put("address", service.address().toString()).build());
                coffer.terminal().out().flush();
                signals.await();
            } catch (IOException e) {
                throw new CofferException(
                        ErrorCode.LOCAL,
                        "The service cannot be started.",
                        Map.of("cause", causes(e), CofferException.ADVICE, CHECK_WHAT_IT_NEEDS),
                        e);
            }
            return Exit.OK;
        }

        private static final String CHECK_WHAT_IT_NEEDS = "Nothing was lost. Check that nothing else has its folder or its"
                + " address, and that folder, keystore and credentials can be used; -v shows the cause.";

        /// For the operator, at whose machine it happened.
        private static String causes(Throwable failure) {
            Throwable cause = failure.getCause();
            return cause == null ? failure.toString() : failure + "; " + causes(cause);
        }

        private ServiceConfig settings() throws CofferException {
            try {
                return ServiceConfig.load(coffer.terminal().resolve(config));
            } catch (ConfigException e) {
                e.problems().forEach(problem -> coffer.output().note("! " + Shown.name(problem)));
                throw new UsageException("The settings are wrong: " + Shown.count(e.problems().size(), "problem") + ".");
            } catch (IOException e) {
                throw CofferException.withAdvice(
                        ErrorCode.LOCAL, "The settings cannot be read.", "Nothing was started. Check --config.", e);
            }
        }
    }
}
