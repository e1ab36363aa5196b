package coffer.service;

import coffer.service.ServiceConfig.CredentialSource;
import coffer.service.ServiceConfig.ProviderConfig;
import coffer.store.BlobGrants;
import coffer.store.DirectoryStore;
import coffer.store.S3Credentials;
import coffer.store.S3Grants;
import coffer.store.RetryPolicy;
import coffer.store.S3Limits;
import coffer.store.S3Location;
import coffer.store.S3Store;
import coffer.store.Ticks;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Clock;
import java.util.random.RandomGenerator;

/// Makes a provider of what the operator says about it. Credentials are read here and kept in memory only.
final class ProviderOpener {

    private final long diskReserve;
    private final BlobGrants blobGrants;
    private final Clock clock;

    ProviderOpener(long diskReserve, BlobGrants blobGrants, Clock clock) {
        this.diskReserve = diskReserve;
        this.blobGrants = blobGrants;
        this.clock = clock;
    }

    /// @throws IOException its folder or a credential cannot be read, or what is said of it cannot be
    PackProvider open(ProviderConfig provider) throws IOException {
        try {
            return switch (provider) {
                case ProviderConfig.Directory directory -> {
                    Files.createDirectories(directory.path());
                    yield new PackProvider(
                            directory.id(),
                            directory.region(),
                            DirectoryStore.open(directory.path(), diskReserve),
                            blobGrants.forProvider(directory.id()),
                            false);
                }
                case ProviderConfig.S3 s3 -> s3(s3, S3Limits.DEFAULT);
            };
        } catch (IllegalArgumentException e) {
            throw new IOException("a provider cannot be opened", e);
        }
    }

    /// A bucket, through a store that repeats no failed call: what it is measured with.
    PackProvider openOnce(ProviderConfig.S3 s3) throws IOException {
        return s3(s3, S3Limits.DEFAULT.with(RetryPolicy.NONE));
    }

    private PackProvider s3(ProviderConfig.S3 s3, S3Limits limits) throws IOException {
        S3Location location =
                new S3Location(URI.create(s3.endpoint()), s3.signingRegion(), s3.bucket(), s3.prefix(), s3.pathStyle());
        S3Credentials credentials = new S3Credentials(
                secret(s3.accessKey()),
                secret(s3.secretKey()),
                s3.sessionToken().isPresent() ? secret(s3.sessionToken().get()) : null);
        return new PackProvider(
                s3.id(),
                s3.region(),
                new S3Store(
                        location, credentials, limits, Clock.systemUTC(), RandomGenerator.getDefault(), Ticks.SYSTEM),
                new S3Grants(location, credentials, clock),
                true);
    }

    private static String secret(CredentialSource source) throws IOException {
        String secret =
                switch (source) {
                    case CredentialSource.File file -> Files.readString(file.path());
                    case CredentialSource.Environment variable -> System.getenv(variable.variable());
                };
        if (secret == null || secret.isBlank()) {
            throw new IOException("a credential of a provider is empty");
        }
        return secret.strip();
    }
}
