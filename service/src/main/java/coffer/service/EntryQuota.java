package coffer.service;

import coffer.core.LogId;
import coffer.core.log.Entry;
import coffer.core.log.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/// Refuses entries of an account whose quota is used up, apart from those that free room or take rights away.
///
/// What an account uses is asked for every few seconds and estimated in between, so that an append costs no sum; some
/// headroom above the quota, which packs cannot use, lets a full account still release what it has.
final class EntryQuota {

    private static final long HEADROOM = 64L << 20;
    private static final long ASK_EVERY_NANOS = 5_000_000_000L;
    private static final int ACCOUNTS_MAX = 10_000;
    private static final Set<Kind> ALWAYS =
            Set.of(Kind.DEVICE_REMOVED, Kind.RECOVERED, Kind.GENERATION, Kind.EPOCH, Kind.ACCOUNT_GENESIS);

    private static final class Usage {
        private long bytes;
        private long askedAt;
    }

    private final LogStorage storage;
    private final long quotaBytes;
    private final LongSupplier nanos;
    /// The accounts used last; guarded by itself.
    private final Map<LogId, Usage> usages = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<LogId, Usage> eldest) {
            return size() > ACCOUNTS_MAX;
        }
    };

    /// @param nanos a clock that never goes back
    EntryQuota(LogStorage storage, long quotaBytes, LongSupplier nanos) {
        this.storage = storage;
        this.quotaBytes = quotaBytes;
        this.nanos = nanos;
    }

    void require(LogId owner, Entry entry, long size) throws Problem, StorageException {
        if (ALWAYS.contains(entry.header().kind()) || !entry.header().released().isEmpty()) {
            return;
        }
        if (add(owner, size) > quotaBytes + HEADROOM) {
            throw Problem.of(ProblemType.QUOTA);
        }
    }

    private long add(LogId owner, long size) throws StorageException {
        long now = nanos.getAsLong();
        synchronized (usages) {
            Usage known = usages.get(owner);
            if (known != null && now - known.askedAt < ASK_EVERY_NANOS) {
                known.bytes += size;
                return known.bytes;
            }
        }
        long bytes = storage.usage(owner) + size;
        synchronized (usages) {
            Usage fresh = usages.computeIfAbsent(owner, absent -> new Usage());
            fresh.bytes = bytes;
            fresh.askedAt = now;
        }
        return bytes;
    }
}
