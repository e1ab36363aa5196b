package coffer.cli;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Lets a long-running command end by a signal, and the process wait until it has ended.
final class Signals implements AutoCloseable {

    private static final long CLOSE_SECONDS = 30;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    Signals() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop();
            if (awaitEnd()) {
                // To be stopped is how such a command ends well; the JVM would call it a failure.
                Runtime.getRuntime().halt(Exit.OK);
            }
        }));
    }

    void stop() {
        stop.countDown();
    }

    /// Waits until somebody wants the end.
    void await() throws CofferException {
        try {
            stop.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CofferException(ErrorCode.LOCAL, "Stopped on request.", e);
        }
    }

    private boolean awaitEnd() {
        try {
            if (ended.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                return true;
            }
            System.err.println("coffer: it did not close in time; what was committed is safe.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /// To be closed last: the process may now end.
    @Override
    public void close() {
        ended.countDown();
    }
}
