package coffer.service;

import coffer.core.tlog.ProviderDirectory;
import coffer.service.CopyStorage.Amount;
import coffer.service.CopyStorage.CopyState;
import coffer.service.evaluation.EvaluationStatus;
import coffer.service.evaluation.Finding;
import coffer.service.evaluation.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/// What the operator's tools ask of the service, on the admin port (docs/operations.md, "Providers").
///
/// Whoever has the key may do all of it; the key is in a file that only the service's own user can read.
final class AdminApi {

    private static final int BODY_MAX = 64 << 10;
    private static final String BEARER = "Bearer ";

    private final String key;
    private final ProviderRegistry registry;
    private final Providers providers;
    private final CopyStorage copies;
    private final CopyMover mover;
    private final CopyProver prover;
    private final ProviderEvaluations evaluations;

    /// @param key what a request must bear
    AdminApi(
            String key,
            ProviderRegistry registry,
            Providers providers,
            CopyStorage copies,
            CopyMover mover,
            CopyProver prover,
            ProviderEvaluations evaluations) {
        this.key = key;
        this.registry = registry;
        this.providers = providers;
        this.copies = copies;
        this.mover = mover;
        this.prover = prover;
        this.evaluations = evaluations;
    }

    List<Route> routes() {
        return List.of(
                route("GET", "/v1/admin/regions", this::regions),
                route("POST", "/v1/admin/regions", this::addRegion),
                route("POST", "/v1/admin/regions/{id}/copies", this::setCopies),
                route("GET", "/v1/admin/providers", this::list),
                route("POST", "/v1/admin/providers", this::add),
                route("GET", "/v1/admin/providers/{id}", this::show),
                route("POST", "/v1/admin/providers/{id}/state", this::state),
                route("POST", "/v1/admin/providers/{id}/evaluation", this::evaluate),
                route("GET", "/v1/admin/providers/{id}/evaluation", this::evaluation),
                route("POST", "/v1/admin/providers/{id}/evaluation/cancel", this::cancelEvaluation),
                route("GET", "/v1/admin/providers/{id}/evaluation/{file}", this::report),
                route("POST", "/v1/admin/move", this::move),
                route("POST", "/v1/admin/prove", this::prove));
    }

    Route route(String method, String template, Route.Action action) {
        return new Route(method, template, Route.Access.OPERATOR, exchange -> {
            requireKey(exchange);
            action.run(exchange);
        });
    }

