package coffer.store;

import java.time.Duration;
import java.util.function.Supplier;

/// One thing that [FaultyStore] can do wrong.
public sealed interface Fault {

    /// The call fails without having done anything.
    record Fail(Supplier<? extends StoreException> with) implements Fault {}

    /// The call is carried out and then fails: the acknowledgement is lost.
    record FailAfter(Supplier<? extends StoreException> with) implements Fault {}

    /// A put or delete succeeds but does nothing.
    record Drop() implements Fault {}

    /// A read delivers one byte altered, the one at `position` of the object (or the last one before it).
    record Flip(long position) implements Fault {}

    /// A read delivers only the first `length` bytes and then ends as if that were all.
    record Cut(long length) implements Fault {}

    /// A read delivers another object, whole or the same range of it.
    record Swap(ObjectName other) implements Fault {}

    /// A stat claims that the object is there with this size.
    record Claim(long size) implements Fault {}

    /// The call is carried out, but later.
    record Delay(Duration by) implements Fault {}

    /// The store is full: puts fail.
    static Fault full() {
        return new Fail(StoreFull::new);
    }

    /// The store does not answer.
    static Fault unavailable() {
        return new Fail(() -> new StoreUnavailable("injected"));
    }

    /// The store denies having the object.
    static Fault missing() {
        return new Fail(ObjectMissing::new);
    }
}
