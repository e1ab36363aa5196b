package coffer.device;

import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.tlog.Checkpoint;
import coffer.core.tlog.Frontier;
import coffer.core.tlog.NoteVerifier;
import coffer.core.tlog.Origins;
import coffer.core.tlog.ProviderDirectory;
import coffer.core.tlog.Statement;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps this device's own verified copy of the service's transparency log, and answers from it where packs may lie
/// (docs/spec/transparency.md, "Reading, on a device").
///
/// The first key is trusted and no other after it. What contradicts what was verified before stops uploads, durably.
final class LogWatch implements Places {

    /// An own log's entry of a sequence.
    @FunctionalInterface
    interface OwnEntries {
        Optional<Entry> at(long sequence) throws CofferException;
    }

    private final ServiceApi service;
    private final LogReader reader;
    private final LogWatchStore store;

    /// Of the kept entries; null until it is asked for.
    private volatile @Nullable ProviderDirectory directory;

    /// @param service to ask for the key, the first time
    LogWatch(ServiceApi service, LogTiles tiles, ReplicaDb db) {
        this.service = service;
        this.reader = new LogReader(tiles);
        this.store = new LogWatchStore(db);
    }

    /// Trusts this key, if none is trusted yet.
    void pin(String key) throws CofferException {
        try {
            store.pin(NoteVerifier.parse(key));
        } catch (CborException e) {
            throw new CofferException(ErrorCode.PROTOCOL, "The service names no key of its transparency log.", e);
        }
    }

    /// Reads on from what is kept and verifies it, then compares what other devices told. A log that is frozen stays as it is.
    synchronized void update() throws CofferException {
        LogWatchStore.Kept kept = pinned();
        if (kept.frozen() != null) {
            return;
        }
        try {
            Checkpoint checkpoint = reader.checkpoint(kept.key());
            LogReader.Entries news = reader.since(kept.frontier(), checkpoint);
            ProviderDirectory next = directory();
            for (byte[] entry : news.entries()) {
                next = LogReader.fold(next, LogReader.statement(entry));
            }
            store.append(kept.frontier().size(), news.entries(), news.frontier());
            directory = next;
            compareHeard(news.frontier());
        } catch (CofferException e) {
            freezeFor(e.code());
            throw e;
        }
    }

    /// Compares what other devices told since the last time, reading on if they know more or if it is time to.
    synchronized void follow(boolean due) throws CofferException {
        LogWatchStore.Kept kept = pinned();
        long size = kept.frontier().size();
        List<Head> heard = store.heard();
        if (due || heard.stream().anyMatch(head -> head.sequence() > size)) {
            update();
        } else if (!heard.isEmpty() && kept.frozen() == null) {
            try {
                compareHeard(kept.frontier());
            } catch (CofferException e) {
                freezeFor(e.code());
                throw e;
            }
        }
    }

    /// Other failures may be gone next time.
    private void freezeFor(ErrorCode code) throws CofferException {
        if (code == ErrorCode.ROLLBACK || code == ErrorCode.FORK || code == ErrorCode.KEY_CHANGED) {
            store.freeze(code);
        }
    }

    private LogWatchStore.Kept pinned() throws CofferException {
        Optional<LogWatchStore.Kept> kept = store.kept();
        if (kept.isPresent()) {
            return kept.get();
        }
        pin(service.info().log());
        return store.kept().orElseThrow();
    }

    private void compareHeard(Frontier frontier) throws CofferException {
        for (Head head : store.heard()) {
            if (head.sequence() > frontier.size()) {
                throw LogAlarm.of(ErrorCode.ROLLBACK);
            }
            boolean newest = head.sequence() == frontier.size();
            if (!(newest ? frontier.root() : store.rootAt(head.sequence())).equals(head.id())) {
                throw LogAlarm.of(ErrorCode.FORK);
            }
            store.compared(head);
        }
    }

    /// Requires that what the log says of the own account's log is what this device knows of it. Entries that the log does not
    /// have yet are looked for again next time.
    synchronized void compareOwnHeads(LogId account, OwnEntries entries) throws CofferException {
        LogWatchStore.Kept kept = pinned();
        long found = kept.ownHeads();
        while (true) {
            Optional<Entry> entry = entries.at(found);
            Optional<Statement.AccountHead> listed = store.accountHead(Statement.AccountHead.place(account, found));
            if (entry.isEmpty() || listed.isEmpty()) {
                break;
            }
            if (!listed.get().equals(Statement.AccountHead.of(account, entry.get().head()))) {
                store.freeze(ErrorCode.FORK);
                throw LogAlarm.of(ErrorCode.FORK);
            }
            found++;
        }
        if (found != kept.ownHeads()) {
            store.foundOwnHeads(found);
        }
    }

    /// What was wrong with the log, if anything.
    Optional<ErrorCode> frozen() throws CofferException {
        return store.kept().map(LogWatchStore.Kept::frozen);
    }

    /// The verified regions and providers.
    ProviderDirectory directory() throws CofferException {
        ProviderDirectory known = directory;
        if (known == null) {
            ProviderDirectory[] fold = {ProviderDirectory.EMPTY};
            store.forEach(false, (_, entry) -> fold[0] = LogReader.fold(fold[0], LogReader.statement(entry)));
            known = fold[0];
            directory = known;
        }
        return known;
    }

    /// The key that is trusted; empty before the first look.
    Optional<NoteVerifier> key() throws CofferException {
        return store.kept().map(LogWatchStore.Kept::key);
    }

    /// Visits every verified statement in order.
    void forEach(LogWatchStore.Visitor visitor) throws CofferException {
        store.forEach(true, visitor);
    }

    @Override
    public void require(Set<String> regions, URI address, Use use) throws CofferException {
        if (use == Use.SEND) {
            Optional<ErrorCode> frozen = frozen();
            if (frozen.isPresent()) {
                throw LogAlarm.of(frozen.get());
            }
        }
        if (!allows(regions, address, use)) {
            update();
            if (!allows(regions, address, use)) {
                throw new CofferException(
                        ErrorCode.RESIDENCY, "The service gave a place that its transparency log does not put in the vault's region.");
            }
        }
    }

    private boolean allows(Set<String> regions, URI address, Use use) throws CofferException {
        String origin = Origins.of(address);
        ProviderDirectory now = directory();
        return regions.stream().anyMatch(region -> switch (use) {
            case SEND -> now.takes(region, origin);
            case READ -> now.serves(region, origin);
        });
    }
}
