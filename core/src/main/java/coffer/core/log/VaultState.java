package coffer.core.log;

import static coffer.core.log.InvalidEntry.requireChain;
import static coffer.core.log.InvalidEntry.requireRight;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.CofferException;
import coffer.core.Limits;
import coffer.core.LogId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// A vault after some entry of its log, as far as the clear part tells: members, roles, epoch, region.
///
/// Immutable. Made only by [#begin] and [#apply], which verify everything docs/spec/log.md asks of a vault log, so
/// holding one means that the chain up to its head is valid. The tree is in the sealed bodies and is no part of this.
public final class VaultState {

    private final Head head;
    private final LogId id;
    private final LogId owner;
    private final Residence residence;
    private final Epoch epoch;
    private final long epochAt;
    private final Map<LogId, Head> accountHeads;
    private final Optional<Head> snapshot;

    private VaultState(
            Head head,
            LogId id,
            LogId owner,
            Residence residence,
            Epoch epoch,
            long epochAt,
            Map<LogId, Head> accountHeads,
            Optional<Head> snapshot) {
        this.head = head;
        this.id = id;
        this.owner = owner;
        this.residence = residence;
        this.epoch = epoch;
        this.epochAt = epochAt;
        this.accountHeads = Collections.unmodifiableMap(accountHeads);
        this.snapshot = snapshot;
    }

    /// Verifies a genesis; its id is the vault's id.
    ///
    /// @throws CofferException CHAIN or NOT_AUTHORISED; or what `accounts` throws
    public static VaultState begin(Entry entry, AccountResolver accounts) throws CofferException {
        EntryHeader header = entry.header();
        requireChain(
                header.control() instanceof Control.VaultGenesis, "the first entry of the log is no genesis", entry);
        var genesis = (Control.VaultGenesis) header.control();
        AuthorAccount author = Objects.requireNonNull(header.account());
        requireNoPacks(entry);
        requireChain(genesis.owner().equals(author.account()), "genesis in another account's name", entry);
        requireRegion(genesis.region(), entry);
        requireFullDevice(entry, accounts.resolve(author.account(), author.head()));
        requireEpoch(genesis.epoch(), 1, genesis.owner(), Map.of(author.account(), author.head()), entry, accounts);
        return new VaultState(
                entry.head(),
                new LogId(entry.id().value()),
                genesis.owner(),
                new Residence(genesis.region(), 0, List.of()),
                genesis.epoch(),
                0,
                headsOf(genesis.epoch()),
                Optional.empty());
    }

    /// Verifies the next entry and returns the state after it.
    ///
    /// @throws CofferException CHAIN if it does not follow from this state; NOT_AUTHORISED if it is well signed by
    ///     somebody without the right; or what `accounts` throws
    public VaultState apply(Entry entry, AccountResolver accounts) throws CofferException {
        EntryHeader header = entry.header();
        requireChain(header.kind().isOfVault() && !header.kind().isGenesis(), "entry of another kind of log", entry);
        requireChain(id.equals(header.log()), "entry of another log", entry);
        requireChain(header.sequence() == head.sequence() + 1, "entry is not the next one", entry);
        requireChain(head.id().equals(header.previous()), "entry does not follow the one before", entry);
        AuthorAccount author = Objects.requireNonNull(header.account());
        AccountState account = resolveNotOlder(author.account(), author.head(), accountHeads, entry, accounts);
        Member member = epoch.member(author.account()).orElse(null);
        requireRight(member != null, "author's account is no member", entry);
        Objects.requireNonNull(member);
        DeviceState device = requireSignedByActiveDevice(entry, account);
        Map<LogId, Head> heads = new HashMap<>(accountHeads);
        heads.put(author.account(), author.head());
        return switch (header.control()) {
            case Control.Commit _ -> {
                requireMayWrite(entry, member, device, account);
                yield with(entry.head(), residence, epoch, epochAt, heads, snapshot);
            }
            case Control.Snapshot _ -> {
                requireMayWrite(entry, member, device, account);
                requireRight(device.role() == Role.FULL, "device may not write snapshots", entry);
                requireChain(header.released().isEmpty(), "a snapshot releases no packs", entry);
                yield with(entry.head(), residence, epoch, epochAt, heads, Optional.of(entry.head()));
            }
            case Control.EpochStarted started -> {
                requireOwner(entry, member, device);
                requireNoPacks(entry);
                requireEpoch(started.epoch(), epoch.number() + 1, owner, heads, entry, accounts);
                heads.putAll(headsOf(started.epoch()));
                yield with(entry.head(), residence, started.epoch(), header.sequence(), heads, snapshot);
            }
            case Control.Residency residency -> {
                requireOwner(entry, member, device);
                requireNoPacks(entry);
                requireChain(header.period() == epoch.number(), "entry of another epoch", entry);
                requireRegion(residency.region(), entry);
                Residence next = residence.moved(residency.region(), header.sequence());
                requireChain(next.former().size() <= Limits.FORMER_REGIONS_MAX, "too many regions were left", entry);
                yield with(entry.head(), next, epoch, epochAt, heads, snapshot);
            }
            case Control.VaultGenesis _,
                    Control.AccountGenesis _,
                    Control.DeviceAdded _,
                    Control.DeviceRemoved _,
                    Control.GenerationStarted _,
                    Control.Settings _,
                    Control.Recovered _ -> throw new IllegalStateException("kind was checked above");
        };
    }

