package coffer.seal;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/// Things that are dear to make and used by one thread at a time (ciphers, compressors, scratch arrays).
///
/// Holds at most `idleMax` of them; more are made when more threads work at once, and dropped when they return. Not a
/// thread-local, because virtual threads are many and short.
final class Pool<T> {

    private final Supplier<T> make;
    private final int idleMax;
    private final ArrayDeque<T> idle = new ArrayDeque<>();

    Pool(int idleMax, Supplier<T> make) {
        this.idleMax = idleMax;
        this.make = make;
    }

    T take() {
        synchronized (idle) {
            T free = idle.pollLast();
            if (free != null) {
                return free;
            }
        }
        return make.get();
    }

    /// Lets go of what is idle.
    void clear() {
        synchronized (idle) {
            idle.clear();
        }
    }

    void give(T item) {
        synchronized (idle) {
            if (idle.size() < idleMax) {
                idle.addLast(item);
            }
        }
    }
}
