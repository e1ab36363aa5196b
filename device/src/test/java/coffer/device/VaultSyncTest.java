package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.PackRef;
import coffer.core.log.Role;
import coffer.seal.DeviceKeys;
import coffer.seal.RandomSource;
import coffer.seal.VaultKeys;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What a device believes of the logs, against services that are slow, forgetful, or hostile.
class VaultSyncTest extends OnOneAccount {

    private LoneDevice open(DeviceKeys keys, String name) throws CofferException {
        LoneDevice device = unread(keys, name);
        device.vault.refresh();
        return device;
    }

    private DeviceKeys addDevice(LoneDevice by, String name) throws CofferException {
        DeviceKeys keys = DeviceKeys.generate(RandomSource.secure());
        by.account.append(log ->
                Enrolment.add(log, by.keys, keys.record(), Role.FULL, name, Clock.systemUTC()));
        return keys;
    }

    @Test
    void twoDevicesWriteAtOnceAndBothChangesArrive() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        LoneDevice two = open(addDevice(one, "second"), "two");
        one.makeFolder("from one");
        two.makeFolder("from two"); // has not seen the first and loses the race once
        one.vault.refresh();
        assertThat(one.names()).containsExactly("/from one", "/from two");
        assertThat(two.names()).isEqualTo(one.names());
    }

    @Test
    void anAppendWhoseAnswerWasLostIsNotMadeTwice() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        service.nextAppend = MemoryLogs.Answer.STORED_BUT_LOST;
        one.makeFolder("once");
        assertThat(one.names()).containsExactly("/once");
        assertThat(service.head(born.vault()).sequence()).isEqualTo(1);
    }

    @Test
    void anAppendThatWasLostIsMadeAgain() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        service.nextAppend = MemoryLogs.Answer.LOST;
        one.makeFolder("in the end");
        assertThat(one.names()).containsExactly("/in the end");
        assertThat(service.head(born.vault()).sequence()).isEqualTo(1);
    }

    @Test
    void anEntryInThisDevicesName_thatItDidNotMake_isToldUntilAPersonHasSeenIt() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        LoneDevice copy = open(born.first(), "copy");
        service.nextAppend = MemoryLogs.Answer.STORED_BUT_LOST;
        one.makeFolder("own, and its answer was lost");
        service.nextAppend = MemoryLogs.Answer.LOST;
        one.makeFolder("own, and sent twice");
        assertThat(one.vault.twin().problem()).isEmpty();
        copy.makeFolder("by the copy");
        assertThat(copy.vault.twin().sequence()).as("what the first one wrote").contains(1L);
        one.vault.refresh();
        assertThat(one.vault.twin().sequence()).contains(3L);
        one.close();
        opened.remove(one);
        LoneDevice again = open(born.first(), "one");
        assertThat(again.vault.twin().problem()).isPresent();
        assertThat(again.store.seen()).isEqualTo(1);
        assertThat(again.vault.twin().problem()).isEmpty();
    }

    @Test
    void aServiceThatGoesBackAndTakesNothing_isNotFollowed_andWritingStopsUntilItHasAllAgain() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        one.makeFolder("a");
        one.makeFolder("b");
        List<Entry> log = service.entriesOf(born.vault());
        Entry newest = log.removeLast();
        service.refuses = true;
        assertRefused(ErrorCode.ROLLBACK, () -> one.vault.refresh());
        assertRefused(ErrorCode.ROLLBACK, () -> one.makeFolder("c"));
        one.close();
        opened.remove(one);
        LoneDevice again = unread(born.first(), "one");
        assertThat(again.vault.frozen()).isEqualTo(ErrorCode.ROLLBACK);
        assertRefused(ErrorCode.ROLLBACK, () -> again.makeFolder("c"));
        log.add(newest);
        service.refuses = false;
        again.makeFolder("c");
        assertThat(again.names()).containsExactly("/a", "/b", "/c");
        assertAlarm(again, born.vault());
    }

    /// It is said until a person has seen it, whatever the service does.
    private static void assertAlarm(LoneDevice device, LogId log) throws CofferException {
        device.vault.refresh();
        assertThat(device.store.frozen(log)).isNull();
        assertThat(device.store.standing(log).orElseThrow().alarm()).isEqualTo(ErrorCode.ROLLBACK);
        assertThat(device.store.seen()).isEqualTo(1);
        assertThat(device.store.standing(log).orElseThrow().alarm()).isNull();
    }

    @Test
    void whatAServiceLost_isGivenBackAsItWas_inBothLogs() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        one.makeFolder("a");
        List<Entry> vaultThen = new ArrayList<>(service.entriesOf(born.vault()));
        List<Entry> accountThen = new ArrayList<>(service.entriesOf(born.account()));
        LoneDevice two = open(addDevice(one, "second"), "two");
        one.makeFolder("b");
        one.membership.remove("second");
        one.makeFolder("c");
        List<Entry> vaultNow = List.copyOf(service.entriesOf(born.vault()));
        List<Entry> accountNow = List.copyOf(service.entriesOf(born.account()));
        service.logs.put(born.vault(), vaultThen);
        service.logs.put(born.account(), accountThen);
        one.vault.refresh();
        assertThat(service.entriesOf(born.vault())).extracting(Entry::id).isEqualTo(vaultNow.stream().map(Entry::id).toList());
        assertThat(service.entriesOf(born.account())).extracting(Entry::id).isEqualTo(accountNow.stream().map(Entry::id).toList());
        one.makeFolder("d");
        assertRefused(ErrorCode.NOT_AUTHORISED, () -> two.vault.refresh());
        assertThat(one.store.standing(born.account()).orElseThrow().alarm()).isEqualTo(ErrorCode.ROLLBACK);
        assertThat(one.store.standing(born.vault()).orElseThrow().alarm()).isEqualTo(ErrorCode.ROLLBACK);
    }

    @Test
    void anOlderLogThatIsNotOfThisHistory_isAForkAndNothingIsSent() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        LoneDevice other = open(born.first(), "other");
        List<Entry> shared = new ArrayList<>(service.entriesOf(born.vault()));
        one.makeFolder("history of one");
        one.makeFolder("and longer");
        service.logs.put(born.vault(), shared);
        other.makeFolder("history of the other");
        assertRefused(ErrorCode.FORK, () -> one.vault.refresh());
        assertThat(service.entriesOf(born.vault())).hasSize(2);
    }

    @Test
    void anotherEntryThatNobodySigned_isChain_andFreezesNothing() throws Exception {
        LoneDevice one = open(born.first(), "one");
        LoneDevice other = open(born.first(), "other");
        one.makeFolder("a");
        List<Entry> log = service.entriesOf(born.vault());
        Entry truth = log.removeLast();
        other.makeFolder("another");
        Entry signed = log.removeLast();
        byte[] bytes = signed.encode();
        bytes[bytes.length - 1] ^= 1; // the last byte of the signature
        log.add(Entry.decode(bytes));
        assertRefused(ErrorCode.CHAIN, () -> one.vault.refresh());
        log.removeLast();
        log.add(truth);
        one.makeFolder("and goes on");
        open(born.first(), "third").makeFolder("at the next place");
        byte[] header = log.removeLast().encode();
        int previous = indexOf(header, one.store.standing(born.vault()).orElseThrow().head().id().toArray());
        header[previous] ^= 1;
        log.add(Entry.decode(header));
        assertRefused(ErrorCode.CHAIN, () -> one.vault.refresh());
        log.removeLast();
        one.makeFolder("still");
        assertThat(one.vault.frozen()).isNull();
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int at = 0; at + part.length <= bytes.length; at++) {
            if (java.util.Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        throw new AssertionError("not there");
    }

    @Test
    void aForkAfterARollback_isNotLiftedWithIt() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        one.makeFolder("a");
        one.store.freeze(born.vault(), ErrorCode.ROLLBACK);
        one.store.freeze(born.vault(), ErrorCode.FORK);
        one.vault.refresh();
        assertThat(one.vault.frozen()).isEqualTo(ErrorCode.FORK);
    }

    @Test
    void anAccountLogThatGoesBackStopsWritingToo() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        addDevice(one, "second");
        service.entriesOf(born.account()).removeLast();
        service.refuses = true;
        assertRefused(ErrorCode.ROLLBACK, () -> one.vault.refresh());
        assertRefused(ErrorCode.ROLLBACK, () -> one.makeFolder("c"));
    }

    @Test
    void twoHistoriesAreNoticedAndTheOneSeenIsKept() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        LoneDevice other = open(born.first(), "other");
        List<Entry> shared = new ArrayList<>(service.entriesOf(born.vault()));
        one.makeFolder("history of one");
        List<Entry> ofOne = new ArrayList<>(service.entriesOf(born.vault()));
        service.logs.put(born.vault(), new ArrayList<>(shared));
        other.makeFolder("history of the other");
        other.makeFolder("and longer");
        assertRefused(ErrorCode.FORK, () -> one.vault.refresh());
        assertThat(one.names()).containsExactly("/history of one");
        service.logs.put(born.vault(), new ArrayList<>(ofOne));
        assertRefused(ErrorCode.FORK, () -> one.makeFolder("more"));
    }

    @Test
    void aLogThatIsShownEmptyToADeviceThatHasNothingOfIt_isNoLog() throws CofferException {
        LoneDevice one = unread(born.first(), "one");
        service.logs.put(born.vault(), new ArrayList<>());
        assertRefused(ErrorCode.CHAIN, () -> one.vault.refresh());
        service.logs.put(born.account(), new ArrayList<>());
        assertRefused(ErrorCode.CHAIN, () -> unread(born.first(), "two"));
    }

    @Test
    void anotherAccountsLog_isRefused_andNothingOfItIsKept() throws CofferException {
        MemoryLogs elsewhere = new MemoryLogs();
        LoneDevice.Born stranger = LoneDevice.birth(elsewhere);
        service.logs.put(born.account(), elsewhere.entriesOf(stranger.account()));
        assertRefused(ErrorCode.CHAIN, () -> unread(born.first(), "one"));
    }

    @Test
    void anEntryByAStrangerIsRefusedAndChangesNothing() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        one.makeFolder("mine");
        MemoryLogs elsewhere = new MemoryLogs();
        LoneDevice.Born stranger = LoneDevice.birth(elsewhere);
        LoneDevice theirs = new LoneDevice(
                stranger.first(), stranger.account(), stranger.vault(), elsewhere, folder.resolve("stranger"));
        opened.add(theirs);
        theirs.vault.refresh();
        theirs.makeFolder("theirs");
        theirs.makeFolder("theirs too");
        service.entriesOf(born.vault()).add(elsewhere.entriesOf(stranger.vault()).getLast());
        assertRefused(ErrorCode.CHAIN, () -> one.vault.refresh());
        assertThat(one.names()).containsExactly("/mine");
    }

    /// Signs and seals like a member, and says nonsense.
    private static void commitNonsense(LoneDevice by, List<PackRef> added, EntryMaker.BodySealer sealer)
            throws CofferException {
        by.vault.append((now, log) -> now.head().sequence() > 1
                ? null
                : by.vault.maker().make(
                        by.vault.place(now), by.vault.author(), 1, added, List.of(), new Control.Commit(), sealer));
    }

    @Test
    void aCommitThatOpensAndDoesNotDecode_changesNothing_isTold_andItsPacksAreKnown() throws Exception {
        LoneDevice one = open(born.first(), "one");
        LoneDevice two = open(addDevice(one, "second"), "two");
        one.makeFolder("before");
        VaultKeys keys = one.vault.keys(1);
        PackRef pack = new PackRef(PackId.of(new byte[PackId.SIZE]), 100_000);
        commitNonsense(one, List.of(pack), context -> keys.sealBody(context, new byte[] {1, 2, 3}));
        one.makeFolder("after");
        two.vault.refresh();
        for (LoneDevice device : List.of(one, two)) {
            assertThat(device.names()).containsExactly("/after", "/before");
            assertThat(device.replica.problems(born.vault()))
                    .extracting(Replica.TreeProblem::reason)
                    .contains("unreadable body");
            assertThat(device.replica.totals(born.vault()).packs()).isEqualTo(1);
        }
    }

    @Test
    void aCommitThatDoesNotOpen_changesNothing_andIsTold() throws Exception {
        LoneDevice one = open(born.first(), "one");
        one.makeFolder("before");
        commitNonsense(one, List.of(), context -> new byte[2_000]);
        assertThat(one.names()).containsExactly("/before");
        assertThat(one.replica.problems(born.vault()))
                .extracting(Replica.TreeProblem::reason)
                .containsExactly("unreadable body");
    }

    private List<String> check(LoneDevice device) throws CofferException {
        List<String> problems = new ArrayList<>();
        LogCheck check = new LogCheck(device.db);
        check.checkAccount(born.account(), (where, code, message) -> problems.add(code + " " + message));
        check.checkVault(born.vault(), (where, code, message) -> problems.add(code + " " + message));
        return problems;
    }

    @Test
    void keptLogsAreVerifiedAnew_andWhatWasChangedOnTheDiskIsFound() throws Exception {
        LoneDevice one = open(born.first(), "one");
        addDevice(one, "second");
        one.makeFolder("a");
        one.makeFolder("b");
        assertThat(check(one)).isEmpty();
        for (LogId log : List.of(born.account(), born.vault())) {
            long entries = one.store.standing(log).orElseThrow().head().sequence() + 1;
            for (long sequence = 0; sequence < entries; sequence++) {
                byte[] kept = one.store.entry(log, sequence).orElseThrow().encode();
                byte[] changed = kept.clone();
                changed[changed.length - 1] ^= 1; // the last byte of a signature
                replace(one, log, sequence, changed);
                assertThat(check(one)).as("entry %d", sequence).contains("CHAIN The log kept on this device is damaged.");
                replace(one, log, sequence, kept);
            }
        }
        assertThat(check(one)).isEmpty();
        one.db.write(tx -> tx.run("UPDATE log SET state = ? WHERE id = ?", new byte[9], born.vault().toArray()));
        assertThat(check(one)).containsExactly("CHAIN The state kept on this device is not that of its log.");
    }

    private static void replace(LoneDevice device, LogId log, long sequence, byte[] bytes) throws CofferException {
        device.db.write(tx ->
                tx.run("UPDATE entry SET bytes = ? WHERE log = ? AND seq = ?", bytes, log.toArray(), sequence));
    }

    @Test
    void aRemovedDeviceCannotOpenWhatComesAfter() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        LoneDevice two = open(addDevice(one, "second"), "two");
        one.makeFolder("before");
        two.vault.refresh();
        assertThat(two.names()).containsExactly("/before");
        one.membership.remove("second");
        one.makeFolder("after");
        // Even with every entry in hand, served by a service that should not:
        assertRefused(ErrorCode.NOT_AUTHORISED, () -> two.vault.refresh());
        assertThat(two.names()).containsExactly("/before");
        assertThat(one.membership.who()).extracting(Device.KeyHolder::holder).doesNotContain("second");
    }

    @Test
    void aRemovedDeviceCannotWrite() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        LoneDevice two = open(addDevice(one, "second"), "two");
        one.membership.remove("second");
        assertThatThrownBy(() -> two.makeFolder("late")).isInstanceOf(CofferException.class);
        one.vault.refresh();
        assertThat(one.names()).isEmpty();
    }

    @Test
    void anEpochLeftPendingByACrashIsStartedBeforeTheNextCommit() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        DeviceKeys leaving = addDevice(one, "second");
        LoneDevice three = open(addDevice(one, "third"), "three");
        one.account.append(log -> Enrolment.remove(
                log, one.keys, List.of(leaving.record().id()), Clock.systemUTC())); // and then the crash
        three.vault.refresh();
        assertThat(three.vault.needsNewEpoch()).isTrue();
        three.makeFolder("next");
        assertThat(three.vault.epoch()).isEqualTo(2);
        one.vault.refresh();
        assertThat(one.names()).containsExactly("/next");
    }

    @Test
    void whoComesLateOpensEveryEpoch() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        for (int i = 0; i < 3; i++) {
            one.makeFolder("in epoch " + (i + 1));
            addDevice(one, "guest " + i);
            one.membership.remove("guest " + i);
        }
        LoneDevice late = open(addDevice(one, "late"), "late");
        assertThat(late.names()).containsExactly("/in epoch 1", "/in epoch 2", "/in epoch 3");
        assertThat(late.vault.epoch()).isEqualTo(4);
        LoneDevice paper = open(born.paper(), "paper");
        assertThat(paper.names()).isEqualTo(late.names());
    }

    @Test
    void recoveryRemovesWhomItIsToldAndRotates() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        one.makeFolder("kept");
        DeviceKeys fresh = DeviceKeys.generate(RandomSource.secure());
        LoneDevice paper = open(born.paper(), "paper");
        paper.account.append(log -> log.state().activeDevice(fresh.record().id()).isPresent()
                ? null
                : Enrolment.recover(
                        log,
                        born.paper(),
                        fresh.record(),
                        "fresh",
                        List.of(born.first().record().id()),
                        Clock.systemUTC()));
        LoneDevice device = open(fresh, "fresh");
        device.makeFolder("new");
        assertThat(device.names()).containsExactly("/kept", "/new");
        assertThat(device.vault.epoch()).isEqualTo(2);
        assertRefused(ErrorCode.NOT_AUTHORISED, () -> one.vault.refresh());
    }

    @Test
    void aServiceThatAnswersNothingLeavesWhatWasThere() throws CofferException {
        LoneDevice one = open(born.first(), "one");
        one.makeFolder("there");
        service.down = true;
        assertRefused(ErrorCode.UNAVAILABLE, () -> one.vault.refresh());
        assertRefused(ErrorCode.UNAVAILABLE, () -> one.makeFolder("not there"));
        assertThat(one.names()).containsExactly("/there");
        service.down = false;
        one.makeFolder("later");
        assertThat(one.names()).containsExactly("/later", "/there");
    }

    private static void assertRefused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(CofferException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
