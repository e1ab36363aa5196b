package coffer.core.log;

import static coffer.core.log.LogFixture.device;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.Hash;
import coffer.core.PackId;
import coffer.core.log.LogFixture.TestDevice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Bytes taken as a program of well-signed entries: somebody who has the keys of every device, of those that were removed and of the recovery
/// words tries one entry after the other. What no order of entries may bring about is required after each.
///
/// Five bytes make an entry: what, by whom, for whom, in which period, and with what around it.
final class LogProgram {

    private static final int STEP = 5;
    private static final int STEPS_MAX = 60;
    private static final int DEVICES = 6;
    private static final TestDevice RECOVERY = device(9);
    private static final List<TestDevice> ALL = IntStream.range(0, DEVICES)
            .mapToObj(i -> i == DEVICES - 1 ? RECOVERY : device(i + 1))
            .toList();

    private final LogFixture log = new LogFixture();
    private final List<AccountState> history = new ArrayList<>();
    private final AccountHistory account;
    private final Set<DeviceId> gone = new HashSet<>();
    private VaultState vault;
    private int accepted;

    private LogProgram() throws CofferException {
        account = new AccountHistory(log.accountGenesis(device(1), RECOVERY));
        history.add(account.latest());
        vault = VaultState.begin(log.vaultGenesis(account.latest(), device(1)), LogFixture.resolver(account));
    }

    /// Returns how many entries were accepted.
    static int run(byte[] program) throws CofferException {
        LogProgram run = new LogProgram();
        ByteBuffer in = ByteBuffer.wrap(program);
        for (int step = 0; step < STEPS_MAX && in.remaining() >= STEP; step++) {
            byte[] five = new byte[STEP];
            in.get(five);
            run.step(five[0] & 0xff, five[1] & 0xff, five[2] & 0xff, five[3], five[4] & 0xff);
        }
        return run.accepted;
    }

    private void step(int what, int author, int whom, int period, int around) throws CofferException {
        TestDevice by = ALL.get(author % DEVICES);
        if (what % 2 == 0) {
            account(what / 2 % 5, by, whom, period);
        } else {
            vault(what / 2 % 4, by, whom, period, around);
        }
    }

    private void account(int what, TestDevice by, int whom, int period) throws CofferException {
        AccountState before = account.latest();
        TestDevice named = ALL.get(whom % DEVICES);
        long number = before.generation().number() + Math.floorMod(period, 4);
        TestDevice[] recipients = recipients(whom, period, before, what, named);
        Generation next = LogFixture.generation(Math.max(1, number), recipients);
        Control control = switch (what) {
            case 0 -> new Control.DeviceAdded(named.record(), List.of(Role.values()).get(Math.floorMod(period >> 2, 3)), LogFixture.wrap(named.id()));
            case 1 -> new Control.DeviceRemoved(List.of(named.id()), next);
            case 2 -> new Control.GenerationStarted(next);
            case 3 -> new Control.Recovered(named.record(), (period & 32) == 0 ? List.of() : List.of(by.id()), next);
            default -> new Control.Settings();
        };
        Entry entry = log.next(before, by, Math.max(1, number), control);
        AccountState after;
        try {
            after = account.append(Entry.decode(entry.encode()));
        } catch (CofferException e) {
            require(account.latest() == before, "a refused entry changes nothing");
            return;
        } catch (coffer.core.CborException e) {
            throw new IllegalStateException("what was signed is not read again", e);
        }
        accepted++;
        history.add(after);
        require(!gone.contains(by.id()), "nobody who was removed changes the account");
        require(!by.equals(RECOVERY) ? before.activeDevice(by.id()).isPresent() : what == 3, "the author has the right");
        for (DeviceState device : after.devices().values()) {
            if (!device.isActive()) {
                gone.add(device.record().id());
            }
            require(!device.isActive() || !gone.contains(device.record().id()), "nobody comes back");
        }
        boolean left = before.devices().values().stream().anyMatch(d -> d.isActive() && after.activeDevice(d.record().id()).isEmpty());
        require(!left || after.generation().number() == before.generation().number() + 1, "a removal renews the keys");
        if (after.generation().number() != before.generation().number()) {
            require(after.generation().wraps().stream().noneMatch(wrap -> gone.contains(wrap.recipient())), "the keys are not for who was removed");
        }
        require(after.devices().values().stream().anyMatch(DeviceState::isActive), "somebody is left");
    }

    /// Mostly those who have to be, so that programs get somewhere; else whom the byte says.
    private TestDevice[] recipients(int whom, int period, AccountState before, int what, TestDevice named) {
        if ((period & 64) != 0) {
            return IntStream.range(0, DEVICES).filter(i -> (whom >> i & 1) != 0).mapToObj(ALL::get).toArray(TestDevice[]::new);
        }
        return ALL.stream()
                .filter(d -> d.equals(RECOVERY) || before.activeDevice(d.id()).isPresent() || (what == 3 && d.equals(named)))
                .filter(d -> what != 1 || !d.equals(named))
                .toArray(TestDevice[]::new);
    }

    private void vault(int what, TestDevice by, int whom, int period, int around) throws CofferException {
        VaultState before = vault;
        AccountState known = history.get(Math.floorMod(history.size() - 1 - around % 8, history.size()));
        long number = before.epoch().number() + Math.floorMod(period, 3) - (what == 1 ? 0 : 1);
        AccountState owner = history.get(Math.floorMod(history.size() - 1 - (around >> 3) % 8, history.size()));
        List<PackId> released = (whom & 1) == 0 ? List.of() : List.of(new PackId(Hash.of(new byte[] {1}).value()));
        List<PackRef> added = (whom & 2) == 0 ? List.of() : List.of(new PackRef(new PackId(Hash.of(new byte[] {2}).value()), 5));
        Control control = switch (what) {
            case 0 -> new Control.Commit();
            case 1 -> new Control.EpochStarted(LogFixture.epoch(Math.max(1, number), owner));
            case 2 -> new Control.Residency((period & 4) == 0 ? "home" : (period & 8) == 0 ? "away" : "No Region");
            default -> new Control.Snapshot();
        };
        VaultState after;
        try {
            Entry entry = log.next(before, known, by, Math.max(1, number), added, released, control);
            after = before.apply(Entry.decode(entry.encode()), LogFixture.resolver(account));
        } catch (CofferException | IllegalArgumentException e) {
            return;
        } catch (coffer.core.CborException e) {
            throw new IllegalStateException("what was signed is not read again", e);
        }
        accepted++;
        vault = after;
        DeviceState device = known.activeDevice(by.id()).orElse(null);
        require(device != null && device.role() != Role.READ_ONLY, "the author may write, by the account that it knew");
        require(released.isEmpty() || (device != null && device.role() == Role.FULL), "only full devices release");
        require(after.epoch().number() >= before.epoch().number(), "epochs only rise");
        require(knownOf(after, known) >= knownOf(before, known), "no head goes back");
        require(what == 1 || after.epoch().member(known.id()).orElseThrow().generation() == known.generation().number()
                || what == 2, "nothing is written under keys from before a removal that the author knew of");
        restored(after);
    }

    private static long knownOf(VaultState state, AccountState account) {
        Head head = state.accountHeads().get(account.id());
        return head == null ? -1 : head.sequence();
    }

    private static void restored(VaultState state) {
        try {
            require(java.util.Arrays.equals(VaultState.restore(state.encode()).encode(), state.encode()), "a state is kept as it is");
        } catch (coffer.core.CborException e) {
            throw new IllegalStateException("a state is not read again", e);
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("it is not so that " + what);
        }
    }
}
