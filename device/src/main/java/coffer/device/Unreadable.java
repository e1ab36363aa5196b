package coffer.device;

import coffer.core.CofferException;
import coffer.device.sync.plan.LocalPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Files of a synced folder that could not be read, and why. The engine tries them again and again; this lets a person hear of
/// them. Safe for all threads.
final class Unreadable {

    private static final int FILES_MAX = 1_000;

    /// The engine tries at least each minute: what was not tried for longer is read, or gone.
    private static final long KEPT_NS = TimeUnit.SECONDS.toNanos(150);

    private record Reason(String code, String message, long sinceNs) {}

    private final LongSupplier nanoTime;
    private final Map<String, Reason> reasons = new LinkedHashMap<>(); // guarded by this

    Unreadable() {
        this(System::nanoTime);
    }

    Unreadable(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void add(LocalPath path, CofferException error) {
        if (reasons.size() < FILES_MAX || reasons.containsKey(path.toString())) {
            reasons.put(path.toString(), new Reason(error.code().name(), error.reason(), nanoTime.getAsLong()));
        }
    }

    synchronized void forget(LocalPath path) {
        if (!reasons.isEmpty()) {
            reasons.remove(path.toString());
        }
    }

    /// @param folder where the synced folder lies
    synchronized List<Device.Problem> problems(String folder) {
        long now = nanoTime.getAsLong();
        reasons.values().removeIf(reason -> now - reason.sinceNs > KEPT_NS);
        List<Device.Problem> problems = new ArrayList<>();
        reasons.forEach((path, reason) -> problems.add(new Device.Problem(folder + path, reason.code, reason.message)));
        return problems;
    }
}
