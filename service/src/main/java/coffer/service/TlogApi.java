package coffer.service;

import coffer.core.CborException;
import coffer.core.Hash;
import coffer.core.tlog.EntryBundle;
import coffer.core.tlog.TileId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;

/// The transparency log for everybody to read (c2sp.org/tlog-tiles).
final class TlogApi {

    private static final String NOTE = "text/plain; charset=utf-8";
    /// What is served under the path of a tile never changes.
    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    private static final String FOR_NOW = "no-cache";

    private final TransparencyLog log;
    private final TlogStorage storage;

    TlogApi(TransparencyLog log, TlogStorage storage) {
        this.log = log;
        this.storage = storage;
    }

    void checkpoint(Exchange exchange) throws IOException {
        exchange.setHeader(HttpHeader.CACHE_CONTROL, FOR_NOW);
        exchange.send(200, NOTE, log.checkpoint());
    }

    void tile(Exchange exchange) throws Problem, StorageException, IOException {
        TileId tile = parse(exchange.parameter("tile"));
        long first = tile.index() * TileId.WIDTH;
        // Partial tiles stay available when they have become full: somebody may hold an older checkpoint.
        if (first + tile.width() > TileId.hashesAt(tile.level(), log.size())) {
            throw Problem.of(ProblemType.NOT_FOUND);
        }
        byte[] content = tile.kind() == TileId.Kind.ENTRIES
                ? EntryBundle.encode(storage.entries(first, tile.width()))
                : joined(storage.hashes(tile.level(), first, tile.width()));
        exchange.setHeader(HttpHeader.CACHE_CONTROL, FOR_EVER);
        exchange.send(200, Exchange.BYTES, content);
    }

    static TileId parse(String rest) throws Problem {
        try {
            return TileId.parse("tile/" + rest);
        } catch (CborException e) {
            throw Problem.of(ProblemType.NOT_FOUND);
        }
    }

    private static byte[] joined(List<Hash> hashes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(hashes.size() * Hash.SIZE);
        hashes.forEach(hash -> out.writeBytes(hash.toArray()));
        return out.toByteArray();
    }
}
