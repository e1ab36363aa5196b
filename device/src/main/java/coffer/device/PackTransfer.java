package coffer.device;

import coffer.core.CofferException;
import coffer.core.PackId;
import coffer.core.log.PackRef;
import coffer.seal.Slice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Packs of one vault on their way to providers and back. Safe for all threads.
interface PackTransfer {

    /// Stores a pack with every provider that the service names; returns when all have it. Sending what is there
    /// already does no harm.
    void upload(PackId id, Slice pack) throws CofferException;

    /// As [#upload(PackId, Slice)], from a file.
    default void upload(PackId id, Path file) throws CofferException {
        try {
            upload(id, Slice.of(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw PackFile.failure(e);
        }
    }

    /// Which of the packs are stored, as the service says.
    Set<PackId> stored(List<PackRef> packs) throws CofferException;

    /// Says which packs will be read soon, so that one question to the service serves for all.
    void announce(List<PackId> packs) throws CofferException;

    /// How many copies of a pack can be read; at least 1.
    int copies(PackRef pack) throws CofferException;

    /// Where the copies lie, by their numbers: origins as the transparency log writes them; empty where that means nothing.
    default List<String> origins(PackRef pack) throws CofferException {
        return List.of();
    }

    /// Reads `length` bytes of a pack from `offset` into `into`, from copy number `copy` or, where that is not
    /// to be had, the ones after it; returns the number of the copy that answered. What arrives is hostile: the caller
    /// checks it and asks for another copy if it is not what it should be.
    int read(PackRef pack, int offset, int length, byte[] into, int intoOffset, int copy) throws CofferException;
}
