package coffer.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Keeps immutable objects under the SHA-256 of their bytes, without interpretation (docs/spec/store.md).
///
/// Names decide bytes, so every operation is idempotent and may be repeated after any failure. All methods may be
/// called from many threads at once; they block, and an interrupt ends them with [StoreUnavailable] and the thread's
/// interrupt flag set. Memory use does not depend on the size of an object except in `read`.
///
/// An object is there as a whole or not at all: `get`, `stat` and `list` never show a part of one, not even after a
/// crash in the middle of a `put`.
public interface ObjectStore extends AutoCloseable {

    /// Stores an object. When this returns, the object survives a crash and a loss of power, and every later call sees
    /// it. If it was there already, nothing changes, except that damaged stored bytes are replaced by the right ones.
    ///
    /// The content is checked on the way: fewer or more than `size` bytes, or bytes of another SHA-256, end in
    /// [StoreRefused] of reason `CONTENT`. Of a put that failed nothing is visible, except that after
    /// [StoreUnavailable] the object may be there as a whole.
    ///
    /// @param size    exact number of bytes, from 0
    /// @param content opened once, or again for each further try if it is repeatable; every stream is closed
    /// @throws StoreException the store failed
    /// @throws IOException    reading the content failed; this is the exception that the content threw
    void put(ObjectName name, long size, Content content) throws StoreException, IOException;

    /// Stores `content`, which must be what `name` says.
    default void put(ObjectName name, byte[] content) throws StoreException {
        try {
            put(name, content.length, () -> new ByteArrayInputStream(content));
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new AssertionError("an array does not fail to be read", e);
        }
    }

    /// Opens a whole object for reading. Its last byte is delivered only if all bytes together have the SHA-256 of the
    /// name; otherwise that read throws [StoreCorrupt]. The caller closes the stream, early if it likes.
    ///
    /// @throws ObjectMissing there is no such object
    StoredStream get(ObjectName name) throws StoreException;

    /// Opens a part of an object. The number of bytes is as asked for; the bytes themselves are *not* verified,
    /// because the name covers only the whole.
    ///
    /// @throws ObjectMissing there is no such object
    /// @throws StoreRefused  of reason `RANGE` if the range does not lie inside the object
    StoredStream get(ObjectName name, ByteRange range) throws StoreException;

    /// What the store says about an object; empty if it says that there is none. Proves nothing about the bytes.
    Optional<ObjectInfo> stat(ObjectName name) throws StoreException;

    /// Removes an object. Succeeds as well if there is none. Streams that are open on it may end in an exception.
    void delete(ObjectName name) throws StoreException;

    /// The objects whose names start with `prefix` and are greater than `after`, in ascending order of their names.
    /// A result shorter than `limit` is the end. What is put or deleted meanwhile may or may not appear.
    ///
    /// @param prefix hex characters; empty for all
    /// @param after  a name or the start of one, not itself included; empty to begin at the first
    /// @param limit  1 to [#LIST_MAX]
    List<ObjectInfo> list(String prefix, String after, int limit) throws StoreException;

    /// The longest result of one `list`: what the S3 protocol gives in one answer.
    int LIST_MAX = 1_000;

    /// Reads a whole verified object into memory.
    ///
    /// @throws StoreRefused of reason `RANGE` if it has more than `sizeMax` bytes
    default byte[] read(ObjectName name, int sizeMax) throws StoreException {
        try (StoredStream in = get(name)) {
            if (in.length() > sizeMax) {
                throw new StoreRefused(StoreRefused.Reason.RANGE);
            }
            return in.readAll();
        }
    }

    /// Reads a part of an object into memory, unverified as in `get`.
    default byte[] read(ObjectName name, ByteRange range) throws StoreException {
        try (StoredStream in = get(name, range)) {
            return in.readAll();
        }
    }

    /// Ends the store's threads and connections. Idempotent; calls after it fail.
    @Override
    void close();
}
