package coffer.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// The body of an answer: each read has a deadline, and closing it, once, ends the request's turn.
final class WatchedStream extends InputStream {

    private final InputStream source;
    private final Watchdog watchdog;
    private final Duration deadline;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean late;

    WatchedStream(InputStream source, Watchdog watchdog, Duration deadline, Runnable onClose) {
        this.source = source;
        this.watchdog = watchdog;
        this.deadline = deadline;
        this.onClose = onClose;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
        Future<?> alarm = watch();
        try {
            int read = source.read(buffer, offset, count);
            if (!late) {
                return read;
            }
        } catch (IOException e) {
            throw new StoreUnavailable(late ? "the provider stopped sending" : "the provider broke off", e);
        } finally {
            alarm.cancel(false);
        }
        throw new StoreUnavailable("the provider stopped sending");
    }

    private Future<?> watch() throws StoreUnavailable {
        try {
            return watchdog.after(deadline, this::giveUp);
        } catch (RejectedExecutionException e) {
            throw new StoreUnavailable("the store is closed", e);
        }
    }

    private void giveUp() {
        late = true;
        try {
            source.close();
        } catch (IOException e) {
            // The reader that this wakes reports the delay.
            return;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public void close() throws IOException {
        if (!closed.getAndSet(true)) {
            onClose.run();
            source.close();
        }
    }
}
