package coffer.device;

import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.api.CopyCount;
import coffer.core.api.DownloadPlan;
import coffer.core.api.HeadEvent;
import coffer.core.api.ServiceInfo;
import coffer.core.api.UploadPlan;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.log.LogArchive;
import coffer.core.log.PackRef;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Saved logs in the place of a service, so that what verifies and applies logs from the network does the same
/// offline. It answers reads only; nothing can be written to the past.
final class ArchivedService implements ServiceApi {

    private static final int PAGE = 500;

    private record Archive(Path file, Head head) {}

    private final Map<LogId, Archive> archives = new HashMap<>();
    private final Map<LogId, Entry> geneses = new HashMap<>();
    private @Nullable Cursor cursor;

    /// Where reading of one log stands, so that pages in order need no second pass.
    private static final class Cursor implements AutoCloseable {
        final LogId log;
        final InputStream file;
        final LogArchive.Reader reader;
        long next;

        Cursor(LogId log, Path path) throws IOException, CborException {
            this.log = log;
            this.file = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
            this.reader = new LogArchive.Reader(file);
        }

        @Nullable
        Entry read() throws IOException, CborException {
            Entry entry = reader.next();
            next++;
            return entry;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /// Reads every `*.cofferlog` in `folder`, or the one file.
    ///
    /// @throws CofferException LOCAL if a file cannot be read; CHAIN if one is damaged
    ArchivedService(Path folder) throws CofferException {
        try {
            for (Path file : files(folder)) {
                index(file);
            }
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "a saved log cannot be read", e);
        } catch (CborException e) {
            throw new CofferException(ErrorCode.CHAIN, "a saved log is damaged", e);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of(folder);
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + LogArchive.SUFFIX)) {
            entries.forEach(files::add);
        }
        return files;
    }

    private void index(Path file) throws IOException, CborException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            LogArchive.Reader reader = new LogArchive.Reader(in);
            Entry genesis = reader.next();
            if (genesis == null || !genesis.header().kind().isGenesis()) {
                throw new CborException("the saved log does not begin with a genesis");
            }
            Head head = genesis.head();
            for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
                head = entry.head();
            }
            LogId log = new LogId(genesis.id().value());
            archives.put(log, new Archive(file, head));
            geneses.put(log, genesis);
        }
    }

    /// The account whose genesis names this recovery key.
    Optional<LogId> accountOf(coffer.core.DeviceRecord recovery) {
        return geneses.entrySet().stream()
                .filter(entry -> entry.getValue().header().control() instanceof Control.AccountGenesis genesis
                        && genesis.recovery().equals(recovery))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public Head head(LogId log) throws CofferException {
        return archive(log).head();
    }

    @Override
    public synchronized List<Entry> entries(LogId log, long from, boolean bodies) throws CofferException {
        try {
            Cursor reading = cursorAt(log, from);
            List<Entry> page = new ArrayList<>();
            while (page.size() < PAGE) {
                Entry entry = reading.read();
                if (entry == null) {
                    break;
                }
                page.add(entry);
            }
            return page;
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "a saved log cannot be read", e);
        } catch (CborException e) {
            throw new CofferException(ErrorCode.CHAIN, "a saved log is damaged", e);
        }
    }

    private Cursor cursorAt(LogId log, long from) throws CofferException, IOException, CborException {
        Cursor present = cursor;
        if (present == null || !present.log.equals(log) || present.next != from) {
            if (present != null) {
                present.close();
            }
            present = new Cursor(log, archive(log).file());
            cursor = present;
            while (present.next < from && present.read() != null) {
                // skips to the place asked for
            }
        }
        return present;
    }

    private Archive archive(LogId log) throws CofferException {
        Archive found = archives.get(log);
        if (found == null) {
            throw new CofferException(ErrorCode.UNAVAILABLE, "a log that is needed was not saved");
        }
        return found;
    }

    @Override
    public List<LogId> vaults() {
        return List.of();
    }

    @Override
    public ServiceInfo info() throws CofferException {
        throw offline();
    }

    @Override
    public Appended append(LogId log, Entry entry) throws CofferException {
        throw offline();
    }

    @Override
    public List<UploadPlan> uploads(LogId vault, List<PackRef> packs, Set<String> avoid) throws CofferException {
        throw offline();
    }

    @Override
    public List<DownloadPlan> downloads(LogId vault, List<PackId> packs) throws CofferException {
        throw offline();
    }

    @Override
    public Set<PackId> stored(LogId vault, List<PackRef> packs) throws CofferException {
        throw offline();
    }

    @Override
    public List<CopyCount> copies(LogId vault) throws CofferException {
        throw offline();
    }

    @Override
    public void putMail(String mailbox, int slot, byte[] message) throws CofferException {
        throw offline();
    }

    @Override
    public Optional<byte[]> mail(String mailbox, int slot, Duration wait) throws CofferException {
        throw offline();
    }

    @Override
    public AutoCloseable listen(Consumer<HeadEvent> listener) {
        return () -> {};
    }

    private static CofferException offline() {
        return new CofferException(ErrorCode.UNAVAILABLE, "there is no service here, only saved logs");
    }

    @Override
    public void close() {
        try {
            if (cursor != null) {
                cursor.close();
            }
        } catch (IOException e) {
            // Only read from; nothing is lost.
            cursor = null;
        }
    }
}
