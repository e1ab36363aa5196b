package coffer.core.log;

import static coffer.core.log.InvalidEntry.requireChain;
import static coffer.core.log.InvalidEntry.requireRight;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.DeviceRecord;
import coffer.core.Limits;
import coffer.core.LogId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// An account after some entry of its log: which devices it has, and which generation its keys are in.
///
/// Immutable. Made only by [#begin] and [#apply], which verify everything docs/spec/log.md asks of an account log, so
/// holding one means that the chain up to its head is valid.
public final class AccountState {

    private final Head head;
    private final LogId id;
    private final DeviceRecord recovery;
    private final Map<DeviceId, DeviceState> devices;
    private final Generation generation;
    private final long generationAt;

    private AccountState(
            Head head,
            LogId id,
            DeviceRecord recovery,
            Map<DeviceId, DeviceState> devices,
            Generation generation,
            long generationAt) {
        this.head = head;
        this.id = id;
        this.recovery = recovery;
        this.devices = Collections.unmodifiableMap(devices);
        this.generation = generation;
        this.generationAt = generationAt;
    }

    /// Verifies a genesis; its id is the account's id.
    ///
    /// @throws CofferException CHAIN if it is not a valid genesis
    public static AccountState begin(Entry entry) throws CofferException {
        EntryHeader header = entry.header();
        requireChain(
                header.control() instanceof Control.AccountGenesis, "the first entry of the log is no genesis", entry);
        var genesis = (Control.AccountGenesis) header.control();
        requireNoPacks(entry);
        requireChain(
                !genesis.device().signingKey().equals(genesis.recovery().signingKey()),
                "device and recovery key are the same",
                entry);
        DeviceId device = genesis.device().id();
        requireChain(header.author().equals(device), "genesis by another device than it names", entry);
        requireChain(
                entry.isSignedBy(genesis.device().signingKey(), 0)
                        && entry.isSignedBy(genesis.recovery().signingKey(), 1),
                "signature does not verify",
                entry);
        Map<DeviceId, DeviceState> devices = new TreeMap<>();
        devices.put(device, new DeviceState(genesis.device(), Role.FULL, 0, header.timeMs(), -1));
        requireGeneration(genesis.generation(), 1, devices, genesis.recovery(), entry);
        return new AccountState(
                entry.head(),
                new LogId(entry.id().value()),
                genesis.recovery(),
                devices,
                genesis.generation(),
                0);
    }

    /// Verifies the next entry and returns the state after it.
    ///
    /// @throws CofferException CHAIN if it does not follow from this state; NOT_AUTHORISED if it is well signed by a
    ///     device without the right
    public AccountState apply(Entry entry) throws CofferException {
        EntryHeader header = entry.header();
        requireChain(!header.kind().isOfVault() && !header.kind().isGenesis(), "entry of another kind of log", entry);
        requireChain(id.equals(header.log()), "entry of another log", entry);
        requireChain(header.sequence() == head.sequence() + 1, "entry is not the next one", entry);
        requireChain(head.id().equals(header.previous()), "entry does not follow the one before", entry);
        requireNoPacks(entry);
        requireAuthor(entry);
        return switch (header.control()) {
            case Control.DeviceAdded added -> addDevice(added, entry);
            case Control.DeviceRemoved removed -> removeDevices(removed, entry);
            case Control.GenerationStarted started -> startGeneration(started.generation(), devices, entry);
            case Control.Settings _ -> {
                requireChain(header.period() == generation.number(), "entry of another generation", entry);
                yield new AccountState(entry.head(), id, recovery, devices, generation, generationAt);
            }
            case Control.Recovered recovered -> recover(recovered, entry);
            case Control.AccountGenesis _,
                    Control.VaultGenesis _,
                    Control.Commit _,
                    Control.EpochStarted _,
                    Control.Residency _,
                    Control.Snapshot _ -> throw new IllegalStateException("kind was checked above");
        };
    }

    private void requireAuthor(Entry entry) throws CofferException {
        DeviceId author = entry.header().author();
        if (entry.header().control() instanceof Control.Recovered) {
            requireRight(author.equals(recovery.id()), "only the recovery key recovers", entry);
            requireChain(entry.isSignedBy(recovery.signingKey(), 0), "signature does not verify", entry);
            return;
        }
        DeviceState device = devices.get(author);
        requireChain(device != null, "author is no device of the account", entry);
        Objects.requireNonNull(device);
        requireChain(entry.isSignedBy(device.record().signingKey(), 0), "signature does not verify", entry);
        requireRight(device.isActive(), "author was removed from the account", entry);
        requireRight(device.role() == Role.FULL, "author may not change the account", entry);
    }

