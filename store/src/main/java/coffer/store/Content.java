package coffer.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;

/// Bytes to be stored, which a store may ask for again when it has to repeat an upload.
@FunctionalInterface
public interface Content {

    /// A new stream from the first byte; the store closes it.
    InputStream open() throws IOException;

    /// Whether `open` may be called more than once.
    default boolean repeatable() {
        return true;
    }

    /// Borrows `bytes`, which the caller does not change until the put has returned.
    static Content of(byte[] bytes) {
        return () -> new ByteArrayInputStream(bytes);
    }

    /// A stream that can be read once, so that an upload of it is not repeated. The store closes it.
    static Content once(InputStream stream) {
        var opened = new AtomicBoolean();
        return new Content() {
            @Override
            public InputStream open() throws IOException {
                if (opened.getAndSet(true)) {
                    throw new IOException("this content can be read only once");
                }
                return stream;
            }

            @Override
            public boolean repeatable() {
                return false;
            }
        };
    }
}
