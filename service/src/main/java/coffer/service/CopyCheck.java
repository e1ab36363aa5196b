package coffer.service;

import coffer.core.PackId;
import coffer.store.ObjectMissing;
import coffer.store.ObjectName;
import coffer.store.ObjectStore;
import coffer.store.StoreCorrupt;
import coffer.store.StoreException;
import coffer.store.StoredStream;

/// Reads a stored pack to its last byte, whose SHA-256 is its name, and says what that proves.
enum CopyCheck {
    RIGHT,
    /// Missing, or other bytes.
    WRONG,
    /// The provider could not be asked: nothing is known.
    UNKNOWN;

    private static final int BUFFER = 64 << 10;

    static CopyCheck of(ObjectStore store, PackId pack, long size) {
        try (StoredStream in = store.get(ObjectName.of(pack))) {
            byte[] buffer = new byte[BUFFER];
            long read = 0;
            int count = in.read(buffer, 0, buffer.length);
            while (count > 0) {
                read += count;
                count = in.read(buffer, 0, buffer.length);
            }
            return read == size ? RIGHT : WRONG;
        } catch (ObjectMissing | StoreCorrupt e) {
            return WRONG;
        } catch (StoreException e) {
            return UNKNOWN;
        }
    }
}
