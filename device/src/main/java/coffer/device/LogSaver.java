package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.log.LogArchive;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// Saves verified logs as files, whole or not at all: each is written beside its name and then renamed.
final class LogSaver {

    private LogSaver() {}

    static int save(LogStore store, List<LogId> logs, Path folder) throws CofferException {
        try {
            Files.createDirectories(folder);
            for (LogId log : logs) {
                save(store, log, folder);
            }
            return logs.size();
        } catch (IOException | UncheckedIOException e) {
            throw new CofferException(ErrorCode.LOCAL, "a log cannot be saved there", e);
        }
    }

    private static void save(LogStore store, LogId log, Path folder) throws IOException, CofferException {
        Path temporary = folder.resolve(log.hex() + ".part");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16)) {
            LogArchive.Writer writer = new LogArchive.Writer(out);
            store.forEach(log, 0, entry -> {
                try {
                    writer.write(entry);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        Files.move(
                temporary,
                folder.resolve(log.hex() + LogArchive.SUFFIX),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
