package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.LogId;
import coffer.core.PackId;
import coffer.service.CopyStorage.Copy;
import coffer.service.CopyStorage.CopyState;
import coffer.service.CopyStorage.Due;
import coffer.service.CopyStorage.Holding;
import coffer.service.CopyStorage.Left;
import coffer.service.LogStorage.DoomedPack;
import coffer.service.LogStorage.HeldPack;
import coffer.service.LogStorage.Reservation;
import coffer.service.LogStorage.ReserveResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every engine behind [CopyStorage] does.
abstract class CopyStorageContract {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final LogId ONE = LogStorageContract.log(5);
    private static final LogId TWO = LogStorageContract.log(6);

    private LogStorage logs;
    private CopyStorage copies;

    /// An empty engine.
    abstract LogStorage open() throws Exception;

    abstract CopyStorage copies(LogStorage logs);

    @BeforeEach
    final void openStorage() throws Exception {
        logs = open();
        copies = copies(logs);
        beginVault(ONE, 1);
        beginVault(TWO, 2);
    }

    @AfterEach
    final void closeStorage() {
        logs.close();
    }

    @Test
    void aHolding_hasItsCopiesOnceItIsCommitted() throws Exception {
        reserve(ONE, 1, "a", "b");
        assertThat(copies.holdings(0, 10)).isEmpty();
        long number = live(ONE, 1, 1, "a", "b");
        assertThat(copies.holdings(0, 10))
                .containsExactly(new Holding(
                        number,
                        ONE,
                        LogStorageContract.pack(1),
                        100,
                        List.of(
                                new Copy("a", CopyState.HELD, Instant.EPOCH),
                                new Copy("b", CopyState.HELD, Instant.EPOCH))));
        assertThat(copies.holdings(number, 10)).isEmpty();
    }

    @Test
    void aCopyThatIsComing_isGivenToDevicesOnceItIsProven() throws Exception {
        long number = live(ONE, 1, 1, "a");
        assertThat(copies.proven(number, "b", NOW)).as("not announced").isFalse();
        assertThat(copies.announce(number, "b", NOW)).isTrue();
        assertThat(held(ONE, 1).providers()).containsExactly("a");
        assertThat(copies.announce(number, "b", NOW)).as("again, after a crash").isTrue();
        assertThat(copies.proven(number, "b", NOW)).isTrue();
        assertThat(held(ONE, 1).providers()).containsExactly("a", "b");
    }

    @Test
    void aDamagedCopy_isGivenToNobody_untilItIsProvenAgain() throws Exception {
        long number = live(ONE, 1, 1, "a", "b");
        copies.damaged(number, "a");
        assertThat(held(ONE, 1).providers()).containsExactly("b");
        assertThat(held(ONE, 1).damaged()).containsExactly("a");
        assertThat(copies.proven(number, "a", NOW)).isTrue();
        assertThat(held(ONE, 1).providers()).containsExactly("a", "b");
    }

    @Test
    void theLastHeldCopy_neverLeaves() throws Exception {
        long number = live(ONE, 1, 1, "a", "b");
        assertThat(copies.leave(number, "a", NOW)).isTrue();
        assertThat(held(ONE, 1).providers()).containsExactly("b");
        assertThat(copies.leave(number, "b", NOW)).isFalse();
        copies.announce(number, "c", NOW);
        assertThat(copies.leave(number, "b", NOW)).as("one that is only coming does not count").isFalse();
        assertThat(held(ONE, 1).providers()).containsExactly("b");
    }

    @Test
    void aCopyThatLeft_isGivenForDeletionAfterTheGrace_againAndAgainUntilItIsGone() throws Exception {
        long number = live(ONE, 1, 1, "a", "b");
        copies.leave(number, "a", NOW);
        assertThat(copies.takeLeft(NOW, 10)).isEmpty();
        List<Left> left = copies.takeLeft(NOW.plusMillis(1), 10);
        assertThat(left).containsExactly(new Left(number, LogStorageContract.pack(1), "a"));
        assertThat(copies.takeLeft(Instant.EPOCH, 10)).isEqualTo(left);
        copies.gone(left.getFirst());
        assertThat(copies.takeLeft(NOW.plus(HOUR), 10)).isEmpty();
        assertThat(copies.holdings(0, 10).getFirst().copies()).hasSize(1);
    }

    @Test
    void anObjectThatAnotherVaultReliesOn_isLeftAlone() throws Exception {
        long mine = live(ONE, 1, 1, "a", "b");
        live(TWO, 1, 1, "a");
        copies.leave(mine, "a", NOW);
        assertThat(copies.takeLeft(NOW.plus(HOUR), 10)).isEmpty();
        assertThat(held(ONE, 1).providers()).containsExactly("b");
        assertThat(held(TWO, 1).providers()).containsExactly("a");
    }

    @Test
    void whileAnObjectIsBeingDeleted_nobodyMayWriteIt() throws Exception {
        long mine = live(ONE, 1, 1, "a", "b");
        long theirs = live(TWO, 1, 1, "c");
        copies.leave(mine, "a", NOW);
        List<Left> left = copies.takeLeft(NOW.plus(HOUR), 10);
        assertThat(copies.announce(theirs, "a", NOW)).isFalse();
        assertThat(copies.announce(mine, "a", NOW)).isFalse();
        beginVault(LogStorageContract.log(7), 3);
        assertThat(logs.reserve(LogStorageContract.log(7), List.of(reservation(1, "a")), Long.MAX_VALUE, NOW))
                .isEqualTo(new ReserveResult.Refused(LogStorageContract.pack(1), true));
        copies.gone(left.getFirst());
        assertThat(copies.announce(theirs, "a", NOW)).isTrue();
    }

