package coffer.device;

import coffer.core.Bytes;
import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.log.AccountHistory;
import coffer.core.log.AccountResolver;
import coffer.core.log.AccountState;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.Generation;
import coffer.core.log.Head;
import coffer.core.log.Wrap;
import coffer.seal.AccountKeys;
import coffer.seal.DeviceKeys;
import coffer.seal.Label;
import coffer.seal.OpenException;
import coffer.seal.Secret;
import coffer.seal.WrapContext;
import coffer.seal.Wrapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// This account's verified log and the keys that it gives to whoever holds `keys`.
///
/// Every generation's secret is checked against the commitment in the signed log before it is used. Not safe for
/// use by several threads; its owner guards it.
final class AccountLog implements AutoCloseable {

    private final DeviceKeys keys;
    private final DeviceId self;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<Long, AccountKeys> opened = new HashMap<>();
    private @Nullable AccountHistory history;

    /// @param keys of a device or of the recovery key; stays the caller's
    AccountLog(DeviceKeys keys) {
        this.keys = keys;
        this.self = keys.record().id();
    }

    /// Verifies and adds the next entry; on failure nothing changes.
    void append(Entry entry) throws CofferException {
        AccountHistory present = history;
        if (present == null) {
            history = new AccountHistory(entry);
        } else {
            present.append(entry);
        }
        entries.add(entry);
    }

    boolean isEmpty() {
        return history == null;
    }

    AccountState state() {
        return history().latest();
    }

    LogId id() {
        return state().id();
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    Entry entry(long sequence) {
        return entries.get((int) sequence);
    }

    /// Resolves heads of this account; other accounts are not known to this device.
    AccountResolver resolver() {
        return (account, head) -> at(account, head);
    }

    private AccountState at(LogId account, Head head) throws CofferException {
        if (!account.equals(id())) {
            throw new CofferException(ErrorCode.CHAIN, "an entry names an account that this device does not know");
        }
        return history()
                .at(head)
                .orElseThrow(() -> new CofferException(
                        ErrorCode.CHAIN, "an entry names a head that is not in the account's log"));
    }

    /// Keys of the newest generation; they belong to this object.
    AccountKeys newestKeys() throws CofferException {
        return keysOf(state().generation().number());
    }

    /// Keys of any generation up to the newest.
    ///
    /// @throws CofferException INTEGRITY if a wrap or a sealed previous secret is not what the log commits to
    AccountKeys keysOf(long generation) throws CofferException {
        AccountKeys present = opened.get(generation);
        if (present != null) {
            return present;
        }
        long newest = state().generation().number();
        if (!opened.containsKey(newest)) {
            try (Secret secret = unwrapNewest()) {
                keep(secret, newest);
            }
        }
        for (long number = newest; number > generation; number--) {
            openPrevious(number);
        }
        return Objects.requireNonNull(opened.get(generation));
    }

    private void openPrevious(long number) throws CofferException {
        if (opened.containsKey(number - 1)) {
            return;
        }
        Generation generation = startOf(number);
        AccountKeys newer = Objects.requireNonNull(opened.get(number));
        try (Secret previous = newer.openPrevious(id(), generation.previous().toArray())) {
            keep(previous, number - 1);
        } catch (OpenException e) {
            throw integrity();
        }
    }

    private void keep(Secret secret, long number) throws CofferException {
        AccountKeys made = AccountKeys.of(secret, number);
        Generation generation = startOf(number);
        if (!made.commitment().equals(generation.commitment())
                || !made.wrapKeys().publicKey().equals(generation.wrapKey())) {
            made.close();
            throw integrity();
        }
        opened.put(number, made);
    }

    private Secret unwrapNewest() throws CofferException {
        long number = state().generation().number();
        for (int at = entries.size() - 1; at >= state().generationAt(); at--) {
            Entry entry = entries.get(at);
            Wrap wrap = wrapForSelf(entry);
            if (wrap != null) {
                Bytes log = entry.header().log() == null ? Bytes.EMPTY : id().value();
                return unwrap(entry, log, wrap, number);
            }
        }
        throw new CofferException(ErrorCode.NOT_AUTHORISED, "this device has no key of the account's generation");
    }

    private Secret unwrap(Entry entry, Bytes log, Wrap wrap, long number) throws CofferException {
        WrapContext context = new WrapContext(
                Label.WRAP_GENERATION,
                log,
                entry.header().sequence(),
                entry.header().author(),
                self.value(),
                0,
                number);
        try {
            return Wrapping.unwrapSecret(keys.wrapKeys(), context, wrap.wrapped().toArray());
        } catch (OpenException e) {
            throw integrity();
        }
    }

    private @Nullable Wrap wrapForSelf(Entry entry) {
        if (entry.header().control() instanceof Control.DeviceAdded added) {
            return added.wrap().recipient().equals(self) ? added.wrap() : null;
        }
        Generation generation = generationIn(entry.header().control());
        if (generation == null) {
            return null;
        }
        return generation.wraps().stream()
                .filter(wrap -> wrap.recipient().equals(self))
                .findFirst()
                .orElse(null);
    }

    private Generation startOf(long number) {
        for (Entry entry : entries) {
            Generation generation = generationIn(entry.header().control());
            if (generation != null && generation.number() == number) {
                return generation;
            }
        }
        throw new IllegalStateException("a verified log has every generation");
    }

    static @Nullable Generation generationIn(Control control) {
        return switch (control) {
            case Control.AccountGenesis genesis -> genesis.generation();
            case Control.DeviceRemoved removed -> removed.generation();
            case Control.GenerationStarted started -> started.generation();
            case Control.Recovered recovered -> recovered.generation();
            case Control.DeviceAdded _,
                    Control.Settings _,
                    Control.VaultGenesis _,
                    Control.Commit _,
                    Control.EpochStarted _,
                    Control.Residency _,
                    Control.Snapshot _ -> null;
        };
    }

    private AccountHistory history() {
        AccountHistory present = history;
        if (present == null) {
            throw new IllegalStateException("the account's log has no genesis yet");
        }
        return present;
    }

    private static CofferException integrity() {
        return new CofferException(ErrorCode.INTEGRITY, "a key in the account's log is not the one it commits to");
    }

    @Override
    public void close() {
        opened.values().forEach(AccountKeys::close);
        opened.clear();
    }
}
