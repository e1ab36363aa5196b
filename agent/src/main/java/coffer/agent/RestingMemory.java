package coffer.agent;

import java.time.Duration;

/// Gives memory back to the system when work is over: the JVM's simple collector never collects while nothing is allocated, so
/// an agent at rest would keep what its busiest minute took.
final class RestingMemory {

    /// Work after which it is worth a collection.
    private static final Duration WORK = Duration.ofSeconds(2);

    /// At most this much between two looks is rest.
    private static final Duration REST = Duration.ofMillis(100);

    private static final int LOOKS = 3;

    private final Runnable collect;
    private Duration collectedAt = Duration.ZERO;
    private Duration last = Duration.ZERO;
    private int restingLooks;

    /// @param collect frees what is not used
    RestingMemory(Runnable collect) {
        this.collect = collect;
    }

    /// Called every few seconds with the processor time that the process has used.
    void look(Duration used) {
        restingLooks = used.minus(last).compareTo(REST) <= 0 ? restingLooks + 1 : 0;
        last = used;
        if (restingLooks >= LOOKS && used.minus(collectedAt).compareTo(WORK) > 0) {
            collect.run();
            collectedAt = used;
        }
    }
}
