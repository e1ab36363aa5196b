package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CborWriter;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.tlog.Checkpoint;
import coffer.core.tlog.ProviderState;
import coffer.core.tlog.SignedNote;
import coffer.core.tlog.Statement;
import coffer.device.Places.Use;
import coffer.seal.KnownHead;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a device makes of an honest transparency log, and of each lie.
class LogWatchTest {

    private static final URI PACK = URI.create(FakeLog.ORIGIN + "/bucket/pack?signature=1");

    @TempDir
    private Path folder;

    private FakeLog log;
    private ReplicaDb db;
    private LogWatch watch;

    @BeforeEach
    void open() throws CofferException {
        log = FakeLog.begun();
        db = ReplicaDb.open(folder.resolve("replica.db"));
        watch = watching(log);
        watch.pin(log.signer.verifier().text());
    }

    @AfterEach
    void close() throws CofferException {
        db.close();
    }

    private LogWatch watching(LogTiles tiles) {
        return new LogWatch(new GrantingService("http://127.0.0.1:1"), tiles, db);
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(CofferException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    /// The alarm, that it stays over a restart and an honest log, that nothing is sent, and that reading goes on.
    private void assertAlarm(ErrorCode code, FakeLog lying) throws CofferException {
        assertCode(code, () -> watching(lying).update());
        LogWatch later = watching(log);
        later.update();
        assertThat(later.frozen()).contains(code);
        assertCode(code, () -> later.require(Set.of("de"), PACK, Use.SEND));
        later.require(Set.of("de"), PACK, Use.READ);
    }

    /// Refused now, nothing of it kept, and well again with an honest log.
    private void assertRefused(ErrorCode code, FakeLog lying) throws CofferException {
        Optional<Head> before = head();
        assertCode(code, () -> watching(lying).update());
        assertThat(head()).isEqualTo(before);
        assertThat(watch.frozen()).isEmpty();
    }

    private Optional<Head> head() throws CofferException {
        return new LogWatchStore(db).head().map(KnownHead::head);
    }

    /// The service has the log's key and can announce any size.
    @Test
    void aLogWithoutEnd_isLimit_andNothingOfItIsKept() throws CofferException {
        FakeLog endless = FakeLog.begun();
        while (endless.size() < 256) {
            endless.with(FakeLog.words("x".repeat(2_000)));
        }
        endless.note = _ -> new Checkpoint(endless.signer.verifier().name(), 1L << 40, endless.root(256)).sign(endless.signer).encode();
        assertRefused(ErrorCode.LIMIT, endless);
    }

    @Test
    void anHonestLog_isFollowedAsItGrows() throws CofferException {
        watch.update();
        assertThat(head()).contains(new Head(4, log.root(4)));
        watch.require(Set.of("de"), PACK, Use.SEND);
        for (int i = 0; i < 200; i++) {
            log.with(FakeLog.words("action " + i));
            if (i % 7 == 0) {
                watch.update();
            }
        }
        log.with(FakeLog.state("one", ProviderState.DRAINING, 0));
        watch.update();
        assertThat(head()).contains(new Head(205, log.root(205)));
        assertThat(watching(log).directory().provider("one").orElseThrow().state()).isEqualTo(ProviderState.DRAINING);
    }

    @Test
    void aPlace_isAllowedOnlyInItsRegionAndState() throws CofferException {
        watch.update();
        assertCode(ErrorCode.RESIDENCY, () -> watch.require(Set.of("us"), PACK, Use.SEND));
        assertCode(ErrorCode.RESIDENCY, () -> watch.require(Set.of("us"), PACK, Use.READ));
        assertCode(ErrorCode.RESIDENCY, () -> watch.require(Set.of("de"), URI.create("https://two.example/x"), Use.READ));
        assertCode(ErrorCode.RESIDENCY, () -> watch.require(Set.of("de"), URI.create("http://one.example/x"), Use.READ));
        assertCode(ErrorCode.RESIDENCY, () -> watch.require(Set.of("de"), URI.create("https://one.example:444/x"), Use.READ));
        assertCode(ErrorCode.RESIDENCY, () -> watch.require(Set.of("de"), URI.create("https://one.example@evil.example/x"), Use.READ));
        log.with(FakeLog.state("one", ProviderState.SUSPENDED, 0));
        watch.update();
        assertCode(ErrorCode.RESIDENCY, () -> watch.require(Set.of("de"), PACK, Use.SEND));
        watch.require(Set.of("de"), PACK, Use.READ);
    }

    @Test
    void aPlaceThatIsNew_isLookedForInTheLogOnce() throws CofferException {
        watch.update();
        URI second = URI.create("https://two.example/x");
        log.with(
                new Statement.ProviderStated(5, "two", "Two AG", "de", List.of("https://two.example"), 1),
                FakeLog.state("two", ProviderState.ACTIVE, 10));
        int before = log.asked;
        watch.require(Set.of("de"), second, Use.SEND);
        watch.require(Set.of("de"), second, Use.SEND);
        assertThat(log.asked - before).as("one checkpoint and one bundle").isEqualTo(2);
    }

    @Test
    void aShorterLog_isRollback() throws CofferException {
        watch.update();
        FakeLog shorter = FakeLog.begun();
        shorter.served = 3;
        assertAlarm(ErrorCode.ROLLBACK, shorter);
    }

    @Test
    void anotherLogOfTheSameSize_isFork() throws CofferException {
        log.with(FakeLog.words("what happened"));
        watch.update();
        assertAlarm(ErrorCode.FORK, FakeLog.begun().with(FakeLog.words("something else")));
    }

    @Test
    void aLongerLogThatDoesNotGoThroughTheKnownOne_isFork() throws CofferException {
        log.with(FakeLog.words("what happened"));
        watch.update();
        assertAlarm(ErrorCode.FORK, FakeLog.begun().with(FakeLog.words("something else"), FakeLog.words("and more")));
    }

    @Test
    void anotherKey_isKeyChanged_alsoForTheSameLog() throws CofferException {
        watch.update();
        FakeLog other = FakeLog.begun();
        other.signer = FakeLog.signer(2);
        assertAlarm(ErrorCode.KEY_CHANGED, other);
    }

    @Test
    void theFirstKey_isKept() throws CofferException {
        watch.pin(FakeLog.signer(2).verifier().text());
        assertThat(watch.key()).contains(log.signer.verifier());
        assertCode(ErrorCode.PROTOCOL, () -> watch.pin("no key"));
    }

    @Test
    void anAlteredEntry_isIntegrity() throws CofferException {
        FakeLog lying = FakeLog.begun();
        for (int at : new int[] {2, 10, 30}) {
            lying.bundle = bundle -> {
                bundle[at] ^= 1;
                return bundle;
            };
            assertRefused(ErrorCode.INTEGRITY, lying);
        }
        watch.update();
        lying.with(FakeLog.words("new"));
        lying.bundle = bundle -> {
            bundle[bundle.length - 1] ^= 1;
            return bundle;
        };
        assertRefused(ErrorCode.INTEGRITY, lying);
    }

    @Test
    void alteredTilesAndEntries_areIntegrityAndNoProofOfAFork() throws CofferException {
        watch.update();
        FakeLog lying = FakeLog.begun().with(FakeLog.words("new"));
        lying.bundle = bundle -> {
            bundle[bundle.length - 1] ^= 1;
            return bundle;
        };
        lying.hashes = hashes -> {
            hashes[5] ^= 1;
            return hashes;
        };
        assertRefused(ErrorCode.INTEGRITY, lying);
        lying.hashes = hashes -> Arrays.copyOf(hashes, hashes.length - 1);
        assertRefused(ErrorCode.INTEGRITY, lying);
    }

    @Test
    void cutBundlesAndCheckpoints_areProtocol() throws CofferException {
        FakeLog lying = FakeLog.begun();
        lying.bundle = bundle -> Arrays.copyOf(bundle, bundle.length - 1);
        assertRefused(ErrorCode.PROTOCOL, lying);
        lying.bundle = bundle -> Arrays.copyOf(bundle, bundle.length + 2);
        assertRefused(ErrorCode.PROTOCOL, lying);
        FakeLog cut = FakeLog.begun();
        cut.note = note -> Arrays.copyOf(note, note.length - 1);
        assertRefused(ErrorCode.PROTOCOL, cut);
        cut.note = note -> new byte[0];
        assertRefused(ErrorCode.PROTOCOL, cut);
    }

    @Test
    void aCheckpointWithABadSignature_isKeyChanged() throws CofferException {
        watch.update();
        FakeLog lying = FakeLog.begun();
        lying.note = note -> {
            SignedNote other = new Checkpoint("coffer.example/tlog", 4, Hash.of(new byte[0])).sign(log.signer);
            String text = new String(note, StandardCharsets.UTF_8);
            return (text.substring(0, text.indexOf("\n\n") + 2)
                            + new String(other.encode(), StandardCharsets.UTF_8).substring(other.text().length() + 1))
                    .getBytes(StandardCharsets.UTF_8);
        };
        assertAlarm(ErrorCode.KEY_CHANGED, lying);
    }

    @Test
    void aStatementThatPutsAProviderInAnotherRegion_isChain_andThePlaceStaysWhereItWas() throws CofferException {
        watch.update();
        FakeLog lying = FakeLog.begun()
                .with(new Statement.ProviderStated(5, "one", "One GmbH", "us", List.of(FakeLog.ORIGIN), 1_000));
        assertRefused(ErrorCode.CHAIN, lying);
        LogWatch later = watching(lying);
        later.require(Set.of("de"), PACK, Use.SEND);
        assertCode(ErrorCode.CHAIN, () -> later.require(Set.of("us"), PACK, Use.SEND));
    }

    @Test
    void signedNonsenseAndAnAccountsHeadTwice_areChain_andALaterVersionIsDowngrade() throws CofferException {
        assertRefused(ErrorCode.CHAIN, FakeLog.begun().withEntry(new byte[] {1, 2, 3}));
        Statement head = Statement.AccountHead.of(LogId.of(new byte[32]), new Head(0, Hash.of(new byte[1])));
        assertRefused(ErrorCode.CHAIN, FakeLog.begun().with(head, head));
        assertRefused(
                ErrorCode.DOWNGRADE,
                FakeLog.begun().withEntry(new CborWriter().array(2).integer(8).integer(1).toByteArray()));
    }

    private void heard(Head head) throws CofferException {
        db.write(tx -> {
            LogWatchStore.heard(tx, head);
            return null;
        });
    }

    @Test
    void whatAnotherDeviceTells_ofTheSameLog_isCompared() throws CofferException {
        log.with(FakeLog.words("more"));
        heard(new Head(3, log.root(3)));
        heard(new Head(5, log.root(5)));
        watch.follow(false);
        assertThat(watch.frozen()).isEmpty();
        assertThat(new LogWatchStore(db).heard()).isEmpty();
        assertThat(head()).as("read on because of it").contains(new Head(5, log.root(5)));
        int before = log.asked;
        heard(new Head(2, log.root(2)));
        watch.follow(false);
        assertThat(log.asked).as("compared with what is kept").isEqualTo(before);
    }

    @Test
    void anotherViewThatAnotherDeviceWasShown_isFork() throws CofferException {
        watch.update();
        heard(new Head(3, Hash.of(new byte[] {5})));
        assertCode(ErrorCode.FORK, () -> watch.follow(false));
        assertThat(watching(log).frozen()).contains(ErrorCode.FORK);
        assertCode(ErrorCode.FORK, () -> watch.require(Set.of("de"), PACK, Use.SEND));
    }

    @Test
    void aLongerLogThatAnotherDeviceWasShown_andIsHiddenFromThisOne_isRollback() throws CofferException {
        watch.update();
        heard(new Head(9, Hash.of(new byte[] {5})));
        assertCode(ErrorCode.ROLLBACK, () -> watch.follow(false));
        assertThat(watching(log).frozen()).contains(ErrorCode.ROLLBACK);
    }

    @Test
    void ownHeads_areFoundAsTheyCome() throws CofferException {
        MemoryLogs service = new MemoryLogs();
        LoneDevice.Born born = LoneDevice.birth(service);
        List<Entry> own = service.entries(born.account(), 0, true);
        LogWatch.OwnEntries entries = at -> at < own.size() ? Optional.of(own.get((int) at)) : Optional.empty();
        log.with(Statement.AccountHead.of(LogId.of(new byte[32]), own.get(0).head()));
        watch.update();
        watch.compareOwnHeads(born.account(), entries);
        assertThat(kept().ownHeads()).isZero();
        log.with(Statement.AccountHead.of(born.account(), own.get(0).head()));
        watch.update();
        watch.compareOwnHeads(born.account(), entries);
        assertThat(kept().ownHeads()).isEqualTo(1);
    }

    @Test
    void anotherHeadAtTheOwnPlace_isFork() throws CofferException {
        MemoryLogs service = new MemoryLogs();
        LoneDevice.Born born = LoneDevice.birth(service);
        List<Entry> own = service.entries(born.account(), 0, true);
        log.with(Statement.AccountHead.of(born.account(), new Head(0, Hash.of(new byte[] {1}))));
        watch.update();
        assertCode(ErrorCode.FORK, () -> watch.compareOwnHeads(born.account(), _ -> Optional.of(own.getFirst())));
        assertThat(watch.frozen()).contains(ErrorCode.FORK);
    }

    private LogWatchStore.Kept kept() throws CofferException {
        return new LogWatchStore(db).kept().orElseThrow();
    }
}
