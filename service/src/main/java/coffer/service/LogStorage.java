package coffer.service;

import coffer.core.Bytes;
import coffer.core.DeviceId;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.log.Head;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Keeps logs and the packs that vaults hold (docs/spec/log-storage.md). Any engine that passes `LogStorageContract` will do.
///
/// The unit of atomicity is one log with its packs: no operation spans two logs' data, so that an engine may spread logs
/// over machines. The exceptions are hints or bounds: `vaultsOf`, `accountOf` and the sum that a quota is compared with.
///
/// Every method may be called from many threads and blocks. What a method acknowledged survives a crash and a loss of
/// power.
interface LogStorage extends AutoCloseable {

    /// Appends an entry if the log's head is the one the entry follows: of any number of contenders for one sequence
    /// exactly one is `Appended`.
    ///
    /// With the entry, or not at all, its packs change: each added pack must have a row of the vault with the number given
    /// and becomes live; each released pack that is live becomes released.
    AppendResult append(NewEntry entry) throws StorageException;

    /// Where the log stands; empty if there is none.
    Optional<LogInfo> find(LogId log) throws StorageException;

    /// Entries from sequence `from` on, in order, without gaps: at most `countMax`, and no more than fit `bytesMax`, but at
    /// least one if there is one.
    ///
    /// @param bodies whether to read the bodies of entries whose kind allows to leave them out
    List<StoredEntry> page(LogId log, long from, int countMax, long bytesMax, boolean bodies) throws StorageException;

    /// The vaults whose members, at their latest epoch, include the account, its own first, at most [#VAULTS_MAX]. May lag
    /// behind.
    List<LogId> vaultsOf(LogId account) throws StorageException;

    /// How many vaults the account has begun.
    int vaultsOwned(LogId account) throws StorageException;

    /// The account whose genesis named this device as its recovery key.
    Optional<LogId> accountOf(DeviceId recovery) throws StorageException;

    /// Keeps a verified state of the log, so that it need not be computed from the first entry again. May be lost.
    void keepState(LogId log, KeptState state) throws StorageException;

    /// The state kept last.
    Optional<KeptState> keptState(LogId log) throws StorageException;

    /// Notes that packs are about to be written for a vault, so that they count and nothing deletes them meanwhile. All or
    /// none. Packs the vault already holds keep their place; a released one gets a new grace period.
    ReserveResult reserve(LogId vault, List<Reservation> packs, long quotaBytes, Instant now) throws StorageException;

    /// What the vault holds of `packs`; those it does not hold, or that are being deleted, are left out.
    List<HeldPack> packs(LogId vault, Collection<PackId> packs) throws StorageException;

    /// Takes packs that were released or reserved before the given times out of use: first phase of deletion. Until
    /// [#forget] the same packs are given again, so that a crash between the phases leaves nothing behind.
    List<DoomedPack> doom(Instant releasedBefore, Instant reservedBefore, int countMax) throws StorageException;

    /// The pack's objects are gone: second phase of deletion.
    void forget(DoomedPack pack) throws StorageException;

    /// Bytes that count towards the account's quota: entries and packs of all its logs.
    long usage(LogId account) throws StorageException;

    /// How many logs there are.
    Totals totals() throws StorageException;

    @Override
    void close();

    /// So that nobody can make another's list endless by naming them a member.
    int VAULTS_MAX = 1_000;

    /// @param state the encoding of whoever kept it
    record KeptState(Head head, Bytes state) {}

    /// @param packBytes bytes of packs in every state
    record Totals(long accounts, long vaults, long entries, long packs, long packBytes) {}

    /// @param owner the account whose quota it counts to: of an account log itself
    record LogInfo(boolean vault, LogId owner, Head head) {}

    /// An entry to append, already verified.
    ///
    /// @param log        for a genesis, the id of the entry itself
    /// @param owner      used in a genesis only
    /// @param previous   the head it follows; empty for a genesis
    /// @param added      packs it adds, each with the number of its row
    /// @param released   packs it releases; one the vault does not hold is passed over
    /// @param recovery   in an account's genesis, its recovery key; otherwise empty
    /// @param members    the accounts that are members from now on; empty if the entry does not say
    record NewEntry(
            LogId log,
            LogId owner,
            boolean vault,
            Optional<Head> previous,
            Head head,
            StoredEntry entry,
            List<HeldPack> added,
            List<PackId> released,
            Optional<DeviceId> recovery,
            Optional<List<LogId>> members,
            Instant now) {
        public NewEntry {
            added = List.copyOf(added);
            released = List.copyOf(released);
            members = members.map(List::copyOf);
        }
    }

    /// What became of an append.
    sealed interface AppendResult {
        record Appended() implements AppendResult {}

        /// The log has another head, or is not there at all.
        record Stale(Optional<Head> actual) implements AppendResult {}

        /// Some added packs are not held with the number given.
        record PacksMissing(List<PackId> packs) implements AppendResult {
            public PacksMissing {
                packs = List.copyOf(packs);
            }
        }

        /// The engine cannot say whether the entry was appended: the caller reads the head to find out.
        record Unknown() implements AppendResult {}
    }

    /// @param providers ids of the providers that get a copy
    record Reservation(PackId pack, long size, List<String> providers) {
        public Reservation {
            providers = List.copyOf(providers);
        }
    }

    /// What became of a reservation.
    sealed interface ReserveResult {
        /// In the order asked for.
        record Reserved(List<HeldPack> packs) implements ReserveResult {
            public Reserved {
                packs = List.copyOf(packs);
            }
        }

        /// The account has no more room; nothing was reserved.
        record OverQuota() implements ReserveResult {}

        /// A pack is just being deleted, or is held with another size; nothing was reserved.
        record Refused(PackId pack, boolean mayRetry) implements ReserveResult {}

        /// There is no such vault.
        record NoVault() implements ReserveResult {}
    }

    /// @param number    names this holding, so that one that was deleted and made again is another
    /// @param providers that have a copy, or are to have one when it is reserved
    /// @param damaged   that had a copy which is not right any more
    record HeldPack(
            long number, PackId pack, long size, PackState state, List<String> providers, List<String> damaged) {
        public HeldPack {
            providers = List.copyOf(providers);
            damaged = List.copyOf(damaged);
        }
    }

    /// Numbers are part of the stored form.
    enum PackState {
        RESERVED(0),
        LIVE(1),
        RELEASED(2),
        DOOMED(3);

        private final int code;

        PackState(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static PackState of(int code) {
            for (PackState state : values()) {
                if (state.code == code) {
                    return state;
                }
            }
            throw new IllegalArgumentException("unknown pack state");
        }
    }

    /// @param providers whose object is to be deleted: those that no other vault relies on
    record DoomedPack(long number, PackId pack, List<String> providers) {
        public DoomedPack {
            providers = List.copyOf(providers);
        }
    }
}
