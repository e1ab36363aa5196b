package coffer.device;

import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.Bytes;
import coffer.core.tlog.Checkpoint;
import coffer.core.tlog.EntryBundle;
import coffer.core.tlog.Frontier;
import coffer.core.tlog.MerkleTree;
import coffer.core.tlog.NoteVerifier;
import coffer.core.tlog.ProviderDirectory;
import coffer.core.tlog.Statement;
import coffer.core.tlog.TileId;
import java.util.ArrayList;
import java.util.List;

/// Reads the transparency log from what a service serves and verifies it; keeps nothing.
final class LogReader {

    /// What is read at once before its root is known: about a million heads of accounts. A log that announces more without end would fill the memory.
    private static final long NEWS_BYTES_MAX = 96 << 20;

    private static final int ENTRY_OVERHEAD = 24;

    private final LogTiles tiles;

    LogReader(LogTiles tiles) {
        this.tiles = tiles;
    }

    /// The served checkpoint.
    ///
    /// @throws CofferException KEY_CHANGED, or PROTOCOL for what is no checkpoint of that log
    Checkpoint checkpoint(NoteVerifier key) throws CofferException {
        try {
            return Checkpoint.open(tiles.checkpoint(), key);
        } catch (Checkpoint.WrongKeyException e) {
            throw LogAlarm.of(ErrorCode.KEY_CHANGED);
        } catch (CborException e) {
            throw LogAlarm.malformed(e);
        }
    }

    /// Entries that were verified, and the tree's edge after them.
    record Entries(List<byte[]> entries, Frontier frontier) {
        Entries {
            entries = List.copyOf(entries);
        }
    }

    /// The entries after the known ones, which together hash to the checkpoint's root.
    ///
    /// @throws CofferException ROLLBACK or FORK if the checkpoint does not extend what is known; INTEGRITY if what is served
    ///                         is not what was signed; LIMIT if it is more than can be
    Entries since(Frontier known, Checkpoint checkpoint) throws CofferException {
        if (checkpoint.size() < known.size()) {
            throw LogAlarm.of(ErrorCode.ROLLBACK);
        }
        Frontier frontier = known;
        List<byte[]> news = new ArrayList<>();
        long bytes = 0;
        for (long index = known.size() / TileId.WIDTH; index * TileId.WIDTH < checkpoint.size(); index++) {
            List<byte[]> bundle = bundle(TileId.at(TileId.Kind.ENTRIES, 0, index, checkpoint.size()));
            int skipped = (int) (frontier.size() - index * TileId.WIDTH);
            for (byte[] entry : bundle.subList(skipped, bundle.size())) {
                news.add(entry);
                bytes += entry.length + ENTRY_OVERHEAD;
                frontier = frontier.with(MerkleTree.leaf(entry));
            }
            if (bytes > NEWS_BYTES_MAX) {
                throw new CofferException(ErrorCode.LIMIT, "The transparency log has more news than this device can read at once.");
            }
        }
        if (!frontier.root().equals(checkpoint.root())) {
            throw contradiction(known, checkpoint);
        }
        return new Entries(news, frontier);
    }

    /// The entries of one tile; nothing of them is verified.
    List<byte[]> bundle(TileId tile) throws CofferException {
        try {
            return EntryBundle.decode(tiles.tile(tile), tile.width());
        } catch (CborException e) {
            throw LogAlarm.malformed(e);
        }
    }

    /// Why the entries do not lead to the signed root: another history, if the served leaves do lead there and do not go
    /// through what is known; else somebody altered what is served.
    private CofferException contradiction(Frontier known, Checkpoint checkpoint) throws CofferException {
        Frontier signed = Frontier.EMPTY;
        Hash atKnown = signed.root();
        for (long index = 0; index * TileId.WIDTH < checkpoint.size(); index++) {
            for (Hash leaf : hashes(TileId.at(TileId.Kind.HASHES, 0, index, checkpoint.size()))) {
                signed = signed.with(leaf);
                atKnown = signed.size() == known.size() ? signed.root() : atKnown;
            }
        }
        boolean authentic = signed.root().equals(checkpoint.root());
        return authentic && !atKnown.equals(known.root()) ? LogAlarm.of(ErrorCode.FORK) : LogAlarm.damaged();
    }

    /// The hashes of one tile.
    List<Hash> hashes(TileId tile) throws CofferException {
        byte[] content = tiles.tile(tile);
        if (content.length != tile.width() * Hash.SIZE) {
            throw LogAlarm.damaged();
        }
        List<Hash> hashes = new ArrayList<>();
        for (int i = 0; i < tile.width(); i++) {
            hashes.add(new Hash(Bytes.of(content, i * Hash.SIZE, Hash.SIZE)));
        }
        return hashes;
    }

    /// Decodes a signed entry.
    static Statement statement(byte[] entry) throws CofferException {
        try {
            return Statement.decode(entry);
        } catch (Statement.UnknownStatementException e) {
            throw LogAlarm.unknown(e);
        } catch (CborException e) {
            throw LogAlarm.illegal(e);
        }
    }

    /// The directory after one more statement.
    static ProviderDirectory fold(ProviderDirectory before, Statement statement) throws CofferException {
        try {
            return before.with(statement);
        } catch (ProviderDirectory.IllegalStatementException e) {
            throw LogAlarm.illegal(e);
        }
    }
}
