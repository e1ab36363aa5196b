package coffer.service;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.DeviceRecord;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.log.AccountHistory;
import coffer.core.log.AccountState;
import coffer.core.log.DeviceState;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.log.VaultState;
import coffer.service.LogStorage.KeptState;
import coffer.service.LogStorage.LogInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The verified states of the logs used last, rebuilt from stored entries when they are not there.
///
/// A slot's lock serialises appends to one log here; correctness does not hang on it, because storage appends
/// conditionally. Order of locks: a vault's slot, then an account's; never two of the same sort.
final class LogStates {

    private static final int PAGE_COUNT = 256;
    private static final long PAGE_BYTES = 1 << 20;
    /// How many entries of a vault are verified again at most after a restart.
    private static final long KEEP_EVERY = 128;

    /// An account's log in memory.
    final class Account {
        private final LogId id;
        private final ReentrantLock lock = new ReentrantLock();
        /// Guarded by `lock`.
        private @Nullable AccountHistory history;

        private volatile @Nullable AccountState latest;

        Account(LogId id) {
            this.id = id;
        }

        ReentrantLock lock() {
            return lock;
        }

        /// The states so far; empty if there is no such account. The caller holds the lock.
        Optional<AccountHistory> history() throws StorageException {
            if (history == null) {
                history = rebuildAccount(id);
                latest = history == null ? null : history.latest();
            }
            return Optional.ofNullable(history);
        }

        /// Takes over what was appended. The caller holds the lock.
        void advance(AccountHistory next) {
            history = next;
            latest = next.latest();
            // This slot may have been pushed out meanwhile; one that knows less must not answer in its place.
            synchronized (accounts) {
                accounts.put(id, this);
            }
        }

        /// Forgets everything, since storage knows better. The caller holds the lock.
        void forget() {
            history = null;
            latest = null;
        }

        private Optional<AccountState> latest() throws StorageException {
            AccountState known = latest;
            if (known != null) {
                return Optional.of(known);
            }
            lock.lock();
            try {
                return history().map(AccountHistory::latest);
            } finally {
                lock.unlock();
            }
        }
    }

    /// A vault's log in memory.
    final class Vault {
        private final LogId id;
        private final ReentrantLock lock = new ReentrantLock();
        private volatile @Nullable VaultState state;
        /// Guarded by `lock`: up to which sequence the state is kept in storage.
        private long keptAt;

        Vault(LogId id) {
            this.id = id;
        }

        ReentrantLock lock() {
            return lock;
        }

        /// The state; empty if there is no such vault. The caller holds the lock.
        Optional<VaultState> state() throws StorageException, CofferException {
            if (state == null) {
                state = rebuildVault(this);
            }
            return Optional.ofNullable(state);
        }

        void advance(VaultState next) {
            state = next;
            synchronized (vaults) {
                vaults.put(id, this);
            }
            if (next.head().sequence() - keptAt >= KEEP_EVERY) {
                keptAt = next.head().sequence();
                keep(next);
            }
        }

        void forget() {
            state = null;
        }
    }

    private final LogStorage storage;
    private final Metrics metrics;
    private final Map<LogId, Account> accounts;
    private final Map<LogId, Vault> vaults;

    LogStates(LogStorage storage, int countMax, Metrics metrics) {
        this.storage = storage;
        this.metrics = metrics;
        this.accounts = new Recent<>(countMax);
        this.vaults = new Recent<>(countMax);
    }

    Account account(LogId id) {
        synchronized (accounts) {
            return accounts.computeIfAbsent(id, Account::new);
        }
    }

    Vault vault(LogId id) {
        synchronized (vaults) {
            return vaults.computeIfAbsent(id, Vault::new);
        }
    }

    /// The account as it stands.
    Optional<AccountState> latestAccount(LogId id) throws StorageException {
        Optional<AccountState> state = account(id).latest();
        if (state.isEmpty()) {
            // Ids that are not there must not push out those that are.
            synchronized (accounts) {
                accounts.remove(id);
            }
        }
        return state;
    }

