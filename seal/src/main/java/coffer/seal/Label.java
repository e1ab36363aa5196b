package coffer.seal;

import java.nio.charset.StandardCharsets;

/// The one registry of labels. A label names one use of a key: what is derived for it, or sealed under it, has no other.
///
/// No label is a prefix of another (a test keeps it so), and each enters a derivation with its length in front, so that
/// no two uses can ever feed the same bytes to the same key (docs/spec/keys.md, section "Labels").
public enum Label {
    /// Key and context of sealed chunks.
    CHUNK("coffer/chunk/v1"),
    /// Key and context of the index at the end of a pack.
    PACK_INDEX("coffer/pack-index/v1"),
    /// Key and context of the footer of a pack.
    PACK_FOOTER("coffer/pack-footer/v1"),
    /// Key and context of the bodies of vault entries.
    COMMIT("coffer/commit/v1"),
    /// Key and context of the bodies of account entries.
    ACCOUNT("coffer/account/v1"),
    /// Key and context of the previous account generation's secret, sealed under the new one.
    PREVIOUS_GENERATION("coffer/previous-generation/v1"),
    /// Key and context of the previous vault epoch's secret, sealed under the new one.
    PREVIOUS_EPOCH("coffer/previous-epoch/v1"),
    /// Public commitment to the secret of a generation.
    GENERATION_COMMITMENT("coffer/generation-commitment/v1"),
    /// Public commitment to the secret of an epoch.
    EPOCH_COMMITMENT("coffer/epoch-commitment/v1"),
    /// Seed of an account generation's HPKE key pair.
    ACCOUNT_WRAP("coffer/account-wrap/v1"),
    /// HPKE info when a generation secret is wrapped to a device.
    WRAP_GENERATION("coffer/wrap-generation/v1"),
    /// HPKE info when an epoch secret is wrapped to an account.
    WRAP_EPOCH("coffer/wrap-epoch/v1"),
    /// Key of the names of chunks, constant for a vault.
    CHUNK_ID("coffer/chunk-id/v1"),
    /// Seed of the chunker's table, constant for a vault.
    CHUNKER("coffer/chunker/v1"),
    /// Seed of the recovery key's signing key.
    RECOVERY_SIGN("coffer/recovery-sign/v1"),
    /// Seed of the recovery key's HPKE key pair.
    RECOVERY_WRAP("coffer/recovery-wrap/v1"),
    /// Id of the mailbox through which a device joins.
    JOIN_MAILBOX("coffer/join-mailbox/v1"),
    /// Key that authenticates the messages of joining.
    JOIN_MAC("coffer/join-mac/v1"),
    /// Key that seals the messages of joining.
    JOIN_SEAL("coffer/join-seal/v1"),
    /// Key and context of secrets in a device's own files.
    DEVICE_FILE("coffer/device-file/v1");

    private final String text;

    Label(String text) {
        this.text = text;
    }

    /// The ASCII text that enters derivations.
    public String text() {
        return text;
    }

    /// `LP(label) || context`: two bytes of length, the label, then the context.
    byte[] bind(byte[] context) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        byte[] bound = new byte[2 + ascii.length + context.length];
        bound[0] = (byte) (ascii.length >>> 8);
        bound[1] = (byte) ascii.length;
        System.arraycopy(ascii, 0, bound, 2, ascii.length);
        System.arraycopy(context, 0, bound, 2 + ascii.length, context.length);
        return bound;
    }
}
