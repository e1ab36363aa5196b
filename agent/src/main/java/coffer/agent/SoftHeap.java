package coffer.agent;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Optional;
import javax.management.NotificationEmitter;

/// Collects early, so that the heap stays small as long as little is held, and grows when much is: a synced folder of 100,000 files needs
/// more than the heap that is enough for a `put` of any size, and the JVM's simple collector lets the heap grow to its limit before
/// it looks whether what is in it is still used.
public final class SoftHeap {

    private final MemoryPoolMXBean old;
    private final long soft;

    private SoftHeap(MemoryPoolMXBean old, long soft) {
        this.old = old;
        this.soft = soft;
    }

    /// From now on whatever is old is collected when it reaches `soft` bytes, or a quarter more than what was still used the last time.
    /// Does nothing where the JVM's collector does not let itself be watched.
    public static void watch(long soft) {
        tenured().ifPresent(pool -> new SoftHeap(pool, soft).start());
    }

    private static Optional<MemoryPoolMXBean> tenured() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getName().contains("Tenured") && pool.isUsageThresholdSupported())
                .findFirst();
    }

    private void start() {
        if (ManagementFactory.getMemoryMXBean() instanceof NotificationEmitter heap) {
            heap.addNotificationListener(
                    (notification, _) -> {
                        if (notification.getType().equals(MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED)) {
                            collect();
                        }
                    },
                    null,
                    null);
            old.setUsageThreshold(threshold(soft, 0, old.getUsage().getMax()));
        }
    }

    private void collect() {
        System.gc();
        old.setUsageThreshold(threshold(soft, old.getUsage().getUsed(), old.getUsage().getMax()));
    }

    /// @param used what a collection has left
    /// @param max  -1 if there is none
    static long threshold(long soft, long used, long max) {
        long wanted = Math.max(soft, used + used / 4);
        return max < 0 ? wanted : Math.min(wanted, max);
    }
}
