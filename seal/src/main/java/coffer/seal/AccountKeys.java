package coffer.seal;

import coffer.core.Bytes;
import coffer.core.Hash;
import coffer.core.LogId;

/// The keys of one generation of an account, derived from its 32-byte secret.
///
/// Copies the secret; close it when done.
public final class AccountKeys implements AutoCloseable {

    private final Secret secret;
    private final Secret bodyKey;
    private final WrapKeys wrapKeys;
    private final long generation;

    private AccountKeys(Secret secret, long generation) {
        byte[] context = KeyContext.of(generation);
        this.secret = secret;
        this.generation = generation;
        this.bodyKey = secret.derive(Label.ACCOUNT, context);
        try (Secret seed = secret.derive(Label.ACCOUNT_WRAP, context)) {
            this.wrapKeys = WrapKeys.of(seed);
        }
    }

    /// @param generation counts from 1
    public static AccountKeys of(Secret secret, long generation) {
        return new AccountKeys(secret.copy(), generation);
    }

    public long generation() {
        return generation;
    }

    /// The HPKE pair to which vault epochs are wrapped; closed with this.
    public WrapKeys wrapKeys() {
        return wrapKeys;
    }

    /// What stands in the signed log for this secret: nobody can find a second secret with the same commitment.
    public Hash commitment() {
        return commitment(secret, generation);
    }

    public static Hash commitment(Secret secret, long generation) {
        return new Hash(Bytes.of(
                secret.expand(Label.GENERATION_COMMITMENT, KeyContext.of(generation), Secret.SIZE)));
    }

    /// Seals the body of an account entry.
    ///
    /// @param context what the entry's header says about the body's place (docs/spec/log.md)
    public byte[] sealBody(byte[] context, byte[] body) {
        return SealedBody.seal(bodyKey, Label.ACCOUNT, context, body);
    }

    public byte[] openBody(byte[] context, byte[] sealed) throws OpenException {
        return SealedBody.open(bodyKey, Label.ACCOUNT, context, sealed);
    }

    /// Seals the secret of the generation before this one, for those who come later.
    public byte[] sealPrevious(LogId account, Secret previous) {
        try (Secret key = secret.derive(Label.PREVIOUS_GENERATION, KeyContext.of(generation))) {
            return Sealing.sealSecret(
                    key, Label.PREVIOUS_GENERATION, KeyContext.of(account.value(), generation), previous,
                    RandomSource.secure());
        }
    }

    /// Opens the secret of generation `generation() - 1`; the caller checks its commitment and closes it.
    public Secret openPrevious(LogId account, byte[] sealed) throws OpenException {
        try (Secret key = secret.derive(Label.PREVIOUS_GENERATION, KeyContext.of(generation))) {
            return Sealing.openSecret(
                    key, Label.PREVIOUS_GENERATION, KeyContext.of(account.value(), generation), sealed);
        }
    }

    /// A copy of the generation's secret, for wrapping it or keeping it; the caller closes it.
    public Secret secret() {
        return secret.copy();
    }

    @Override
    public void close() {
        secret.close();
        bodyKey.close();
        wrapKeys.close();
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
