package coffer.cli;

import coffer.agent.Json;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Progress;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/// Measures a provider over a period, in the background of the service.
final class EvaluateProvider implements Action {

    private static final Duration POLL = Duration.ofSeconds(1);

    private final Coffer coffer;
    private final OperatorCalls calls;
    private String id = "";
    private String period = "P30D";
    private List<String> criteria = List.of();
    private boolean wait;
    private boolean cancel;

    EvaluateProvider(Coffer coffer, OperatorCalls calls) {
        this.coffer = coffer;
        this.calls = calls;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                        this,
                        "evaluate",
                        "Evaluate a provider: conformance, integrity, latency, throughput, availability, listings.",
                        "",
                        "It runs in the service's background and goes on after a restart. Criteria stand in the configuration"
                                + " (evaluation.*, docs/operations.md). The report's hash goes into the transparency log;"
                                + " `coffer operator provider report` shows it.")
                .one(0, value -> id = value, "ID", "As `list` shows it.")
                .option(value -> period = value, "PERIOD", "How long, ISO 8601: PT2M, P30D, P15M (default: P30D).", "--for")
                .repeated(value -> criteria = value, "KEY=VALUE", "A criterion that differs from the configuration's.", "--set")
                .flag(value -> wait = value, "Wait until it is over and show the report.", "--wait")
                .flag(value -> cancel = value, "End the one under way, without a report.", "--cancel")
                .examples(
                        "coffer operator provider evaluate near --for P15M",
                        "coffer operator provider evaluate near --for PT2M --wait --set put-p99=PT5S")
                .build();
    }

    @Override
    public Integer call() throws CofferException {
        String path = ProviderCommand.PATH + "/" + OperatorText.id(id) + "/evaluation";
        if (cancel) {
            return show(calls.post(path + "/cancel", Json.object().build()));
        }
        Json.Builder given = Json.object();
        for (String criterion : criteria) {
            int equals = criterion.indexOf('=');
            if (equals < 1) {
                throw new UsageException("--set wants KEY=VALUE.");
            }
            given.put(criterion.substring(0, equals), criterion.substring(equals + 1));
        }
        Json.Fields status =
                calls.post(path, Json.object().put("period", period).put("criteria", given.build()).build());
        try (Bar bar = coffer.bar()) {
            while (wait && status.text("state").equals("running")) {
                pause();
                status = calls.get(path);
                bar.update("evaluate", status.whole("probes"), -1, Progress.Unit.CALLS);
            }
        }
        return show(status);
    }

    private int show(Json.Fields status) {
        return wait ? ProviderReport.show(coffer, status) : ProviderReport.summary(coffer, status);
    }

    private static void pause() throws CofferException {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CofferException(ErrorCode.UNAVAILABLE, "Stopped waiting; the evaluation goes on.", e);
        }
    }
}
