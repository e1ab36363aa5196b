package coffer.cli;

import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

final class ServiceCommand extends NeedsPart {

    ServiceCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "service", "Run the service for others.")
                .parts("COMMAND")
                .build();
    }

    @Override
    public Map<String, Action> parts() {
        return Map.of("run", new Run());
    }

    static final class Run implements Action {
        @Override
        public CommandSpec spec() {
            return Spec.of(this, "run", "Run the service until it is stopped.")
                    .required(value -> config = value, "FILE", "Its settings.", "--config")
                    .examples("coffer service run --config /etc/coffer/service.properties")
                    .build();
        }

        private String config = "";

        @Override
        public Integer call() {
            throw new UsageException("This build has no service yet.");
        }
    }
}
