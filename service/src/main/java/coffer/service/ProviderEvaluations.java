package coffer.service;

import coffer.core.SigningKey;
import coffer.core.tlog.ProviderDirectory;
import coffer.core.tlog.ProviderState;
import coffer.service.ServiceConfig.ProviderConfig;
import coffer.service.evaluation.Criteria;
import coffer.service.evaluation.EvaluationBusy;
import coffer.service.evaluation.EvaluationStatus;
import coffer.service.evaluation.Evaluations;
import coffer.service.evaluation.IsoPeriod;
import coffer.service.evaluation.Report;
import coffer.service.evaluation.Subject;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Evaluations of providers, as the operator asks for them: begun, gone on with after a stop of the service, and their results
/// written into the transparency log.
///
/// A candidate is in the state *evaluating* meanwhile and *qualified* or again a *candidate* after; any other provider may
/// be evaluated too, at work, and stays what it is.
final class ProviderEvaluations implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderEvaluations.class);
    private static final String FOLDER = "evaluations";

    private final ProviderRegistry registry;
    private final ProviderOpener opener;
    private final Map<String, String> criteria;
    private final SigningKey key;
    private final Evaluations evaluations;
    private final Clock clock;
    /// Stores that were opened for an evaluation alone.
    private final Map<String, PackProvider> own = new ConcurrentHashMap<>();

    private ProviderEvaluations(
            ProviderRegistry registry, ProviderOpener opener, Criteria criteria, SigningKey key, Path data, Clock clock)
            throws IOException {
        this.registry = registry;
        this.opener = opener;
        this.criteria = criteria.values();
        this.key = key;
        this.clock = clock;
        this.evaluations = Evaluations.open(data.resolve(FOLDER), key, this::ended);
    }

    /// Goes on with what was stopped.
    ///
    /// @param key signs reports; owned from now on
    static ProviderEvaluations open(
            ProviderRegistry registry, ProviderOpener opener, ServiceConfig config, SigningKey key, Clock clock)
            throws IOException {
        ProviderEvaluations opened =
                new ProviderEvaluations(registry, opener, config.evaluation(), key, config.data(), clock);
        for (EvaluationStatus stopped : opened.evaluations.unfinished()) {
            opened.resume(stopped.provider());
        }
        return opened;
    }

    private void resume(String provider) {
        try {
            evaluations.resume(subject(provider));
        } catch (IOException | Problem e) {
            LOG.error("event=evaluation outcome=not-resumed provider={}", provider, e);
        }
    }

    /// The key by which reports can be verified.
    SigningKey key() {
        return key;
    }

    /// @param period ISO 8601: `PT2M`, `P15M`
    /// @param wanted criteria that differ from the configuration's, without `evaluation.` before their keys
    EvaluationStatus start(String provider, String period, Map<String, String> wanted) throws Problem, StorageException {
        Duration duration = duration(period);
        Criteria mine = criteria(wanted);
        Optional<EvaluationStatus> present = evaluations.status(provider);
        if (present.isPresent() && !present.get().state().isOver()) {
            throw busy();
        }
        ProviderDirectory.Provider known = registry.require(provider);
        boolean candidate =
                known.state() == ProviderState.CANDIDATE || known.state() == ProviderState.QUALIFIED;
        Subject subject = subject(provider);
        if (candidate) {
            registry.evaluating(provider, "evaluated for " + period);
        }
        try {
            return evaluations.start(subject, mine, duration);
        } catch (EvaluationBusy e) {
            throw busy();
        } catch (IOException e) {
            LOG.error("event=evaluation outcome=not-started provider={}", provider, e);
            throw Problem.of(ProblemType.UNAVAILABLE, "The evaluation cannot write its state; see the service's log.");
        }
    }

    private static Problem busy() {
        return Problem.of(ProblemType.NOT_SO, "An evaluation of this provider is under way; wait for it or cancel it.");
    }

    private Duration duration(String period) throws Problem {
        try {
            return IsoPeriod.parse(period, clock.instant());
        } catch (IllegalArgumentException e) {
            throw Problem.of(ProblemType.MALFORMED, "A period is such as PT2M, P30D or P15M, from a second to ten years.");
        }
    }

    private Criteria criteria(Map<String, String> wanted) throws Problem {
        Map<String, String> values = new TreeMap<>(criteria);
        wanted.forEach((name, value) -> values.put(Criteria.PREFIX + name, value));
        List<String> problems = new ArrayList<>();
        Criteria read = Criteria.read(values, problems::add);
        if (!problems.isEmpty()) {
            throw Problem.of(ProblemType.MALFORMED, String.join("; ", problems));
        }
        return read;
    }

    /// A bucket is measured through a store of its own, which repeats nothing that failed.
    private Subject subject(String provider) throws Problem {
        ProviderDirectory.Provider known = registry.require(provider);
        PackProvider measured = registry.open(provider);
        if (registry.config(provider) instanceof ProviderConfig.S3 s3) {
            try {
                measured = opener.openOnce(s3);
            } catch (IOException e) {
                throw Problem.of(ProblemType.NOT_SO, "It cannot be opened: a credential cannot be read.");
            }
            PackProvider before = own.put(provider, measured);
            if (before != null) {
                before.store().close();
            }
        }
        return new Subject(provider, known.stated().owner(), known.region(), measured.store(), measured.grants());
    }

    boolean cancel(String provider) throws Problem {
        try {
            return evaluations.cancel(subject(provider));
        } catch (IOException e) {
            throw Problem.of(ProblemType.UNAVAILABLE, "The evaluation cannot write its state; see the service's log.");
        }
    }

    Optional<EvaluationStatus> status(String provider) {
        return evaluations.status(provider);
    }

    Optional<Report> report(String provider) throws IOException {
        return evaluations.report(provider);
    }

    private void ended(EvaluationStatus status, Optional<Report> report) {
        PackProvider extra = own.remove(status.provider());
        if (extra != null) {
            extra.store().close();
        }
        try {
            if (report.isPresent()) {
                registry.evaluated(status.provider(), report.get().sha256(), report.get().passed());
            } else {
                registry.notEvaluated(status.provider());
            }
            LOG.info("event=evaluation outcome={} provider={}", status.state(), status.provider());
        } catch (Problem | StorageException e) {
            // It is told again at the next start.
            LOG.error("event=evaluation outcome=not-stated provider={}", status.provider(), e);
        }
    }

    @Override
    public void close() throws IOException {
        evaluations.close();
        own.values().forEach(provider -> provider.store().close());
        key.close();
    }
}
