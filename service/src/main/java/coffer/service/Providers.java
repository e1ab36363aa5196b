package coffer.service;

import coffer.core.PackId;
import coffer.core.api.RegionInfo;
import coffer.core.tlog.ProviderDirectory;
import coffer.core.tlog.ProviderState;
import coffer.service.placement.Moves;
import coffer.service.placement.Placement;
import coffer.service.placement.Site;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The providers that are open, what the transparency log says of them, and which of them get a given pack.
///
/// Safe for use by many threads: a change makes a new view, and whoever works with the old one ends with it.
final class Providers implements AutoCloseable {

    /// @param shares of the providers that were active last, in per-mille: one that is suspended keeps its place
    record View(Map<String, PackProvider> open, ProviderDirectory list, Map<String, Integer> shares) {
        View {
            open = Map.copyOf(open);
            shares = Map.copyOf(shares);
        }
    }

    private final int copies;
    private volatile View view = new View(Map.of(), ProviderDirectory.EMPTY, Map.of());

    /// @param copies of each pack, where the operator has not stated another number for the region
    Providers(int copies) {
        this.copies = copies;
    }

    /// Owns the provider from now on. It gets packs when the list says so.
    synchronized void add(PackProvider provider) {
        Map<String, PackProvider> open = new LinkedHashMap<>(view.open());
        PackProvider before = open.put(provider.id(), provider);
        view = new View(open, view.list(), view.shares());
        if (before != null) {
            before.store().close();
        }
    }

    /// Goes on by what the transparency log now says.
    synchronized void follow(ProviderDirectory list) {
        Map<String, Integer> shares = new LinkedHashMap<>(view.shares());
        list.providers().forEach((id, provider) -> {
            switch (provider.state()) {
                case ACTIVE -> shares.put(id, provider.share());
                case SUSPENDED -> {}
                case CANDIDATE, EVALUATING, QUALIFIED, DRAINING, RETIRED -> shares.remove(id);
            }
        });
        view = new View(view.open(), list, shares);
    }

    ProviderDirectory list() {
        return view.list();
    }

    /// Which providers get a new pack of a vault in this region, best first. Empty if none takes any.
    ///
    /// @param avoid origins that count only if the region has no others
    List<String> place(PackId pack, String region, Set<String> avoid) {
        View now = view;
        List<String> others = placement(now, region, avoid).forNew(pack, region);
        return others.isEmpty() ? placement(now, region, Set.of()).forNew(pack, region) : others;
    }

    /// What a stored pack needs to be where it belongs.
    Moves moves(PackId pack, String region, Collection<String> held, Collection<String> other) {
        Placement placement = placement(view, region, Set.of());
        return Moves.of(placement.forHeld(pack, region), placement.copies(), held, other);
    }

    /// How many copies a pack of this region is to have.
    int copies(String region) {
        return copies(view, region);
    }

    private int copies(View now, String region) {
        ProviderDirectory.Region stated = now.list().regions().get(region);
        return stated == null ? copies : stated.copies().orElse(copies);
    }

    private Placement placement(View now, String region, Set<String> avoid) {
        List<Site> sites = new ArrayList<>();
        now.shares().forEach((id, share) -> {
            ProviderDirectory.Provider stated = now.list().providers().get(id);
            PackProvider open = now.open().get(id);
            if (stated != null && open != null && !avoid.contains(open.grants().origin())) {
                boolean accepting = stated.state() == ProviderState.ACTIVE;
                sites.add(new Site(
                        id, stated.stated().owner(), stated.region(), (long) stated.stated().weight() * share, accepting));
            }
        });
        return new Placement(sites, copies(now, region));
    }

    Optional<PackProvider> find(String id) {
        return Optional.ofNullable(view.open().get(id));
    }

    /// The open providers of these ids from which devices may read, the healthy ones first.
    List<PackProvider> readable(Collection<String> ids) {
        View now = view;
        return ids.stream()
                .filter(id -> now.open().containsKey(id) && serves(now, id))
                .sorted((a, b) -> Boolean.compare(isActive(now, b), isActive(now, a)))
                .map(id -> now.open().get(id))
                .toList();
    }

    /// The open providers of these ids that take packs.
    List<PackProvider> writable(Collection<String> ids) {
        View now = view;
        return ids.stream()
                .filter(id -> now.open().containsKey(id) && isActive(now, id))
                .map(id -> now.open().get(id))
                .toList();
    }

    /// Every open provider that takes packs.
    List<PackProvider> active() {
        return writable(view.open().keySet());
    }

    /// Every open provider that holds packs or may.
    List<PackProvider> serving() {
        View now = view;
        return now.open().values().stream().filter(provider -> serves(now, provider.id())).toList();
    }

    private static boolean isActive(View now, String id) {
        ProviderDirectory.Provider stated = now.list().providers().get(id);
        return stated != null && stated.state().takesPacks();
    }

    private static boolean serves(View now, String id) {
        ProviderDirectory.Provider stated = now.list().providers().get(id);
        return stated != null && stated.state().servesPacks();
    }

    List<RegionInfo> regions() {
        Map<String, TreeSet<String>> origins = new TreeMap<>();
        serving().forEach(provider -> origins
                .computeIfAbsent(provider.region(), region -> new TreeSet<>())
                .add(provider.grants().origin()));
        return origins.entrySet().stream()
                .map(region -> new RegionInfo(region.getKey(), List.copyOf(region.getValue())))
                .toList();
    }

    @Override
    public void close() {
        view.open().values().forEach(provider -> provider.store().close());
    }
}
