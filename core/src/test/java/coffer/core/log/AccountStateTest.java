package coffer.core.log;

import static coffer.core.log.LogFixture.device;
import static coffer.core.log.LogFixture.generation;
import static coffer.core.log.LogFixture.wrap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.log.LogFixture.TestDevice;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountStateTest {

    private static final TestDevice LAPTOP = device(1);
    private static final TestDevice PHONE = device(2);
    private static final TestDevice TABLET = device(3);
    private static final TestDevice PAPER = device(9);

    private final LogFixture log = new LogFixture();

    private AccountState genesis() throws CofferException {
        return AccountState.begin(log.accountGenesis(LAPTOP, PAPER));
    }

    private AccountState withPhone(Role role) throws CofferException {
        AccountState state = genesis();
        return state.apply(log.next(
                state, LAPTOP, 1, new Control.DeviceAdded(PHONE.record(), role, wrap(PHONE.id()))));
    }

    @Test
    void begin_takesTheIdFromTheGenesisEntry() throws CofferException {
        Entry entry = log.accountGenesis(LAPTOP, PAPER);
        AccountState state = AccountState.begin(entry);
        assertThat(state.id().value()).isEqualTo(entry.id().value());
        assertThat(state.activeDevice(LAPTOP.id())).isPresent();
        assertThat(state.generation().number()).isEqualTo(1);
    }

    @Test
    void begin_refusesAGenesisThatTheRecoveryKeyDidNotSign() {
        Entry forged = log.sign(
                null, null, LAPTOP, null, 1, List.of(), List.of(),
                new Control.AccountGenesis(
                        LAPTOP.record(), PAPER.record(), generation(1, LAPTOP, PAPER)),
                LAPTOP, LAPTOP);
        assertRefused(ErrorCode.CHAIN, () -> AccountState.begin(forged));
    }

    @Test
    void begin_refusesAGenesisWithoutAWrapForTheRecoveryKey() {
        Entry forged = log.sign(
                null, null, LAPTOP, null, 1, List.of(), List.of(),
                new Control.AccountGenesis(LAPTOP.record(), PAPER.record(), generation(1, LAPTOP)),
                LAPTOP, PAPER);
        assertRefused(ErrorCode.CHAIN, () -> AccountState.begin(forged));
    }

    @Test
    void apply_letsADeviceInAndOutAndStartsAGeneration() throws CofferException {
        AccountState two = withPhone(Role.FULL);
        AccountState one = two.apply(log.next(
                two, LAPTOP, 2, new Control.DeviceRemoved(List.of(PHONE.id()), generation(2, LAPTOP, PAPER))));
        assertThat(one.activeDevice(PHONE.id())).isEmpty();
        assertThat(one.devices()).containsKey(PHONE.id());
        assertThat(one.generation().number()).isEqualTo(2);
        assertThat(one.generationAt()).isEqualTo(2);
    }

    @Test
    void apply_refusesAGenerationStillWrappedForTheRemovedDevice() throws CofferException {
        AccountState two = withPhone(Role.FULL);
        assertRefused(ErrorCode.CHAIN, () -> two.apply(log.next(
                two, LAPTOP, 2,
                new Control.DeviceRemoved(List.of(PHONE.id()), generation(2, LAPTOP, PHONE, PAPER)))));
    }

    @Test
    void apply_refusesARemovedDevice() throws CofferException {
        AccountState two = withPhone(Role.FULL);
        AccountState one = two.apply(log.next(
                two, LAPTOP, 2, new Control.DeviceRemoved(List.of(PHONE.id()), generation(2, LAPTOP, PAPER))));
        assertRefused(ErrorCode.NOT_AUTHORISED, () -> one.apply(log.next(one, PHONE, 2, new Control.Settings())));
    }

    @Test
    void apply_refusesToTakeARemovedDeviceBack() throws CofferException {
        AccountState two = withPhone(Role.FULL);
        AccountState one = two.apply(log.next(
                two, LAPTOP, 2, new Control.DeviceRemoved(List.of(PHONE.id()), generation(2, LAPTOP, PAPER))));
        assertRefused(ErrorCode.CHAIN, () -> one.apply(log.next(
                one, LAPTOP, 2, new Control.DeviceAdded(PHONE.record(), Role.FULL, wrap(PHONE.id())))));
    }

    @Test
    void apply_refusesAGhostDevice() throws CofferException {
        AccountState state = genesis();
        assertRefused(ErrorCode.CHAIN, () -> state.apply(log.next(
                state, TABLET, 1, new Control.DeviceAdded(TABLET.record(), Role.FULL, wrap(TABLET.id())))));
    }

    @Test
    void apply_refusesAReadOnlyDeviceThatChangesTheAccount() throws CofferException {
        AccountState two = withPhone(Role.READ_ONLY);
        assertRefused(ErrorCode.NOT_AUTHORISED, () -> two.apply(log.next(two, PHONE, 1, new Control.Settings())));
    }

    @Test
    void apply_refusesAnEntrySignedByAnotherKeyThanItNames() throws CofferException {
        AccountState two = withPhone(Role.FULL);
        Entry forged = log.sign(
                two.id(), two.head(), LAPTOP, null, 1, List.of(), List.of(), new Control.Settings(), PHONE);
        assertRefused(ErrorCode.CHAIN, () -> two.apply(forged));
    }

    @Test
    void apply_refusesAnEntryThatIsRepeatedSkippedOrOfAnotherAccount() throws CofferException {
        AccountState first = genesis();
        Entry settings = log.next(first, LAPTOP, 1, new Control.Settings());
        AccountState second = first.apply(settings);
        Entry third = log.next(second, LAPTOP, 1, new Control.Settings());
        assertRefused(ErrorCode.CHAIN, () -> second.apply(settings));
        assertRefused(ErrorCode.CHAIN, () -> first.apply(third));
        AccountState other = AccountState.begin(log.accountGenesis(TABLET, PAPER));
        assertRefused(ErrorCode.CHAIN, () -> other.apply(settings));
    }

    @Test
    void apply_letsTheRecoveryKeyRecoverAndNobodyElse() throws CofferException {
        AccountState two = withPhone(Role.FULL);
        Control recovered = new Control.Recovered(
                TABLET.record(), List.of(LAPTOP.id()), generation(2, PHONE, TABLET, PAPER));
        AccountState after = two.apply(log.next(two, PAPER, 2, recovered));
        assertThat(after.activeDevice(TABLET.id())).isPresent();
        assertThat(after.activeDevice(LAPTOP.id())).isEmpty();
        assertRefused(ErrorCode.NOT_AUTHORISED, () -> two.apply(log.next(two, PHONE, 2, recovered)));
    }

    @Test
    void apply_refusesAGenerationThatIsNotTheNext() throws CofferException {
        AccountState state = genesis();
        assertRefused(ErrorCode.CHAIN, () -> state.apply(log.next(
                state, LAPTOP, 3, new Control.GenerationStarted(generation(3, LAPTOP, PAPER)))));
        assertRefused(ErrorCode.CHAIN, () -> state.apply(log.next(state, LAPTOP, 2, new Control.Settings())));
    }

    static void assertRefused(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(CofferException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
