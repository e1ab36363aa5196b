package coffer.service;

import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.log.AccountHistory;
import coffer.core.log.AccountState;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.EntryHeader;
import coffer.core.log.Head;
import coffer.core.log.Kind;
import coffer.core.log.Member;
import coffer.core.log.UnknownSuiteException;
import coffer.core.log.VaultState;
import coffer.service.LogStorage.HeldPack;
import coffer.service.LogStorage.LogInfo;
import coffer.service.LogStorage.NewEntry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Appends entries after verifying them, says who may read which log, and tells listeners.
///
/// Verification happens on the request's own thread, off the writer's, so that signatures of many logs are checked on all
/// cores while one transaction is being forced.
final class LogService {

    private final LogStorage storage;
    private final LogStates states;
    private final PackService packs;
    private final EventHub events;
    private final Metrics metrics;
    private final Clock clock;
    private final int vaultsMax;
    private final EntryQuota quota;
    private final Runnable accountGrown;
    private final Runnable vaultMoved;

    /// @param accountGrown told after each entry of an account's log
    /// @param vaultMoved   told after an entry that chose another region for a vault
    LogService(
            LogStorage storage,
            LogStates states,
            PackService packs,
            EventHub events,
            Metrics metrics,
            Clock clock,
            int vaultsMax,
            EntryQuota quota,
            Runnable accountGrown,
            Runnable vaultMoved) {
        this.storage = storage;
        this.states = states;
        this.packs = packs;
        this.events = events;
        this.metrics = metrics;
        this.clock = clock;
        this.vaultsMax = vaultsMax;
        this.quota = quota;
        this.accountGrown = accountGrown;
        this.vaultMoved = vaultMoved;
    }

    /// What became of an append.
    sealed interface Outcome {
        record Appended() implements Outcome {}

        /// The log has another head.
        record Conflict(Head head) implements Outcome {}
    }

    /// Whether a decoded entry begins an account, which nobody needs to sign in for.
    static boolean beginsAccount(Entry entry) {
        return entry.header().kind() == Kind.ACCOUNT_GENESIS;
    }

    /// Decodes an entry sent for a place in a log.
    static Entry decode(LogId log, long sequence, byte[] encoded) throws Problem {
        Entry entry;
        try {
            entry = Entry.decode(encoded);
        } catch (UnknownSuiteException e) {
            throw Problem.of(ProblemType.UNKNOWN_SUITE);
        } catch (CborException e) {
            throw Problem.of(ProblemType.MALFORMED, "The body is not the canonical form of an entry.");
        }
        EntryHeader header = entry.header();
        LogId named = header.log() == null ? new LogId(entry.id().value()) : header.log();
        if (header.sequence() != sequence || !named.equals(log)) {
            throw Problem.of(ProblemType.MALFORMED, "The entry belongs to another place than the path names.");
        }
        return entry;
    }

    /// Verifies and appends.
    ///
    /// @param caller  who sends it; empty for the genesis of an account. Need not be the author: any device that may read
    ///                the log may bring back what an operator lost
    /// @param encoded what `entry` was decoded from
    Outcome append(Optional<Caller> caller, LogId log, Entry entry, byte[] encoded) throws Problem {
        try {
            return entry.header().kind().isOfVault()
                    ? appendToVault(caller.orElseThrow(), log, entry, encoded)
                    : appendToAccount(caller, log, entry, encoded);
        } catch (StorageException e) {
            throw Problem.of(e);
        } catch (CofferException e) {
            metrics.count("coffer_entries_refused_total");
            throw problem(e);
        }
    }

    private static Problem problem(CofferException e) {
        // The message is a constant of core, fit for answers.
        String reason = Objects.requireNonNullElse(e.getMessage(), "");
        return switch (e.code()) {
            case CHAIN -> Problem.of(ProblemType.INVALID_CHAIN, reason);
            case NOT_AUTHORISED -> Problem.of(ProblemType.INVALID_RIGHT, reason);
            case DOWNGRADE -> Problem.of(ProblemType.UNKNOWN_SUITE);
            case UNAVAILABLE -> Problem.of(ProblemType.UNAVAILABLE);
            case INTEGRITY, ROLLBACK, FORK, KEY_CHANGED, ENROLMENT, RESIDENCY, UNSAFE_NAME, LIMIT, PROTOCOL, QUOTA,
                    LOCAL -> Problem.of(ProblemType.INVALID_CHAIN, reason);
        };
    }

