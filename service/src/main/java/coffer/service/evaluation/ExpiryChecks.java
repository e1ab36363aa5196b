package coffer.service.evaluation;

import coffer.service.evaluation.Material.Piece;
import coffer.store.DownloadGrant;
import coffer.store.StoreException;
import coffer.store.UploadGrant;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Checks that a grant ends: one is made, and used when its end is past. Grants are secrets, so they are never written down;
/// after a restart others are made.
final class ExpiryChecks {

    private static final int SIZE = 3_000;
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /// A signature by headers of the S3 protocol holds for 15 minutes, whatever was asked for.
    private static final Duration UPLOAD_ENDS = Duration.ofMinutes(15);

    private final Session session;
    private final GrantChecks grants;
    private final long durationMs;
    private @Nullable Expiring<DownloadGrant> download;
    private @Nullable Expiring<Upload> upload;

    ExpiryChecks(Session session, GrantChecks grants, long durationMs) {
        this.session = session;
        this.grants = grants;
        this.durationMs = durationMs;
    }

    /// @param due in milliseconds of the evaluation
    private record Expiring<T>(T grant, long due) {}

    private record Upload(Piece piece, UploadGrant grant) {}

    /// Of a canary, so that the refusal does not mean that there is nothing.
    Optional<Boolean> download() throws IOException {
        List<Ledger.Entry> canaries = session.measured().ledger().stored(Role.CANARY);
        if (download == null && !canaries.isEmpty()) {
            DownloadGrant grant = grants.downloadGrant(canaries.getFirst().name(), SHORTEST);
            Duration left = Duration.between(session.time().now(), grant.expires());
            download = new Expiring<>(grant, due(left));
        }
        if (download == null || session.at() < download.due()) {
            return Optional.empty();
        }
        DownloadGrant grant = download.grant();
        return Optional.of(grants.send("GET", grant.url(), grant.headers(), new byte[0]).isRefused());
    }

    private long due(Duration left) {
        return session.at() + left.plus(session.criteria().grantSlack()).toMillis() + 1;
    }

    /// Asked only if the evaluation lasts long enough.
    Optional<Boolean> upload(Trials trials) throws StoreException, IOException {
        long wait = UPLOAD_ENDS.plus(session.criteria().grantSlack()).plusMinutes(1).toMillis();
        if (upload == null && session.at() + wait < durationMs) {
            Piece piece = session.material().anyPiece(SIZE);
            upload = new Expiring<>(new Upload(piece, grants.uploadGrant(piece, SHORTEST)), session.at() + wait);
        }
        if (upload == null || session.at() < upload.due()) {
            return Optional.empty();
        }
        Upload expired = upload.grant();
        trials.planned(expired.piece());
        UploadGrant grant = expired.grant();
        return Optional.of(grants.send(grant.method(), grant.url(), grant.headers(), expired.piece().bytes()).isRefused()
                && !trials.isThere(expired.piece()));
    }

    /// Sleeps until the end of the download grant is past; seconds.
    void awaitDownload() {
        if (download != null && !session.measured().checks().containsKey(Check.DOWNLOAD_EXPIRED)) {
            session.sleep(Duration.ofMillis(Math.max(0, download.due() - session.at())));
        }
    }
}
