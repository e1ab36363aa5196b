package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.log.AccountState;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import java.util.List;
import java.util.Map;

/// The rule that a device never goes back: whatever shows that the service serves an older or another history than
/// this device has verified freezes that log for writing, durably. A fork does so until a person acts; an older log until the service serves
/// again what this device knows, and what has happened is said until a person has seen it.
final class LogFreeze {

    private LogFreeze() {}

    /// Compares the head that the service serves with the one this device knows, and gives it back what it has lost.
    ///
    /// @return what the service serves now
    static Head check(ServiceApi service, LogStore store, LogId log, Head known, AccountState account) throws CofferException {
        Head served = service.head(log);
        if (served.sequence() <= known.sequence() && !isOurs(store, log, served)) {
            throw another(service, store, log, known, served, account);
        }
        if (served.sequence() < known.sequence()) {
            store.freeze(log, ErrorCode.ROLLBACK);
            boolean whole = LostEntries.giveBack(service, store, log, served, known);
            served = whole ? service.head(log) : served;
        }
        if (served.sequence() < known.sequence()) {
            throw freeze(store, log, ErrorCode.ROLLBACK, "the service serves an older log than this device has seen", known);
        }
        if (served.equals(known)) {
            store.thaw(log);
        }
        return served;
    }

    /// Another entry than the one known at a place is a fork if it was signed, which nobody can deny. What anybody can make up freezes nothing, or
    /// one flipped bit would.
    private static CofferException another(
            ServiceApi service, LogStore store, LogId log, Head known, Head served, AccountState account)
            throws CofferException {
        List<Entry> page = service.entries(log, served.sequence(), false);
        boolean signed = !page.isEmpty() && page.getFirst().id().equals(served.id()) && account.hasSigned(page.getFirst());
        return signed
                ? freeze(store, log, ErrorCode.FORK, "the service serves another entry than this device has seen", known)
                : new CofferException(ErrorCode.CHAIN, "the service names a head that it cannot show");
    }

    private static boolean isOurs(LogStore store, LogId log, Head served) throws CofferException {
        return store.entry(log, served.sequence())
                .filter(entry -> entry.id().equals(served.id()))
                .isPresent();
    }

    /// An entry at the next place that follows another entry than the known head is another history.
    static void checkFollows(LogStore store, LogId log, Head known, Entry next, AccountState account)
            throws CofferException {
        boolean nextInPlace =
                log.equals(next.header().log()) && next.header().sequence() == known.sequence() + 1;
        if (nextInPlace && !known.id().equals(next.header().previous())) {
            if (!account.hasSigned(next)) {
                throw new CofferException(ErrorCode.CHAIN, "the service serves an entry that nobody signed");
            }
            throw freeze(store, log, ErrorCode.FORK, "the service serves a log that does not go through this device's head",
                    known);
        }
        if (nextInPlace) {
            store.thaw(log);
        }
    }

    static void requireThawed(LogStore store, LogId log) throws CofferException {
        ErrorCode frozen = store.frozen(log);
        if (frozen != null) {
            throw new CofferException(frozen, "writing has stopped since the service served another history");
        }
    }

    private static CofferException freeze(LogStore store, LogId log, ErrorCode code, String message, Head known)
            throws CofferException {
        store.freeze(log, code);
        return new CofferException(
                code, message, Map.of("log", log.hex(), "sequence", Long.toString(known.sequence())));
    }
}
