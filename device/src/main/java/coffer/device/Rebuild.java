package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.device.Device.GetReport;
import coffer.seal.DeviceKeys;
import coffer.seal.RecoveryKey;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.concurrent.locks.ReentrantLock;

/// The offline decrypt tool: from a copy of a provider's packs, the saved logs and the recovery words alone, with no
/// service and no network, it writes every file (docs/operations.md, "When everything else is gone").
///
/// It verifies the logs from their geneses and every chunk, exactly as a device does.
public final class Rebuild {

    private Rebuild() {}

    /// @param packs     folder with the packs, in any layout, each file named by its pack id
    /// @param logs      folder with the saved logs, or one file
    /// @param words     the 24 recovery words
    /// @param target    folder to write into; made if need be, and nothing in it is overwritten
    public static GetReport run(Path packs, Path logs, String words, Path target, Progress progress)
            throws CofferException {
        Path work = workFolder(target);
        try (RecoveryKey recovery = RecoveryKey.parse(words);
                DeviceKeys paper = recovery.deviceKeys();
                ArchivedService archive = new ArchivedService(logs);
                ReplicaDb db = ReplicaDb.open(work.resolve("replica.db"));
                AccountLog accountLog = new AccountLog(paper)) {
            LogId account = archive.accountOf(paper.record())
                    .orElseThrow(() -> new CofferException(
                            ErrorCode.ENROLMENT, "none of the saved logs is of the account with these words"));
            AccountSync sync = new AccountSync(account, accountLog, archive, db);
            sync.refresh();
            Replica replica = new Replica(db, Clock.systemUTC());
            try (Vault vault = new Vault(
                    AccountNotes.homeVault(accountLog),
                    new ReentrantLock(),
                    sync,
                    archive,
                    db,
                    replica,
                    paper,
                    Clock.systemUTC())) {
                vault.refresh();
                return new Fetch(replica, vault, new PackFolder(packs)).get("/", target, false, progress);
            }
        } finally {
            delete(work);
        }
    }

    /// In the folder that is the person's: it holds names, and what a killed process leaves must not lie where nobody looks.
    private static Path workFolder(Path target) throws CofferException {
        Path work = target.resolve(".coffer-rebuild");
        try {
            if (Files.exists(work)) {
                delete(work);
            }
            return Files.createDirectories(work);
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "no temporary folder can be made", e);
        }
    }

    private static void delete(Path folder) throws CofferException {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(
                        Path visited, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "a temporary folder cannot be removed", e);
        }
    }
}
