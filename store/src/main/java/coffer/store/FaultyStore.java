package coffer.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A store that misbehaves as told, for tests of everything that stands above a store: it breaks the contract, and a
/// read that it spoils ends as if all were well.
///
/// For each call, the first rule that matches and is not used up decides; without one the call passes through.
public final class FaultyStore implements ObjectStore {

    /// What a rule can apply to. `GET` is a whole object, `GET_RANGE` a part.
    public enum Operation {
        PUT,
        GET,
        GET_RANGE,
        STAT,
        DELETE,
        LIST
    }

    /// For a rule that is never used up.
    public static final int ALWAYS = Integer.MAX_VALUE;

    private final ObjectStore inner;
    private final Ticks ticks;
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final AtomicInteger applied = new AtomicInteger();

    /// Owns `inner`.
    public FaultyStore(ObjectStore inner) {
        this(inner, Ticks.SYSTEM);
    }

    public FaultyStore(ObjectStore inner, Ticks ticks) {
        this.inner = inner;
        this.ticks = ticks;
    }

    /// Does `fault` on the next `times` calls of `operation`.
    public FaultyStore on(Operation operation, int times, Fault fault) {
        return on(EnumSet.of(operation), _ -> true, times, fault);
    }

    /// Does `fault` on the next `times` calls of `operations` for objects that `names` accepts (`LIST` has none and
    /// is always accepted).
    public FaultyStore on(Set<Operation> operations, Predicate<ObjectName> names, int times, Fault fault) {
        rules.add(new Rule(Set.copyOf(operations), names, new AtomicInteger(times), fault));
        return this;
    }

    /// Forgets all rules.
    public void heal() {
        rules.clear();
    }

    /// How many faults have been done: a test that injects one asserts that it happened.
    public int applied() {
        return applied.get();
    }

    @Override
    public void put(ObjectName name, long size, Content content) throws StoreException, IOException {
        Fault fault = before(Operation.PUT, name);
        if (fault instanceof Fault.Drop) {
            try (var in = new ContentStream(content, name, size)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return;
        }
        inner.put(name, size, content);
        after(fault);
    }

    @Override
    public StoredStream get(ObjectName name) throws StoreException {
        Fault fault = before(Operation.GET, name);
        StoredStream stream = inner.get(fault instanceof Fault.Swap swap ? swap.other() : name);
        return spoil(stream, 0, fault);
    }

    @Override
    public StoredStream get(ObjectName name, ByteRange range) throws StoreException {
        Fault fault = before(Operation.GET_RANGE, name);
        StoredStream stream = inner.get(fault instanceof Fault.Swap swap ? swap.other() : name, range);
        return spoil(stream, range.offset(), fault);
    }

    private static StoredStream spoil(StoredStream stream, long offset, @Nullable Fault fault) throws StoreException {
        return switch (fault) {
            case Fault.Flip flip -> new SpoiltStream(stream, flip.position() - offset);
            case Fault.Cut cut -> cut(stream, cut.length());
            case Fault.FailAfter fail -> {
                stream.close();
                throw fail.with().get();
            }
            case null, default -> stream;
        };
    }

    private static StoredStream cut(StoredStream stream, long length) throws StoreException {
        try (stream) {
            byte[] start = stream.readNBytes((int) Math.min(length, stream.length()));
            return new PlainStream(new ByteArrayInputStream(start), start.length, stream.objectSize());
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new AssertionError("a stored stream throws only StoreException", e);
        }
    }

    @Override
    public Optional<ObjectInfo> stat(ObjectName name) throws StoreException {
        Fault fault = before(Operation.STAT, name);
        if (fault instanceof Fault.Claim claim) {
            return Optional.of(new ObjectInfo(name, claim.size()));
        }
        var info = inner.stat(name);
        after(fault);
        return info;
    }

    @Override
    public void delete(ObjectName name) throws StoreException {
        Fault fault = before(Operation.DELETE, name);
        if (!(fault instanceof Fault.Drop)) {
            inner.delete(name);
        }
        after(fault);
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) throws StoreException {
        Fault fault = before(Operation.LIST, null);
        var found = inner.list(prefix, after, limit);
        after(fault);
        return found;
    }

    @Override
    public void close() {
        inner.close();
    }

    private @Nullable Fault before(Operation operation, @Nullable ObjectName name) throws StoreException {
        for (Rule rule : rules) {
            if (rule.takes(operation, name)) {
                applied.incrementAndGet();
                if (rule.fault() instanceof Fault.Fail fail) {
                    throw fail.with().get();
                }
                if (rule.fault() instanceof Fault.Delay delay) {
                    ticks.pause(delay.by());
                }
                return rule.fault();
            }
        }
        return null;
    }

    private static void after(@Nullable Fault fault) throws StoreException {
        if (fault instanceof Fault.FailAfter fail) {
            throw fail.with().get();
        }
    }

    private record Rule(Set<Operation> operations, Predicate<ObjectName> names, AtomicInteger left, Fault fault) {
        boolean takes(Operation operation, @Nullable ObjectName name) {
            return operations.contains(operation)
                    && (name == null || names.test(name))
                    && left.getAndUpdate(n -> n == ALWAYS || n == 0 ? n : n - 1) > 0;
        }
    }

    /// A stream without any of the checks of [CheckedStream].
    private static class PlainStream extends StoredStream {
        private final InputStream source;

        PlainStream(InputStream source, long length, long objectSize) {
            super(length, objectSize);
            this.source = source;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws StoreException {
            try {
                return source.read(buffer, offset, count);
            } catch (StoreException e) {
                throw e;
            } catch (IOException e) {
                throw new StoreUnavailable("injected", e);
            }
        }

        @Override
        public void close() {
            try {
                source.close();
            } catch (IOException e) {
                return;
            }
        }
    }

    /// One bit of the byte at `position` is flipped; beyond the end it is the last byte that is.
    private static final class SpoiltStream extends PlainStream {
        private final long position;
        private long done;

        SpoiltStream(StoredStream source, long position) {
            super(source, source.length(), source.objectSize());
            this.position = Math.max(0, Math.min(position, source.length() - 1));
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws StoreException {
            int read = super.read(buffer, offset, count);
            if (read > 0 && position >= done && position < done + read) {
                buffer[offset + (int) (position - done)] ^= 1;
            }
            done += Math.max(read, 0);
            return read;
        }
    }
}
