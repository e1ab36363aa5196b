package coffer.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A store as if at the far end of a slow line: each call waits for the delay, and all uploads share one bandwidth, all
/// downloads another. For measurements and for tests of progress and patience.
public final class ShapedStore implements ObjectStore {

    /// Small enough that a transfer proceeds smoothly.
    private static final int PIECE_BYTES = 16 << 10;

    private final ObjectStore inner;
    private final Duration delay;
    private final Link up;
    private final Link down;
    private final Ticks ticks;

    /// Owns `inner`.
    ///
    /// @param delay          before each call, as of a round trip
    /// @param bytesPerSecond in each direction
    public ShapedStore(ObjectStore inner, Duration delay, long bytesPerSecond) {
        this(inner, delay, bytesPerSecond, Ticks.SYSTEM);
    }

    public ShapedStore(ObjectStore inner, Duration delay, long bytesPerSecond, Ticks ticks) {
        this.inner = inner;
        this.delay = delay;
        this.up = new Link(bytesPerSecond);
        this.down = new Link(bytesPerSecond);
        this.ticks = ticks;
    }

    @Override
    public void put(ObjectName name, long size, Content content) throws StoreException, IOException {
        ticks.pause(delay);
        inner.put(name, size, new Content() {
            @Override
            public InputStream open() throws IOException {
                return new ShapedInput(content.open(), up);
            }

            @Override
            public boolean repeatable() {
                return content.repeatable();
            }
        });
    }

    @Override
    public StoredStream get(ObjectName name) throws StoreException {
        ticks.pause(delay);
        return new Shaped(inner.get(name));
    }

    @Override
    public StoredStream get(ObjectName name, ByteRange range) throws StoreException {
        ticks.pause(delay);
        return new Shaped(inner.get(name, range));
    }

    @Override
    public Optional<ObjectInfo> stat(ObjectName name) throws StoreException {
        ticks.pause(delay);
        return inner.stat(name);
    }

    @Override
    public void delete(ObjectName name) throws StoreException {
        ticks.pause(delay);
        inner.delete(name);
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) throws StoreException {
        ticks.pause(delay);
        return inner.list(prefix, after, limit);
    }

    @Override
    public void close() {
        inner.close();
    }

    private void carry(Link link, int bytes) throws StoreUnavailable {
        if (bytes > 0) {
            ticks.pause(Duration.ofNanos(link.book(ticks.nanos(), bytes)));
        }
    }

    private final class ShapedInput extends FilterInputStream {
        private final Link link;

        ShapedInput(InputStream source, Link link) {
            super(source);
            this.link = link;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            int read = super.read(buffer, offset, Math.min(count, PIECE_BYTES));
            carry(link, read);
            return read;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            carry(link, read < 0 ? 0 : 1);
            return read;
        }
    }

    private final class Shaped extends StoredStream {
        private final StoredStream source;

        Shaped(StoredStream source) {
            super(source.length(), source.objectSize());
            this.source = source;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws StoreException {
            int read = source.read(buffer, offset, Math.min(count, PIECE_BYTES));
            carry(down, read);
            return read;
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
