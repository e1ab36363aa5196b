package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.log.AccountState;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import java.util.List;

/// Keeps this account's log on the device the same as at the service, and appends to it.
///
/// Not safe for use by several threads; [Vault] and [LocalDevice] hold the device's log lock around every call.
final class AccountSync {

    private static final int TRIES_MAX = 20;

    private final LogId id;
    private final AccountLog log;
    private final ServiceApi service;
    private final ReplicaDb db;
    private final LogStore store;

    /// Reads what the device has of the log, verifying it again.
    AccountSync(LogId id, AccountLog log, ServiceApi service, ReplicaDb db) throws CofferException {
        this.id = id;
        this.log = log;
        this.service = service;
        this.db = db;
        this.store = new LogStore(db);
        store.forEach(id, log.isEmpty() ? 0 : log.state().head().sequence() + 1, log::append);
    }

    AccountLog log() {
        return log;
    }

    AccountState state() {
        return log.state();
    }

    /// Fetches, verifies and keeps what is new; returns the number of entries.
    ///
    /// @throws CofferException ROLLBACK or FORK, after freezing the log
    long refresh() throws CofferException {
        if (!log.isEmpty()) {
            Head served = LogFreeze.check(service, store, id, log.state().head(), log.state());
            if (served.equals(log.state().head())) {
                return 0;
            }
        }
        long applied = 0;
        while (true) {
            long next = log.isEmpty() ? 0 : log.state().head().sequence() + 1;
            List<Entry> page = service.entries(id, next, true);
            if (page.isEmpty()) {
                requireSomething();
                return applied;
            }
            for (Entry entry : page) {
                if (!log.isEmpty()) {
                    LogFreeze.checkFollows(store, id, log.state().head(), entry, log.state());
                }
                keep(entry);
                applied++;
            }
        }
    }

    /// A log has its genesis: one that is shown empty is not shown.
    private void requireSomething() throws CofferException {
        if (log.isEmpty()) {
            throw new CofferException(ErrorCode.CHAIN, "the service shows nothing of the account's log");
        }
    }

    /// Makes an entry from the newest state.
    @FunctionalInterface
    interface Maker {
        /// @return the entry; null when there is nothing left to do
        @org.jspecify.annotations.Nullable
        Entry make(AccountLog newest) throws CofferException;
    }

    /// Appends what `maker` makes of the newest state, again after each lost race.
    void append(Maker maker) throws CofferException {
        for (int tries = 1; tries <= TRIES_MAX; tries++) {
            refresh();
            LogFreeze.requireThawed(store, id);
            Entry entry = maker.make(log);
            if (entry == null) {
                return;
            }
            if (offer(entry)) {
                return;
            }
            Pause.beforeTry(tries + 1);
        }
        throw new CofferException(ErrorCode.UNAVAILABLE, "other devices kept writing first");
    }

    private boolean offer(Entry entry) throws CofferException {
        ServiceApi.Appended outcome;
        try {
            outcome = service.append(id, entry);
        } catch (CofferException e) {
            if (e.code() != ErrorCode.UNAVAILABLE) {
                throw e;
            }
            // The answer was lost; whether the entry was stored is seen in the log itself.
            refresh();
            return log.state().head().sequence() >= entry.header().sequence()
                    && log.entry(entry.header().sequence()).id().equals(entry.id());
        }
        if (outcome instanceof ServiceApi.Appended.Accepted) {
            keep(entry);
            return true;
        }
        return false;
    }

    /// Verifies, then keeps durably.
    void keep(Entry entry) throws CofferException {
        requireOwn(entry);
        log.append(entry);
        db.write(tx -> {
            store.append(tx, id, "account", entry, null);
            return null;
        });
    }

    /// Before anything of it is believed: the genesis is the one that the account's id is the hash of.
    private void requireOwn(Entry entry) throws CofferException {
        if (log.isEmpty() && !entry.id().value().equals(id.value())) {
            throw new CofferException(
                    ErrorCode.CHAIN,
                    "the service answers with another account's log",
                    java.util.Map.of("entry", entry.id().hex()));
        }
    }
}
