package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Names;
import coffer.device.sync.plan.RemoteNode;
import java.util.ArrayList;
import java.util.List;
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
    private long wakeMs = Long.MAX_VALUE;
    long offlineUntilMs;
    int steps;
    private int crashIn = -1;

    SimDevice(SimWorld world, String name, Names names) {
        this.world = world;
        this.name = name;
        this.disk = new SimDisk(world, names);
        disk.onChange = this::changed;
        disk.beforeChange = this::maybeCrash;
        store.beforeWrite = this::maybeCrash;
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
        SyncTime time = new SyncTime() {
            @Override
            public long elapsedMs() {
                return world.nowMs;
            }

            @Override
            public String stampForNames() {
                return "2026-11-23 14-05-09";
            }

            @Override
            public long wallMs() {
                return world.nowMs;
            }
        };
        Workers workers = task -> world.after(world.random.nextInt(world.isCalm() ? 3 : 60), () -> {
            if (life == lives && engine != null) {
                guarded(task);
            }
        });
        engine = new SyncEngine(
                new SyncEngine.Ports(disk, this, store, workers, time),
                new SyncSettings(disk.names, name, 40, 2_000, 400, 3_600_000, 1_000_000, 1),
                world.vault.top, world::newId, this::wake);
        wake();
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

    private void maybeCrash() {
        if (crashIn >= 0 && crashIn-- == 0 && !world.isCalm()) {
            throw new Crash();
        }
    }

    void crash() {
        world.trace(name + " crashes");
        engine = null;
        crashIn = -1;
        disk.staging.clear();
        if (world.random.nextInt(3) == 0) {
            store.loseLast(1 + world.random.nextInt(3));
        }
        world.after(world.random.nextInt(3_000), () -> {
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
        steps++;
        guarded(() -> {
            try {
                long next = present.step();
                if (next != Long.MAX_VALUE && (wakeMs <= world.nowMs || next < wakeMs)) {
                    wakeMs = next;
                    world.after(Math.max(1, next - world.nowMs), this::wake);
                }
            } catch (CofferException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void changed(LocalPath path) {
        if (world.dropsEvents()) {
            return;
        }
        int times = world.random.nextInt(10) == 0 ? 2 : 1;
        for (int i = 0; i < times; i++) {
            world.after(world.random.nextInt(world.isCalm() ? 3 : 200), () -> {
                if (engine != null) {
                    engine().onLocal(new LocalFolder.Event.Changed(path));
                }
            });
        }
    }

    void news() {
        if (!world.dropsEvents() && offlineUntilMs <= world.nowMs) {
            world.after(world.random.nextInt(100), () -> {
                if (engine != null) {
                    engine().onRemote();
                }
            });
        }
    }

    // The line to the vault

    private void reach() throws CofferException {
        if (offlineUntilMs > world.nowMs || world.fails(12)) {
            throw new CofferException(ErrorCode.UNAVAILABLE, "no line");
        }
    }

    @Override
    public Changes changes(long sincePosition) throws CofferException {
        reach();
        return world.vault.changes(sincePosition, !world.isCalm() && world.random.nextInt(20) == 0);
    }

    @Override
    public List<NodeId> append(Batch batch) throws CofferException {
        reach();
        List<NodeId> refused = world.vault.append(batch);
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
            ContentId content = disk.identify(file.path(), file.stamp());
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
        disk.staging.put(file.content(), SimDisk.content(file.content()));
    }

    @Override
    public AutoCloseable watch(Runnable listener) {
        return () -> {};
    }
}
