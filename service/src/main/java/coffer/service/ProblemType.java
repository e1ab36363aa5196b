package coffer.service;

import coffer.core.ErrorCode;
import java.util.Locale;

/// Every problem there is; the name with dashes is the last part of `type`.
enum ProblemType {
    MALFORMED(400, ErrorCode.PROTOCOL, "The request is malformed."),
    NOT_SIGNED_IN(401, ErrorCode.NOT_AUTHORISED, "A valid session is needed."),
    SIGN_IN_REFUSED(401, ErrorCode.NOT_AUTHORISED, "The sign-in was not accepted."),
    NOT_ALLOWED(403, ErrorCode.NOT_AUTHORISED, "This device may not do that."),
    GRANT_REFUSED(403, ErrorCode.NOT_AUTHORISED, "The grant does not cover this request."),
    GRANT_EXPIRED(403, ErrorCode.UNAVAILABLE, "The grant has expired; ask for a new one."),
    NOT_FOUND(404, ErrorCode.PROTOCOL, "There is nothing here for this device."),
    METHOD_NOT_ALLOWED(405, ErrorCode.PROTOCOL, "The path has no such method."),
    TOO_SLOW(408, ErrorCode.UNAVAILABLE, "The request came too slowly."),
    NOT_SO(409, ErrorCode.PROTOCOL, "That cannot be done as things stand; nothing was changed."),
    ALREADY_WRITTEN(409, ErrorCode.ENROLMENT, "The slot was written before."),
    LENGTH_NEEDED(411, ErrorCode.PROTOCOL, "The request must say its length."),
    TOO_LARGE(413, ErrorCode.LIMIT, "The request is larger than the limit."),
    WRONG_MEDIA_TYPE(415, ErrorCode.PROTOCOL, "The body has another media type than this path takes."),
    RANGE_NOT_SATISFIABLE(416, ErrorCode.PROTOCOL, "The range does not lie inside the object."),
    INVALID_CHAIN(422, ErrorCode.CHAIN, "The entry does not follow from the log."),
    INVALID_RIGHT(422, ErrorCode.NOT_AUTHORISED, "The entry's author has no right to it."),
    UNKNOWN_SUITE(422, ErrorCode.DOWNGRADE, "The entry asks for an unknown suite."),
    PACKS_MISSING(422, ErrorCode.PROTOCOL, "Packs that the entry adds are not stored."),
    WRONG_CONTENT(422, ErrorCode.INTEGRITY, "The bytes are not those that were granted."),
    NO_PROVIDER(422, ErrorCode.RESIDENCY, "No provider serves the vault's region."),
    PACK_CONFLICT(422, ErrorCode.PROTOCOL, "The pack is held with another size."),
    TOO_MANY(422, ErrorCode.LIMIT, "The account has as many of these as it may."),
    TOO_MANY_REQUESTS(429, ErrorCode.UNAVAILABLE, "Too many requests; wait a little."),
    INTERNAL(500, ErrorCode.UNAVAILABLE, "The service failed; nothing was acknowledged."),
    STORED_BYTES_DAMAGED(502, ErrorCode.INTEGRITY, "The stored bytes are damaged."),
    UNAVAILABLE(503, ErrorCode.UNAVAILABLE, "The service cannot do that now; try again."),
    QUOTA(507, ErrorCode.QUOTA, "The account has no more room."),
    DISK_FULL(507, ErrorCode.LOCAL, "The service's disk is full; nothing of this request was kept.");

    private final int status;
    private final ErrorCode code;
    private final String title;

    ProblemType(int status, ErrorCode code, String title) {
        this.status = status;
        this.code = code;
        this.title = title;
    }

    int status() {
        return status;
    }

    ErrorCode code() {
        return code;
    }

    String title() {
        return title;
    }

    String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
