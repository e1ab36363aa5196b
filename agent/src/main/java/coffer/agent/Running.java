package coffer.agent;

import coffer.core.CofferException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One operation at work for one caller.
///
/// The work runs on a thread of its own; the caller's thread writes what comes of it: progress at most ten times a
/// second, items as they come, an empty line when nothing has been written for half a second. A write that fails is how
/// the agent learns that the caller has gone; it then asks the work to end and waits for it.
final class Running implements Operations.Call {

    private static final Logger LOG = LoggerFactory.getLogger(Running.class);
    private static final int ITEMS_IN_LINE = 200;
    private static final int LINES_WAITING = 16;
    private static final long PROGRESS_MS = 100;
    private static final long HEARTBEAT_MS = 500;

    private record Line(String text, boolean last) {}

    private record Update(String label, long done, long total, Unit unit) {}

    private final String name;
    private final BlockingQueue<Line> lines = new ArrayBlockingQueue<>(LINES_WAITING);
    private final AtomicReference<@Nullable Update> update = new AtomicReference<>();
    private final List<Json.Fields> items = new ArrayList<>();
    private volatile boolean cancelled;

    Running(String name) {
        this.name = name;
    }

    @Override
    public void update(String label, long done, long total, Unit unit) {
        update.set(new Update(label, done, total, unit));
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    /// Asks the work to end; it ends when it next looks.
    void cancel() {
        cancelled = true;
    }

    @Override
    public void item(Json.Fields item) {
        synchronized (items) {
            items.add(item);
            if (items.size() >= ITEMS_IN_LINE) {
                flushItems();
            }
        }
    }

    /// Does the work, and writes what comes of it until it has ended.
    void serve(Operations.Operation operation, Json.Fields arguments, OutputStream out) {
        Thread worker = Thread.ofPlatform().name("operation " + name).start(() -> work(operation, arguments));
        try {
            writeAll(out);
        } catch (IOException e) {
            cancel();
            LOG.info("operation {} lost its caller", name);
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
        }
        await(worker);
    }

    private void work(Operations.Operation operation, Json.Fields arguments) {
        long start = System.nanoTime();
        Json.Fields last = outcome(operation, arguments);
        flushItems();
        offer(new Line(last.line(), true));
        String result = last.find("problem")
                .map(problem -> problem instanceof Json.Fields fields ? fields.text("code") : "?")
                .orElse("done");
        LOG.info("operation {} {} after {} ms", name, result, (System.nanoTime() - start) / 1_000_000);
    }

    private Json.Fields outcome(Operations.Operation operation, Json.Fields arguments) {
        try {
            return Json.object().put("result", operation.run(arguments, this)).build();
        } catch (CofferException e) {
            return Json.object().put("problem", Wire.problem(e)).build();
        } catch (Json.JsonException e) {
            return Json.object().put("problem", Problems.badRequest(e)).build();
        } catch (RuntimeException | Error e) {
            return Json.object().put("problem", Problems.bug(e)).build();
        }
    }

    private void flushItems() {
        synchronized (items) {
            if (!items.isEmpty()) {
                offer(new Line(Json.object().put("items", items).build().line(), false));
                items.clear();
            }
        }
    }

    /// Waits for room, so that a slow caller slows the work instead of filling memory.
    private void offer(Line line) {
        try {
            while (!cancelled && !lines.offer(line, HEARTBEAT_MS, TimeUnit.MILLISECONDS)) {
                // still no room, and somebody still reads
            }
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
        }
    }

    private void writeAll(OutputStream out) throws IOException, InterruptedException {
        long written = System.nanoTime();
        while (!cancelled) {
            Line line = lines.poll(PROGRESS_MS, TimeUnit.MILLISECONDS);
            Update now = update.getAndSet(null);
            StringBuilder text = new StringBuilder();
            if (now != null) {
                text.append(progress(now).line()).append('\n');
            }
            if (line != null) {
                text.append(line.text()).append('\n');
            }
            if (text.isEmpty() && System.nanoTime() - written > HEARTBEAT_MS * 1_000_000) {
                text.append('\n');
            }
            if (!text.isEmpty()) {
                out.write(text.toString().getBytes(StandardCharsets.UTF_8));
                out.flush();
                written = System.nanoTime();
            }
            if (line != null && line.last()) {
                return;
            }
        }
    }

    private static Json.Fields progress(Update update) {
        return Json.object()
                .put(
                        "progress",
                        Json.object()
                                .put("label", update.label())
                                .put("done", update.done())
                                .put("total", update.total())
                                .put("unit", update.unit().name().toLowerCase(java.util.Locale.ROOT))
                                .build())
                .build();
    }

    private static void await(Thread worker) {
        boolean interrupted = false;
        while (true) {
            try {
                worker.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
