package coffer.service.evaluation;

import coffer.core.SigningKey;
import coffer.store.BlobGrants;
import coffer.store.FaultyStore;
import coffer.store.MemoryStore;
import coffer.store.ObjectInfo;
import coffer.store.ObjectStore;
import coffer.store.ShapedStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// A provider in memory at the end of a line, with time that costs nothing, and evaluations of it.
final class Lab implements AutoCloseable {

    static final String PROVIDER = "north";

    final FakeTime time = new FakeTime();
    final MemoryStore memory = new MemoryStore();
    final FaultyStore faulty = new FaultyStore(memory, time);
    final FakeWire wire;
    final List<EvaluationStatus> ended = new ArrayList<>();
    final List<Report> reports = new ArrayList<>();
    volatile boolean deaf;
    private final Path folder;
    private final SigningKey key = SigningKey.ofSeed(new byte[32]);
    private UnaryOperator<ObjectStore> wrapper = store -> store;
    private StateLog.Opener logs = Lab::unforced;
    private Evaluations evaluations;

    Lab(Path folder) throws Exception {
        this.folder = folder;
        this.wire = new FakeWire(memory, new BlobGrants(new byte[32], URI.create("http://blobs.test/v1/blobs"), time.clock()));
        this.evaluations = open();
    }

    private Evaluations open() throws Exception {
        return Evaluations.open(folder, new Running.Ports(key, time, new Random(1), wire, logs, (status, report) -> {
            if (deaf) {
                throw new IllegalStateException("the listener does not listen");
            }
            ended.add(status);
            report.ifPresent(reports::add);
        }));
    }

    /// A state file that is not forced: tests need it to survive the process at most.
    static StateLog unforced(Path file, Consumer<Measurement> each) throws IOException {
        StateLog log = Journal.open(file, each);
        return new StateLog() {
            @Override
            public void append(Measurement measurement) throws IOException {
                log.append(measurement);
            }

            @Override
            public void force() {
                // See above.
            }

            @Override
            public void close() throws IOException {
                log.close();
            }
        };
    }

    /// Keeps state files otherwise; then reopens.
    Lab logging(StateLog.Opener opener) throws Exception {
        logs = opener;
        reopen();
        return this;
    }

    Evaluations evaluations() {
        return evaluations;
    }

    SigningKey key() {
        return key;
    }

    /// Puts something between the evaluation and the provider.
    Lab through(UnaryOperator<ObjectStore> between) {
        wrapper = between;
        return this;
    }

    Subject subject() {
        ObjectStore line = new ShapedStore(faulty, Duration.ofMillis(20), 100 << 20, time);
        return new Subject(PROVIDER, "North Data AS", "no-1", wrapper.apply(line), wire.grants(PROVIDER));
    }

    /// Small, so that a test is quick, and strict about everything.
    static Criteria criteria(String... keysAndValues) {
        Map<String, String> values = new HashMap<>(Map.of(
                "evaluation.canaries", "6",
                "evaluation.canary-size", "2KiB",
                "evaluation.samples", "20",
                "evaluation.throughput-bytes", "2MiB",
                "evaluation.concurrency", "1,2,4",
                "evaluation.upload-min", "1KiB",
                "evaluation.download-min", "1KiB",
                "evaluation.listing-lag", "PT0S"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put("evaluation." + keysAndValues[i], keysAndValues[i + 1]);
        }
        return Criteria.read(values, problem -> {
            throw new IllegalArgumentException(problem);
        });
    }

    EvaluationStatus run(Duration duration, String... criteria) throws Exception {
        evaluations.start(subject(), criteria(criteria), duration);
        return await();
    }

    EvaluationStatus await() throws InterruptedException {
        if (!evaluations.await(PROVIDER, Duration.ofMinutes(1))) {
            throw new AssertionError("the evaluation does not end");
        }
        return evaluations.status(PROVIDER).orElseThrow();
    }

    Report report() throws Exception {
        return evaluations.report(PROVIDER).orElseThrow();
    }

    /// The criteria that were not met.
    List<String> failures() throws Exception {
        return report().verdict().failures().stream().map(Finding::criterion).toList();
    }

    Finding finding(String criterion) throws Exception {
        Optional<Finding> found = report().verdict().findings().stream()
                .filter(finding -> finding.criterion().equals(criterion))
                .findFirst();
        return found.orElseThrow();
    }

    List<ObjectInfo> objects() throws Exception {
        return memory.list("", "", 1_000);
    }

    /// As a service that is stopped and started.
    void reopen() throws Exception {
        evaluations.close();
        evaluations = open();
    }

    @Override
    public void close() throws IOException {
        evaluations.close();
        key.close();
    }
}