    private VaultState with(
            Head newHead,
            Residence newResidence,
            Epoch newEpoch,
            long newEpochAt,
            Map<LogId, Head> heads,
            Optional<Head> newSnapshot) {
        return new VaultState(newHead, id, owner, newResidence, newEpoch, newEpochAt, heads, newSnapshot);
    }

    private void requireMayWrite(Entry entry, Member member, DeviceState device, AccountState account)
            throws CofferException {
        requireChain(entry.header().period() == epoch.number(), "entry of another epoch", entry);
        requireRight(member.role() != MemberRole.READER, "member may only read", entry);
        requireRight(device.role() != Role.READ_ONLY, "device may only read", entry);
        requireRight(
                device.role() == Role.FULL || entry.header().released().isEmpty(),
                "device may not release packs",
                entry);
        // After a device was removed, nothing is written under an epoch whose secret it knows.
        requireChain(
                account.generation().number() == member.generation(),
                "the vault waits for a new epoch, since a device of the author's account was removed",
                entry);
    }

    private static void requireOwner(Entry entry, Member member, DeviceState device) throws CofferException {
        requireRight(
                member.role() == MemberRole.OWNER && device.role() == Role.FULL,
                "only the owner's full devices may do this",
                entry);
    }

    private static DeviceState requireSignedByActiveDevice(Entry entry, AccountState account)
            throws CofferException {
        DeviceState device = account.devices().get(entry.header().author());
        requireChain(device != null, "author is no device of the account", entry);
        Objects.requireNonNull(device);
        requireChain(entry.isSignedBy(device.record().signingKey(), 0), "signature does not verify", entry);
        requireRight(device.isActive(), "author was removed from the account", entry);
        return device;
    }

    private static void requireFullDevice(Entry entry, AccountState account) throws CofferException {
        DeviceState device = requireSignedByActiveDevice(entry, account);
        requireRight(device.role() == Role.FULL, "device may not begin a vault", entry);
    }

    private static void requireEpoch(
            Epoch epoch,
            long number,
            LogId owner,
            Map<LogId, Head> heads,
            Entry entry,
            AccountResolver accounts)
            throws CofferException {
        requireChain(
                epoch.number() == number && entry.header().period() == number, "another epoch expected", entry);
        requireChain((number == 1) == epoch.previous().isEmpty(), "chain of epochs is broken", entry);
        List<LogId> members = new ArrayList<>();
        for (Member member : epoch.members()) {
            requireChain(
                    members.isEmpty() || members.getLast().compareTo(member.account()) < 0,
                    "members are not in order",
                    entry);
            members.add(member.account());
            requireChain(
                    member.account().equals(owner) == (member.role() == MemberRole.OWNER),
                    "the owner, and nobody else, has the owner's role",
                    entry);
            AccountState account = resolveNotOlder(member.account(), member.head(), heads, entry, accounts);
            requireChain(
                    account.generation().number() == member.generation(),
                    "member's generation is not the one at its head",
                    entry);
        }
        requireChain(members.contains(owner), "the owner is no member", entry);
    }

