package coffer.device;

import coffer.core.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// What a get has done so far. Safe for all threads.
final class GetTally {

    private static final int PROBLEMS_MAX = 10_000;

    final AtomicLong files = new AtomicLong();
    final AtomicLong folders = new AtomicLong();
    final AtomicLong bytes = new AtomicLong();
    final AtomicLong alreadyThere = new AtomicLong();
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

    Device.GetReport report() {
        synchronized (problems) {
            List<Device.Problem> all = new ArrayList<>(problems);
            if (moreProblems > 0) {
                all.add(new Device.Problem("", ErrorCode.LOCAL.name(), "And " + moreProblems + " more."));
            }
            return new Device.GetReport(files.get(), folders.get(), bytes.get(), alreadyThere.get(), List.copyOf(all));
        }
    }
}
