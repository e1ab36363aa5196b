package coffer.device.sync;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.device.sync.plan.Names;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several devices, users who work at the same time, and everything that can go wrong, under one seed in virtual time.
/// `-Dcoffer.seed=S` runs one seed (with `-Dcoffer.chooses=true`, one in which folders are left out) and prints what happens; `-Dcoffer.seeds=N` runs N of them.
class SyncSimulationTest {

    private static final int SEEDS = 1_500;
    private static final int CHOOSING_SEEDS = 800;

    @Test
    void devicesBecomeTheSame_andNothingIsLost() throws CofferException {
        long seed = Long.getLong("coffer.seed", -1);
        if (seed >= 0) {
            SimRun.run(seed, Boolean.getBoolean("coffer.chooses"), true);
            return;
        }
        assertThat(SyncSeeds.failures(Long.getLong("coffer.first", 0), Long.getLong("coffer.seeds", SEEDS), false)).isEmpty();
    }

    @Test
    void devicesBecomeTheSame_inWhatIsChosenOnThem_andNothingIsRemovedByAChoice() throws CofferException {
        assertThat(SyncSeeds.failures(0, CHOOSING_SEEDS, true)).isEmpty();
    }

    /// Kept although the runs are others now that the simulation can do more: seeds cost little.
    @Test
    void seedsThatOnceFailed_pass() throws CofferException {
        List<String> failures = new ArrayList<>();
        for (long seed : SyncSeeds.ONCE_FAILED) {
            failures.addAll(SyncSeeds.failures(seed, 1, false));
        }
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void oneChangeAfterTheOther_makesNoConflict(long seed) throws CofferException {
        SimWorld world = new SimWorld(seed);
        world.add("d0", Names.EXACT);
        world.add("d1", Names.EXACT);
        for (int i = 0; i < 40; i++) {
            world.live(1);
            SimCheck.atRest(world);
        }
        assertThat(world.vault.live().values()).noneMatch(node -> node.name().contains("(conflict"));
        assertThat(world.devices).allMatch(device -> device.store.conflicts().isEmpty());
    }
}