    @Test
    void aCopyThatIsComingToAnotherVault_isNotDeletedWithADoomedOne() throws Exception {
        reserve(ONE, 1, "a");
        long theirs = live(TWO, 1, 1, "c");
        assertThat(copies.announce(theirs, "a", NOW)).isTrue();
        assertThat(logs.doom(NOW, NOW.plus(HOUR), 10)).extracting(DoomedPack::providers).containsExactly(List.of());
    }

    @Test
    void aDoomedHolding_takesNoMoreCopies() throws Exception {
        HeldPack mine = reserve(ONE, 1, "a");
        long theirs = live(TWO, 1, 1, "c");
        assertThat(logs.doom(NOW, NOW.plus(HOUR), 10)).extracting(DoomedPack::providers).containsExactly(List.of("a"));
        assertThat(copies.announce(theirs, "a", NOW)).as("it is about to be deleted there").isFalse();
        assertThat(copies.announce(theirs, "b", NOW)).isTrue();
        assertThat(copies.announce(mine.number(), "b", NOW)).isFalse();
        assertThat(copies.proven(mine.number(), "a", NOW)).isFalse();
    }

    @Test
    void aReservationThatIsMadeAgain_goesWhereItWouldGoNow() throws Exception {
        reserve(ONE, 1, "a", "b");
        HeldPack again = reserve(ONE, 1, "b", "c");
        assertThat(again.providers()).containsExactly("b", "c");
        List<Left> left = copies.takeLeft(NOW.plus(HOUR), 10);
        assertThat(left).extracting(Left::provider).containsExactly("a");
        copies.gone(left.getFirst());
        live(ONE, 1, 1, "b", "c");
        assertThat(reserve(ONE, 1, "d").providers()).as("what is committed stays where it is").containsExactly("b", "c");
    }

    @Test
    void unproven_givesTheOldestProofFirst_andNothingYounger() throws Exception {
        long first = live(ONE, 1, 1, "a");
        long second = live(ONE, 2, 2, "a");
        copies.proven(first, "a", NOW);
        assertThat(copies.unproven("a", NOW.plus(HOUR), 10)).extracting(Due::number).containsExactly(second, first);
        assertThat(copies.unproven("a", NOW, 10)).extracting(Due::number).containsExactly(second);
        assertThat(copies.unproven("b", NOW.plus(HOUR), 10)).isEmpty();
        copies.damaged(second, "a");
        assertThat(copies.unproven("a", NOW, 10)).isEmpty();
    }

    @Test
    void abandon_strikesOffWhatIsElsewhereToo_andCountsTheRest() throws Exception {
        live(ONE, 1, 1, "a", "b");
        live(ONE, 2, 2, "a");
        assertThat(copies.abandon("a")).isEqualTo(1);
        assertThat(held(ONE, 1).providers()).containsExactly("b");
        assertThat(held(ONE, 2).providers()).containsExactly("a");
    }

    @Test
    void amounts_areByProviderAndState() throws Exception {
        long first = live(ONE, 1, 1, "a", "b");
        live(ONE, 2, 2, "a");
        copies.proven(first, "b", NOW);
        copies.damaged(first, "a");
        assertThat(copies.amounts())
                .containsExactly(
                        new CopyStorage.Amount("a", CopyState.HELD, 1, 100, Instant.EPOCH),
                        new CopyStorage.Amount("a", CopyState.DAMAGED, 1, 100, Instant.EPOCH),
                        new CopyStorage.Amount("b", CopyState.HELD, 1, 100, NOW));
    }

    @Test
    void settingsOfProviders_areKept() throws Exception {
        assertThat(copies.keptProviders()).isEmpty();
        copies.keepProvider("near", Map.of("kind", "s3", "bucket", "ü\""));
        copies.keepProvider("far", Map.of());
        copies.keepProvider("near", Map.of("kind", "directory"));
        assertThat(copies.keptProviders())
                .isEqualTo(Map.of("far", Map.of(), "near", Map.of("kind", "directory")));
    }

    private void beginVault(LogId vault, int account) throws Exception {
        LogId owner = LogStorageContract.log(account);
        logs.append(LogStorageContract.genesis(vault, owner, true));
    }

    private HeldPack reserve(LogId vault, int pack, String... providers) throws Exception {
        var result = logs.reserve(vault, List.of(reservation(pack, providers)), Long.MAX_VALUE, NOW);
        return ((ReserveResult.Reserved) result).packs().getFirst();
    }

    private static Reservation reservation(int pack, String... providers) {
        return new Reservation(LogStorageContract.pack(pack), 100, List.of(providers));
    }

    /// The number of a holding that an entry at that sequence has made live.
    private long live(LogId vault, int pack, long sequence, String... providers) throws Exception {
        HeldPack held = reserve(vault, pack, providers);
        var result = logs.append(LogStorageContract.withPacks(
                LogStorageContract.next(vault, sequence), List.of(held), List.<PackId>of()));
        assertThat(result).isInstanceOf(LogStorage.AppendResult.Appended.class);
        return held.number();
    }

    private HeldPack held(LogId vault, int pack) throws Exception {
        return logs.packs(vault, List.of(LogStorageContract.pack(pack))).getFirst();
    }
}
