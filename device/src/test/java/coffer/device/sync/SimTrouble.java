package coffer.device.sync;

import coffer.device.sync.SimFiles.Inode;
import coffer.device.sync.plan.LocalPath;
import java.util.List;
import java.util.Random;

/// What can go wrong in one run of the simulation.
///
/// @param faults      crashes, bad lines, full disks, disks that go away
/// @param losesEvents what the system should tell of the folder is now and then not told
/// @param forgets     a crash may cost a device the last writes of its database, as if it came from a backup
/// @param asks        a person is asked before much is removed or changed
/// @param jumps       wall clocks are set, forwards and backwards
/// @param sick        the provider fails now and then
/// @param weeks       a device may be offline for very long
record SimTrouble(
        boolean faults, boolean losesEvents, boolean forgets, boolean asks, boolean jumps, boolean sick, boolean weeks) {

    static final SimTrouble NONE = new SimTrouble(false, false, false, false, false, false, false);

    static SimTrouble of(Random random) {
        boolean faults = random.nextInt(4) != 0;
        return new SimTrouble(
                faults,
                faults && random.nextBoolean(),
                faults && random.nextInt(8) == 0,
                random.nextInt(4) == 0,
                random.nextInt(4) == 0,
                faults && random.nextInt(3) == 0,
                faults && random.nextInt(6) == 0);
    }

    void strike(SimWorld world) {
        SimDevice device = world.devices.get(world.random.nextInt(world.devices.size()));
        if (!faults) {
            return;
        }
        switch (world.random.nextInt(36)) {
            case 0 -> device.offlineFor(world.random.nextInt(20_000));
            case 1 -> device.crash();
            case 2, 3 -> device.crashSoon(world.random.nextInt(6));
            case 4 -> hide(world, device.disk);
            case 5 -> fill(world, device.disk);
            case 6 -> deny(world, device.disk);
            case 7 -> device.failStore(world.random.nextInt(4));
            case 8 -> device.offlineFor(weeks ? 14L * 86_400_000 : 0);
            default -> {}
        }
    }

    private static void hide(SimWorld world, SimDisk disk) {
        disk.top = LocalFolder.Top.MISSING;
        world.after(world.random.nextInt(5_000), () -> disk.top = LocalFolder.Top.PRESENT);
    }

    private static void fill(SimWorld world, SimDisk disk) {
        disk.full = true;
        world.after(world.random.nextInt(5_000), () -> disk.full = false);
    }

    private static void deny(SimWorld world, SimDisk disk) {
        List<LocalPath> all = disk.all();
        if (!all.isEmpty()) {
            LocalPath path = all.get(world.random.nextInt(all.size()));
            Inode node = disk.find(path);
            if (node != null) {
                node.unreadable = true;
                disk.onChange.accept(path);
                world.after(world.random.nextInt(5_000), () -> {
                    node.unreadable = false;
                    disk.all().stream().filter(at -> disk.find(at) == node).forEach(disk.onChange);
                });
            }
        }
    }
}
