package coffer.device;

import coffer.core.CofferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads the same bytes from one copy and, if that takes longer than it should or fails, from the next as well; the first
/// that has all of them wins and the others are stopped (hedged reads: Dean and Barroso, "The tail at scale", 2013).
final class CopyRace {

    /// Reads from a copy into a buffer of its own. An interrupt ends it.
    @FunctionalInterface
    interface Reader {
        /// @return the HTTP status, or 0 for no answer
        int read(int copy, byte[] into) throws CofferException;
    }

    /// What became of reading from one copy.
    ///
    /// @param refusal for which nothing more is to be tried; null if there is none
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Result(int copy, int status, byte[] bytes, @Nullable CofferException refusal) {
        boolean isRight() {
            return refusal == null && status >= 200 && status < 300;
        }
    }

    private CopyRace() {}

    /// The first right result; if there is none, the results of all that were asked, in the order of their answers.
    ///
    /// @param order    copies to ask, best first
    /// @param patience how long to wait for one before the next is asked as well
    static List<Result> run(List<Integer> order, int length, Duration patience, Reader reader) throws CofferException {
        BlockingQueue<Result> results = new LinkedBlockingQueue<>();
        List<Thread> threads = new ArrayList<>();
        List<Result> wrong = new ArrayList<>();
        try {
            while (wrong.size() < order.size()) {
                boolean more = threads.size() < order.size();
                if (more) {
                    int copy = order.get(threads.size());
                    threads.add(Thread.ofVirtual().start(() -> results.add(read(copy, length, reader))));
                }
                Result result = threads.size() < order.size()
                        ? results.poll(patience.toNanos(), TimeUnit.NANOSECONDS)
                        : results.take();
                if (result != null && result.isRight()) {
                    return List.of(result);
                }
                if (result != null) {
                    wrong.add(result);
                }
            }
            return wrong;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.now();
        } finally {
            threads.forEach(Thread::interrupt);
        }
    }

    private static Result read(int copy, int length, Reader reader) {
        byte[] bytes = new byte[length];
        try {
            return new Result(copy, reader.read(copy, bytes), bytes, null);
        } catch (CofferException e) {
            return new Result(copy, 0, bytes, e);
        }
    }
}
