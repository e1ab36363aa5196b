package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.PackId;
import coffer.core.log.PackRef;
import coffer.seal.Slice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// A copy of a provider's packs in a folder, to read from: any layout, each file named by its pack id in hex.
///
/// Several files of one id are several copies.
final class PackFolder implements PackTransfer {

    private static final int NAME_LENGTH = 2 * PackId.SIZE;

    private final Map<PackId, List<Path>> files = new HashMap<>();

    PackFolder(Path root) throws CofferException {
        try (Stream<Path> entries = Files.walk(root)) {
            entries.filter(Files::isRegularFile).forEach(this::index);
        } catch (IOException | UncheckedIOException e) {
            throw new CofferException(ErrorCode.LOCAL, "the folder of packs cannot be read", e);
        }
        if (files.isEmpty()) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL,
                    "There are no packs in that folder.",
                    "Nothing was written. Give the folder with the copy of the packs; the name of each is its id.");
        }
    }

    private void index(Path file) {
        String name = String.valueOf(file.getFileName());
        if (name.length() == NAME_LENGTH && name.matches("[0-9a-f]+")) {
            files.computeIfAbsent(PackId.ofHex(name), unused -> new ArrayList<>(1)).add(file);
        }
    }

    @Override
    public void upload(PackId id, Slice pack) throws CofferException {
        throw new CofferException(ErrorCode.UNAVAILABLE, "nothing can be stored in a copy of packs");
    }

    @Override
    public Set<PackId> stored(List<PackRef> packs) {
        Set<PackId> stored = new HashSet<>();
        for (PackRef pack : packs) {
            if (files.containsKey(pack.id())) {
                stored.add(pack.id());
            }
        }
        return stored;
    }

    @Override
    public void announce(List<PackId> packs) {
        // They are here already.
    }

    @Override
    public int copies(PackRef pack) throws CofferException {
        return copiesOf(pack).size();
    }

    @Override
    public int read(PackRef pack, int offset, int length, byte[] into, int intoOffset, int copy)
            throws CofferException {
        List<Path> copies = copiesOf(pack);
        for (int at = copy; at < copies.size(); at++) {
            if (readFrom(copies.get(at), offset, ByteBuffer.wrap(into, intoOffset, length))) {
                return at;
            }
        }
        throw missing(pack);
    }

    private static boolean readFrom(Path file, int offset, ByteBuffer into) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long position = offset;
            while (into.hasRemaining()) {
                int read = channel.read(into, position);
                if (read < 0) {
                    return false;
                }
                position += read;
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private List<Path> copiesOf(PackRef pack) throws CofferException {
        List<Path> copies = files.get(pack.id());
        if (copies == null) {
            throw missing(pack);
        }
        return copies;
    }

    private static CofferException missing(PackRef pack) {
        return new CofferException(
                ErrorCode.UNAVAILABLE, "a pack is missing or cut short in the copy", Map.of("pack", pack.id().hex()));
    }
}