    private Outcome appendToAccount(Optional<Caller> caller, LogId log, Entry entry, byte[] encoded)
            throws Problem, StorageException, CofferException {
        if (caller.isPresent() && !caller.get().account().equals(log)) {
            throw Problem.of(ProblemType.NOT_FOUND);
        }
        LogStates.Account account = states.account(log);
        account.lock().lock();
        try {
            Optional<AccountHistory> known = account.history();
            if (known.isEmpty()) {
                if (!beginsAccount(entry)) {
                    throw Problem.of(ProblemType.NOT_FOUND);
                }
                AccountHistory history = new AccountHistory(entry);
                return finish(account, history, store(log, log, entry, encoded, List.of(), Optional.empty()), entry);
            }
            AccountHistory history = known.get();
            Optional<Outcome> early = early(history.latest().head(), entry);
            if (early.isPresent()) {
                return early.get();
            }
            quota.require(log, entry, encoded.length);
            // Changes the history in memory before storage does; so unless storage follows it is forgotten.
            history.append(entry);
            boolean stored = false;
            try {
                Outcome outcome = finish(
                        account, history, store(log, log, entry, encoded, List.of(), Optional.empty()), entry);
                stored = true;
                return outcome;
            } finally {
                if (!stored) {
                    account.forget();
                }
            }
        } finally {
            account.lock().unlock();
        }
    }

    private Outcome finish(
            LogStates.Account account, AccountHistory history, LogStorage.AppendResult result, Entry entry)
            throws Problem {
        if (!(result instanceof LogStorage.AppendResult.Appended)) {
            account.forget();
            return refused(result, entry);
        }
        account.advance(history);
        accountGrown.run();
        AccountState state = history.latest();
        appended(state.id(), entry, List.of(state.id()));
        events.endUnless(
                state.id(),
                device -> state.activeDevice(device).isPresent() || state.recovery().id().equals(device));
        return new Outcome.Appended();
    }

    private Outcome appendToVault(Caller caller, LogId log, Entry entry, byte[] encoded)
            throws Problem, StorageException, CofferException {
        LogStates.Vault vault = states.vault(log);
        vault.lock().lock();
        try {
            Optional<VaultState> known = vault.state();
            if (known.isEmpty()) {
                return beginVault(vault, caller, log, entry, encoded);
            }
            if (known.get().epoch().member(caller.account()).isEmpty()) {
                throw Problem.of(ProblemType.NOT_FOUND);
            }
            Optional<Outcome> early = early(known.get().head(), entry);
            if (early.isPresent()) {
                return early.get();
            }
            quota.require(known.get().owner(), entry, encoded.length);
            VaultState next = known.get().apply(entry, states::resolve);
            List<HeldPack> added = packs.requireStored(log, entry.header().added());
            Optional<List<LogId>> members = entry.header().control() instanceof Control.EpochStarted
                    ? Optional.of(members(next))
                    : Optional.empty();
            return finish(vault, next, store(log, next.owner(), entry, encoded, added, members), entry, known.get());
        } finally {
            vault.lock().unlock();
        }
    }

    private Outcome beginVault(LogStates.Vault vault, Caller caller, LogId log, Entry entry, byte[] encoded)
            throws Problem, StorageException, CofferException {
        if (entry.header().kind() != Kind.VAULT_GENESIS) {
            throw Problem.of(ProblemType.NOT_FOUND);
        }
        quota.require(caller.account(), entry, encoded.length);
        VaultState state = VaultState.begin(entry, states::resolve);
        if (!state.owner().equals(caller.account())) {
            throw Problem.of(ProblemType.INVALID_RIGHT, "A vault is begun by its owner.");
        }
        if (storage.vaultsOwned(caller.account()) >= vaultsMax) {
            throw Problem.of(ProblemType.TOO_MANY);
        }
        return finish(
                vault,
                state,
                store(log, state.owner(), entry, encoded, List.of(), Optional.of(members(state))),
                entry,
                state);
    }

    private Outcome finish(
            LogStates.Vault vault, VaultState next, LogStorage.AppendResult result, Entry entry, VaultState before)
            throws Problem {
        if (!(result instanceof LogStorage.AppendResult.Appended)) {
            vault.forget();
            return refused(result, entry);
        }
        vault.advance(next);
        Set<LogId> listeners = new HashSet<>(members(next));
        listeners.addAll(members(before));
        appended(next.id(), entry, listeners);
        if (!next.region().equals(before.region())) {
            vaultMoved.run();
        }
        return new Outcome.Appended();
    }

