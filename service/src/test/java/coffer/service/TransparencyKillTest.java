package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Hash;
import coffer.core.tlog.Checkpoint;
import coffer.core.tlog.Frontier;
import coffer.core.tlog.MerkleTree;
import coffer.core.tlog.Statement;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that appends to the transparency log is killed at any moment, again and again: whatever it had acknowledged and
/// published stands in the log that the next one serves.
class TransparencyKillTest {

    private static final long SEED = Long.getLong("coffer.seed", 20_261_124L);
    private static final int ROUNDS = Integer.getInteger("coffer.rounds", 5);

    @TempDir
    private Path folder;

    /// Appends from two threads until it is killed, and prints each index that was acknowledged and each checkpoint that was seen.
    static final class AppendMain {
        private AppendMain() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            SqliteStorage storage = SqliteStorage.open(folder.resolve("service.db"), new Metrics());
            TlogFiles files = new TlogFiles(folder);
            TransparencyLog log =
                    TransparencyLog.open(storage.transparency(), files.loadOrMakeKey("coffer.example/tlog"), files);
            Thread.ofPlatform().start(() -> append(log, "second"));
            append(log, "first");
        }

        private static void append(TransparencyLog log, String thread) {
            try {
                for (int i = 0; ; i++) {
                    Statement statement = new Statement.OperatorAction(i, thread, "action " + i);
                    long index = log.append(statement);
                    Checkpoint seen = Checkpoint.open(log.checkpoint(), log.verifier());
                    synchronized (log) {
                        System.out.println(index + " " + MerkleTree.leaf(statement.encode()) + " " + seen.size() + " " + seen.root());
                    }
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void whatWasAcknowledgedOrPublished_standsInEveryLaterLog() throws Exception {
        Random random = new Random(SEED);
        Map<Long, Hash> leaves = new HashMap<>();
        Map<Long, Hash> roots = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            Path output = folder.resolve("output");
            Process process = start(output);
            awaitLines(process, output, 10 + random.nextInt(60));
            process.destroyForcibly();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            try (BufferedReader lines = Files.newBufferedReader(output)) {
                // The last line may be cut.
                lines.lines().filter(line -> line.split(" ", -1).length == 4 && line.length() > 130).forEach(line -> note(line, leaves, roots));
            }
            assertThat(roots).as("seed %d", SEED).isNotEmpty();
            requireAll(leaves, roots);
        }
    }

    private Process start(Path output) throws IOException {
        Files.deleteIfExists(output);
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AppendMain.class.getName(),
                        folder.toString())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void awaitLines(Process process, Path output, int count) throws Exception {
        for (int i = 0; i < 3_000; i++) {
            assertThat(process.isAlive()).isTrue();
            if (Files.exists(output) && Files.readString(output).lines().count() >= count) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("the process did not append in time");
    }

    private static void note(String line, Map<Long, Hash> leaves, Map<Long, Hash> roots) {
        List<String> words = List.of(line.split(" ", -1));
        leaves.put(Long.valueOf(words.get(0)), Hash.ofHex(words.get(1)));
        Hash before = roots.put(Long.valueOf(words.get(2)), Hash.ofHex(words.get(3)));
        assertThat(before == null || before.equals(Hash.ofHex(words.get(3)))).isTrue();
    }

    private void requireAll(Map<Long, Hash> leaves, Map<Long, Hash> roots) throws Exception {
        SqliteStorage storage = SqliteStorage.open(folder.resolve("service.db"), new Metrics());
        TlogFiles files = new TlogFiles(folder);
        try (TransparencyLog log =
                TransparencyLog.open(storage.transparency(), files.loadOrMakeKey("coffer.example/tlog"), files)) {
            Frontier frontier = Frontier.EMPTY;
            for (byte[] entry : storage.transparency().entries(0, 1_000_000)) {
                Hash leaf = MerkleTree.leaf(entry);
                assertThat(leaves.getOrDefault(frontier.size(), leaf)).isEqualTo(leaf);
                frontier = frontier.with(leaf);
                assertThat(roots.getOrDefault(frontier.size(), frontier.root())).isEqualTo(frontier.root());
            }
            assertThat(frontier.size()).isEqualTo(log.size());
            for (long size : roots.keySet()) {
                assertThat(size).isLessThanOrEqualTo(log.size());
            }
            for (long index : leaves.keySet()) {
                assertThat(index).isLessThan(log.size());
            }
        } finally {
            storage.close();
        }
    }
}