    private void requireKey(Exchange exchange) throws Problem {
        String given = exchange.header(HttpHeader.AUTHORIZATION).orElse("");
        boolean right = given.startsWith(BEARER)
                && MessageDigest.isEqual(
                        given.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8),
                        key.getBytes(StandardCharsets.UTF_8));
        if (!right) {
            throw Problem.of(ProblemType.NOT_SIGNED_IN, "The operator's key is needed.");
        }
    }

    /// @param copies of each pack
    record RegionView(String id, String name, String jurisdiction, int copies, List<String> providers) {
        RegionView {
            providers = List.copyOf(providers);
        }
    }

    record Regions(List<RegionView> items) {
        Regions {
            items = List.copyOf(items);
        }
    }

    private void regions(Exchange exchange) throws IOException {
        ProviderDirectory directory = registry.directory();
        exchange.sendJson(200, new Regions(directory.regions().values().stream()
                .map(region -> new RegionView(
                        region.id(),
                        region.name(),
                        region.jurisdiction(),
                        providers.copies(region.id()),
                        directory.providers().values().stream()
                                .filter(provider -> provider.region().equals(region.id()))
                                .map(ProviderDirectory.Provider::id)
                                .toList()))
                .toList()));
    }

    record NewRegion(String id, String name, String jurisdiction) {}

    private void addRegion(Exchange exchange) throws Problem, StorageException, IOException {
        NewRegion region = exchange.json(NewRegion.class, BODY_MAX);
        requireId(region.id());
        legal(() -> registry.addRegion(region.id(), region.name(), region.jurisdiction()));
        regions(exchange);
    }

    record Copies(int copies) {}

    private void setCopies(Exchange exchange) throws Problem, StorageException, IOException {
        Copies wanted = exchange.json(Copies.class, BODY_MAX);
        legal(() -> registry.setCopies(exchange.parameter("id"), wanted.copies()));
        regions(exchange);
    }

    /// @param copies   given to devices
    /// @param damaged  found missing or wrong, to be replaced
    /// @param leaving  taken out of use, to be deleted
    /// @param toWrite  copies that it should have and has not
    /// @param toLeave  copies that it has and should not
    /// @param proven   when the copy was read and found right that waits longest, ISO 8601; absent if some never was
    /// @param open     whether the service can reach its settings and credentials
    record ProviderView(
            String id,
            String owner,
            String region,
            List<String> origins,
            long weight,
            String state,
            int share,
            String reason,
            String since,
            boolean passed,
            @Nullable String report,
            boolean open,
            long copies,
            long bytes,
            long damaged,
            long leaving,
            long toWrite,
            long toLeave,
            @Nullable String proven) {
        ProviderView {
            origins = List.copyOf(origins);
        }
    }

    record ProviderViews(List<ProviderView> items) {
        ProviderViews {
            items = List.copyOf(items);
        }
    }

    private void list(Exchange exchange) throws StorageException, IOException {
        List<Amount> amounts = copies.amounts();
        CopyMover.Remaining remaining = mover.remaining();
        List<ProviderView> views = new ArrayList<>();
        registry.directory().providers().values().forEach(provider -> views.add(view(provider, amounts, remaining)));
        exchange.sendJson(200, new ProviderViews(views));
    }

    private void show(Exchange exchange) throws Problem, StorageException, IOException {
        show(exchange, exchange.parameter("id"));
    }

    private void show(Exchange exchange, String id) throws Problem, StorageException, IOException {
        exchange.sendJson(200, view(registry.require(id), copies.amounts(), mover.remaining()));
    }

    private ProviderView view(ProviderDirectory.Provider provider, List<Amount> amounts, CopyMover.Remaining remaining) {
        String id = provider.id();
        Optional<Amount> held = amount(amounts, id, CopyState.HELD);
        return new ProviderView(
                id,
                provider.stated().owner(),
                provider.region(),
                provider.stated().origins(),
                provider.stated().weight(),
                lower(provider.state()),
                provider.share(),
                provider.reason(),
                Instant.ofEpochMilli(provider.since()).toString(),
                provider.passed(),
                provider.report().map(report -> report.hex()).orElse(null),
                providers.find(id).isPresent(),
                held.map(Amount::copies).orElse(0L),
                held.map(Amount::bytes).orElse(0L),
                amount(amounts, id, CopyState.DAMAGED).map(Amount::copies).orElse(0L),
                amount(amounts, id, CopyState.LEAVING).map(Amount::copies).orElse(0L)
                        + amount(amounts, id, CopyState.DELETING).map(Amount::copies).orElse(0L),
                remaining.write().getOrDefault(id, 0L),
                remaining.leave().getOrDefault(id, 0L),
                held.map(Amount::oldest)
                        .filter(oldest -> oldest.isAfter(Instant.EPOCH))
                        .map(Instant::toString)
                        .orElse(null));
    }

    private static Optional<Amount> amount(List<Amount> amounts, String provider, CopyState state) {
        return amounts.stream()
                .filter(amount -> amount.provider().equals(provider) && amount.state() == state)
                .findFirst();
    }

    record NewProvider(String id, Map<String, String> settings) {
        NewProvider {
            settings = Map.copyOf(settings);
        }
    }

    private void add(Exchange exchange) throws Problem, StorageException, IOException {
        NewProvider provider = exchange.json(NewProvider.class, BODY_MAX);
        legal(() -> registry.addProvider(provider.id(), provider.settings()));
        show(exchange, provider.id());
    }

    enum Change {
        ADMIT,
        SUSPEND,
        DRAIN,
        RETIRE
    }

    /// @param share      in per-mille, when it is admitted
    /// @param unevaluated to admit one that has passed no evaluation
    /// @param lost       to retire one that is gone with what it holds
    record NewState(String change, int share, String reason, boolean unevaluated, boolean lost) {}

    /// @param without packs that had no other copy and are lost
    record Changed(ProviderView provider, long without) {}

    private void state(Exchange exchange) throws Problem, StorageException, IOException {
        NewState wanted = exchange.json(NewState.class, BODY_MAX);
        String id = exchange.parameter("id");
        long[] without = {0};
        legal(() -> {
            switch (change(wanted.change())) {
                case ADMIT -> registry.admit(id, wanted.share(), wanted.reason(), wanted.unevaluated());
                case SUSPEND -> registry.suspend(id, wanted.reason());
                case DRAIN -> registry.drain(id, wanted.reason());
                case RETIRE -> without[0] = registry.retire(id, wanted.reason(), wanted.lost());
            }
        });
        exchange.sendJson(200, new Changed(view(registry.require(id), copies.amounts(), mover.remaining()), without[0]));
    }

    private static Change change(String text) throws Problem {
        for (Change change : Change.values()) {
            if (lower(change).equals(text)) {
                return change;
            }
        }
        throw Problem.of(ProblemType.MALFORMED, "A change is admit, suspend, drain or retire.");
    }

    /// @param period   ISO 8601
    /// @param criteria that differ from the configuration's, without `evaluation.` before their keys
    record NewEvaluation(String period, Map<String, String> criteria) {
        NewEvaluation {
            criteria = Map.copyOf(criteria);
        }
    }

    private void evaluate(Exchange exchange) throws Problem, StorageException, IOException {
        NewEvaluation wanted = exchange.json(NewEvaluation.class, BODY_MAX);
        evaluations.start(exchange.parameter("id"), wanted.period(), wanted.criteria());
        evaluation(exchange);
    }

    /// @param folder where the report lies on the service's machine
    /// @param key    by which its signatures are verified
    record EvaluationView(
            String evaluation,
            String state,
            String begun,
            String duration,
            String measured,
            long seconds,
            long secondsMeasured,
            int rounds,
            long probes,
            long failed,
            long wrongBytes,
            long denied,
            int left,
            String note,
            String folder,
            String key,
            List<FindingView> findings) {
        EvaluationView {
            findings = List.copyOf(findings);
        }
    }

    record FindingView(String criterion, String result, String measured, String asked) {
        static FindingView of(Finding finding) {
            return new FindingView(finding.criterion(), lower(finding.outcome()), finding.measured(), finding.asked());
        }
    }

    private void evaluation(Exchange exchange) throws Problem, IOException {
        String id = exchange.parameter("id");
        registry.require(id);
        EvaluationStatus status = evaluations.status(id)
                .orElseThrow(() -> Problem.of(ProblemType.NOT_FOUND, "It was never evaluated."));
        List<FindingView> findings = evaluations.report(id).map(report -> report.verdict().findings()).orElse(List.of())
                .stream()
                .map(FindingView::of)
                .toList();
        exchange.sendJson(
                200,
                new EvaluationView(
                        status.evaluation(),
                        lower(status.state()),
                        status.begun().toString(),
                        status.duration().toString(),
                        status.measured().toString(),
                        status.duration().toSeconds(),
                        status.measured().toSeconds(),
                        status.rounds(),
                        status.probes(),
                        status.failed(),
                        status.wrongBytes(),
                        status.denied(),
                        status.left(),
                        status.note(),
                        status.folder().toString(),
                        evaluations.key().verifyKey().value().hex(),
                        findings));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private void cancelEvaluation(Exchange exchange) throws Problem, IOException {
        if (!evaluations.cancel(exchange.parameter("id"))) {
            throw Problem.of(ProblemType.NOT_SO, "No evaluation of it is under way.");
        }
        evaluation(exchange);
    }

    /// The files of the last report, for people and programs.
    private void report(Exchange exchange) throws Problem, IOException {
        Report report = evaluations.report(exchange.parameter("id"))
                .orElseThrow(() -> Problem.of(ProblemType.NOT_FOUND, "It has no report yet."));
        String file = exchange.parameter("file");
        String type =
                switch (file) {
                    case Report.HTML -> "text/html; charset=utf-8";
                    case Report.JSON, Report.SIGNATURES -> Exchange.JSON;
                    default -> throw Problem.of(ProblemType.NOT_FOUND, "A report has report.html, report.json and report.sig.");
                };
        exchange.send(200, type, Files.readAllBytes(report.folder().resolve(file)));
    }

    private void move(Exchange exchange) throws IOException {
        mover.poke();
        exchange.sendNothing(204);
    }

    private void prove(Exchange exchange) throws IOException {
        prover.poke();
        exchange.sendNothing(204);
    }

    private static void requireId(String id) throws Problem {
        if (!ConfigReader.isId(id)) {
            throw Problem.of(ProblemType.MALFORMED, "An id has lower-case letters, digits and dashes.");
        }
    }

    @FunctionalInterface
    private interface Decision {
        void take() throws Problem, StorageException;
    }

    /// Statements refuse values that they cannot hold.
    private static void legal(Decision decision) throws Problem, StorageException {
        try {
            decision.take();
        } catch (IllegalArgumentException e) {
            throw Problem.of(ProblemType.MALFORMED, "A name, text or number is not one that a statement can hold.");
        }
    }
}
