package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.log.Entry;
import coffer.core.log.LogArchive;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.List;

/// Saves verified logs as files, whole or not at all: each is written beside its name and then renamed.
final class LogSaver {

    private LogSaver() {}

    /// @param service gives the bodies that this device left out because it began with a snapshot
    static int save(LogStore store, ServiceApi service, List<LogId> logs, Path folder) throws CofferException {
        try {
            Files.createDirectories(folder);
            for (LogId log : logs) {
                save(store, new Bodies(service, log), log, folder);
            }
            return logs.size();
        } catch (IOException | UncheckedIOException e) {
            throw new CofferException(ErrorCode.LOCAL, "a log cannot be saved there", e);
        }
    }

    /// Entries as a whole, a page at a time.
    private static final class Bodies {

        private final ServiceApi service;
        private final LogId log;
        private final ArrayDeque<Entry> page = new ArrayDeque<>();

        Bodies(ServiceApi service, LogId log) {
            this.service = service;
            this.log = log;
        }

        Entry whole(Entry entry) throws CofferException {
            if (entry.hasBody()) {
                return entry;
            }
            Entry next = page.pollFirst();
            if (next == null || next.header().sequence() != entry.header().sequence()) {
                page.clear();
                page.addAll(service.entries(log, entry.header().sequence(), true));
                next = page.pollFirst();
            }
            if (next == null || !next.id().equals(entry.id()) || !next.hasBody()) {
                throw new CofferException(ErrorCode.CHAIN, "the service serves another entry than this device has verified");
            }
            return next;
        }
    }

    private static void save(LogStore store, Bodies bodies, LogId log, Path folder) throws IOException, CofferException {
        Path temporary = folder.resolve(log.hex() + ".part");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16)) {
            LogArchive.Writer writer = new LogArchive.Writer(out);
            store.forEach(log, 0, entry -> {
                try {
                    writer.write(bodies.whole(entry));
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
