package coffer.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Objects in memory, for tests and for trying things out; durable only as long as the process lives.
public final class MemoryStore implements ObjectStore {

    private final ConcurrentSkipListMap<ObjectName, byte[]> objects = new ConcurrentSkipListMap<>();
    private final AtomicLong usedBytes = new AtomicLong();
    private final long capacityBytes;
    private volatile boolean closed;

    public MemoryStore() {
        this(Long.MAX_VALUE);
    }

    /// @param capacityBytes all objects together; beyond it puts end in [StoreFull]
    public MemoryStore(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    @Override
    public void put(ObjectName name, long size, Content content) throws StoreException, IOException {
        requireOpen();
        if (size > Integer.MAX_VALUE - 8) {
            throw new StoreFull();
        }
        byte[] bytes;
        try (var in = new ContentStream(content, name, size)) {
            bytes = in.readNBytes((int) size);
            // An empty object is checked by the read that finds its end.
            if (in.read() >= 0 || bytes.length != size) {
                throw new AssertionError("a content stream delivers its size or throws");
            }
        }
        reserve(size);
        byte[] previous = objects.put(name, bytes);
        if (previous != null) {
            usedBytes.addAndGet(-previous.length);
        }
    }

    private void reserve(long size) throws StoreFull {
        if (usedBytes.addAndGet(size) > capacityBytes) {
            usedBytes.addAndGet(-size);
            throw new StoreFull();
        }
    }

    @Override
    public StoredStream get(ObjectName name) throws StoreException {
        byte[] bytes = require(name);
        return CheckedStream.whole(new ByteArrayInputStream(bytes), name, bytes.length);
    }

    @Override
    public StoredStream get(ObjectName name, ByteRange range) throws StoreException {
        byte[] bytes = require(name);
        if (range.end() > bytes.length) {
            throw new StoreRefused(StoreRefused.Reason.RANGE);
        }
        var raw = new ByteArrayInputStream(bytes, (int) range.offset(), (int) range.length());
        return CheckedStream.range(raw, range.length(), bytes.length);
    }

    @Override
    public Optional<ObjectInfo> stat(ObjectName name) throws StoreException {
        requireOpen();
        byte[] bytes = objects.get(name);
        return bytes == null ? Optional.empty() : Optional.of(new ObjectInfo(name, bytes.length));
    }

    @Override
    public void delete(ObjectName name) throws StoreException {
        requireOpen();
        byte[] removed = objects.remove(name);
        if (removed != null) {
            usedBytes.addAndGet(-removed.length);
        }
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) throws StoreException {
        Listing.requireArguments(prefix, after, limit);
        requireOpen();
        var found = new ArrayList<ObjectInfo>();
        for (var entry : objects.tailMap(Listing.first(prefix, after), true).entrySet()) {
            String text = entry.getKey().text();
            if (found.size() == limit || !text.startsWith(prefix)) {
                break;
            }
            if (text.compareTo(after) > 0) {
                found.add(new ObjectInfo(entry.getKey(), entry.getValue().length));
            }
        }
        return List.copyOf(found);
    }

    /// Flips one bit of the stored bytes, as a failing disk would; for tests.
    public void damage(ObjectName name, int position) {
        byte @Nullable [] changed = objects.computeIfPresent(name, (_, bytes) -> {
            byte[] copy = Arrays.copyOf(bytes, bytes.length);
            copy[position] ^= 1;
            return copy;
        });
        if (changed == null) {
            throw new IllegalArgumentException("no such object to damage");
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private byte[] require(ObjectName name) throws StoreException {
        requireOpen();
        byte[] bytes = objects.get(name);
        if (bytes == null) {
            throw new ObjectMissing();
        }
        return bytes;
    }

    private void requireOpen() throws StoreUnavailable {
        if (closed) {
            throw new StoreUnavailable("the store is closed");
        }
    }
}
