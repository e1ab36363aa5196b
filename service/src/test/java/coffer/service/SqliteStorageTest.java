package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Bytes;
import coffer.core.LogId;
import coffer.service.LogStorage.AppendResult;
import coffer.service.LogStorage.KeptState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SQLite behind the contract, and what only a file can meet: a full disk, a killed process, another version.
class SqliteStorageTest extends LogStorageContract {

    @TempDir
    private Path folder;

    @Override
    LogStorage open() throws Exception {
        return SqliteStorage.open(folder.resolve("service.db"), new Metrics());
    }

    /// Copies the files as they lie on the disk, open as they are: what was not written is lost with the process.
    @Override
    LogStorage reopenAfterCrash(LogStorage storage) throws Exception {
        Path copy = Files.createTempDirectory(folder, "after-crash");
        for (String name : new String[] {"service.db", "service.db-wal"}) {
            if (Files.exists(folder.resolve(name))) {
                Files.copy(folder.resolve(name), copy.resolve(name));
            }
        }
        storage.close();
        return SqliteStorage.open(copy.resolve("service.db"), new Metrics());
    }

    @Test
    void fullDisk_refusesWithFullAndKeepsWhatWasAcknowledged() throws Exception {
        Path file = folder.resolve("small.db");
        LogId log = log(1);
        int acknowledged = 0;
        try (SqliteStorage storage = SqliteStorage.open(file, new Metrics(), 60)) {
            storage.append(genesis(log, log, false));
            StorageException failure = null;
            while (failure == null) {
                try {
                    assertThat(storage.append(next(log, acknowledged + 1))).isInstanceOf(AppendResult.Appended.class);
                    acknowledged++;
                } catch (StorageException e) {
                    failure = e;
                }
            }
            assertThat(failure.reason()).isEqualTo(StorageException.Reason.FULL);
            assertThat(acknowledged).isGreaterThan(100);
            assertHolds(storage, log, acknowledged);
        }
        try (SqliteStorage storage = SqliteStorage.open(file, new Metrics())) {
            assertHolds(storage, log, acknowledged);
            assertThat(storage.append(next(log, acknowledged + 1))).isInstanceOf(AppendResult.Appended.class);
        }
    }

    @Test
    void workThatFillsTheDisk_leavesTransactionsWhole() throws Exception {
        Path file = folder.resolve("small.db");
        LogId log = log(1);
        try (SqliteStorage storage = SqliteStorage.open(file, new Metrics(), 60)) {
            storage.append(genesis(log, log, false));
            KeptState large = new KeptState(head(log, 0), Bytes.of(new byte[1 << 20]));
            for (int sequence = 1; sequence < 10; sequence++) {
                assertThatThrownBy(() -> storage.keepState(log, large))
                        .isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.reason())
                                .isEqualTo(StorageException.Reason.FULL));
                assertThat(storage.append(next(log, sequence))).isInstanceOf(AppendResult.Appended.class);
            }
            assertHolds(storage, log, 9);
            assertThat(storage.keptState(log)).isEmpty();
        }
    }

    @Test
    void close_finishesWhatIsQueuedAndRefusesWhatComesAfter() throws Exception {
        SqliteStorage storage = SqliteStorage.open(folder.resolve("closed.db"), new Metrics());
        storage.append(genesis(log(1), log(1), false));
        storage.close();
        assertThatThrownBy(() -> storage.append(next(log(1), 1))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> storage.find(log(1))).isInstanceOf(StorageException.class);
        storage.close();
    }

    @Test
    void open_refusesADatabaseOfANewerVersion() throws Exception {
        Path file = folder.resolve("newer.db");
        SqliteStorage.open(file, new Metrics()).close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE schema_version SET version = " + (SqliteSchema.VERSION + 1));
        }
        assertThatThrownBy(() -> SqliteStorage.open(file, new Metrics()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("newer version");
    }

    @Test
    void killedProcess_losesNothingItAcknowledged() throws Exception {
        Random random = new Random(20_260_101);
        Path file = folder.resolve("killed.db");
        Map<Integer, Integer> acknowledged = new HashMap<>();
        for (int round = 0; round < 4; round++) {
            Process process = writerProcess(file);
            int lines = 0;
            int killAfter = 50 + random.nextInt(400);
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                String line = out.readLine();
                while (line != null) {
                    if (++lines == killAfter) {
                        process.toHandle().destroyForcibly();
                    }
                    String[] parts = line.split(" ", -1);
                    if (parts.length == 3) {
                        acknowledged.put(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
                    }
                    line = out.readLine();
                }
            }
            process.waitFor();
            assertThat(lines).isGreaterThanOrEqualTo(killAfter);
            try (SqliteStorage storage = SqliteStorage.open(file, new Metrics())) {
                for (var entry : acknowledged.entrySet()) {
                    LogId log = log(entry.getKey());
                    long head = storage.find(log).orElseThrow().head().sequence();
                    assertThat(head).isGreaterThanOrEqualTo(entry.getValue());
                    assertHolds(storage, log, (int) head);
                }
            }
        }
    }

    private static Process writerProcess(Path file) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// Appends to four logs for ever and prints `log sequence .` after each acknowledgement.
    static final class Writer {
        public static void main(String[] arguments) throws Exception {
            SqliteStorage storage = SqliteStorage.open(Path.of(arguments[0]), new Metrics());
            Thread[] threads = new Thread[4];
            for (int i = 0; i < threads.length; i++) {
                int number = i;
                threads[i] = Thread.ofVirtual().start(() -> appendForEver(storage, number));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }

        @SuppressWarnings("SystemOut") // its output is how it acknowledges
        private static void appendForEver(LogStorage storage, int number) {
            LogId log = log(number);
            try {
                long next = storage.find(log).map(info -> info.head().sequence() + 1).orElse(0L);
                while (true) {
                    storage.append(next == 0 ? genesis(log, log, false) : next(log, next));
                    System.out.println(number + " " + next + " .");
                    next++;
                }
            } catch (StorageException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
