package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.device.sync.plan.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/// Devices, users and a vault under one seed, in virtual time.
final class SimWorld {

    private record Due(long atMs, long order, Runnable work) {}

    final Random random;
    final SimVault vault;
    final List<SimDevice> devices = new ArrayList<>();
    final List<SimUser> users = new ArrayList<>();
    final SimUser.Ledger ledger = new SimUser.Ledger();
    final List<String> trace = new ArrayList<>();
    private final PriorityQueue<Due> queue = new PriorityQueue<>(
            java.util.Comparator.comparingLong(Due::atMs).thenComparingLong(Due::order));
    private long order;
    private long ids;
    long nowMs;
    private boolean calm;
    private boolean dropsEvents;
    boolean traces;

    SimWorld(long seed) {
        this.random = new Random(seed);
        this.vault = new SimVault(NodeId.of(new byte[NodeId.SIZE]));
    }

    NodeId newId() {
        byte[] id = new byte[NodeId.SIZE];
        random.nextBytes(id);
        id[15] = (byte) ++ids;
        id[14] = (byte) (ids >> 8);
        return NodeId.of(id);
    }

    void after(long ms, Runnable work) {
        queue.add(new Due(nowMs + ms, order++, work));
    }

    boolean isCalm() {
        return calm;
    }

    boolean fails(int oneIn) {
        return !calm && random.nextInt(oneIn) == 0;
    }

    boolean dropsEvents() {
        return !calm && dropsEvents && random.nextInt(5) == 0;
    }

    void trace(String line) {
        if (traces) {
            trace.add(nowMs + " " + line);
        }
    }

    void tellAll() {
        devices.forEach(SimDevice::news);
    }

    SimDevice add(String name, Names names) throws CofferException {
        SimDevice device = new SimDevice(this, name, names);
        devices.add(device);
        users.add(new SimUser(this, device.disk, ledger));
        device.start();
        return device;
    }

    void runFor(long ms) {
        long end = nowMs + ms;
        while (!queue.isEmpty() && queue.peek().atMs <= end) {
            Due due = queue.remove();
            nowMs = due.atMs;
            due.work.run();
        }
        nowMs = end;
    }

    /// Trouble and work at the same time.
    void live(int actions, boolean faults, boolean losesEvents) {
        calm = false;
        dropsEvents = losesEvents;
        for (int i = 0; i < actions; i++) {
            runFor(random.nextInt(4) == 0 ? random.nextInt(3_000) : random.nextInt(150));
            int who = random.nextInt(devices.size());
            users.get(who).act(devices.get(who).name);
            SimDevice some = devices.get(random.nextInt(devices.size()));
            if (some.isUp() && !some.engine().planOn(SyncSimulationTest.everything(some)).equals(some.engine().preview())) {
                throw new AssertionError("planning on everything differs from planning on what has changed");
            }
            if (faults) {
                trouble(devices.get(random.nextInt(devices.size())));
            }
        }
    }

    private void trouble(SimDevice device) {
        switch (random.nextInt(30)) {
            case 0 -> device.offlineUntilMs = nowMs + random.nextInt(20_000);
            case 1 -> {
                if (device.isUp()) {
                    device.crash();
                }
            }
            case 2, 3 -> device.crashSoon(random.nextInt(6));
            case 4 -> {
                device.disk.top = LocalFolder.Top.MISSING;
                after(random.nextInt(5_000), () -> device.disk.top = LocalFolder.Top.PRESENT);
            }
            case 5 -> {
                device.disk.full = true;
                after(random.nextInt(5_000), () -> device.disk.full = false);
            }
            default -> {}
        }
    }

    /// Ends all trouble and waits until every device says that it is up to date.
    boolean settle(long msMax) {
        calm = true;
        for (SimDevice device : devices) {
            device.offlineUntilMs = 0;
            device.disk.full = false;
            device.disk.top = LocalFolder.Top.PRESENT;
            device.disk.beforeCall = () -> {};
            device.crashSoon(-1);
        }
        runFor(6_000); // whoever has crashed comes back
        for (SimDevice device : devices) {
            device.engine().onLocal(new LocalFolder.Event.Lost());
            device.engine().onRemote();
        }
        long end = nowMs + msMax;
        while (nowMs < end) {
            runFor(100);
            long position = vault.position();
            if (isQuiet()) {
                runFor(1_500);
                if (isQuiet() && vault.position() == position) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean isQuiet() {
        return devices.stream().allMatch(device -> device.engine().status().state() == SyncStatus.State.UP_TO_DATE);
    }
}
