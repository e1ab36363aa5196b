package coffer.device;

import coffer.core.CofferException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The threads of one put: many, because cold files are read by waiting, and all of one kind.
///
/// Work nearer to the end goes first: pieces of large files, then files, then folders (the last one found first, so
/// that few wait). Queues are bounded: who finds one full does the work itself. Ends when nothing is queued or running.
final class WorkPool<W> {

    /// A step of the work; `W` is what belongs to the thread (buffers).
    @FunctionalInterface
    interface Task<W> {
        void run(W worker) throws CofferException;
    }

    private static final int FILES_MAX = 512;
    private static final int FOLDERS_MAX = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Task<W>> pieces = new ArrayDeque<>();
    private final ArrayDeque<Task<W>> files = new ArrayDeque<>();
    private final ArrayDeque<Task<W>> folders = new ArrayDeque<>();
    private final Failures failures;
    private int running; // guarded by lock

    WorkPool(Failures failures) {
        this.failures = failures;
    }

    /// Runs everything that `folders` and `files` and what they submit amount to, on `threads` threads.
    void run(int threads, java.util.function.Supplier<W> worker) throws CofferException {
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(Thread.ofPlatform().name("put-" + i).daemon().start(() -> loop(worker.get())));
        }
        try {
            for (Thread thread : all) {
                thread.join();
            }
        } catch (InterruptedException e) {
            failures.add(Stop.now());
            Thread.currentThread().interrupt();
            all.forEach(WorkPool::joinUninterruptibly);
        }
        failures.check();
    }

    /// Adds work from outside, before [#run].
    void start(Collection<Task<W>> tasks) {
        tasks.forEach(task -> add(folders, task));
    }

    void piece(Task<W> task) {
        add(pieces, task);
    }

    void file(W worker, Task<W> task) throws CofferException {
        addOrRun(files, FILES_MAX, worker, task);
    }

    void folder(W worker, Task<W> task) throws CofferException {
        addOrRun(folders, FOLDERS_MAX, worker, task);
    }

    /// Runs one piece if one waits: what to do while waiting for others to finish theirs.
    boolean help(W worker) throws CofferException {
        Task<W> task;
        lock.lock();
        try {
            task = pieces.pollFirst();
        } finally {
            lock.unlock();
        }
        if (task != null) {
            task.run(worker);
        }
        return task != null;
    }

    private void add(ArrayDeque<Task<W>> queue, Task<W> task) {
        lock.lock();
        try {
            queue.addLast(task);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void addOrRun(ArrayDeque<Task<W>> queue, int max, W worker, Task<W> task) throws CofferException {
        lock.lock();
        try {
            if (queue.size() < max) {
                queue.addLast(task);
                changed.signal();
                return;
            }
        } finally {
            lock.unlock();
        }
        task.run(worker);
    }

    private void loop(W worker) {
        Task<W> task = next(false);
        while (task != null) {
            try {
                task.run(worker);
            } catch (CofferException | RuntimeException | Error e) {
                failures.add(e);
            }
            task = next(true);
        }
    }

    /// The next task, or null when all is done or has failed.
    private @Nullable Task<W> next(boolean wasRunning) {
        lock.lock();
        try {
            if (wasRunning) {
                running--;
            }
            while (true) {
                Task<W> task = failures.any() ? null : poll();
                if (task != null) {
                    running++;
                    return task;
                }
                if (running == 0 || failures.any()) {
                    changed.signalAll();
                    return null;
                }
                changed.await(100, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            failures.add(Stop.now());
            return null;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Task<W> poll() {
        Task<W> task = pieces.pollFirst();
        task = task == null ? files.pollFirst() : task;
        return task == null ? folders.pollLast() : task;
    }

    private static void joinUninterruptibly(Thread thread) {
        while (thread.isAlive()) {
            try {
                thread.join(1_000);
            } catch (InterruptedException ignored) {
                // Ends soon: every loop looks at the failure.
            }
        }
    }
}
