package coffer.core.tlog;

import coffer.core.Hash;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The regions and providers as the statements so far give them: the fold of all statements, and the one place where it is decided which statements may
/// follow which. The service asks before it writes and everybody else asks when reading, so that all agree.
public final class ProviderDirectory {

    public static final ProviderDirectory EMPTY = new ProviderDirectory(new TreeMap<>(), new TreeMap<>());

    /// @param copies of each pack, once the operator has stated it
    public record Region(String id, String name, String jurisdiction, Optional<Integer> copies) {}

    /// @param stated the last statement of what it is
    /// @param share  of its region's new packs in per-mille
    /// @param since  the claimed time of its state
    /// @param passed whether its last evaluation did
    /// @param report SHA-256 of the report of its last evaluation
    public record Provider(
            Statement.ProviderStated stated,
            ProviderState state,
            int share,
            String reason,
            long since,
            boolean passed,
            Optional<Hash> report) {

        public String id() {
            return stated.id();
        }

        public String region() {
            return stated.region();
        }

        private boolean isAt(String region, String origin) {
            return stated.region().equals(region) && stated.origins().contains(origin);
        }
    }

    /// A statement that may not stand after those before it. The message is a constant.
    public static final class IllegalStatementException extends Exception {
        IllegalStatementException(String message) {
            super(message);
        }

        /// Which every exception of this kind has.
        public String reason() {
            return String.valueOf(getMessage());
        }
    }

    private final SortedMap<String, Region> regions;
    private final SortedMap<String, Provider> providers;

    private ProviderDirectory(SortedMap<String, Region> regions, SortedMap<String, Provider> providers) {
        this.regions = regions;
        this.providers = providers;
    }

    /// By ascending id.
    public SortedMap<String, Region> regions() {
        return Collections.unmodifiableSortedMap(regions);
    }

    /// By ascending id; the retired ones too.
    public SortedMap<String, Provider> providers() {
        return Collections.unmodifiableSortedMap(providers);
    }

    public Optional<Region> region(String id) {
        return Optional.ofNullable(regions.get(id));
    }

    public Optional<Provider> provider(String id) {
        return Optional.ofNullable(providers.get(id));
    }

    /// Whether new packs of a region may be sent to this origin, written as in statements.
    public boolean takes(String region, String origin) {
        return providers.values().stream()
                .anyMatch(provider -> provider.state().takesPacks() && provider.isAt(region, origin));
    }

    /// Whether packs of a region may be read from this origin, written as in statements.
    public boolean serves(String region, String origin) {
        return providers.values().stream()
                .anyMatch(provider -> provider.state().servesPacks() && provider.isAt(region, origin));
    }

    /// The directory after one more statement.
    public ProviderDirectory with(Statement statement) throws IllegalStatementException {
        return switch (statement) {
            case Statement.RegionAdded added -> withRegion(added);
            case Statement.ProviderStated stated -> withProvider(stated);
            case Statement.ProviderStateChanged change -> withState(change);
            case Statement.EvaluationReported reported -> withReport(reported);
            case Statement.PlacementStated placement -> withPlacement(placement);
            case Statement.OperatorAction _, Statement.AccountHead _ -> this;
        };
    }

    private ProviderDirectory withRegion(Statement.RegionAdded added) throws IllegalStatementException {
        require(!regions.containsKey(added.id()), "a region is added once");
        return with(new Region(added.id(), added.name(), added.jurisdiction(), Optional.empty()));
    }

    private ProviderDirectory withProvider(Statement.ProviderStated stated) throws IllegalStatementException {
        require(regions.containsKey(stated.region()), "a provider lies in a region that was added");
        Provider known = providers.get(stated.id());
        if (known == null) {
            return with(new Provider(
                    stated, ProviderState.CANDIDATE, 0, "stated", stated.time(), false, Optional.empty()));
        }
        // What people chose by region must never come to lie elsewhere by a word.
        require(known.region().equals(stated.region()), "a provider never changes its region");
        require(known.state() != ProviderState.RETIRED, "a retired provider stays retired");
        return with(new Provider(
                stated, known.state(), known.share(), known.reason(), known.since(), known.passed(), known.report()));
    }

    private ProviderDirectory withState(Statement.ProviderStateChanged change) throws IllegalStatementException {
        Provider known = stated(change.provider());
        require(known.state().successors().contains(change.state()), "a provider goes no such way");
        boolean again = change.state() == known.state();
        require(!again || change.share() != known.share(), "a change changes something");
        if (change.report().isPresent()) {
            require(change.report().equals(known.report()), "a report was reported before");
        }
        if (change.state() == ProviderState.QUALIFIED) {
            require(known.passed() && change.report().isPresent(), "a provider qualifies by an evaluation that it passed");
        }
        return with(new Provider(
                known.stated(),
                change.state(),
                change.share(),
                change.reason(),
                change.time(),
                // A new evaluation begins without the result of the last one.
                change.state() != ProviderState.EVALUATING && known.passed(),
                change.state() == ProviderState.EVALUATING ? Optional.empty() : known.report()));
    }

    private ProviderDirectory withReport(Statement.EvaluationReported reported) throws IllegalStatementException {
        Provider known = stated(reported.provider());
        require(known.state() != ProviderState.RETIRED, "a retired provider stays retired");
        return with(new Provider(
                known.stated(),
                known.state(),
                known.share(),
                known.reason(),
                known.since(),
                reported.passed(),
                Optional.of(reported.report())));
    }

    private ProviderDirectory withPlacement(Statement.PlacementStated placement) throws IllegalStatementException {
        Region region = regions.get(placement.region());
        if (region == null) {
            throw new IllegalStatementException("a placement is of a region that was added");
        }
        return with(new Region(region.id(), region.name(), region.jurisdiction(), Optional.of(placement.copies())));
    }

    private Provider stated(String id) throws IllegalStatementException {
        Provider known = providers.get(id);
        if (known == null) {
            throw new IllegalStatementException("only a stated provider has a state and reports");
        }
        return known;
    }

    private static void require(boolean holds, String otherwise) throws IllegalStatementException {
        if (!holds) {
            throw new IllegalStatementException(otherwise);
        }
    }

    private ProviderDirectory with(Region region) {
        SortedMap<String, Region> next = new TreeMap<>(regions);
        next.put(region.id(), region);
        return new ProviderDirectory(next, providers);
    }

    private ProviderDirectory with(Provider provider) {
        SortedMap<String, Provider> next = new TreeMap<>(providers);
        next.put(provider.id(), provider);
        return new ProviderDirectory(regions, next);
    }
}
