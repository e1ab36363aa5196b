package coffer.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/// Grants for a bucket: uploads signed by headers, downloads by a presigned URL.
///
/// Of the ways to presign a PUT none binds the body on every service, so uploads are signed by headers with the size
/// and the SHA-256 of the body. Such a signature is good until the service's clock is 15 minutes past its date.
public final class S3Grants implements TransferGrants {

    /// A little less than the 15 minutes, for clocks that differ.
    static final Duration UPLOAD_LIFETIME_MAX = Duration.ofMinutes(14);

    /// What SigV4 allows.
    static final Duration DOWNLOAD_LIFETIME_MAX = Duration.ofDays(7);

    private final S3Location location;
    private final SigV4 signer;
    private final Clock clock;

    public S3Grants(S3Location location, S3Credentials credentials, Clock clock) {
        this.location = location;
        this.signer = new SigV4(credentials, location.region());
        this.clock = clock;
    }

    @Override
    public String origin() {
        return location.origin();
    }

    @Override
    public UploadGrant upload(ObjectName name, long size, Duration lifetime) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var url = location.object(name);
        var headers = signer.sign("PUT", url, Map.of("content-length", Long.toString(size)), name.text(), now);
        Instant expires = now.plus(shorter(lifetime, UPLOAD_LIFETIME_MAX));
        return new UploadGrant("PUT", url, headers, size, name.sha256(), expires);
    }

    @Override
    public DownloadGrant download(ObjectName name, Duration lifetime) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Duration granted = shorter(lifetime, DOWNLOAD_LIFETIME_MAX);
        return new DownloadGrant(
                signer.presign("GET", location.object(name), granted, now), Map.of(), now.plus(granted));
    }

    private static Duration shorter(Duration a, Duration b) {
        if (a.toSeconds() < 1) {
            throw new IllegalArgumentException("a grant lives at least a second");
        }
        return (a.compareTo(b) < 0 ? a : b).truncatedTo(ChronoUnit.SECONDS);
    }
}
