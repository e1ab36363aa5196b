package coffer.core.tlog;

import coffer.core.Bytes;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import java.util.HashMap;
import java.util.Map;

/// The hashes of a tree of one size, read from its tiles. Each tile is asked for once.
///
/// What tiles say is not verified by reading them: a proof or root made from them is what gets verified.
public final class TileHashes implements HashSource {

    /// Reads one tile, or fails.
    @FunctionalInterface
    public interface TileReader {
        byte[] read(TileId tile) throws CofferException;
    }

    private final long size;
    private final TileReader reader;
    private final Map<TileId, byte[]> read = new HashMap<>();

    public TileHashes(long size, TileReader reader) {
        this.size = size;
        this.reader = reader;
    }

    @Override
    public Hash node(int level, long index) throws CofferException {
        int tileLevel = level / TileId.HEIGHT;
        int within = level % TileId.HEIGHT;
        long first = index << within;
        byte[] tile = tile(TileId.at(TileId.Kind.HASHES, tileLevel, first / TileId.WIDTH, size));
        return subtree(tile, (int) (first % TileId.WIDTH), 1 << within);
    }

    private static Hash subtree(byte[] tile, int from, int count) {
        if (count == 1) {
            return new Hash(Bytes.of(tile, from * Hash.SIZE, Hash.SIZE));
        }
        int half = count / 2;
        return MerkleTree.node(subtree(tile, from, half), subtree(tile, from + half, half));
    }

    private byte[] tile(TileId id) throws CofferException {
        byte[] known = read.get(id);
        if (known != null) {
            return known;
        }
        byte[] tile = reader.read(id);
        if (tile.length != id.width() * Hash.SIZE) {
            throw new CofferException(ErrorCode.PROTOCOL, "A tile of the transparency log has another size than its name says.");
        }
        read.put(id, tile);
        return tile;
    }
}
