package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import coffer.device.sync.plan.Change;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Names;
import coffer.device.sync.plan.RemoteNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One device of a simulation: a disk, a store, an engine that crashes and starts again, and a bad line to the vault.
final class SimDevice implements RemoteVault {

    /// The process is gone, in the middle of something.
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;

        Crash() {
            super("crash", null, false, false);
        }
    }

    final SimWorld world;
    final String name;
    final SimDisk disk;
    final SimStore store = new SimStore();
    private @Nullable SyncEngine engine;
    private int lives;
    private boolean stepDue;
    private boolean asked;
    private long wakeMs = Long.MAX_VALUE;
    private long offlineUntilMs;
    private int crashIn = -1;
    private int storeFailsIn = -1;
    private int underway;
    private boolean missedEvents;

    SimDevice(SimWorld world, String name, Names names) {
        this.world = world;
        this.name = name;
        this.disk = new SimDisk(world, names, name);
        disk.synced = (path, fileId) -> store.remembers(path, world.vault.top) || store.remembers(fileId);
        disk.onChange = this::changed;
        disk.beforeChange = this::maybeCrash;
        store.beforeWrite = () -> {
            maybeCrash();
            maybeFail();
        };
        store.afterWrite = this::maybeCrash;
    }

    SyncEngine engine() {
        SyncEngine present = engine;
        if (present == null) {
            throw new IllegalStateException("not running");
        }
        return present;
    }

    boolean isUp() {
        return engine != null;
    }

    void start() throws CofferException {
        int life = ++lives;
        underway = 0;
        asked = false;
        Workers workers = task -> {
            underway++;
            world.after(world.random.nextInt(world.isCalm() ? 3 : 60), () -> {
                if (life == lives && engine != null) {
                    underway--;
                    guarded(task);
                }
            });
        };
        boolean asks = world.trouble.asks();
        missedEvents = false;
        engine = new SyncEngine(
                new SyncEngine.Ports(disk, this, store, workers, new Clocks()),
                new SyncSettings(disk.names, name, 40, 2_000, 400, 3_600_000, asks ? 3 : 1_000_000, asks ? 0.1 : 1),
                world.vault.top, world::newId, this::wake);
        wake();
    }

    private final class Clocks implements SyncTime {
        @Override
        public long elapsedMs() {
            return world.nowMs;
        }

        @Override
        public String stampForNames() {
            return "2026-11-23 14-05-" + (world.trouble.jumps() ? 10 + world.nowMs / 997 * 31 % 50 : "09");
        }

        @Override
        public long wallMs() {
            return world.trouble.jumps() ? world.random.nextLong(1L << 42) : world.nowMs;
        }
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (Crash e) {
            crash();
        }
    }

    void crashSoon(int changes) {
        crashIn = changes;
    }

    void failStore(int writes) {
        storeFailsIn = writes;
    }

    void offlineFor(long ms) {
        offlineUntilMs = world.nowMs + ms;
    }

    /// Ends all trouble of this device.
    void recover() {
        offlineUntilMs = 0;
        crashIn = -1;
        storeFailsIn = -1;
        disk.full = false;
        disk.top = LocalFolder.Top.PRESENT;
        disk.all().forEach(path -> java.util.Objects.requireNonNull(disk.find(path)).unreadable = false);
    }

    private void maybeCrash() {
        if (crashIn >= 0 && crashIn-- == 0 && !world.isCalm()) {
            throw new Crash();
        }
    }

    private void maybeFail() throws CofferException {
        if (storeFailsIn >= 0 && storeFailsIn-- == 0 && !world.isCalm()) {
            throw new CofferException(ErrorCode.LOCAL, "the device's own disk is full");
        }
    }

    void crash() {
        if (engine == null) {
            return;
        }
        world.trace(name + " crashes");
        disk.crash();
        if (world.trouble.forgets() && world.random.nextInt(3) == 0) {
            store.loseLast(1 + world.random.nextInt(3));
        }
        end(world.random.nextInt(3_000));
    }

    private void end(long forMs) {
        engine = null;
        crashIn = -1;
        world.after(forMs, () -> {
            try {
                start();
            } catch (CofferException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void wake() {
        if (!stepDue) {
            stepDue = true;
            int life = lives;
            world.after(world.isCalm() ? 1 : world.random.nextInt(20), () -> {
                stepDue = false;
                if (life == lives) {
                    step();
                } else if (engine != null) {
                    wake();
                }
            });
        }
    }

    private void step() {
        SyncEngine present = engine;
        if (present == null) {
            return;
        }
        guarded(() -> {
            try {
                long next = present.step();
                if (next != Long.MAX_VALUE && (wakeMs <= world.nowMs || next < wakeMs)) {
                    wakeMs = next;
                    world.after(Math.max(1, next - world.nowMs), this::wake);
                }
                present.status().question().ifPresent(question -> ask());
            } catch (CofferException e) {
                world.trace(name + " fails");
                end(5_000);
            }
        });
    }

    /// A person looks at the question some time, and agrees or leaves it open.
    private void ask() {
        if (asked) {
            return;
        }
        asked = true;
        int life = lives;
        world.after(world.random.nextInt(4_000), () -> {
            asked = life != lives && asked;
            SyncEngine present = engine;
            if (life == lives && present != null && !world.happens(3)) {
                asked = false;
                present.status().question().ifPresent(present::approve);
            } else if (life == lives && present != null) {
                asked = false;
                ask();
            }
        });
    }

    /// A person leaves a folder out here or takes one in again, and tries for a while if it is refused.
    void choose(int tries) {
        SyncEngine present = engine;
        if (present == null) {
            return;
        }
        Set<NodeId> folders = new HashSet<>(present.leftOut());
        List<NodeId> in = folders.stream().sorted().toList();
        List<NodeId> all = in.isEmpty() || world.random.nextInt(3) != 0
                ? present.trees.remote.all().stream().filter(RemoteNode::isFolder).map(RemoteNode::id).sorted().toList()
                : List.of();
        if (!all.isEmpty()) {
            folders.add(all.get(world.random.nextInt(all.size())));
        } else if (!in.isEmpty()) {
            folders.remove(in.get(world.random.nextInt(in.size())));
        }
        if (!leaveOut(folders) && tries > 0) {
            world.after(world.random.nextInt(500), () -> choose(tries - 1));
        }
    }

    /// Leaves out just these folders; whether it was not refused.
    boolean leaveOut(Set<NodeId> folders) {
        boolean[] done = {true};
        guarded(() -> {
            try {
                done[0] = engine().leaveOut(folders);
                world.trace(name + (done[0] ? " leaves out " : " refuses to leave out ") + folders);
            } catch (CofferException e) {
                world.trace(name + " fails");
                end(5_000);
            }
        });
        wake();
        return done[0];
    }

    /// Whether a node of a state of the vault is left out here.
    boolean isLeftOut(NodeId id, Map<NodeId, RemoteNode> state) {
        for (RemoteNode at = state.get(id); at != null; at = state.get(at.parent())) {
            if (store.leftOut().contains(at.id())) {
                return true;
            }
        }
        return false;
    }

    /// Whatever this device does in the vault, what is left out here stays as it is.
    private void checkLeftOut(Map<NodeId, RemoteNode> before, Batch batch) {
        Map<NodeId, RemoteNode> planned = world.vault.states.get((int) batch.position());
        before.forEach((id, node) -> {
            if (!isLeftOut(id, planned)) {
                return; // somebody has put it there meanwhile
            }
            if (isLeftOut(node.parent(), before) && !node.equals(world.vault.live().get(id))) {
                throw new AssertionError(name + " changes what is left out there: " + node + " by " + batch);
            }
            if (store.leftOut().contains(id) && !world.vault.live().containsKey(id)) {
                throw new AssertionError(name + " removes what is left out there: " + node + " by " + batch);
            }
        });
    }

    /// Whether the engine has heard of everything that happened in its folder, and has done what it had begun.
    boolean knowsAll() {
        boolean readable = disk.all().stream().noneMatch(path -> java.util.Objects.requireNonNull(disk.find(path)).unreadable);
        return engine != null && !missedEvents && underway == 0 && !stepDue && disk.top == LocalFolder.Top.PRESENT && readable;
    }

    private void changed(LocalPath path) {
        if (world.trouble.losesEvents() && world.happens(5)) {
            missedEvents = true;
            return;
        }
        int times = world.random.nextInt(10) == 0 ? 2 : 1;
        for (int i = 0; i < times; i++) {
            int life = lives;
            underway++;
            world.after(world.random.nextInt(world.isCalm() ? 3 : 200), () -> {
                underway -= life == lives ? 1 : 0;
                if (engine != null) {
                    engine().onLocal(new LocalFolder.Event.Changed(path));
                }
            });
        }
    }

    void news() {
        if (!(world.trouble.losesEvents() && world.happens(5)) && offlineUntilMs <= world.nowMs) {
            world.after(world.random.nextInt(100), () -> {
                if (engine != null) {
                    engine().onRemote();
                }
            });
        }
    }

    // The line to the vault

    private void reach() throws CofferException {
        if (offlineUntilMs > world.nowMs || (world.trouble.faults() && world.happens(12))) {
            throw new CofferException(ErrorCode.UNAVAILABLE, "no line");
        }
    }

    private boolean isSick() {
        return world.trouble.sick() && world.happens(10);
    }

    @Override
    public Changes changes(long sincePosition) throws CofferException {
        reach();
        return world.vault.changes(sincePosition, world.happens(20));
    }

    @Override
    public List<NodeId> append(Batch batch) throws CofferException {
        reach();
        List<List<Change>> sent = new ArrayList<>(batch.groups());
        List<NodeId> refused = new ArrayList<>();
        if (world.trouble.sick()) {
            sent.removeIf(group -> isSick() && group.stream().map(Change::node).allMatch(refused::add));
        }
        Map<NodeId, RemoteNode> before = world.vault.live();
        world.vault.append(new Batch(batch.position(), sent), refused);
        checkLeftOut(before, batch);
        world.trace(name + " appends " + batch + " refused " + refused);
        world.tellAll();
        reach(); // or the answer is lost
        return refused;
    }

    @Override
    public List<Uploaded> upload(List<Upload> files) throws CofferException {
        reach();
        List<Uploaded> done = new ArrayList<>();
        for (Upload file : files) {
            ContentId content = isSick() ? null : disk.identify(file.path(), file.stamp());
            if (content != null) {
                world.vault.stored.add(content);
            }
            done.add(new Uploaded(file, content, file.stamp().size()));
        }
        return done;
    }

    @Override
    public void fetch(RemoteNode file) throws CofferException {
        reach();
        if (file.kind() != Kind.FILE || !world.vault.stored.contains(file.content())) {
            throw new AssertionError("fetches what is not there");
        }
        if (isSick()) {
            throw new CofferException(ErrorCode.INTEGRITY, "not what was stored");
        }
        disk.stage(file.content());
    }

    @Override
    public AutoCloseable watch(Runnable listener) {
        return () -> {};
    }
}
