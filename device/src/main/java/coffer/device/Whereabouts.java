package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.log.PackRef;
import coffer.core.log.Residence;
import coffer.core.tlog.ProviderDirectory;
import coffer.device.Device.CopyPlace;
import coffer.device.Device.Problem;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Which providers hold the packs of a vault, a folder or a file, and when this device last saw for itself.
///
/// Which packs there are comes from the verified log, and whose a place is from the verified transparency log. Only where copies
/// are is the service's word: it is what downloads go by, and a pack that was read from there has the right bytes.
final class Whereabouts {

    private static final int PAGE = 256;

    private final Replica replica;
    private final LogId vault;
    private final PackTransfer transfer;
    private final ChunkSource source;

    Whereabouts(Replica replica, VaultAccess vault, PackTransfer transfer) {
        this.replica = replica;
        this.vault = vault.id();
        this.transfer = transfer;
        this.source = new ChunkSource(vault, transfer);
    }

    /// Which packs there are and where their copies are.
    ///
    /// @param packs    from which the path is read
    /// @param without  of which no copy is known
    record Found(long packs, long bytes, long without, List<CopyPlace> places) {}

    /// @param residence where the vault's packs are to lie
    /// @param directory of the verified transparency log
    /// @param ask       whether to ask the service; else only what this device has read itself counts
    /// @param problems  gets those that are found
    Found find(
            String path,
            Residence residence,
            ProviderDirectory directory,
            boolean ask,
            List<Problem> problems,
            Progress progress)
            throws CofferException {
        Map<String, Tally> tallies = new TreeMap<>();
        long bytes = 0;
        long without = 0;
        long done = 0;
        List<ChunkIndex.Pack> all = List.copyOf(packs(path));
        for (int from = 0; from < all.size(); from += PAGE) {
            List<ChunkIndex.Pack> page = all.subList(from, Math.min(all.size(), from + PAGE));
            if (ask) {
                transfer.announce(page.stream().map(ChunkIndex.Pack::id).toList());
            }
            for (ChunkIndex.Pack pack : page) {
                Stop.check(progress);
                bytes += pack.size();
                Map<String, Long> proven = replica.read(vault, (tx, _) -> Proven.of(tx, pack.num()));
                Collection<String> origins = ask ? origins(pack) : proven.keySet();
                without += origins.isEmpty() ? 1 : 0;
                count(tallies, pack, origins, proven);
                progress.update("where", ++done, all.size(), Progress.Unit.PACKS);
            }
        }
        List<CopyPlace> places = new ArrayList<>();
        for (Map.Entry<String, Tally> tally : tallies.entrySet()) {
            places.add(place(tally.getKey(), tally.getValue(), residence, directory, problems));
        }
        if (without > 0 && ask) {
            problems.add(new Problem(
                    without + (without == 1 ? " pack" : " packs"),
                    ErrorCode.INTEGRITY.name(),
                    "The service knows no copy of it. `coffer verify` says which files need it."));
        }
        return new Found(all.size(), bytes, without, places);
    }

    /// Copies at one origin.
    private static final class Tally {
        private long copies;
        private long bytes;
        private long proven;
        private long oldestMs = Long.MAX_VALUE;
    }

    private static void count(
            Map<String, Tally> tallies, ChunkIndex.Pack pack, Collection<String> origins, Map<String, Long> proven) {
        for (String origin : origins) {
            Tally tally = tallies.computeIfAbsent(origin, _ -> new Tally());
            tally.copies++;
            tally.bytes += pack.size();
            Long seenMs = proven.get(origin);
            if (seenMs != null) {
                tally.proven++;
                tally.oldestMs = Math.min(tally.oldestMs, seenMs);
            }
        }
    }

    private List<String> origins(ChunkIndex.Pack pack) throws CofferException {
        try {
            return transfer.origins(new PackRef(pack.id(), pack.size()));
        } catch (CofferException e) {
            if (e.code() == ErrorCode.INTEGRITY) {
                return List.of();
            }
            throw e;
        }
    }

    /// Several providers may answer at one origin; then the place is one of them.
    private static CopyPlace place(
            String origin, Tally tally, Residence residence, ProviderDirectory directory, List<Problem> problems) {
        List<ProviderDirectory.Provider> there = directory.providers().values().stream()
                .filter(provider -> provider.stated().origins().contains(origin) && provider.state().servesPacks())
                .toList();
        List<ProviderDirectory.Provider> right = there.stream()
                .filter(provider -> provider.region().equals(residence.region()))
                .toList();
        if (right.isEmpty()) {
            right = there.stream().filter(provider -> residence.former().contains(provider.region())).toList();
        }
        if (right.isEmpty()) {
            problems.add(new Problem(
                    origin, ErrorCode.RESIDENCY.name(), "The transparency log puts no packs of the vault's region there."));
        }
        List<ProviderDirectory.Provider> named = right.isEmpty() ? there : right;
        return new CopyPlace(
                words(named, ProviderDirectory.Provider::id),
                words(named, provider -> provider.stated().owner()),
                words(named, ProviderDirectory.Provider::region),
                words(named, provider -> provider.state().name().toLowerCase(Locale.ROOT)),
                origin,
                tally.copies,
                tally.bytes,
                tally.proven,
                tally.proven == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(tally.oldestMs)));
    }

    private static String words(
            List<ProviderDirectory.Provider> providers,
            Function<ProviderDirectory.Provider, String> word) {
        return providers.stream().map(word).distinct().collect(Collectors.joining(" or "));
    }

    private Collection<ChunkIndex.Pack> packs(String path) throws CofferException {
        return replica.read(vault, (tx, ref) -> {
            ChunkIndex index = new ChunkIndex(tx, ref);
            Nodes nodes = new Nodes(tx, ref);
            Nodes.Node node = nodes.require(path);
            if (nodes.path(node).equals("/")) {
                return allPacks(index);
            }
            Map<PackId, ChunkIndex.Pack> found = new TreeMap<>();
            if (node.isFolder()) {
                nodes.walk(nodes.path(node), node, true, (_, child) -> addPacks(index, nodes, child, found));
            } else {
                addPacks(index, nodes, node, found);
            }
            return found.values();
        });
    }

    /// The packs that a file is read from.
    private void addPacks(ChunkIndex index, Nodes nodes, Nodes.Node node, Map<PackId, ChunkIndex.Pack> found)
            throws CofferException, SQLException {
        if (node.kind() != Device.NodeKind.FILE) {
            return;
        }
        new FileChunks(index, source).visit(StoredContent.file(node.size(), nodes.content(node.num())), id -> {
            ChunkIndex.Place place = index.find(id);
            ChunkIndex.Pack pack = place == null ? null : index.pack(place.packNum());
            if (pack != null) {
                found.put(pack.id(), pack);
            }
            return true;
        });
    }

    private static List<ChunkIndex.Pack> allPacks(ChunkIndex index) throws SQLException {
        List<ChunkIndex.Pack> all = new ArrayList<>();
        List<ChunkIndex.Pack> page = index.packs(0, PAGE);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = index.packs(page.getLast().num(), PAGE);
        }
        return all;
    }
}
