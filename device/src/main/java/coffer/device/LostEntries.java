package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.log.PackRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives a service that went back the entries that it lost, exactly as their authors signed them.
///
/// It learns nothing that it did not have, and nobody else can make another history of the place meanwhile: that is why this does not wait for a
/// person (docs/decisions/0006). That it went back stays an alarm all the same.
final class LostEntries {

    private static final Logger LOG = LoggerFactory.getLogger(LostEntries.class);
    private static final int PACKS_PER_REQUEST = 100;

    private LostEntries() {}

    /// Sends what comes after `served`, which is an entry of the log as this device knows it.
    ///
    /// @return whether all of it was taken
    static boolean giveBack(ServiceApi service, LogStore store, LogId log, Head served, Head known) {
        try {
            for (long sequence = served.sequence() + 1; sequence <= known.sequence(); sequence++) {
                Optional<Entry> entry = store.entry(log, sequence);
                if (entry.isEmpty() || !entry.get().hasBody() || !giveBack(service, log, entry.get())) {
                    return false;
                }
            }
            return true;
        } catch (CofferException e) {
            LOG.info("giving back stopped code={} reason={}", e.code(), e.reason());
            return false;
        }
    }

    private static boolean giveBack(ServiceApi service, LogId log, Entry entry) throws CofferException {
        reserve(service, log, entry.header().added());
        return switch (service.append(log, entry)) {
            case ServiceApi.Appended.Accepted _ -> true;
            // Another device gives back too, and is ahead.
            case ServiceApi.Appended.Conflict conflict -> conflict.head().sequence() >= entry.header().sequence();
        };
    }

    /// A service that lost the entry lost its note of the packs as well; their objects lie with the providers all the same.
    private static void reserve(ServiceApi service, LogId log, List<PackRef> packs) throws CofferException {
        for (int at = 0; at < packs.size(); at += PACKS_PER_REQUEST) {
            List<PackRef> some = packs.subList(at, Math.min(packs.size(), at + PACKS_PER_REQUEST));
            Set<PackId> stored = service.stored(log, some);
            List<PackRef> missing = some.stream().filter(pack -> !stored.contains(pack.id())).toList();
            if (!missing.isEmpty() && service.uploads(log, missing, Set.of()).isEmpty()) {
                throw new CofferException(ErrorCode.UNAVAILABLE, "the service takes no packs back");
            }
        }
    }
}
