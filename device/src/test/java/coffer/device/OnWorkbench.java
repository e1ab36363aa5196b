package coffer.device;

import coffer.core.CofferException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A [Workbench] for each test, taken apart; a test may put other parts in.
abstract class OnWorkbench {

    @TempDir
    Path home;

    Path source;
    ReplicaDb db;
    Replica replica;
    FakeVault vault;
    MemoryPacks packs;
    Ingest ingest;

    @BeforeEach
    void openWorkbench() throws CofferException, IOException {
        Workbench bench = new Workbench(home, 1);
        source = bench.source;
        db = bench.db;
        replica = bench.replica;
        vault = bench.vault;
        packs = bench.packs;
        ingest = bench.ingest;
    }

    @AfterEach
    void closeWorkbench() {
        db.close();
    }
}