    private static List<LogId> members(VaultState state) {
        return state.epoch().members().stream().map(Member::account).toList();
    }

    /// Answers that need no signature check: the very same entry again, or another sequence than the next.
    private static Optional<Outcome> early(Head head, Entry entry) {
        if (head.equals(entry.head())) {
            return Optional.of(new Outcome.Appended());
        }
        return entry.header().sequence() == head.sequence() + 1
                ? Optional.empty()
                : Optional.of(new Outcome.Conflict(head));
    }

    private LogStorage.AppendResult store(
            LogId log,
            LogId owner,
            Entry entry,
            byte[] encoded,
            List<HeldPack> added,
            Optional<List<LogId>> members)
            throws StorageException {
        EntryHeader header = entry.header();
        Hash previous = header.previous();
        Optional<DeviceId> recovery = header.control() instanceof Control.AccountGenesis genesis
                ? Optional.of(genesis.recovery().id())
                : Optional.empty();
        return storage.append(new NewEntry(
                log,
                owner,
                header.kind().isOfVault(),
                previous == null ? Optional.empty() : Optional.of(new Head(header.sequence() - 1, previous)),
                entry.head(),
                StoredEntry.split(header.kind(), encoded),
                added,
                header.released(),
                recovery,
                members,
                clock.instant()));
    }

    private void appended(LogId log, Entry entry, Collection<LogId> accounts) {
        metrics.count("coffer_entries_appended_total");
        events.publish(log, entry.head(), accounts);
    }

    private static Outcome refused(LogStorage.AppendResult result, Entry entry) throws Problem {
        return switch (result) {
            case LogStorage.AppendResult.Appended _ -> throw new IllegalStateException("handled by the caller");
            case LogStorage.AppendResult.Stale stale -> {
                Head head = stale.actual().orElseThrow(() -> Problem.of(ProblemType.NOT_FOUND));
                yield head.equals(entry.head()) ? new Outcome.Appended() : new Outcome.Conflict(head);
            }
            case LogStorage.AppendResult.PacksMissing missing ->
                throw Problem.withPacks(
                        ProblemType.PACKS_MISSING,
                        missing.packs().stream().map(pack -> pack.hex()).toList());
            case LogStorage.AppendResult.Unknown _ -> throw Problem.of(ProblemType.UNAVAILABLE);
        };
    }

    /// The log, if the caller may read it; the same problem whether it is not there or not theirs.
    LogInfo requireReadable(Caller caller, LogId log) throws Problem {
        try {
            LogInfo info = storage.find(log).orElseThrow(() -> Problem.of(ProblemType.NOT_FOUND));
            boolean may = info.vault() ? isMember(caller, log) : log.equals(caller.account());
            if (!may) {
                throw Problem.of(ProblemType.NOT_FOUND);
            }
            return info;
        } catch (StorageException e) {
            throw Problem.of(e);
        }
    }

    /// The vault as it stands, if the caller's account is a member.
    VaultState requireVault(Caller caller, LogId vault) throws Problem {
        try {
            return states.latestVault(vault)
                    .filter(state -> state.epoch().member(caller.account()).isPresent())
                    .orElseThrow(() -> Problem.of(ProblemType.NOT_FOUND));
        } catch (StorageException e) {
            throw Problem.of(e);
        } catch (CofferException e) {
            throw Problem.of(ProblemType.UNAVAILABLE);
        }
    }

    private boolean isMember(Caller caller, LogId vault) throws StorageException {
        try {
            return states.latestVault(vault)
                    .filter(state -> state.epoch().member(caller.account()).isPresent())
                    .isPresent();
        } catch (CofferException e) {
            throw new StorageException(StorageException.Reason.FAILED, "a stored entry does not verify", e);
        }
    }

    /// The heads of every log the caller's account may read.
    List<HeadOf> heads(Caller caller) throws StorageException {
        List<HeadOf> heads = new ArrayList<>();
        List<LogId> logs = new ArrayList<>();
        logs.add(caller.account());
        logs.addAll(storage.vaultsOf(caller.account()));
        for (LogId log : logs) {
            storage.find(log).ifPresent(info -> heads.add(new HeadOf(log, info.head())));
        }
        return heads;
    }

    record HeadOf(LogId log, Head head) {}
}
