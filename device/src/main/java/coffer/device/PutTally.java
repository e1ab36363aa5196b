package coffer.device;

import coffer.core.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// What a put has done so far. Safe for all threads.
final class PutTally {

    /// Problems that are kept one by one; the rest is counted.
    private static final int PROBLEMS_MAX = 10_000;

    final AtomicLong files = new AtomicLong();
    final AtomicLong folders = new AtomicLong();
    final AtomicLong bytes = new AtomicLong();
    final AtomicLong unchanged = new AtomicLong();
    private final AtomicLong newBytes = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();
    private final List<Device.Problem> problems = new ArrayList<>(); // guarded by itself
    private long moreProblems; // guarded by problems

    void problem(String where, ErrorCode code, String message) {
        synchronized (problems) {
            if (problems.size() < PROBLEMS_MAX) {
                problems.add(new Device.Problem(where, code.name(), message));
            } else {
                moreProblems++;
            }
        }
    }

    void add(long newBytesMore, long sentBytesMore) {
        newBytes.addAndGet(newBytesMore);
        sentBytes.addAndGet(sentBytesMore);
    }

    /// Forgets what is counted anew when a put starts again; what was sent stays sent.
    void startAgain() {
        files.set(0);
        folders.set(0);
        bytes.set(0);
        unchanged.set(0);
        synchronized (problems) {
            problems.clear();
            moreProblems = 0;
        }
    }

    Device.PutReport report() {
        synchronized (problems) {
            List<Device.Problem> all = new ArrayList<>(problems);
            if (moreProblems > 0) {
                all.add(new Device.Problem("", ErrorCode.LOCAL.name(), "And " + moreProblems + " more."));
            }
            return new Device.PutReport(
                    files.get(), folders.get(), bytes.get(), newBytes.get(), sentBytes.get(), unchanged.get(), List.copyOf(all));
        }
    }
}
