package coffer.service.placement;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Hash;
import coffer.core.PackId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlacementTest {

    private static final int PACKS = 20_000;

    private static PackId pack(int number) {
        return new PackId(Hash.of(ByteBuffer.allocate(4).putInt(number).array()).value());
    }

    private static Site site(String id, long weight) {
        return new Site(id, id, "eu", weight, true);
    }

    private static Map<String, Integer> shares(Placement placement) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < PACKS; i++) {
            placement.forNew(pack(i), "eu").forEach(id -> counts.merge(id, 1, Integer::sum));
        }
        return counts;
    }

    @Test
    void aProviderGetsItsShareOfTheWeights() {
        Map<String, Integer> counts =
                shares(new Placement(List.of(site("a", 1_000), site("b", 3_000), site("new", 40)), 1));
        // Five standard deviations of a binomial distribution.
        assertThat(counts.get("a")).isBetween(4_950 - 310, 4_950 + 310);
        assertThat(counts.get("b")).isBetween(14_851 - 310, 14_851 + 310);
        assertThat(counts.get("new")).isBetween(198 - 70, 198 + 70);
    }

    @Test
    void moreWeight_movesPacksToThatProviderAndBetweenNoOthers() {
        Placement before = new Placement(List.of(site("a", 1_000), site("b", 1_000), site("c", 100)), 1);
        Placement after = new Placement(List.of(site("a", 1_000), site("b", 1_000), site("c", 1_000)), 1);
        int moved = 0;
        for (int i = 0; i < 2_000; i++) {
            List<String> old = before.forNew(pack(i), "eu");
            List<String> now = after.forNew(pack(i), "eu");
            if (!old.equals(now)) {
                assertThat(now).containsExactly("c");
                moved++;
            }
        }
        assertThat(moved).isBetween(400, 700);
    }

    @Test
    void copies_haveAsManyOwners() {
        Placement placement = new Placement(
                List.of(
                        new Site("a1", "a", "eu", 1_000, true),
                        new Site("a2", "a", "eu", 1_000, true),
                        new Site("b", "b", "eu", 1, true)),
                2);
        for (int i = 0; i < 500; i++) {
            assertThat(placement.forNew(pack(i), "eu")).hasSize(2).contains("b");
        }
    }

    @Test
    void otherRegionsAndThoseWithoutWeight_getNothing() {
        Placement placement = new Placement(
                List.of(site("a", 1_000), site("none", 0), new Site("far", "far", "us", 1_000, true)), 3);
        assertThat(placement.forNew(pack(1), "eu")).containsExactly("a");
        assertThat(placement.forHeld(pack(1), "eu")).containsExactly("a");
        assertThat(placement.forNew(pack(1), "mars")).isEmpty();
    }

    @Test
    void aSuspendedProvider_getsNothingNew_andKeepsWhatItHas() {
        Placement healthy = new Placement(List.of(site("a", 1_000), site("b", 1_000)), 1);
        Placement sick = new Placement(List.of(site("a", 1_000), new Site("b", "b", "eu", 1_000, false)), 1);
        for (int i = 0; i < 500; i++) {
            assertThat(sick.forNew(pack(i), "eu")).containsExactly("a");
            assertThat(sick.forHeld(pack(i), "eu")).isEqualTo(healthy.forHeld(pack(i), "eu"));
        }
    }

    @Test
    void moves_writeFirst_andLeaveOnlyWhenAllThatBelongsIsHeld() {
        assertThat(Moves.of(List.of("a", "b"), 2, List.of("a", "old"), List.of()))
                .isEqualTo(new Moves(Set.of("b"), Set.of()));
        assertThat(Moves.of(List.of("a", "b"), 2, List.of("a", "b", "old"), List.of("begun")))
                .isEqualTo(new Moves(Set.of(), Set.of("old", "begun")));
        assertThat(Moves.of(List.of("a", "b"), 2, List.of("b", "a"), List.of()).isEmpty()).isTrue();
        assertThat(Moves.of(List.of("a"), 1, List.of("b"), List.of("a"))).isEqualTo(new Moves(Set.of("a"), Set.of()));
    }

    @Test
    void moves_takeNothingAwayWhereTheRegionHasTooFewProviders() {
        assertThat(Moves.of(List.of("a"), 2, List.of("a", "draining"), List.of()).isEmpty()).isTrue();
        assertThat(Moves.of(List.of(), 1, List.of("draining"), List.of()).isEmpty()).isTrue();
    }

    /// Whatever happens to the providers, and whenever a step is lost: copies never fall below what was there or wanted,
    /// and it comes to rest where it belongs.
    @Test
    void moves_neverGoBelowTheWantedCopies_andComeToRest() {
        long seed = Long.getLong("coffer.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<String> ids = new ArrayList<>(List.of("a", "b", "c", "d", "e"));
            int copies = 1 + random.nextInt(3);
            Set<String> held = new HashSet<>(List.of("a"));
            for (int change = 0; change < 4; change++) {
                List<Site> sites = ids.stream().map(id -> site(id, random.nextInt(3) * 500L)).toList();
                List<String> desired = new Placement(sites, copies).forHeld(pack(round), "eu");
                for (int step = 0; step < 12; step++) {
                    Moves moves = Moves.of(desired, copies, held, List.of());
                    int floor = Math.min(copies, held.size());
                    moves.write().stream().filter(id -> random.nextInt(4) > 0).findFirst().ifPresent(held::add);
                    moves.leave().stream().filter(id -> random.nextInt(4) > 0).forEach(held::remove);
                    assertThat(held).as("seed %d round %d", seed, round).hasSizeGreaterThanOrEqualTo(floor);
                }
                while (!Moves.of(desired, copies, held, List.of()).isEmpty()) {
                    Moves moves = Moves.of(desired, copies, held, List.of());
                    held.addAll(moves.write());
                    held.removeAll(moves.leave());
                }
                assertThat(held).as("seed %d round %d", seed, round).containsAll(desired);
            }
        }
    }
}
