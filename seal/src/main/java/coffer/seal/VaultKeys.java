package coffer.seal;

import coffer.core.Bytes;
import coffer.core.Hash;
import coffer.core.LogId;

/// The keys of one epoch of a vault, derived from its 32-byte secret.
///
/// Copies the secret; close it when done.
public final class VaultKeys implements AutoCloseable {

    private final Secret secret;
    private final Secret bodyKey;
    private final Secret chunkKey;
    private final Secret indexKey;
    private final Secret footerKey;
    private final long epoch;

    private VaultKeys(Secret secret, long epoch) {
        byte[] context = KeyContext.of(epoch);
        this.secret = secret;
        this.epoch = epoch;
        this.bodyKey = secret.derive(Label.COMMIT, context);
        this.chunkKey = secret.derive(Label.CHUNK, context);
        this.indexKey = secret.derive(Label.PACK_INDEX, context);
        this.footerKey = secret.derive(Label.PACK_FOOTER, context);
    }

    /// @param epoch counts from 1
    public static VaultKeys of(Secret secret, long epoch) {
        return new VaultKeys(secret.copy(), epoch);
    }

    public long epoch() {
        return epoch;
    }

    /// What stands in the signed log for this secret: nobody can find a second secret with the same commitment.
    public Hash commitment() {
        return commitment(secret, epoch);
    }

    public static Hash commitment(Secret secret, long epoch) {
        return new Hash(Bytes.of(secret.expand(Label.EPOCH_COMMITMENT, KeyContext.of(epoch), Secret.SIZE)));
    }

    /// Seals the body of a vault entry.
    ///
    /// @param context what the entry's header says about the body's place (docs/spec/log.md)
    public byte[] sealBody(byte[] context, byte[] body) {
        return SealedBody.seal(bodyKey, Label.COMMIT, context, body);
    }

    public byte[] openBody(byte[] context, byte[] sealed) throws OpenException {
        return SealedBody.open(bodyKey, Label.COMMIT, context, sealed);
    }

    /// Seals the secret of the epoch before this one, for those who come later.
    public byte[] sealPrevious(LogId vault, Secret previous) {
        try (Secret key = secret.derive(Label.PREVIOUS_EPOCH, KeyContext.of(epoch))) {
            return Sealing.sealSecret(
                    key, Label.PREVIOUS_EPOCH, KeyContext.of(vault.value(), epoch), previous, RandomSource.secure());
        }
    }

    /// Opens the secret of epoch `epoch() - 1`; the caller checks its commitment and closes it.
    public Secret openPrevious(LogId vault, byte[] sealed) throws OpenException {
        try (Secret key = secret.derive(Label.PREVIOUS_EPOCH, KeyContext.of(epoch))) {
            return Sealing.openSecret(key, Label.PREVIOUS_EPOCH, KeyContext.of(vault.value(), epoch), sealed);
        }
    }

    /// A copy of the epoch's secret, for wrapping it or keeping it; the caller closes it.
    public Secret secret() {
        return secret.copy();
    }

    Secret chunkKey() {
        return chunkKey;
    }

    Secret indexKey() {
        return indexKey;
    }

    Secret footerKey() {
        return footerKey;
    }

    @Override
    public void close() {
        secret.close();
        bodyKey.close();
        chunkKey.close();
        indexKey.close();
        footerKey.close();
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
