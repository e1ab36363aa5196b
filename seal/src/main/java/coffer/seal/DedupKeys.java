package coffer.seal;

import coffer.core.ChunkId;
import javax.crypto.Mac;

/// What is constant for a vault through all its epochs, so that equal content stays stored once: the key of chunk
/// names and the chunker's table, derived from the 32-byte dedup secret in the body of the vault's genesis.
///
/// Safe for all threads. Copies the secret; close it when done.
public final class DedupKeys implements AutoCloseable {

    private final Secret secret;
    private final Secret idKey;
    private final Chunker chunker;
    private final Pool<Mac> macs;

    private DedupKeys(Secret secret) {
        this.secret = secret;
        this.idKey = secret.derive(Label.CHUNK_ID, KeyContext.constant());
        this.chunker = Chunker.of(secret);
        this.macs = new Pool<>(Runtime.getRuntime().availableProcessors(), () -> Hkdf.mac("HmacSHA256", idKey.open()));
    }

    public static DedupKeys of(Secret secret) {
        return new DedupKeys(secret.copy());
    }

    /// The name of a chunk: HMAC-SHA-256 of its plaintext.
    public ChunkId id(byte[] plaintext, int offset, int length) {
        idKey.open(); // a closed key names nothing
        Mac mac = macs.take();
        mac.update(plaintext, offset, length);
        ChunkId id = ChunkId.of(mac.doFinal());
        macs.give(mac);
        return id;
    }

    public ChunkId id(byte[] plaintext) {
        return id(plaintext, 0, plaintext.length);
    }

    public Chunker chunker() {
        return chunker;
    }

    /// A copy of the dedup secret; the caller closes it.
    public Secret secret() {
        return secret.copy();
    }

    @Override
    public void close() {
        secret.close();
        idKey.close();
        macs.clear();
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
