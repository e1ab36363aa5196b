package coffer.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What proves to an S3 provider that a request is ours. Never prints its secret.
public final class S3Credentials {

    private final String accessKey;
    private final String secretKey;
    private final @Nullable String sessionToken;

    public S3Credentials(String accessKey, String secretKey) {
        this(accessKey, secretKey, null);
    }

    /// @param sessionToken goes with temporary credentials; null for permanent ones
    public S3Credentials(String accessKey, String secretKey, @Nullable String sessionToken) {
        if (accessKey.isEmpty() || secretKey.isEmpty()) {
            throw new IllegalArgumentException("empty credentials");
        }
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        this.sessionToken = sessionToken;
    }

    String accessKey() {
        return accessKey;
    }

    String secretKey() {
        return secretKey;
    }

    Optional<String> sessionToken() {
        return Optional.ofNullable(sessionToken);
    }

    @Override
    public String toString() {
        return "S3Credentials[redacted]";
    }
}
