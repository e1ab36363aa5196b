package coffer.core.log;

import static coffer.core.log.AccountStateTest.assertRefused;
import static coffer.core.log.LogFixture.device;
import static coffer.core.log.LogFixture.epoch;
import static coffer.core.log.LogFixture.generation;
import static coffer.core.log.LogFixture.resolver;
import static coffer.core.log.LogFixture.wrap;
import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Limits;
import coffer.core.Hash;
import coffer.core.PackId;
import coffer.core.log.LogFixture.TestDevice;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class VaultStateTest {

    private static final TestDevice LAPTOP = device(1);
    private static final TestDevice PHONE = device(2);
    private static final TestDevice PAPER = device(9);
    private static final PackId PACK = new PackId(Hash.of(new byte[] {7}).value());

    private final LogFixture log = new LogFixture();
    private AccountHistory account;
    private AccountResolver accounts;
    private VaultState vault;

    @BeforeEach
    void beginAccountAndVault() throws CofferException {
        account = new AccountHistory(log.accountGenesis(LAPTOP, PAPER));
        addPhone(Role.FULL);
        accounts = resolver(account);
        vault = VaultState.begin(log.vaultGenesis(account.latest(), LAPTOP), accounts);
    }

    private void addPhone(Role role) throws CofferException {
        account.append(log.next(
                account.latest(), LAPTOP, 1, new Control.DeviceAdded(PHONE.record(), role, wrap(PHONE.id()))));
    }

    private void removePhone() throws CofferException {
        account.append(log.next(
                account.latest(),
                LAPTOP,
                2,
                new Control.DeviceRemoved(List.of(PHONE.id()), generation(2, LAPTOP, PAPER))));
    }

    @Test
    void apply_acceptsCommitsOfEveryActiveDevice() throws CofferException {
        VaultState one = vault.apply(log.commit(vault, account.latest(), LAPTOP), accounts);
        VaultState two = one.apply(log.commit(one, account.latest(), PHONE), accounts);
        assertThat(two.head().sequence()).isEqualTo(2);
    }

    @Test
    void apply_refusesEveryDropSwapAndRepetitionOfAChain() throws CofferException {
        VaultState[] states = new VaultState[8];
        Entry[] entries = new Entry[8];
        states[0] = vault;
        for (int i = 1; i < states.length; i++) {
            entries[i] = log.commit(states[i - 1], account.latest(), LAPTOP);
            states[i] = states[i - 1].apply(entries[i], accounts);
        }
        for (int at = 0; at < states.length; at++) {
            for (int entry = 1; entry < entries.length; entry++) {
                VaultState state = states[at];
                Entry candidate = entries[entry];
                if (entry == at + 1) {
                    assertThat(state.apply(candidate, accounts).head()).isEqualTo(candidate.head());
                } else {
                    assertRefused(ErrorCode.CHAIN, () -> state.apply(candidate, accounts));
                }
            }
        }
    }

    @Nested
    class AfterTheAccountRemovedADevice {

        private AccountState before;

        @BeforeEach
        void remove() throws CofferException {
            before = account.latest();
            removePhone();
        }

        @Test
        void apply_refusesCommitsUntilANewEpoch() throws CofferException {
            assertThat(vault.needsNewEpoch(account.latest())).isTrue();
            assertRefused(
                    ErrorCode.CHAIN,
                    () -> vault.apply(log.commit(vault, account.latest(), LAPTOP), accounts));
            VaultState rotated = rotate();
            assertThat(rotated.needsNewEpoch(account.latest())).isFalse();
            assertThat(rotated.apply(log.commit(rotated, account.latest(), LAPTOP), accounts).head().sequence())
                    .isEqualTo(2);
        }

        @Test
        void apply_refusesTheRemovedDeviceUnderItsOldHeadOnceTheEpochIsNew() throws CofferException {
            VaultState rotated = rotate();
            assertRefused(
                    ErrorCode.CHAIN, () -> rotated.apply(log.commit(rotated, before, PHONE), accounts));
            assertRefused(
                    ErrorCode.NOT_AUTHORISED,
                    () -> rotated.apply(log.commit(rotated, account.latest(), PHONE), accounts));
        }

        @Test
        void apply_refusesAnEpochMadeForTheOldGeneration() {
            Entry stale = log.next(
                    vault, before, LAPTOP, 2, List.of(), List.of(), new Control.EpochStarted(epoch(2, before)));
            Member wrong = new Member(
                    before.id(), account.latest().head(), MemberRole.OWNER, 1, LogFixture.wrappedToAccount());
            Entry mixed = log.next(
                    vault, account.latest(), LAPTOP, 2, List.of(), List.of(),
                    new Control.EpochStarted(epoch(2, wrong)));
            assertThat(stale.header().period()).isEqualTo(2);
            assertRefused(ErrorCode.CHAIN, () -> vault.apply(mixed, accounts));
        }

        private VaultState rotate() throws CofferException {
            AccountState now = account.latest();
            return vault.apply(
                    log.next(
                            vault, now, LAPTOP, 2, List.of(), List.of(), new Control.EpochStarted(epoch(2, now))),
                    accounts);
        }
    }

    @Test
    void apply_refusesAReadOnlyDeviceThatCommits() throws CofferException {
        TestDevice viewer = device(4);
        account.append(log.next(
                account.latest(), LAPTOP, 1,
                new Control.DeviceAdded(viewer.record(), Role.READ_ONLY, wrap(viewer.id()))));
        assertRefused(
                ErrorCode.NOT_AUTHORISED,
                () -> vault.apply(log.commit(vault, account.latest(), viewer), accounts));
    }

    @Test
    void apply_refusesAnAppendOnlyDeviceThatReleasesPacks() throws CofferException {
        TestDevice camera = device(5);
        account.append(log.next(
                account.latest(), LAPTOP, 1,
                new Control.DeviceAdded(camera.record(), Role.APPEND_ONLY, wrap(camera.id()))));
        vault.apply(log.commit(vault, account.latest(), camera), accounts);
        Entry release = log.next(
                vault, account.latest(), camera, 1, List.of(), List.of(PACK), new Control.Commit());
        assertRefused(ErrorCode.NOT_AUTHORISED, () -> vault.apply(release, accounts));
    }

    @Test
    void apply_refusesAnAccountThatIsNoMember() throws CofferException {
        AccountHistory stranger = new AccountHistory(log.accountGenesis(device(6), PAPER));
        AccountResolver both = (id, head) -> id.equals(account.latest().id())
                ? accounts.resolve(id, head)
                : resolver(stranger).resolve(id, head);
        Entry intruding = log.commit(vault, stranger.latest(), device(6));
        assertRefused(ErrorCode.NOT_AUTHORISED, () -> vault.apply(intruding, both));
    }

    @Test
    void apply_refusesAnAccountHeadOlderThanOneUsedBefore() throws CofferException {
        AccountState older = account.latest();
        account.append(log.next(older, LAPTOP, 1, new Control.Settings()));
        VaultState next = vault.apply(log.commit(vault, account.latest(), LAPTOP), accounts);
        assertRefused(ErrorCode.CHAIN, () -> next.apply(log.commit(next, older, LAPTOP), accounts));
    }

    @Test
    void restore_goesOnWhereEncodeStopped() throws CofferException, CborException {
        VaultState one = vault.apply(log.commit(vault, account.latest(), LAPTOP), accounts);
        VaultState restored = VaultState.restore(one.encode());
        assertThat(restored.encode()).isEqualTo(one.encode());
        Entry next = log.commit(one, account.latest(), PHONE);
        assertThat(restored.apply(next, accounts).encode()).isEqualTo(one.apply(next, accounts).encode());
    }

    private VaultState moved(VaultState from, String region) throws CofferException {
        return from.apply(residency(from, LAPTOP, region), accounts);
    }

    private Entry residency(VaultState from, TestDevice author, String region) {
        return log.next(from, account.latest(), author, 1, List.of(), List.of(), new Control.Residency(region));
    }

    @Test
    void apply_remembersWhichRegionsWereLeft_untilTheyAreChosenAgain() throws CofferException, CborException {
        String first = vault.region();
        assertThat(vault.residence()).isEqualTo(new Residence(first, 0, List.of()));
        VaultState one = moved(vault, "is");
        assertThat(one.residence()).isEqualTo(new Residence("is", 1, List.of(first)));
        VaultState same = moved(one, "is");
        assertThat(same.residence()).as("nothing was left").isEqualTo(one.residence());
        VaultState two = moved(same, "de");
        assertThat(two.residence().former()).containsExactlyInAnyOrder(first, "is");
        VaultState back = moved(two, first);
        assertThat(back.residence()).isEqualTo(new Residence(first, 4, List.of("de", "is")));
        assertThat(VaultState.restore(back.encode()).residence()).isEqualTo(back.residence());
    }

    @Test
    void apply_refusesMoreFormerRegionsThanTheLimit() throws CofferException {
        VaultState now = vault;
        for (int i = 0; i < Limits.FORMER_REGIONS_MAX; i++) {
            now = moved(now, "r" + i);
        }
        VaultState full = now;
        assertRefused(ErrorCode.CHAIN, () -> moved(full, "one-more"));
        assertThat(moved(full, "r0").region()).as("back is no new one").isEqualTo("r0");
    }

    @Test
    void apply_refusesADeviceThatIsNotFull_andChoosesARegion() throws CofferException {
        for (Role role : List.of(Role.READ_ONLY, Role.APPEND_ONLY)) {
            TestDevice other = device(role == Role.READ_ONLY ? 7 : 8);
            account.append(log.next(
                    account.latest(), LAPTOP, 1, new Control.DeviceAdded(other.record(), role, wrap(other.id()))));
            Entry entry = residency(vault, other, "is");
            assertRefused(ErrorCode.NOT_AUTHORISED, () -> vault.apply(entry, accounts));
        }
    }

    @Test
    void apply_remembersTheNewestSnapshotAndRegion() throws CofferException {
        Entry snapshot = log.next(
                vault, account.latest(), LAPTOP, 1, List.of(), List.of(), new Control.Snapshot());
        VaultState one = vault.apply(snapshot, accounts);
        assertThat(one.snapshot()).contains(snapshot.head());
        VaultState two = one.apply(
                log.next(one, account.latest(), LAPTOP, 1, List.of(), List.of(), new Control.Residency("eu-west")),
                accounts);
        assertThat(two.region()).isEqualTo("eu-west");
        assertRefused(
                ErrorCode.CHAIN,
                () -> two.apply(
                        log.next(
                                two, account.latest(), LAPTOP, 1, List.of(), List.of(),
                                new Control.Residency("../etc")),
                        accounts));
    }
}
