package coffer.device;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.Epoch;
import coffer.core.log.Member;
import coffer.seal.DedupKeys;
import coffer.seal.Label;
import coffer.seal.OpenException;
import coffer.seal.Secret;
import coffer.seal.VaultGenesisBody;
import coffer.seal.VaultKeys;
import coffer.seal.WrapContext;
import coffer.seal.Wrapping;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The keys of one vault: those of each epoch, found from the newest backwards, and those that never change.
///
/// Every secret is checked against the commitment in the signed log before it is used. Safe for all threads.
final class VaultKeyring implements AutoCloseable {

    private final LogId account;
    private final TreeMap<Long, Entry> starts = new TreeMap<>();
    private final Map<Long, VaultKeys> opened = new TreeMap<>();
    private @Nullable DedupKeys dedup;

    VaultKeyring(LogId account) {
        this.account = account;
    }

    /// Learns of an epoch from the verified entry that started it.
    synchronized void add(Entry entry) {
        starts.put(epochIn(entry).number(), entry);
    }

    /// The entries that started each epoch, by its number.
    synchronized Map<Long, Entry> starts() {
        return new TreeMap<>(starts);
    }

    /// Keys of an epoch; they belong to this object.
    ///
    /// @throws CofferException NOT_AUTHORISED if this account is no member; INTEGRITY if a wrap or a sealed previous
    ///     secret is not what the log commits to
    synchronized VaultKeys keys(long epoch, AccountLog accountLog) throws CofferException {
        VaultKeys present = opened.get(epoch);
        if (present != null) {
            return present;
        }
        long newest = starts.lastKey();
        if (!opened.containsKey(newest)) {
            try (Secret secret = unwrap(newest, accountLog)) {
                keep(newest, secret);
            }
        }
        for (long number = newest; number > epoch; number--) {
            openPrevious(number);
        }
        return Objects.requireNonNull(opened.get(epoch));
    }

    /// The keys that stay through all epochs, from the body of the vault's genesis.
    synchronized DedupKeys dedup(AccountLog accountLog) throws CofferException {
        if (dedup == null) {
            VaultKeys first = keys(1, accountLog);
            Entry genesis = Objects.requireNonNull(starts.get(1L));
            byte[] opened = first.openBody(genesis.header().sealContext(), genesis.body());
            try (VaultGenesisBody body = VaultGenesisBody.decode(opened)) {
                dedup = DedupKeys.of(body.dedupSecret());
            } catch (CborException e) {
                throw integrity();
            } finally {
                Arrays.fill(opened, (byte) 0);
            }
        }
        return dedup;
    }

    private Secret unwrap(long number, AccountLog accountLog) throws CofferException {
        Entry entry = Objects.requireNonNull(starts.get(number));
        Member member = epochIn(entry)
                .member(account)
                .orElseThrow(() -> new CofferException(
                        ErrorCode.NOT_AUTHORISED, "this account is no member of the vault now"));
        WrapContext context = new WrapContext(
                Label.WRAP_EPOCH,
                logBytes(entry),
                entry.header().sequence(),
                entry.header().author(),
                account.value(),
                member.generation(),
                number);
        try {
            return Wrapping.unwrapSecret(
                    accountLog.keysOf(member.generation()).wrapKeys(), context, member.wrapped().toArray());
        } catch (OpenException e) {
            throw integrity();
        }
    }

    private void openPrevious(long number) throws CofferException {
        if (opened.containsKey(number - 1)) {
            return;
        }
        Entry entry = Objects.requireNonNull(starts.get(number));
        LogId vault = Objects.requireNonNull(entry.header().log());
        try (Secret secret = Objects.requireNonNull(opened.get(number))
                .openPrevious(vault, epochIn(entry).previous().toArray())) {
            keep(number - 1, secret);
        } catch (OpenException e) {
            throw integrity();
        }
    }

    private void keep(long number, Secret secret) throws CofferException {
        if (!VaultKeys.commitment(secret, number)
                .equals(epochIn(Objects.requireNonNull(starts.get(number))).commitment())) {
            throw integrity();
        }
        opened.put(number, VaultKeys.of(secret, number));
    }

    private static Bytes logBytes(Entry entry) {
        LogId log = entry.header().log();
        return log == null ? Bytes.EMPTY : log.value();
    }

    static boolean startsEpoch(Entry entry) {
        return entry.header().kind().isGenesis() || entry.header().control() instanceof Control.EpochStarted;
    }

    private static Epoch epochIn(Entry entry) {
        return switch (entry.header().control()) {
            case Control.VaultGenesis genesis -> genesis.epoch();
            case Control.EpochStarted started -> started.epoch();
            case Control.AccountGenesis _,
                    Control.DeviceAdded _,
                    Control.DeviceRemoved _,
                    Control.GenerationStarted _,
                    Control.Settings _,
                    Control.Recovered _,
                    Control.Commit _,
                    Control.Residency _,
                    Control.Snapshot _ -> throw new IllegalArgumentException("no epoch starts here");
        };
    }

    private static CofferException integrity() {
        return new CofferException(ErrorCode.INTEGRITY, "a key in the vault's log is not the one it commits to");
    }

    @Override
    public synchronized void close() {
        opened.values().forEach(VaultKeys::close);
        opened.clear();
        if (dedup != null) {
            dedup.close();
        }
    }
}
