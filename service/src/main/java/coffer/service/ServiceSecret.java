package coffer.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The service's one secret, 32 random bytes in an owner-only file, from which the keys of tokens, challenges and blob
/// grants are derived. Whoever loses it loses open sessions, nothing else.
final class ServiceSecret implements AutoCloseable {

    static final int SIZE = 32;

    private final byte[] secret;

    private ServiceSecret(byte[] secret) {
        this.secret = secret;
    }

    /// Reads the file, or makes it. A file of another size is refused: an empty or short secret would let anyone in.
    static ServiceSecret loadOrMake(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] fresh = new byte[SIZE];
            new SecureRandom().nextBytes(fresh);
            Path temporary = Files.createTempFile(
                    file.toAbsolutePath().getParent(),
                    "secret",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(temporary, fresh);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            Arrays.fill(fresh, (byte) 0);
        }
        byte[] secret = Files.readAllBytes(file);
        if (secret.length != SIZE) {
            throw new IOException("the service's secret file does not hold 32 bytes; restore it, or remove it to end all sessions");
        }
        return new ServiceSecret(secret);
    }

    /// A key of 32 bytes for one purpose: HKDF-SHA-256 expand with the label.
    byte[] derive(String label) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.expandOnly(
                            new SecretKeySpec(secret, "Generic"),
                            label.getBytes(StandardCharsets.US_ASCII),
                            SIZE));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("key derivation failed", e);
        }
    }

    @Override
    public void close() {
        Arrays.fill(secret, (byte) 0);
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
