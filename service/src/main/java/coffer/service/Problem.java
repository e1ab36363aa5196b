package coffer.service;

import coffer.core.api.HeadInfo;
import coffer.core.api.ProblemInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request that ends in a problem (RFC 9457). What it says is constant, apart from a head and pack ids.
final class Problem extends Exception {

    private final ProblemType type;
    private final String detail;
    private final @Nullable HeadInfo head;
    private final @Nullable List<String> packs;
    private final @Nullable Duration retryAfter;

    private Problem(
            ProblemType type,
            String detail,
            @Nullable HeadInfo head,
            @Nullable List<String> packs,
            @Nullable Duration retryAfter) {
        // No stack trace: hostile requests make these, and they say nothing about a fault of ours.
        super(detail, null, false, false);
        this.type = type;
        this.detail = detail;
        this.head = head;
        this.packs = packs;
        this.retryAfter = retryAfter;
    }

    static Problem of(ProblemType type) {
        return new Problem(type, type.title(), null, null, null);
    }

    /// @param detail a constant sentence
    static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, null, null, null);
    }

    static Problem withPacks(ProblemType type, List<String> packs) {
        return new Problem(type, type.title(), null, packs, null);
    }

    static Problem later(ProblemType type, Duration retryAfter) {
        return new Problem(type, type.title(), null, null, retryAfter);
    }

    /// What the storage engine's failure means for a request.
    static Problem of(StorageException e) {
        return switch (e.reason()) {
            case FULL -> of(ProblemType.DISK_FULL);
            case BUSY, FAILED -> later(ProblemType.UNAVAILABLE, Duration.ofSeconds(1));
        };
    }

    ProblemType type() {
        return type;
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    ProblemInfo info() {
        return new ProblemInfo(
                "urn:coffer:problem:" + type.slug(), type.title(), type.status(), type.code().name(), detail, head, packs);
    }
}
