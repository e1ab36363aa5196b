package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SQLite behind the contract, and a file of the version before.
class SqliteCopiesTest extends CopyStorageContract {

    @TempDir
    private Path folder;

    @Override
    LogStorage open() throws Exception {
        return SqliteStorage.open(folder.resolve("service.db"), new Metrics());
    }

    @Override
    CopyStorage copies(LogStorage logs) {
        return ((SqliteStorage) logs).copies();
    }

    @Test
    void aFileOfTheVersionBefore_keepsWhereItsPacksAre() throws Exception {
        Path file = folder.resolve("old.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            connection.setAutoCommit(false);
            SqliteSchema.migrate(connection, 1);
            try (Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO logs VALUES (1, zeroblob(32), 1, zeroblob(32), 0, zeroblob(32), 0, 300)");
                statement.execute("INSERT INTO packs VALUES (4, 1, x'" + "01".repeat(32) + "', 100, 1, 7, 'a,b')");
                statement.execute("INSERT INTO packs VALUES (5, 1, x'" + "02".repeat(32) + "', 100, 1, 7, 'c')");
                statement.execute("INSERT INTO packs VALUES (6, 1, x'" + "03".repeat(32) + "', 100, 1, 7, '')");
            }
            connection.commit();
        }
        try (SqliteStorage storage = SqliteStorage.open(file, new Metrics())) {
            assertThat(storage.copies().holdings(0, 10))
                    .extracting(holding -> holding.in(CopyStorage.CopyState.HELD))
                    .containsExactly(List.of("a", "b"), List.of("c"), List.of());
        }
    }
}
