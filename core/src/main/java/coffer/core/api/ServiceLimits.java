package coffer.core.api;

/// The bounds this service applies to requests; the formats' own bounds are in [coffer.core.Limits].
public record ServiceLimits(
        long entryBytesMax,
        long packBytesMax,
        int pageEntriesMax,
        int packsPerRequestMax,
        int mailboxBytesMax,
        int mailboxWaitSecondsMax) {}
