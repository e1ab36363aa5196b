package coffer.attack;

import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

/// What can come of devices that act at the same time.
final class RaceAttacks {

    private RaceAttacks() {}

    @Tries(entry = {"A68", "A65"}, what = "Two devices remove a third at once while both write; then each removes the other.", also = {
        ErrorCode.NOT_AUTHORISED, ErrorCode.UNAVAILABLE, ErrorCode.LOCAL
    })
    static void removalsThatRace(World world) throws Exception {
        for (String name : List.of("three", "four")) {
            JoinAttacks.join(world, name);
            world.two.device().refresh();
            atOnce(
                    world,
                    () -> removed(world.one, name),
                    () -> removed(world.two, name),
                    () -> kept(world, world.one, name + " by one"),
                    () -> kept(world, world.two, name + " by two"));
            world.one.device().refresh();
            world.two.device().refresh();
            world.holds(active(world.one).equals(active(world.two)), "both agree on who belongs to the account");
            world.holds(!active(world.one).contains(name), name + " was removed");
            List<String> before = List.of(name + " by one", name + " by two");
            before.forEach(file -> world.expects(file, World.content(file)));
            world.put(world.one, "after " + name);
            try (Device out = new LocalDeviceSetup().open(world.folder(name).resolve("home"))) {
                world.refused(out::refresh);
                world.holds(out.list("/", false).stream().noneMatch(node -> node.path().equals(World.path("after " + name))), name + " reads nothing new");
            }
        }
        world.did("two devices removed a third and wrote, all at once, twice");
        atOnce(world, () -> removed(world.one, "second " + World.CANARY), () -> removed(world.two, "first " + World.CANARY));
        world.did("two devices removed each other at once");
        Party survivor = belongs(world.one) ? world.one : world.two;
        Party loser = survivor == world.one ? world.two : world.one;
        world.holds(belongs(survivor) && !belongs(loser), "exactly one of both is left");
        loser.isRemoved();
        world.put(survivor, "of the one that is left");
        world.attempt(() -> loser.device().refresh());
        world.holds(loser.device().list("/", false).stream().noneMatch(node -> node.path().equals(World.path("of the one that is left"))),
                "the other reads nothing new");
    }

    private static Object removed(Party by, String name) throws Exception {
        by.device().removeDevice(name);
        return name;
    }

    private static Object kept(World world, Party by, String name) throws Exception {
        return by.device().put(List.of(world.write(by, name, World.content(name))), "/", Progress.SILENT);
    }

    private static List<String> active(Party party) throws Exception {
        return party.device().devices().stream().filter(Device.DeviceInfo::active).map(Device.DeviceInfo::name).sorted().toList();
    }

    /// Whether the service lets it in and its account's log has it.
    private static boolean belongs(Party party) {
        try {
            party.device().refresh();
            return party.device().devices().stream().anyMatch(device -> device.self() && device.active());
        } catch (coffer.core.CofferException e) {
            return false;
        }
    }

    /// Does all of it at the same time; each may succeed or be refused with a code.
    private static void atOnce(World world, World.Provoked... works) throws Exception {
        CountDownLatch begin = new CountDownLatch(works.length);
        List<FutureTask<Set<ErrorCode>>> tasks = java.util.Arrays.stream(works)
                .map(work -> new FutureTask<Set<ErrorCode>>(() -> {
                    begin.countDown();
                    begin.await();
                    return attempt(work);
                }))
                .toList();
        tasks.forEach(task -> Thread.ofPlatform().daemon().start(task));
        for (FutureTask<Set<ErrorCode>> task : tasks) {
            world.seen().addAll(task.get());
        }
    }

    private static Set<ErrorCode> attempt(World.Provoked work) throws Exception {
        try {
            work.run();
            return EnumSet.noneOf(ErrorCode.class);
        } catch (coffer.core.CofferException e) {
            return EnumSet.of(e.code());
        }
    }
}
