package coffer.device.sync;

import coffer.core.CofferException;
import coffer.device.sync.plan.Names;
import java.util.Set;

/// One run of the simulation: some devices, their users, and what goes wrong, all from one seed.
final class SimRun {

    private SimRun() {}

    static void run(long seed, boolean chooses, boolean traces) throws CofferException {
        SimWorld world = new SimWorld(seed);
        world.chooses = chooses;
        world.traces = traces;
        try {
            begin(world);
            int rounds = 1 + world.random.nextInt(3);
            for (int round = 0; round < rounds; round++) {
                world.live(5 + world.random.nextInt(40));
                if (round == rounds - 1 || world.random.nextBoolean()) {
                    SimCheck.atRest(world);
                }
            }
            if (chooses) {
                world.devices.forEach(device -> device.leaveOut(Set.of()));
                SimCheck.atRest(world);
            }
        } finally {
            if (traces) {
                world.trace.forEach(System.err::println);
            }
        }
    }

    private static void begin(SimWorld world) throws CofferException {
        world.trouble = SimTrouble.of(world.random);
        boolean ignores = world.random.nextInt(4) == 0;
        int devices = 2 + world.random.nextInt(3);
        for (int i = 0; i < devices; i++) {
            SimDevice device = world.add("d" + i, names(world));
            device.disk.reuses = world.random.nextInt(3) == 0;
            device.disk.ignored = ignores && world.random.nextBoolean() ? SimUser.IGNORED : "";
            SimUser user = world.users.get(i);
            if (world.random.nextInt(3) == 0) {
                device.disk.beforeCall = () -> {
                    if (world.happens(60)) {
                        user.act(device.name + " meanwhile");
                    }
                };
            }
        }
    }

    private static Names names(SimWorld world) {
        boolean folds = world.random.nextInt(4) == 0;
        boolean one = folds && world.random.nextInt(3) == 0;
        return new Names(folds && !one, folds, world.random.nextInt(6) == 0);
    }
}
