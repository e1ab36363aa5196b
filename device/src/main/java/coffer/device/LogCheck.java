package coffer.device;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.log.AccountHistory;
import coffer.core.log.AccountState;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.log.VaultState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Verifies the entries that this device keeps as if they had just come: signatures, rights and chain, from the genesis
/// that is the log's id to the head that this device will never go back from. What was changed on the disk is found.
///
/// Knows the account after its log was checked; so an account comes before its vaults.
final class LogCheck {

    private static final int PAGE = 256;

    /// Hears of what is wrong.
    @FunctionalInterface
    interface Problems {
        void add(String where, ErrorCode code, String message);
    }

    private final ReplicaDb db;
    private @Nullable AccountHistory account;

    LogCheck(ReplicaDb db) {
        this.db = db;
    }

    /// Returns how many entries of the account's log are good.
    long checkAccount(LogId log, Problems problems) throws CofferException {
        account = null;
        return check(log, problems, entry -> {
            AccountHistory known = account;
            if (known == null) {
                known = new AccountHistory(entry);
                account = known;
            } else {
                known.append(entry);
            }
            return new After(known.latest().id(), null);
        });
    }

    /// As [#checkAccount], for a vault of the account that was checked last.
    long checkVault(LogId log, Problems problems) throws CofferException {
        VaultState[] now = new VaultState[1];
        return check(log, problems, entry -> {
            now[0] = now[0] == null ? VaultState.begin(entry, this::resolve) : now[0].apply(entry, this::resolve);
            return new After(now[0].id(), now[0].encode());
        });
    }

    private AccountState resolve(LogId id, Head head) throws CofferException {
        AccountHistory known = account;
        if (known == null || !known.latest().id().equals(id)) {
            throw new CofferException(ErrorCode.CHAIN, "an entry names an account that this device does not know");
        }
        return known.at(head)
                .orElseThrow(() -> new CofferException(
                        ErrorCode.CHAIN, "an entry names a head that is not in the account's log"));
    }

    /// What is known after an entry.
    ///
    /// @param state as the device keeps it beside the log, for logs where it does
    private record After(LogId id, byte @Nullable [] state) {}

    private interface Verifier {
        After next(Entry entry) throws CofferException;
    }

    private long check(LogId log, Problems problems, Verifier verifier) throws CofferException {
        long next = 0;
        Bytes last = Bytes.EMPTY;
        byte[] state = null;
        for (List<byte[]> page = page(log, 0); !page.isEmpty(); page = page(log, next)) {
            for (byte[] bytes : page) {
                try {
                    Entry entry = Entry.decodePerhapsWithoutBody(bytes);
                    After after = verifier.next(entry);
                    if (!after.id.equals(log)) {
                        throw new CofferException(ErrorCode.CHAIN, "another log's genesis");
                    }
                    last = entry.id().value();
                    state = after.state;
                } catch (CborException | CofferException e) {
                    problems.add("log " + log.hex(), ErrorCode.CHAIN, "The log kept on this device is damaged.");
                    return next;
                }
                next++;
            }
        }
        LogStore.Standing standing = new LogStore(db).standing(log).orElse(null);
        if (standing != null && !standing.head().id().value().equals(last)) {
            problems.add("log " + log.hex(), ErrorCode.CHAIN, "The log kept on this device does not reach its head.");
        } else if (standing != null && state != null && !isKept(state, standing)) {
            problems.add("log " + log.hex(), ErrorCode.CHAIN, "The state kept on this device is not that of its log.");
        }
        return next;
    }

    private static boolean isKept(byte[] state, LogStore.Standing standing) {
        return standing.state() != null && Arrays.equals(state, Objects.requireNonNull(standing.state()).toArray());
    }

    private List<byte[]> page(LogId log, long from) throws CofferException {
        return db.read(tx -> {
            List<byte[]> entries = new ArrayList<>();
            try (Tx.Rows rows = tx.query(
                    "SELECT bytes FROM entry WHERE log = ? AND seq >= ? ORDER BY seq LIMIT " + PAGE, log.toArray(), from)) {
                while (rows.next()) {
                    entries.add(rows.bytes(1));
                }
            }
            return entries;
        });
    }
}
