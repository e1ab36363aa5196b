package coffer.store;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an unwelcome answer of an S3 service means: pure.
final class S3Answers {

    /// Longer error documents are cut: only their code is read.
    static final int ERROR_BYTES_MAX = 64 << 10;

    private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z0-9.]{1,64})</Code>");

    private S3Answers() {}

    /// @param status of the answer
    /// @param body   its beginning; empty for HEAD
    static StoreException failure(int status, String body) {
        Matcher matcher = CODE.matcher(body);
        String code = matcher.find() ? matcher.group(1) : "";
        return switch (code) {
            case "NoSuchBucket", "InvalidBucketName" -> new StoreRefused(StoreRefused.Reason.PLACE);
            case "QuotaExceeded", "InsufficientStorage", "XMinioStorageFull" -> new StoreFull();
            case "RequestTimeTooSkewed" -> new StoreRefused(StoreRefused.Reason.CLOCK);
            case "RequestTimeout", "SlowDown", "InternalError", "ServiceUnavailable", "OperationAborted" ->
                new StoreUnavailable("the provider cannot serve now");
            case "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody" ->
                new StoreRefused(StoreRefused.Reason.CONTENT);
            default -> byStatus(status);
        };
    }

    private static StoreException byStatus(int status) {
        return switch (status) {
            case 404 -> new ObjectMissing();
            case 401, 403 -> new StoreRefused(StoreRefused.Reason.ACCESS);
            case 416 -> new StoreRefused(StoreRefused.Reason.RANGE);
            case 507 -> new StoreFull();
            case 408, 409, 425, 429 -> new StoreUnavailable("the provider cannot serve now");
            default -> status >= 500
                    ? new StoreUnavailable("the provider cannot serve now")
                    // Redirects are among these: they are never followed, because a signature is for one host.
                    : new StoreRefused(StoreRefused.Reason.REQUEST);
        };
    }
}