    private static AccountState resolveNotOlder(
            LogId account, Head head, Map<LogId, Head> heads, Entry entry, AccountResolver accounts)
            throws CofferException {
        Head known = heads.get(account);
        requireChain(
                known == null || known.sequence() <= head.sequence(),
                "account head is older than one used before",
                entry);
        return accounts.resolve(account, head);
    }

    private static Map<LogId, Head> headsOf(Epoch epoch) {
        Map<LogId, Head> heads = new HashMap<>();
        epoch.members().forEach(member -> heads.put(member.account(), member.head()));
        return heads;
    }

    private static void requireRegion(String region, Entry entry) throws CofferException {
        requireChain(region.matches("[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"), "malformed name of a region", entry);
    }

    private static void requireNoPacks(Entry entry) throws CofferException {
        requireChain(
                entry.header().added().isEmpty() && entry.header().released().isEmpty(),
                "an entry of this kind names no packs",
                entry);
    }

    /// This state as bytes, for keeping it in the program's own storage and going on from it with [#restore].
    public byte[] encode() {
        CborWriter out = new CborWriter();
        out.array(10);
        head.writeTo(out);
        out.bytes(id.value()).bytes(owner.value()).text(residence.region());
        epoch.writeTo(out);
        out.integer(epochAt).array(accountHeads.size());
        new TreeMap<>(accountHeads).forEach((account, accountHead) -> {
            out.array(2).bytes(account.value());
            accountHead.writeTo(out);
        });
        out.array(snapshot.isPresent() ? 1 : 0);
        snapshot.ifPresent(at -> at.writeTo(out));
        out.integer(residence.since()).array(residence.former().size());
        residence.former().forEach(out::text);
        return out.toByteArray();
    }

    /// A state that [#encode] wrote. Verifies nothing: only for bytes from the program's own storage, never from
    /// another party.
    public static VaultState restore(byte[] encoded) throws CborException {
        CborReader in = new CborReader(encoded);
        // Those kept before vaults could move have no more.
        boolean moves = in.array(10) > 8;
        Head head = Head.readFrom(in);
        LogId id = new LogId(in.bytesOf(LogId.SIZE));
        LogId owner = new LogId(in.bytesOf(LogId.SIZE));
        String region = in.text(Control.REGION_BYTES_MAX);
        Epoch epoch = Epoch.readFrom(in);
        long epochAt = in.integer(0, Long.MAX_VALUE);
        Map<LogId, Head> heads = new HashMap<>();
        for (int left = in.array(Integer.MAX_VALUE); left > 0; left--) {
            in.arrayOf(2);
            heads.put(new LogId(in.bytesOf(LogId.SIZE)), Head.readFrom(in));
        }
        Optional<Head> snapshot = in.array(1) == 0 ? Optional.empty() : Optional.of(Head.readFrom(in));
        long since = moves ? in.integer(0, Long.MAX_VALUE) : 0;
        List<String> former = new ArrayList<>();
        for (int left = moves ? in.array(Limits.FORMER_REGIONS_MAX) : 0; left > 0; left--) {
            former.add(in.text(Control.REGION_BYTES_MAX));
        }
        in.end();
        return new VaultState(head, id, owner, new Residence(region, since, former), epoch, epochAt, heads, snapshot);
    }

    public LogId id() {
        return id;
    }

    public Head head() {
        return head;
    }

    public LogId owner() {
        return owner;
    }

    /// The region in which the owner wants the bytes to lie.
    public String region() {
        return residence.region();
    }

    public Residence residence() {
        return residence;
    }

    public Epoch epoch() {
        return epoch;
    }

    /// Sequence of the entry that started the present epoch.
    public long epochAt() {
        return epochAt;
    }

    /// The newest head of each member's account that an entry has named; later entries may not name older ones.
    public Map<LogId, Head> accountHeads() {
        return accountHeads;
    }

    /// The newest snapshot entry.
    public Optional<Head> snapshot() {
        return snapshot;
    }

    /// Whether a member's account has moved on to a generation that this epoch was not made for, so that writing
    /// waits for a new epoch. `account` is the member's newest state.
    public boolean needsNewEpoch(AccountState account) {
        return epoch.member(account.id())
                .filter(member -> member.generation() != account.generation().number())
                .isPresent();
    }
}
