package coffer.world;

import coffer.core.SigningKey;
import coffer.service.evaluation.Criteria;
import coffer.service.evaluation.EvaluationStatus;
import coffer.service.evaluation.Evaluations;
import coffer.service.evaluation.Finding;
import coffer.service.evaluation.Report;
import coffer.service.evaluation.Subject;
import coffer.store.ObjectStore;
import coffer.store.RetryPolicy;
import coffer.store.S3Credentials;
import coffer.store.S3Grants;
import coffer.store.S3Limits;
import coffer.store.S3Location;
import coffer.store.S3Store;
import coffer.store.Ticks;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Evaluations of a real S3 server, with something that happens on the way.
final class Evaluating {

    /// What happens while an evaluation runs.
    @FunctionalInterface
    interface Event {
        void happen() throws Exception;
    }

    private Evaluating() {}

    /// The store as an evaluation needs it: what fails is seen, not repeated.
    static ObjectStore open(S3Location place, S3Credentials credentials, RetryPolicy retry) {
        S3Limits usual = S3Limits.DEFAULT;
        var limits = new S3Limits(
                usual.connectTimeout(), usual.answerTimeout(), usual.slowestPerSecond(), usual.concurrentMax(),
                usual.turnTimeout(), retry);
        return new S3Store(place, credentials, limits, Clock.systemUTC(), new Random(1), Ticks.SYSTEM);
    }

    /// What a server on a loaded machine must reach: all that is right or wrong, and little that is fast or slow.
    private static Criteria criteria(Map<String, String> changes) {
        Map<String, String> values = new HashMap<>(Map.of(
                "throughput-bytes", "40MiB",
                "throughput-object", "1MiB",
                "concurrency", "1,2,4",
                "upload-min", "10KiB",
                "download-min", "10KiB",
                "probes-min", "3",
                "grant-slack", "PT2S",
                "outage-max", "PT2M"));
        for (String operation : List.of("put", "get", "stat")) {
            List.of("p50", "p95", "p99").forEach(percentile -> values.put(operation + "-" + percentile, "PT30S"));
        }
        values.putAll(changes);
        Map<String, String> keys = new HashMap<>();
        values.forEach((key, value) -> keys.put(Criteria.PREFIX + key, value));
        return Criteria.read(keys, problem -> {
            throw new IllegalArgumentException(problem);
        });
    }

    /// Evaluates, and lets the event happen when something has been stored that could get lost by it.
    static Report evaluate(
            Path folder,
            String id,
            S3Location place,
            S3Credentials credentials,
            Duration duration,
            Map<String, String> changes,
            Event event)
            throws Exception {
        try (ObjectStore store = open(place, credentials, RetryPolicy.NONE);
                SigningKey key = SigningKey.ofSeed(new byte[SigningKey.SEED_SIZE]);
                Evaluations evaluations = Evaluations.open(folder.resolve(id), key, (_, _) -> {})) {
            var subject =
                    new Subject(id, "Nobody", "here", store, new S3Grants(place, credentials, Clock.systemUTC()));
            evaluations.start(subject, criteria(changes), duration);
            while (status(evaluations, id).rounds() < 3
                    && status(evaluations, id).state() == EvaluationStatus.State.RUNNING) {
                Thread.sleep(50);
            }
            event.happen();
            if (!evaluations.await(id, Duration.ofMinutes(2))) {
                throw new AssertionError("the evaluation does not end");
            }
            Report report = evaluations.report(id).orElseThrow();
            print(id, report);
            if (!Report.verify(report.folder(), key.verifyKey()).isEmpty()) {
                throw new AssertionError("the report's signatures do not fit");
            }
            return report;
        }
    }

    private static EvaluationStatus status(Evaluations evaluations, String id) {
        return evaluations.status(id).orElseThrow();
    }

    static List<String> failures(Report report) {
        return report.verdict().failures().stream().map(Finding::criterion).toList();
    }

    private static void print(String id, Report report) {
        for (Finding finding : report.verdict().findings()) {
            if (finding.unit() != Finding.Unit.HOLDS) {
                System.out.println(id + ": " + finding.criterion() + " " + finding.figure() + " " + finding.unit());
            }
        }
    }
}
