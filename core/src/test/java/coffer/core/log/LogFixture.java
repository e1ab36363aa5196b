package coffer.core.log;

import coffer.core.Bytes;
import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.DeviceRecord;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.SigningKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/// Makes well-formed entries for tests of anything that verifies logs. Keys are derived from small numbers, bodies
/// and wraps are not really sealed: who verifies a chain never opens them.
public final class LogFixture {

    private long clockMs = 1_700_000_000_000L;

    /// A device with fixed keys.
    public record TestDevice(SigningKey key, DeviceRecord record) {
        public DeviceId id() {
            return record.id();
        }
    }

    public static TestDevice device(int number) {
        byte[] seed = new byte[SigningKey.SEED_SIZE];
        Arrays.fill(seed, (byte) number);
        SigningKey key = SigningKey.ofSeed(seed);
        byte[] wrapKey = new byte[DeviceRecord.WRAP_KEY_SIZE];
        Arrays.fill(wrapKey, (byte) number);
        return new TestDevice(key, new DeviceRecord(key.verifyKey(), Bytes.of(wrapKey)));
    }

    public static Generation generation(long number, TestDevice... recipients) {
        TreeSet<DeviceId> ids = new TreeSet<>();
        for (TestDevice recipient : recipients) {
            ids.add(recipient.id());
        }
        List<Wrap> wraps = ids.stream().map(LogFixture::wrap).toList();
        return new Generation(
                number,
                Hash.of(new byte[] {(byte) number}),
                Bytes.of(new byte[DeviceRecord.WRAP_KEY_SIZE]),
                wraps,
                number == 1 ? Bytes.EMPTY : Bytes.of(new byte[80]));
    }

    public static Wrap wrap(DeviceId recipient) {
        return new Wrap(recipient, Bytes.of(new byte[Wrap.WRAPPED_SIZE]));
    }

    public static Epoch epoch(long number, AccountState owner) {
        return epoch(number, new Member(
                owner.id(), owner.head(), MemberRole.OWNER, owner.generation().number(), wrappedToAccount()));
    }

    public static Epoch epoch(long number, Member... members) {
        return new Epoch(
                number,
                Hash.of(new byte[] {(byte) number, 1}),
                List.of(members),
                number == 1 ? Bytes.EMPTY : Bytes.of(new byte[80]));
    }

    public static Bytes wrappedToAccount() {
        return Bytes.of(new byte[Wrap.WRAPPED_SIZE]);
    }

    public Entry accountGenesis(TestDevice first, TestDevice recovery) {
        return sign(
                null,
                null,
                first,
                null,
                1,
                List.of(),
                List.of(),
                new Control.AccountGenesis(first.record(), recovery.record(), generation(1, first, recovery)),
                first,
                recovery);
    }

    /// The next entry of an account's log.
    public Entry next(AccountState state, TestDevice author, long generation, Control control) {
        return sign(state.id(), state.head(), author, null, generation, List.of(), List.of(), control, author);
    }

    public Entry vaultGenesis(AccountState owner, TestDevice author) {
        return sign(
                null,
                null,
                author,
                new AuthorAccount(owner.id(), owner.head()),
                1,
                List.of(),
                List.of(),
                new Control.VaultGenesis(owner.id(), "home", epoch(1, owner)),
                author);
    }

    /// The next entry of a vault's log, by a device of `account` as it stands.
    public Entry next(
            VaultState vault,
            AccountState account,
            TestDevice author,
            long epoch,
            List<PackRef> added,
            List<PackId> released,
            Control control) {
        return sign(
                vault.id(),
                vault.head(),
                author,
                new AuthorAccount(account.id(), account.head()),
                epoch,
                added,
                released,
                control,
                author);
    }

    public Entry commit(VaultState vault, AccountState account, TestDevice author) {
        return next(
                vault, account, author, vault.epoch().number(), List.of(), List.of(), new Control.Commit());
    }

    /// An entry of whatever parts, signed; for tests that need a fault in one of them.
    public Entry sign(
            @org.jspecify.annotations.Nullable LogId log,
            @org.jspecify.annotations.Nullable Head previous,
            TestDevice author,
            @org.jspecify.annotations.Nullable AuthorAccount account,
            long period,
            List<PackRef> added,
            List<PackId> released,
            Control control,
            TestDevice... signers) {
        byte[] body = new byte[] {1, 2, 3};
        EntryHeader header = new EntryHeader(
                EntryHeader.SUITE,
                log,
                previous == null ? 0 : previous.sequence() + 1,
                previous == null ? null : previous.id(),
                author.id(),
                account,
                period,
                clockMs++,
                Hash.of(body),
                added,
                released,
                control);
        List<SigningKey> keys = new ArrayList<>();
        for (TestDevice signer : signers) {
            keys.add(signer.key());
        }
        return Entry.sign(header, body, keys.toArray(SigningKey[]::new));
    }

    /// Resolves the one account that `history` tells of.
    public static AccountResolver resolver(AccountHistory history) {
        return (account, head) -> history.at(head)
                .filter(state -> state.id().equals(account))
                .orElseThrow(() -> new CofferException(ErrorCode.CHAIN, "no such head in the account's log"));
    }
}
