package coffer.device;

import coffer.core.CofferException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The first failure of several threads that work on one thing, at which all of them end.
final class Failures {

    private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
    private final Progress progress;

    Failures(Progress progress) {
        this.progress = progress;
    }

    void add(Throwable failure) {
        first.compareAndSet(null, failure);
    }

    boolean any() {
        return first.get() != null;
    }

    /// Throws the first failure, or that the person has gone.
    void check() throws CofferException {
        switch (first.get()) {
            case null -> Stop.check(progress);
            case CofferException failure -> throw failure;
            case RuntimeException bug -> throw bug;
            case Error bug -> throw bug;
            case Throwable other -> throw new IllegalStateException(other);
        }
    }
}
