package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Bytes;
import coffer.core.DeviceId;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.log.Head;
import coffer.core.log.Kind;
import coffer.service.LogStorage.AppendResult;
import coffer.service.LogStorage.DoomedPack;
import coffer.service.LogStorage.HeldPack;
import coffer.service.LogStorage.KeptState;
import coffer.service.LogStorage.NewEntry;
import coffer.service.LogStorage.PackState;
import coffer.service.LogStorage.Reservation;
import coffer.service.LogStorage.ReserveResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every engine behind [LogStorage] does. An engine's test extends this class and says how to open it.
abstract class LogStorageContract {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private LogStorage storage;

    /// An empty engine.
    abstract LogStorage open() throws Exception;

    /// What an engine finds that is started after the present one lost its power; the present one is given up.
    abstract LogStorage reopenAfterCrash(LogStorage storage) throws Exception;

    @BeforeEach
    final void openStorage() throws Exception {
        storage = open();
    }

    @AfterEach
    final void closeStorage() {
        storage.close();
    }

    @Test
    void find_isEmptyForALogThatIsNotThere() throws Exception {
        assertThat(storage.find(log(1))).isEmpty();
        assertThat(storage.page(log(1), 0, 10, 1_000, true)).isEmpty();
    }

    @Test
    void append_ofAGenesisMakesTheLog() throws Exception {
        assertThat(storage.append(genesis(log(1), log(1), false))).isInstanceOf(AppendResult.Appended.class);
        var info = storage.find(log(1)).orElseThrow();
        assertThat(info.head()).isEqualTo(head(log(1), 0));
        assertThat(info.owner()).isEqualTo(log(1));
        assertThat(info.vault()).isFalse();
    }

    @Test
    void append_ofASecondGenesisIsStaleAndSaysTheHead() throws Exception {
        storage.append(genesis(log(1), log(1), false));
        assertThat(storage.append(genesis(log(1), log(1), false)))
                .isEqualTo(new AppendResult.Stale(Optional.of(head(log(1), 0))));
    }

    @Test
    void append_toALogThatIsNotThereIsStaleWithoutHead() throws Exception {
        assertThat(storage.append(next(log(1), 1))).isEqualTo(new AppendResult.Stale(Optional.empty()));
    }

    @Test
    void append_refusesGapsRepetitionsAndAnotherPredecessor() throws Exception {
        storage.append(genesis(log(1), log(1), false));
        storage.append(next(log(1), 1));
        var stale = new AppendResult.Stale(Optional.of(head(log(1), 1)));
        assertThat(storage.append(next(log(1), 1))).isEqualTo(stale);
        assertThat(storage.append(next(log(1), 3))).isEqualTo(stale);
        Head other = new Head(1, Hash.of(new byte[] {1}));
        assertThat(storage.append(entry(log(1), log(1), false, Optional.of(other), head(log(1), 2)))).isEqualTo(stale);
        assertThat(storage.page(log(1), 0, 10, 100_000, true)).hasSize(2);
    }

