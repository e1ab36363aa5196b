package coffer.seal;

import java.security.MessageDigest;
import java.util.Arrays;

/// 32 secret bytes: the root of a derivation, or the key of one use.
///
/// Zeroed on [#close]; using it afterwards throws [IllegalStateException]. Never prints itself. Safe for all threads as
/// long as nobody closes it meanwhile. Whoever makes a secret owns it and closes it.
public final class Secret implements AutoCloseable {

    public static final int SIZE = 32;

    private final byte[] value;
    private volatile boolean closed;

    private Secret(byte[] owned) {
        this.value = owned;
    }

    /// Copies `value`, which the caller zeroes; throws [IllegalArgumentException] unless it is 32 bytes that are not
    /// all zero (which is what a forgotten buffer looks like).
    public static Secret of(byte[] value) {
        if (!isSecret(value)) {
            throw new IllegalArgumentException("a secret has 32 bytes that are not all zero");
        }
        return new Secret(value.clone());
    }

    /// Takes what was just opened or unwrapped and zeroes `value`; anything but a secret counts as not having opened.
    public static Secret ofOpened(byte[] value) throws OpenException {
        try {
            if (!isSecret(value)) {
                throw new OpenException();
            }
            return new Secret(value.clone());
        } finally {
            Arrays.fill(value, (byte) 0);
        }
    }

    public static Secret random(RandomSource random) {
        byte[] value = random.bytes(SIZE);
        try {
            return of(value);
        } finally {
            Arrays.fill(value, (byte) 0);
        }
    }

    /// HKDF-Expand with SHA-256 of this secret, info = `LP(label) || context`.
    public Secret derive(Label label, byte[] context) {
        return new Secret(expand(label, context, SIZE));
    }

    /// HKDF-Expand with SHA-256 to `size` bytes, for uses that are no key.
    byte[] expand(Label label, byte[] context, int size) {
        return Hkdf.expandSha256(open(), label.bind(context), size);
    }

    /// Compares in constant time.
    public boolean matches(Secret other) {
        return MessageDigest.isEqual(open(), other.open());
    }

    /// A copy of the bytes, for writing them where they stay secret; the caller zeroes it.
    public byte[] copyBytes() {
        return open().clone();
    }

    public Secret copy() {
        return new Secret(copyBytes());
    }

    /// The bytes themselves, not a copy; for this package's primitives alone, which neither keep nor change them.
    byte[] open() {
        if (closed) {
            throw new IllegalStateException("secret is closed");
        }
        return value;
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(value, (byte) 0);
    }

    @Override
    public String toString() {
        return "[redacted]";
    }

    private static boolean isSecret(byte[] value) {
        int bits = 0;
        for (byte b : value) {
            bits |= b;
        }
        return value.length == SIZE && bits != 0;
    }
}
