package coffer.service.evaluation;

import coffer.store.ObjectMissing;
import coffer.store.StoreCorrupt;
import coffer.store.StoreException;
import coffer.store.StoreFull;
import coffer.store.StoreRefused;
import coffer.store.StoreUnavailable;
import java.io.IOException;
import java.util.Optional;

/// Asks the live endpoint each [Check] once. A check that met an outage is asked again in the next round.
final class Conformance {

    private final Session session;
    private final StoreChecks store;
    private final GrantChecks grants;
    private final ExpiryChecks expiry;

    Conformance(Session session, Wire wire, long durationMs) {
        this.session = session;
        this.store = new StoreChecks(session);
        this.grants = new GrantChecks(session, wire);
        this.expiry = new ExpiryChecks(session, grants, durationMs);
    }

    void run() {
        for (Check check : Check.values()) {
            if (session.isAway()) {
                return;
            }
            if (!session.measured().checks().containsKey(check)) {
                attempt(check);
            }
        }
    }

    /// Asks once more what has no answer yet, and waits for what only time decides.
    void finish() {
        session.hope();
        run();
        expiry.awaitDownload();
        run();
    }

    private void attempt(Check check) {
        var trials = new Trials(session);
        try {
            ask(check, trials).ifPresent(holds -> answer(check, holds));
        } catch (StoreException e) {
            if (isOutage(e)) {
                session.judged(() -> Result.UNAVAILABLE);
            } else {
                answer(check, false);
            }
        } catch (IOException e) {
            session.judged(() -> Result.UNAVAILABLE);
        }
        trials.remove();
    }

    private void answer(Check check, boolean holds) {
        session.record(new Measurement.Checked(session.at(), check, holds));
    }

    /// Whether it says that the endpoint does not serve, as against what it does wrong.
    private static boolean isOutage(StoreException failure) {
        return switch (failure) {
            case StoreUnavailable _, StoreFull _ -> true;
            case StoreRefused refused ->
                switch (refused.reason()) {
                    case ACCESS, CLOCK, PLACE -> true;
                    case CONTENT, RANGE, REQUEST -> false;
                };
            case ObjectMissing _, StoreCorrupt _ -> false;
        };
    }

    /// Empty if the answer takes time.
    private Optional<Boolean> ask(Check check, Trials trials) throws StoreException, IOException {
        return switch (check) {
            case ROUND_TRIP -> Optional.of(store.roundTrip(trials));
            case STORE_AGAIN -> Optional.of(store.storeAgain(trials));
            case RANGES -> Optional.of(store.ranges(trials));
            case ABSENT -> Optional.of(store.absent());
            case DELETE -> Optional.of(store.delete(trials));
            case LIST_PAGES -> Optional.of(store.listPages(trials));
            case UPLOAD_GRANT -> Optional.of(grants.upload(trials));
            case UPLOAD_OTHER_BYTES -> Optional.of(grants.uploadOtherBytes(trials));
            case UPLOAD_OTHER_SIZE -> Optional.of(grants.uploadOtherSize(trials));
            case UPLOAD_ALTERED -> Optional.of(grants.uploadAltered(trials));
            case UPLOAD_OTHER_OBJECT -> Optional.of(grants.uploadOtherObject(trials));
            case UPLOAD_OTHER_METHOD -> Optional.of(grants.uploadOtherMethod(trials));
            case UPLOAD_EXPIRED -> expiry.upload(trials);
            case DOWNLOAD_GRANT -> Optional.of(grants.download(trials));
            case DOWNLOAD_RANGE -> Optional.of(grants.downloadRange(trials));
            case DOWNLOAD_ALTERED -> Optional.of(grants.downloadAltered(trials));
            case DOWNLOAD_OTHER_OBJECT -> Optional.of(grants.downloadOtherObject(trials));
            case DOWNLOAD_OTHER_METHOD -> Optional.of(grants.downloadOtherMethod(trials));
            case DOWNLOAD_EXPIRED -> expiry.download();
            case ANONYMOUS_READ -> Optional.of(grants.anonymousRead(trials));
            case CONDITIONAL_WRITE -> Optional.of(grants.conditionalWrite(trials));
        };
    }
}
