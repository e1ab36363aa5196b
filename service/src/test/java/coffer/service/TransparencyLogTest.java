package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Hash;
import coffer.core.tlog.Checkpoint;
import coffer.core.tlog.Frontier;
import coffer.core.tlog.MerkleTree;
import coffer.core.tlog.NoteVerifier;
import coffer.core.tlog.ProviderDirectory.IllegalStatementException;
import coffer.core.tlog.ProviderState;
import coffer.core.tlog.Proofs;
import coffer.core.tlog.Statement;
import coffer.core.tlog.TileHashes;
import coffer.core.tlog.TileId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransparencyLogTest {

    @TempDir
    private Path folder;

    private SqliteStorage storage;
    private FaultyTlog tlog;
    private TransparencyLog log;

    @BeforeEach
    void open() throws Exception {
        storage = SqliteStorage.open(folder.resolve("service.db"), new Metrics());
        try {
            tlog = new FaultyTlog(storage.transparency());
            TlogFiles files = new TlogFiles(folder);
            log = TransparencyLog.open(tlog, files.loadOrMakeKey("coffer.example/tlog"), files);
        } catch (IOException e) {
            storage.close();
            throw e;
        }
    }

    @AfterEach
    void close() {
        log.close();
        storage.close();
    }

    private void reopen() throws Exception {
        close();
        open();
    }

    private static Statement action(int number) {
        return new Statement.OperatorAction(number, "test", "action " + number);
    }

    private Checkpoint checkpoint() throws Exception {
        return Checkpoint.open(log.checkpoint(), log.verifier());
    }

    private void requireWhole(long size) throws Exception {
        Checkpoint checkpoint = checkpoint();
        assertThat(checkpoint.size()).isEqualTo(size);
        Frontier frontier = Frontier.EMPTY;
        for (byte[] entry : tlog.entries(0, (int) size)) {
            frontier = frontier.with(MerkleTree.leaf(entry));
        }
        assertThat(frontier.root()).isEqualTo(checkpoint.root());
        TileHashes tiles = new TileHashes(size, tile -> joined(tile));
        assertThat(Proofs.root(size, tiles)).isEqualTo(checkpoint.root());
    }

    private byte[] joined(TileId tile) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            tlog.hashes(tile.level(), tile.index() * TileId.WIDTH, tile.width()).forEach(hash -> out.writeBytes(hash.toArray()));
            return out.toByteArray();
        } catch (StorageException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anEmptyLog_hasASignedCheckpointAndAKeyForItsOwnerAlone() throws Exception {
        assertThat(checkpoint()).isEqualTo(new Checkpoint("coffer.example/tlog", 0, MerkleTree.EMPTY_ROOT));
        assertThat(Files.getPosixFilePermissions(folder.resolve("tlog.key"))).hasSize(2);
    }

    @Test
    void append_isCoveredByTheCheckpointWhenItReturns_andSurvivesARestart() throws Exception {
        NoteVerifier key = log.verifier();
        for (int i = 0; i < 5; i++) {
            assertThat(log.append(action(i))).isEqualTo(i);
            assertThat(checkpoint().size()).isEqualTo(i + 1);
        }
        requireWhole(5);
        Checkpoint before = checkpoint();
        reopen();
        assertThat(log.verifier()).isEqualTo(key);
        assertThat(checkpoint()).isEqualTo(before);
        assertThat(log.append(action(5))).isEqualTo(5);
        requireWhole(6);
        List<Statement> seen = new ArrayList<>();
        log.forEach(2, (index, statement) -> seen.add(statement));
        assertThat(seen).containsExactly(action(2), action(3), action(4), action(5));
    }

    @Test
    void append_ofManyAtOnceFromManyThreads_givesEachAPlaceOfItsOwn() throws Exception {
        int threads = 8;
        int each = 90;
        List<Future<List<Long>>> all = new ArrayList<>();
        try (var pool = Executors.newFixedThreadPool(threads)) {
            for (int thread = 0; thread < threads; thread++) {
                int from = thread * each;
                Callable<List<Long>> work = () -> {
                    List<Long> places = new ArrayList<>();
                    for (int i = 0; i < each; i++) {
                        places.add(log.append(action(from + i)));
                    }
                    return places;
                };
                all.add(pool.submit(work));
            }
        }
        List<Long> places = new ArrayList<>();
        for (Future<List<Long>> one : all) {
            places.addAll(one.get());
        }
        assertThat(places).doesNotHaveDuplicates().hasSize(threads * each);
        requireWhole(720);
        assertThat(tlog.hashes(1, 0, 10)).hasSize(threads * each / TileId.WIDTH);
        reopen();
        requireWhole(720);
    }

    @Test
    void append_refusesWhatMayNotFollow_andWritesNothingOfIt() throws Exception {
        Statement region = new Statement.RegionAdded(1, "de", "Germany", "Germany");
        Statement provider = new Statement.ProviderStated(1, "one", "owner", "de", List.of("https://one.example"), 1_000);
        log.append(List.of(region, provider));
        assertThatThrownBy(() -> log.append(List.of(action(1), region))).isInstanceOf(IllegalStatementException.class);
        assertThat(checkpoint().size()).isEqualTo(2);
        assertThat(log.directory().provider("one").orElseThrow().state()).isEqualTo(ProviderState.CANDIDATE);
        reopen();
        assertThat(log.directory().providers()).containsOnlyKeys("one");
        assertThatThrownBy(() -> log.append(region)).isInstanceOf(IllegalStatementException.class);
    }

    @Test
    void entriesWithoutACheckpoint_leftByACrash_arePublishedAtTheNextStart() throws Exception {
        log.append(action(0));
        byte[] entry = action(1).encode();
        tlog.append(1, List.of(new TlogStorage.Leaf(entry, MerkleTree.leaf(entry), Optional.empty())), List.of());
        reopen();
        requireWhole(2);
    }

    @Test
    void aFailureBeforeOrAfterTheWrite_leavesAWholeLogThatGoesOn() throws Exception {
        log.append(action(0));
        tlog.failBefore = true;
        assertThatThrownBy(() -> log.append(action(1))).isInstanceOf(StorageException.class);
        tlog.failBefore = false;
        assertThat(log.append(action(2))).isEqualTo(1);
        tlog.failAfter = true;
        assertThatThrownBy(() -> log.append(action(3))).isInstanceOf(StorageException.class);
        tlog.failAfter = false;
        assertThat(log.append(action(4))).as("the one that nobody knew of stands there").isEqualTo(3);
        requireWhole(4);
        reopen();
        requireWhole(4);
    }

    private void startIsRefused(String reason) {
        storage.close();
        log.close();
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining(reason);
    }

    @Test
    void start_refusesADatabaseOlderThanWhatWasPublished() throws Exception {
        log.append(action(0));
        close();
        Files.copy(folder.resolve("service.db"), folder.resolve("old.db"));
        open();
        log.append(action(1));
        close();
        Files.move(folder.resolve("old.db"), folder.resolve("service.db"), StandardCopyOption.REPLACE_EXISTING);
        startIsRefused("older than the transparency log that was published");
    }

    @Test
    void start_refusesADatabaseThatContradictsWhatWasPublished() throws Exception {
        log.append(action(0));
        log.append(action(1));
        close();
        byte[] other = action(7).encode();
        change("UPDATE tlog_entries SET entry = ? WHERE idx = 0", other);
        startIsRefused("damaged");
        change("UPDATE tlog_hashes SET hash = ? WHERE level = 0 AND idx = 0", MerkleTree.leaf(other).toArray());
        startIsRefused("contradicts what was published");
    }

    private void change(String sql, byte[] value) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("service.db"));
                var statement = connection.prepareStatement(sql)) {
            statement.setBytes(1, value);
            assertThat(statement.executeUpdate()).isOne();
        }
    }

    @Test
    void start_refusesAMissingOrOtherKeyAndAMissingCheckpoint() throws Exception {
        log.append(action(0));
        close();
        Path key = folder.resolve("tlog.key");
        Path checkpoint = folder.resolve("tlog.checkpoint");
        Files.move(key, folder.resolve("k"));
        startIsRefused("missing");
        Files.createDirectory(folder.resolve("other"));
        new TlogFiles(folder.resolve("other")).loadOrMakeKey("coffer.example/tlog").close();
        Files.copy(folder.resolve("other/tlog.key"), key);
        startIsRefused("signed by another key");
        Files.writeString(key, "PRIVATE+KEY+nonsense");
        startIsRefused("damaged");
        Files.move(folder.resolve("k"), key, StandardCopyOption.REPLACE_EXISTING);
        Files.move(checkpoint, folder.resolve("c"));
        startIsRefused("missing");
        Files.move(folder.resolve("c"), checkpoint);
        open();
        requireWhole(1);
    }

    /// Fails on demand, before the write or after it.
    private static final class FaultyTlog implements TlogStorage {
        private final TlogStorage target;
        private volatile boolean failBefore;
        private volatile boolean failAfter;

        FaultyTlog(TlogStorage target) {
            this.target = target;
        }

        @Override
        public long size() throws StorageException {
            return target.size();
        }

        @Override
        public List<byte[]> entries(long from, int count) throws StorageException {
            return target.entries(from, count);
        }

        @Override
        public List<Hash> hashes(int level, long from, int count) throws StorageException {
            return target.hashes(level, from, count);
        }

        @Override
        public List<DueHead> due(int countMax) throws StorageException {
            return target.due(countMax);
        }

        @Override
        public void append(long size, List<Leaf> leaves, List<DueHead> done) throws StorageException {
            failIf(failBefore);
            target.append(size, leaves, done);
            failIf(failAfter);
        }

        private static void failIf(boolean now) throws StorageException {
            if (now) {
                throw new StorageException(StorageException.Reason.FAILED, "as the test wants");
            }
        }
    }
}