    private AccountState addDevice(Control.DeviceAdded added, Entry entry) throws CofferException {
        requireChain(entry.header().period() == generation.number(), "entry of another generation", entry);
        Map<DeviceId, DeviceState> after = withDevice(added.device(), added.role(), entry);
        requireChain(
                added.wrap().recipient().equals(added.device().id()), "wrap is for another device", entry);
        return new AccountState(entry.head(), id, recovery, after, generation, generationAt);
    }

    private AccountState removeDevices(Control.DeviceRemoved removed, Entry entry) throws CofferException {
        requireChain(!removed.removed().isEmpty(), "no device named", entry);
        requireChain(!removed.removed().contains(entry.header().author()), "a device cannot remove itself", entry);
        return startGeneration(
                removed.generation(), withoutDevices(new TreeMap<>(devices), removed.removed(), entry), entry);
    }

    private AccountState recover(Control.Recovered recovered, Entry entry) throws CofferException {
        Map<DeviceId, DeviceState> after = withDevice(recovered.device(), Role.FULL, entry);
        requireChain(!recovered.removed().contains(recovered.device().id()), "removes the device it adds", entry);
        return startGeneration(recovered.generation(), withoutDevices(after, recovered.removed(), entry), entry);
    }

    private AccountState startGeneration(Generation next, Map<DeviceId, DeviceState> after, Entry entry)
            throws CofferException {
        requireGeneration(next, generation.number() + 1, after, recovery, entry);
        return new AccountState(entry.head(), id, recovery, after, next, entry.header().sequence());
    }

    private Map<DeviceId, DeviceState> withDevice(DeviceRecord device, Role role, Entry entry)
            throws CofferException {
        requireChain(devices.size() < Limits.DEVICES_MAX, "too many devices", entry);
        boolean known = recovery.signingKey().equals(device.signingKey())
                || devices.values().stream().anyMatch(d -> d.record().signingKey().equals(device.signingKey()));
        requireChain(!known, "key is in use or was removed", entry);
        Map<DeviceId, DeviceState> after = new TreeMap<>(devices);
        EntryHeader header = entry.header();
        after.put(device.id(), new DeviceState(device, role, header.sequence(), header.timeMs(), -1));
        return after;
    }

    private static Map<DeviceId, DeviceState> withoutDevices(
            Map<DeviceId, DeviceState> after, List<DeviceId> removed, Entry entry) throws CofferException {
        for (DeviceId id : removed) {
            DeviceState device = after.get(id);
            requireChain(device != null && device.isActive(), "removes what is not an active device", entry);
            after.put(id, Objects.requireNonNull(device).removed(entry.header().sequence()));
        }
        return after;
    }

    private static void requireGeneration(
            Generation generation,
            long number,
            Map<DeviceId, DeviceState> devices,
            DeviceRecord recovery,
            Entry entry)
            throws CofferException {
        requireChain(
                generation.number() == number && entry.header().period() == number,
                "another generation expected",
                entry);
        requireChain((number == 1) == generation.previous().isEmpty(), "chain of generations is broken", entry);
        TreeSet<DeviceId> recipients = new TreeSet<>();
        recipients.add(recovery.id());
        devices.forEach((id, device) -> {
            if (device.isActive()) {
                recipients.add(id);
            }
        });
        List<DeviceId> wrapped = generation.wraps().stream().map(Wrap::recipient).toList();
        requireChain(
                wrapped.equals(List.copyOf(recipients)),
                "wraps are not for exactly the active devices and the recovery key",
                entry);
    }

    private static void requireNoPacks(Entry entry) throws CofferException {
        requireChain(
                entry.header().added().isEmpty() && entry.header().released().isEmpty(),
                "an account log names no packs",
                entry);
    }

    public LogId id() {
        return id;
    }

    public Head head() {
        return head;
    }

    public DeviceRecord recovery() {
        return recovery;
    }

    public Generation generation() {
        return generation;
    }

    /// Sequence of the entry that started the present generation.
    public long generationAt() {
        return generationAt;
    }

    /// Every device that ever was, by id.
    public Map<DeviceId, DeviceState> devices() {
        return devices;
    }

    /// Whether a device that ever was, or the recovery key, has signed the entry: then it is evidence, wherever it belongs.
    public boolean hasSigned(Entry entry) {
        DeviceId author = entry.header().author();
        DeviceState device = devices.get(author);
        DeviceRecord record = recovery.id().equals(author) ? recovery : device == null ? null : device.record();
        return record != null && entry.isSignedBy(record.signingKey(), 0);
    }

    /// A device that is active at this point.
    public Optional<DeviceState> activeDevice(DeviceId id) {
        return Optional.ofNullable(devices.get(id)).filter(DeviceState::isActive);
    }
}