    @Test
    void append_hasExactlyOneWinnerForEachSequence() throws Exception {
        int writers = 8;
        int sequences = 60;
        storage.append(genesis(log(1), log(1), false));
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            int salt = writer;
            tasks.add(() -> contend(sequences, salt));
        }
        int won = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> future : threads.invokeAll(tasks)) {
                won += future.get();
            }
        }
        assertThat(won).isEqualTo(sequences);
        assertThat(storage.page(log(1), 0, 1_000, 1 << 20, true)).hasSize(sequences + 1);
        assertThat(storage.find(log(1)).orElseThrow().head().sequence()).isEqualTo(sequences);
    }

    private int contend(int sequences, int salt) throws Exception {
        int won = 0;
        while (true) {
            Head head = storage.find(log(1)).orElseThrow().head();
            if (head.sequence() >= sequences) {
                return won;
            }
            Head mine = new Head(head.sequence() + 1, Hash.of(("w" + salt + "/" + head).getBytes(StandardCharsets.UTF_8)));
            if (storage.append(entry(log(1), log(1), false, Optional.of(head), mine)) instanceof AppendResult.Appended) {
                won++;
            }
        }
    }

    @Test
    void append_ofManyLogsAtOnceKeepsEachInOrder() throws Exception {
        int logs = 40;
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < logs; i++) {
            LogId log = log(i);
            tasks.add(() -> {
                storage.append(genesis(log, log, false));
                for (int sequence = 1; sequence < 20; sequence++) {
                    assertThat(storage.append(next(log, sequence))).isInstanceOf(AppendResult.Appended.class);
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> future : threads.invokeAll(tasks)) {
                future.get();
            }
        }
        for (int i = 0; i < logs; i++) {
            assertHolds(storage, log(i), 19);
        }
        assertThat(storage.totals().entries()).isEqualTo(logs * 20L);
    }

    @Test
    void page_keepsTheParts() throws Exception {
        storage.append(genesis(log(1), log(1), false));
        StoredEntry stored = storage.page(log(1), 0, 1, 1, true).getFirst();
        StoredEntry expected = stored(head(log(1), 0), Kind.SETTINGS);
        assertThat(stored.header()).isEqualTo(expected.header());
        assertThat(stored.body()).isEqualTo(expected.body());
        assertThat(stored.signatures()).isEqualTo(expected.signatures());
        assertThat(stored.kind()).isEqualTo(expected.kind());
    }

    @Test
    void page_isBoundedByCountAndBytesButNeverEmptyBeforeTheEnd() throws Exception {
        fill(log(1), 10);
        long size = storage.page(log(1), 0, 1, 1, true).getFirst().size();
        assertThat(storage.page(log(1), 3, 4, 1 << 20, true)).hasSize(4);
        assertThat(storage.page(log(1), 3, 100, 2 * size + 20, true)).hasSize(2);
        assertThat(storage.page(log(1), 3, 100, 1, true)).hasSize(1);
        assertThat(storage.page(log(1), 10, 100, 1, true)).isEmpty();
        assertThat(storage.page(log(1), Long.MAX_VALUE, 100, 1, true)).isEmpty();
        assertThat(storage.page(log(1), -1, 100, 1, true)).isEmpty();
    }

    @Test
    void page_leavesOutBodiesOnlyWhereAllowed() throws Exception {
        storage.append(genesis(log(1), log(1), true));
        storage.append(withKind(next(log(1), 1), Kind.COMMIT));
        storage.append(withKind(next(log(1), 2), Kind.EPOCH));
        storage.append(withKind(next(log(1), 3), Kind.SNAPSHOT));
        List<StoredEntry> page = storage.page(log(1), 0, 10, 1 << 20, false);
        assertThat(page.stream().map(entry -> entry.body().length == 0)).containsExactly(false, true, false, true);
        assertThat(storage.page(log(1), 0, 10, 1 << 20, true)).noneMatch(entry -> entry.body().length == 0);
    }

    @Test
    void vaultsOf_followsTheMembersOfTheLatestEntryThatNamesThem() throws Exception {
        storage.append(withMembers(genesis(log(5), log(1), true), List.of(log(1), log(2))));
        storage.append(genesis(log(6), log(1), true));
        assertThat(storage.vaultsOf(log(1))).containsExactly(log(5));
        assertThat(storage.vaultsOf(log(2))).containsExactly(log(5));
        storage.append(withMembers(next(log(5), 1), List.of(log(1))));
        assertThat(storage.vaultsOf(log(2))).isEmpty();
        assertThat(storage.vaultsOf(log(3))).isEmpty();
        assertThat(storage.vaultsOwned(log(1))).isEqualTo(2);
        assertThat(storage.vaultsOwned(log(2))).isZero();
    }

    @Test
    void accountOf_findsTheAccountByItsRecoveryKey() throws Exception {
        DeviceId recovery = DeviceId.of(new byte[32]);
        NewEntry genesis = genesis(log(1), log(1), false);
        storage.append(new NewEntry(
                genesis.log(),
                genesis.owner(),
                false,
                Optional.empty(),
                genesis.head(),
                genesis.entry(),
                List.of(),
                List.of(),
                Optional.of(recovery),
                Optional.empty(),
                NOW));
        assertThat(storage.accountOf(recovery)).contains(log(1));
        assertThat(storage.accountOf(DeviceId.of(Hash.of(new byte[1]).toArray()))).isEmpty();
    }

    @Test
    void keptState_isTheOneKeptLast() throws Exception {
        fill(log(1), 3);
        assertThat(storage.keptState(log(1))).isEmpty();
        storage.keepState(log(1), new KeptState(head(log(1), 1), Bytes.of(new byte[] {1})));
        storage.keepState(log(1), new KeptState(head(log(1), 2), Bytes.of(new byte[] {2})));
        assertThat(storage.keptState(log(1))).contains(new KeptState(head(log(1), 2), Bytes.of(new byte[] {2})));
        storage.keepState(log(9), new KeptState(head(log(9), 1), Bytes.EMPTY));
        assertThat(storage.keptState(log(9))).isEmpty();
    }

    @Test
    void reserve_countsTowardsTheQuotaOnceAndAllOrNone() throws Exception {
        storage.append(genesis(log(5), log(1), true));
        long before = storage.usage(log(1));
        var packs = List.of(reservation(1, 400), reservation(2, 500));
        assertThat(storage.reserve(log(5), packs, before + 1_000, NOW)).isInstanceOf(ReserveResult.Reserved.class);
        assertThat(storage.usage(log(1))).isEqualTo(before + 900);
        assertThat(storage.reserve(log(5), packs, before + 1_000, NOW)).isInstanceOf(ReserveResult.Reserved.class);
        assertThat(storage.usage(log(1))).isEqualTo(before + 900);
        assertThat(storage.reserve(log(5), List.of(reservation(3, 50), reservation(4, 51)), before + 1_000, NOW))
                .isInstanceOf(ReserveResult.OverQuota.class);
        assertThat(storage.packs(log(5), List.of(pack(3), pack(4)))).isEmpty();
        assertThat(storage.usage(log(1))).isEqualTo(before + 900);
    }

    @Test
    void reserve_byManyAtOnceNeverExceedsTheQuota() throws Exception {
        storage.append(genesis(log(5), log(1), true));
        long quota = storage.usage(log(1)) + 1_000;
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            var packs = List.of(reservation(i, 90));
            tasks.add(() -> {
                storage.reserve(log(5), packs, quota, NOW);
                return null;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> future : threads.invokeAll(tasks)) {
                future.get();
            }
        }
        assertThat(storage.usage(log(1))).isBetween(quota - 90, quota);
    }

    @Test
    void reserve_refusesAnotherSizeAndAVaultThatIsNotThere() throws Exception {
        storage.append(genesis(log(1), log(1), false));
        storage.append(genesis(log(5), log(1), true));
        storage.reserve(log(5), List.of(reservation(1, 400)), Long.MAX_VALUE, NOW);
        assertThat(storage.reserve(log(5), List.of(reservation(1, 401)), Long.MAX_VALUE, NOW))
                .isEqualTo(new ReserveResult.Refused(pack(1), false));
        assertThat(storage.reserve(log(9), List.of(reservation(1, 400)), Long.MAX_VALUE, NOW))
                .isInstanceOf(ReserveResult.NoVault.class);
        assertThat(storage.reserve(log(1), List.of(reservation(1, 400)), Long.MAX_VALUE, NOW))
                .isInstanceOf(ReserveResult.NoVault.class);
    }

    @Test
    void append_makesAddedPacksLiveAndRefusesThoseNotHeld() throws Exception {
        storage.append(genesis(log(5), log(1), true));
        HeldPack held = reserve(log(5), 1);
        HeldPack absent = new HeldPack(99, pack(2), 100, PackState.RESERVED, List.of("a"), List.of());
        assertThat(storage.append(withPacks(next(log(5), 1), List.of(held, absent), List.of())))
                .isEqualTo(new AppendResult.PacksMissing(List.of(pack(2))));
        assertThat(state(log(5), 1)).isEqualTo(PackState.RESERVED);
        assertThat(storage.append(withPacks(next(log(5), 1), List.of(held), List.of())))
                .isInstanceOf(AppendResult.Appended.class);
        assertThat(state(log(5), 1)).isEqualTo(PackState.LIVE);
    }

    @Test
    void doom_takesReleasedPacksOnlyAfterTheGrace() throws Exception {
        storage.append(genesis(log(5), log(1), true));
        HeldPack held = reserve(log(5), 1);
        storage.append(withPacks(next(log(5), 1), List.of(held), List.of()));
        storage.append(withPacks(next(log(5), 2), List.of(), List.of(pack(1))));
        assertThat(storage.doom(NOW, NOW.minus(HOUR), 10)).isEmpty();
        List<DoomedPack> doomed = storage.doom(NOW.plusMillis(1), NOW.minus(HOUR), 10);
        assertThat(doomed).containsExactly(new DoomedPack(held.number(), pack(1), List.of("a")));
        long usage = storage.usage(log(1));
        storage.forget(doomed.getFirst());
        assertThat(storage.usage(log(1))).isEqualTo(usage - 100);
        assertThat(storage.doom(NOW.plus(HOUR), NOW.minus(HOUR), 10)).isEmpty();
    }

    @Test
    void doom_sparesALivePackAndOneThatWasAddedAgain() throws Exception {
        storage.append(genesis(log(5), log(1), true));
        HeldPack held = reserve(log(5), 1);
        storage.append(withPacks(next(log(5), 1), List.of(held), List.of()));
        assertThat(storage.doom(NOW.plus(HOUR), NOW.plus(HOUR), 10)).isEmpty();
        storage.append(withPacks(next(log(5), 2), List.of(), List.of(pack(1))));
        storage.append(withPacks(next(log(5), 3), List.of(held), List.of()));
        assertThat(storage.doom(NOW.plus(HOUR), NOW.plus(HOUR), 10)).isEmpty();
        assertThat(state(log(5), 1)).isEqualTo(PackState.LIVE);
    }

    @Test
    void doom_takesReservationsThatWereNeverUsed() throws Exception {
        storage.append(genesis(log(5), log(1), true));
        HeldPack held = reserve(log(5), 1);
        assertThat(storage.doom(NOW.minus(HOUR), NOW.plusMillis(1), 10))
                .containsExactly(new DoomedPack(held.number(), pack(1), List.of("a")));
    }

    @Test
    void doom_givesTheSamePacksAgainUntilTheyAreForgotten() throws Exception {
        storage.append(genesis(log(5), log(1), true));
        reserve(log(5), 1);
        List<DoomedPack> doomed = storage.doom(NOW, NOW.plus(HOUR), 10);
        storage = reopenAfterCrash(storage);
        assertThat(storage.doom(Instant.EPOCH, Instant.EPOCH, 10)).isEqualTo(doomed);
        storage.forget(doomed.getFirst());
        storage.forget(doomed.getFirst());
        assertThat(storage.doom(Instant.EPOCH, Instant.EPOCH, 10)).isEmpty();
    }

    @Test
    void doom_leavesTheObjectToAnotherVaultThatHoldsThePack() throws Exception {
        storage.append(genesis(log(5), log(1), true));
        storage.append(genesis(log(6), log(2), true));
        HeldPack mine = reserve(log(5), 1);
        HeldPack theirs = reserve(log(6), 1);
        storage.append(withPacks(next(log(6), 1), List.of(theirs), List.of()));
        assertThat(storage.doom(NOW, NOW.plus(HOUR), 10))
                .containsExactly(new DoomedPack(mine.number(), pack(1), List.of()));
    }

    @Test
    void doomedPacks_canNeitherBeReservedNorAdded() throws Exception {
        storage.append(genesis(log(5), log(1), true));
        storage.append(genesis(log(6), log(2), true));
        HeldPack held = reserve(log(5), 1);
        List<DoomedPack> doomed = storage.doom(NOW, NOW.plus(HOUR), 10);
        assertThat(storage.reserve(log(6), List.of(reservation(1, 100)), Long.MAX_VALUE, NOW))
                .isEqualTo(new ReserveResult.Refused(pack(1), true));
        assertThat(storage.append(withPacks(next(log(5), 1), List.of(held), List.of())))
                .isEqualTo(new AppendResult.PacksMissing(List.of(pack(1))));
        assertThat(storage.packs(log(5), List.of(pack(1)))).isEmpty();
        storage.forget(doomed.getFirst());
        HeldPack again = reserve(log(5), 1);
        assertThat(again.number()).isNotEqualTo(held.number());
        assertThat(storage.append(withPacks(next(log(5), 1), List.of(held), List.of())))
                .as("a holding that was deleted meanwhile is not the one that was checked")
                .isEqualTo(new AppendResult.PacksMissing(List.of(pack(1))));
    }

    @Test
    void crash_keepsWhatWasAcknowledged() throws Exception {
        fill(log(1), 50);
        storage.append(genesis(log(5), log(1), true));
        reserve(log(5), 1);
        storage = reopenAfterCrash(storage);
        assertHolds(storage, log(1), 49);
        assertThat(state(log(5), 1)).isEqualTo(PackState.RESERVED);
        assertThat(storage.append(next(log(1), 50))).isInstanceOf(AppendResult.Appended.class);
    }

    @Test
    void randomAppends_equalAMapOfLists() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<LogId, List<Head>> model = new HashMap<>();
        for (int i = 0; i < 600; i++) {
            LogId log = log(random.nextInt(6));
            List<Head> heads = model.computeIfAbsent(log, key -> new ArrayList<>());
            int sequence = Math.max(0, heads.size() + random.nextInt(3) - 1);
            NewEntry entry = sequence == 0 ? genesis(log, log, false) : next(log, sequence);
            boolean fits = sequence == heads.size();
            assertThat(storage.append(entry) instanceof AppendResult.Appended).as("seed %d step %d", seed, i).isEqualTo(fits);
            if (fits) {
                heads.add(entry.head());
            }
        }
        for (var log : model.entrySet()) {
            if (!log.getValue().isEmpty()) {
                assertHolds(storage, log.getKey(), log.getValue().size() - 1);
            }
        }
    }

    static void assertHolds(LogStorage storage, LogId log, int last) throws Exception {
        assertThat(storage.find(log).orElseThrow().head()).isEqualTo(head(log, last));
        List<StoredEntry> page = storage.page(log, 0, last + 10, 64 << 20, true);
        assertThat(page).hasSize(last + 1);
        for (int sequence = 0; sequence <= last; sequence++) {
            assertThat(page.get(sequence).header()).isEqualTo(stored(head(log, sequence), Kind.SETTINGS).header());
        }
    }

    private void fill(LogId log, int count) throws Exception {
        storage.append(genesis(log, log, false));
        for (int sequence = 1; sequence < count; sequence++) {
            storage.append(next(log, sequence));
        }
    }

    private HeldPack reserve(LogId vault, int number) throws Exception {
        var result = storage.reserve(vault, List.of(reservation(number, 100)), Long.MAX_VALUE, NOW);
        assertThat(result).isInstanceOf(ReserveResult.Reserved.class);
        return ((ReserveResult.Reserved) result).packs().getFirst();
    }

    private PackState state(LogId vault, int number) throws Exception {
        return storage.packs(vault, List.of(pack(number))).getFirst().state();
    }

    static LogId log(int number) {
        return new LogId(Hash.of(("log " + number).getBytes(StandardCharsets.UTF_8)).value());
    }

    static PackId pack(int number) {
        return new PackId(Hash.of(("pack " + number).getBytes(StandardCharsets.UTF_8)).value());
    }

    private static Reservation reservation(int number, long size) {
        return new Reservation(pack(number), size, List.of("a"));
    }

    static Head head(LogId log, long sequence) {
        return new Head(sequence, Hash.of((log.hex() + "/" + sequence).getBytes(StandardCharsets.UTF_8)));
    }

    static NewEntry genesis(LogId log, LogId owner, boolean vault) {
        return entry(log, owner, vault, Optional.empty(), head(log, 0));
    }

    static NewEntry next(LogId log, long sequence) {
        return entry(log, log, false, Optional.of(head(log, sequence - 1)), head(log, sequence));
    }

    private static NewEntry entry(LogId log, LogId owner, boolean vault, Optional<Head> previous, Head head) {
        return new NewEntry(
                log,
                owner,
                vault,
                previous,
                head,
                stored(head, Kind.SETTINGS),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                NOW);
    }

    private static NewEntry withKind(NewEntry entry, Kind kind) {
        return with(entry, stored(entry.head(), kind), entry.added(), entry.released(), entry.members());
    }

    private static NewEntry withMembers(NewEntry entry, List<LogId> members) {
        return with(entry, entry.entry(), entry.added(), entry.released(), Optional.of(members));
    }

    static NewEntry withPacks(NewEntry entry, List<HeldPack> added, List<PackId> released) {
        return with(entry, entry.entry(), added, released, entry.members());
    }

    private static NewEntry with(
            NewEntry entry,
            StoredEntry stored,
            List<HeldPack> added,
            List<PackId> released,
            Optional<List<LogId>> members) {
        return new NewEntry(
                entry.log(),
                entry.owner(),
                entry.vault(),
                entry.previous(),
                entry.head(),
                stored,
                added,
                released,
                entry.recovery(),
                members,
                entry.now());
    }

    private static StoredEntry stored(Head head, Kind kind) {
        byte[] header = ("header of " + head).getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[200 + (int) (head.sequence() % 5)];
        return new StoredEntry(kind.code(), header, body, new byte[] {(byte) 0x80});
    }
}
