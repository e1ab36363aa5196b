package coffer.service.placement;

import coffer.core.Hash;
import coffer.core.PackId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Weighted rendezvous hashing over the providers of a region, one copy for each owner.
///
/// A pack goes to the providers with the best scores. A score depends on pack, provider and weight alone, so that whoever
/// computes it gets the same, and a change of one provider moves only what it gains or loses: expected
/// `weight / sum of weights` of the packs. Source: Schindelhauer and Schomaker, "Weighted distributed hash tables", SPAA 2005 (the
/// logarithmic method).
public record Placement(List<Site> sites, int copies) {

    public Placement {
        sites = List.copyOf(sites);
        if (copies < 1) {
            throw new IllegalArgumentException("at least one copy");
        }
    }

    /// Where a new pack goes, best first: at most [#copies] providers with as many owners, fewer where the region has no more.
    public List<String> forNew(PackId pack, String region) {
        return choose(pack, region, Site::accepting);
    }

    /// Where a pack that is stored belongs. As [#forNew], but a provider that is suspended keeps what it has: what is broken
    /// for an hour is no reason to move everything.
    public List<String> forHeld(PackId pack, String region) {
        return choose(pack, region, site -> true);
    }

    private List<String> choose(PackId pack, String region, Predicate<Site> eligible) {
        List<Ranked> ranked = sites.stream()
                .filter(site -> site.region().equals(region) && site.weight() > 0)
                .filter(eligible)
                .map(site -> new Ranked(site, score(pack, site)))
                .sorted(Comparator.comparingDouble(Ranked::score).thenComparing(one -> one.site().id()))
                .toList();
        List<String> chosen = new ArrayList<>();
        Set<String> owners = new HashSet<>();
        for (Ranked one : ranked) {
            if (chosen.size() < copies && owners.add(one.site().owner())) {
                chosen.add(one.site().id());
            }
        }
        return chosen;
    }

    private record Ranked(Site site, double score) {}

    /// −ln(u) / weight, where u is uniform over (0, 1): the smaller the better. `StrictMath`, so that every machine agrees.
    private static double score(PackId pack, Site site) {
        byte[] hash = Hash.of((pack.hex() + "/" + site.id()).getBytes(StandardCharsets.US_ASCII)).toArray();
        long bits = ByteBuffer.wrap(hash).getLong() >>> 11;
        double uniform = (bits + 0.5) / (1L << 53);
        return -StrictMath.log(uniform) / site.weight();
    }
}
