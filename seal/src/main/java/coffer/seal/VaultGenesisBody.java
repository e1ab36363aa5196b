package coffer.seal;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.Limits;
import java.util.Arrays;

/// The body of a vault's genesis: the secret that is constant for the vault, and the name it began with.
///
/// Close it when done.
public final class VaultGenesisBody implements AutoCloseable {

    private final Secret dedupSecret;
    private final String name;

    private VaultGenesisBody(Secret dedupSecret, String name) {
        this.dedupSecret = dedupSecret;
        this.name = name;
    }

    /// Copies the secret.
    public static VaultGenesisBody of(Secret dedupSecret, String name) {
        if (!Names.isText(name, Limits.NAME_BYTES_MAX)) {
            throw new IllegalArgumentException("not the name of a vault");
        }
        return new VaultGenesisBody(dedupSecret.copy(), name);
    }

    /// The secret of [DedupKeys]; closed with this.
    public Secret dedupSecret() {
        return dedupSecret;
    }

    public String name() {
        return name;
    }

    /// The caller zeroes the result.
    public byte[] encode() {
        return new CborWriter()
                .map(2)
                .integer(1)
                .bytes(dedupSecret.open())
                .integer(2)
                .text(name)
                .toByteArray();
    }

    /// The caller zeroes `encoded`.
    public static VaultGenesisBody decode(byte[] encoded) throws CborException {
        CborReader in = new CborReader(encoded);
        var keys = in.map(2);
        keys.key(1);
        byte[] secret = in.bytes(Secret.SIZE);
        try {
            keys.key(2);
            String name = in.text(Limits.NAME_BYTES_MAX);
            keys.end();
            in.end();
            if (!Names.isText(name, Limits.NAME_BYTES_MAX)) {
                throw new CborException("not a name");
            }
            return new VaultGenesisBody(Secret.ofOpened(secret), name);
        } catch (OpenException e) {
            throw new CborException("not a secret");
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    @Override
    public void close() {
        dedupSecret.close();
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
