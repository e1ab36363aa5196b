package coffer.service.evaluation;

import coffer.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Throughput at rising concurrency, up and then down the same objects. Content is made while it is sent and compared while it
/// arrives, so that memory grows with the number of transfers at once and not with bytes.
final class Load {

    private final Session session;
    private final long levelNanos;

    /// @param durationMs of the evaluation, of which all levels of all runs take about a third at most
    Load(Session session, long durationMs) {
        this.session = session;
        Criteria criteria = session.criteria();
        long levels = 2L * criteria.concurrency().size() * criteria.throughputRuns(Duration.ofMillis(durationMs));
        this.levelNanos = Math.clamp(durationMs / (3 * levels), 100, 30_000) * 1_000_000L;
    }

    void run(int run, int runs) {
        Criteria criteria = session.criteria();
        long levelBytes = Math.max(1, criteria.throughputBytes() / (2L * runs * criteria.concurrency().size()));
        for (int concurrency : criteria.concurrency()) {
            if (session.isAway()) {
                return;
            }
            level(run, concurrency, levelBytes);
        }
        if (!session.isAway()) {
            session.record(new Measurement.LoadDone(session.at(), run));
        }
    }

    private void level(int run, int concurrency, long levelBytes) {
        int object = session.criteria().throughputObject();
        int count = (int) Math.clamp(levelBytes / object, concurrency, 4L * concurrency);
        long size = Math.clamp(levelBytes / count, 1, object);
        var objects = new ArrayList<Material.Stream>();
        for (int i = 0; i < count; i++) {
            Material.Stream stream = session.material().stream(size);
            session.intend(stream.name(), size, Role.LOAD);
            objects.add(stream);
        }
        session.force();
        List<Material.Stream> stored = transfer(run, Way.UP, concurrency, objects);
        if (!stored.isEmpty()) {
            transfer(run, Way.DOWN, concurrency, stored);
        }
        objects.stream().takeWhile(_ -> !session.isAway()).forEach(stream -> session.delete(stream.name(), Role.LOAD));
    }

    /// How one transfer went.
    private record Transfer(Material.Stream object, Result result, long micros) {}

    /// @return the objects that were carried rightly
    private List<Material.Stream> transfer(int run, Way way, int concurrency, List<Material.Stream> objects) {
        long from = session.time().nanos();
        List<Transfer> done = all(way, concurrency, objects, from + levelNanos);
        long micros = session.microsSince(from);
        List<Material.Stream> right =
                done.stream().filter(transfer -> transfer.result() == Result.RIGHT).map(Transfer::object).toList();
        long bytes = right.stream().mapToLong(Material.Stream::size).sum();
        int failed = done.size() - right.size();
        session.record(
                new Measurement.Carried(session.at(), run, way, concurrency, bytes, micros, right.size(), failed));
        // Besides being slow or not, transfers are calls that must not lose or alter anything.
        for (Transfer transfer : done) {
            if (transfer.result() == Result.WRONG || transfer.result() == Result.MISSING) {
                Operation operation = way == Way.UP ? Operation.PUT : Operation.GET;
                session.record(new Measurement.Probed(
                        session.at(),
                        operation,
                        Role.LOAD,
                        transfer.object().name().text(),
                        transfer.micros(),
                        transfer.result()));
            }
        }
        if (right.isEmpty()) {
            session.judged(() -> Result.UNAVAILABLE);
        }
        return right;
    }

    private List<Transfer> all(Way way, int concurrency, List<Material.Stream> objects, long deadline) {
        var next = new AtomicInteger();
        Callable<List<Transfer>> worker = () -> {
            var done = new ArrayList<Transfer>();
            for (int i = next.getAndIncrement(); i < objects.size(); i = next.getAndIncrement()) {
                if (!done.isEmpty() && session.time().nanos() - deadline > 0) {
                    break;
                }
                done.add(one(way, objects.get(i)));
            }
            return done;
        };
        try (ExecutorService workers = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory())) {
            var futures = new ArrayList<Future<List<Transfer>>>();
            for (int i = 0; i < concurrency; i++) {
                futures.add(workers.submit(worker));
            }
            return joined(workers, futures);
        }
    }

    private static List<Transfer> joined(ExecutorService workers, List<Future<List<Transfer>>> futures) {
        var all = new ArrayList<Transfer>();
        for (Future<List<Transfer>> future : futures) {
            try {
                all.addAll(future.get());
            } catch (InterruptedException e) {
                workers.shutdownNow();
                throw new Stopped();
            } catch (ExecutionException e) {
                workers.shutdownNow();
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw new IllegalStateException("a transfer broke", e.getCause());
            }
        }
        return all;
    }

    private Transfer one(Way way, Material.Stream object) {
        long from = session.time().nanos();
        Result result;
        try {
            result = switch (way) {
                case UP -> {
                    session.store().put(object.name(), object.size(), object.content());
                    yield Result.RIGHT;
                }
                case DOWN -> session.read(object.name());
            };
        } catch (StoreException e) {
            // Of an object that is being stored a store cannot say that it is missing: the place is.
            boolean place = way == Way.UP && Result.of(e) == Result.MISSING;
            result = place ? Result.REFUSED : Result.of(e);
        } catch (IOException e) {
            throw new AssertionError("made bytes do not fail to be read", e);
        }
        return new Transfer(object, result, session.microsSince(from));
    }
}