    /// The vault as it stands.
    Optional<VaultState> latestVault(LogId id) throws StorageException, CofferException {
        Vault vault = vault(id);
        VaultState known = vault.state;
        if (known != null) {
            return Optional.of(known);
        }
        vault.lock.lock();
        try {
            Optional<VaultState> state = vault.state();
            if (state.isEmpty()) {
                synchronized (vaults) {
                    vaults.remove(id);
                }
            }
            return state;
        } finally {
            vault.lock.unlock();
        }
    }

    /// An account at a head, for judging a vault's entry.
    AccountState resolve(LogId id, Head head) throws CofferException {
        Account account = account(id);
        account.lock.lock();
        try {
            return account.history()
                    .flatMap(history -> history.at(head))
                    .orElseThrow(() -> new CofferException(ErrorCode.CHAIN, "no such head in the account's log"));
        } catch (StorageException e) {
            throw new CofferException(ErrorCode.UNAVAILABLE, "the account's log cannot be read now", e);
        } finally {
            account.lock.unlock();
        }
    }

    /// A device that may sign in: active now, or the account's recovery key.
    Optional<DeviceRecord> signer(LogId account, DeviceId device) throws StorageException {
        Optional<AccountState> state = latestAccount(account);
        if (state.isEmpty()) {
            return Optional.empty();
        }
        return state.get().recovery().id().equals(device)
                ? Optional.of(state.get().recovery())
                : state.get().activeDevice(device).map(DeviceState::record);
    }

    private @Nullable AccountHistory rebuildAccount(LogId id) throws StorageException {
        if (storage.find(id).filter(info -> !info.vault()).isEmpty()) {
            return null;
        }
        metrics.count("coffer_state_rebuilds_total");
        AccountHistory history = null;
        long next = 0;
        List<StoredEntry> page = page(id, next);
        try {
            while (!page.isEmpty()) {
                for (StoredEntry stored : page) {
                    Entry entry = Entry.decode(stored.join());
                    if (history == null) {
                        history = new AccountHistory(entry);
                    } else {
                        history.append(entry);
                    }
                    next++;
                }
                page = page(id, next);
            }
        } catch (CborException | CofferException e) {
            throw damaged(e);
        }
        return history;
    }

    private @Nullable VaultState rebuildVault(Vault vault) throws StorageException, CofferException {
        Optional<LogInfo> info = storage.find(vault.id).filter(LogInfo::vault);
        if (info.isEmpty()) {
            return null;
        }
        metrics.count("coffer_state_rebuilds_total");
        VaultState state = keptState(vault.id);
        vault.keptAt = state == null ? 0 : state.head().sequence();
        long next = state == null ? 0 : state.head().sequence() + 1;
        List<StoredEntry> page = page(vault.id, next);
        try {
            while (!page.isEmpty()) {
                for (StoredEntry stored : page) {
                    Entry entry = Entry.decodePerhapsWithoutBody(stored.join());
                    state = state == null ? VaultState.begin(entry, this::resolve) : state.apply(entry, this::resolve);
                    next++;
                }
                page = page(vault.id, next);
            }
        } catch (CborException e) {
            throw damaged(e);
        }
        return state;
    }

    private @Nullable VaultState keptState(LogId id) throws StorageException {
        Optional<KeptState> kept = storage.keptState(id);
        if (kept.isEmpty()) {
            return null;
        }
        try {
            VaultState state = VaultState.restore(kept.get().state().toArray());
            return state.head().equals(kept.get().head()) ? state : null;
        } catch (CborException e) {
            // Kept by another version: the entries say it all.
            return null;
        }
    }

    private void keep(VaultState state) {
        Thread.startVirtualThread(() -> {
            try {
                storage.keepState(state.id(), new KeptState(state.head(), Bytes.of(state.encode())));
            } catch (StorageException e) {
                metrics.count("coffer_state_keep_failures_total");
            }
        });
    }

    private List<StoredEntry> page(LogId id, long from) throws StorageException {
        return storage.page(id, from, PAGE_COUNT, PAGE_BYTES, false);
    }

    private static StorageException damaged(Exception e) {
        return new StorageException(StorageException.Reason.FAILED, "a stored entry does not verify", e);
    }

    /// The entries used last.
    private static final class Recent<V> extends LinkedHashMap<LogId, V> {
        private final int countMax;

        Recent(int countMax) {
            super(16, 0.75f, true);
            this.countMax = countMax;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<LogId, V> eldest) {
            return size() > countMax;
        }
    }
}
