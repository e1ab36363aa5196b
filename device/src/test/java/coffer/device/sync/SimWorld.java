package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.device.sync.plan.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/// Devices, users and a vault under one seed, in virtual time.
final class SimWorld {

    /// How long a device may take to come to rest.
    private static final long SETTLE_MS_MAX = 900_000;

    private record Due(long atMs, long order, Runnable work) {}

    final Random random;
    final SimVault vault;
    final List<SimDevice> devices = new ArrayList<>();
    final List<SimUser> users = new ArrayList<>();
    final SimUser.Ledger ledger = new SimUser.Ledger();
    final List<String> trace = new ArrayList<>();
    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparingLong(Due::atMs).thenComparingLong(Due::order));
    private long order;
    private long ids;
    private long ticks;
    private boolean calm = true;
    long nowMs;
    SimTrouble trouble = SimTrouble.NONE;
    boolean traces;

    /// Whether people leave folders out on their devices and take them in again.
    boolean chooses;

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

    /// A time that no other write has.
    long tick() {
        return ++ticks;
    }

    void after(long ms, Runnable work) {
        queue.add(new Due(nowMs + ms, order++, work));
    }

    boolean isCalm() {
        return calm;
    }

    boolean happens(int oneIn) {
        return !calm && random.nextInt(oneIn) == 0;
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
    void live(int actions) {
        calm = false;
        for (int i = 0; i < actions; i++) {
            runFor(random.nextInt(4) == 0 ? random.nextInt(3_000) : random.nextInt(150));
            int who = random.nextInt(devices.size());
            users.get(who).act(devices.get(who).name);
            if (chooses && random.nextInt(8) == 0) {
                devices.get(random.nextInt(devices.size())).choose(random.nextInt(20));
            }
            if (random.nextInt(3) == 0) {
                SimCheck.always(this, devices.get(random.nextInt(devices.size())));
            }
            trouble.strike(this);
        }
        if (trouble.weeks() && random.nextBoolean()) {
            runFor(86_400_000);
        }
    }

    /// Ends all trouble and waits until every device says that it is up to date.
    boolean settle() {
        calm = true;
        devices.forEach(SimDevice::recover);
        runFor(6_000); // whoever has crashed comes back
        for (SimDevice device : devices) {
            device.engine().onLocal(new LocalFolder.Event.Lost());
            device.engine().onRemote();
        }
        long end = nowMs + SETTLE_MS_MAX;
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

    private boolean isQuiet() {
        return devices.stream().allMatch(device -> device.engine().status().state() == SyncStatus.State.UP_TO_DATE);
    }
}
