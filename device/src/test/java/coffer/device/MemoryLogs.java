package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.api.CopyCount;
import coffer.core.api.DownloadPlan;
import coffer.core.api.HeadEvent;
import coffer.core.api.ServiceInfo;
import coffer.core.api.UploadPlan;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.log.PackRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// A service in memory that keeps logs in order and believes everybody; its `logs` can be changed at will, which makes
/// it as hostile as a test wants.
final class MemoryLogs implements ServiceApi {

    /// What happens to the next append.
    enum Answer {
        HONEST,
        /// Stores the entry, and loses the answer.
        STORED_BUT_LOST,
        /// Loses the request.
        LOST
    }

    final Map<LogId, List<Entry>> logs = new HashMap<>();
    Answer nextAppend = Answer.HONEST;
    boolean down;
    /// Takes no entries.
    boolean refuses;
    private final Map<String, byte[]> mail = new HashMap<>();

    @Override
    public synchronized Appended append(LogId log, Entry entry) throws CofferException {
        requireUp();
        if (refuses) {
            throw unavailable();
        }
        Answer answer = nextAppend;
        nextAppend = Answer.HONEST;
        if (answer == Answer.LOST) {
            throw unavailable();
        }
        List<Entry> entries = logs.computeIfAbsent(log, unused -> new ArrayList<>());
        if (entry.header().sequence() != entries.size()) {
            return new Appended.Conflict(entries.getLast().head());
        }
        entries.add(entry);
        if (answer == Answer.STORED_BUT_LOST) {
            throw unavailable();
        }
        return new Appended.Accepted();
    }

    @Override
    public synchronized Head head(LogId log) throws CofferException {
        requireUp();
        return log(log).getLast().head();
    }

    @Override
    public synchronized List<Entry> entries(LogId log, long from, boolean bodies) throws CofferException {
        requireUp();
        List<Entry> entries = log(log);
        List<Entry> page = entries.subList((int) Math.min(from, entries.size()), entries.size());
        return bodies ? List.copyOf(page) : page.stream().map(MemoryLogs::bare).toList();
    }

    private static Entry bare(Entry entry) {
        return switch (entry.header().kind()) {
            case COMMIT, SNAPSHOT -> entry.withoutBody();
            default -> entry;
        };
    }

    /// The entries of a log, to be changed at will.
    List<Entry> entriesOf(LogId log) {
        return logs.computeIfAbsent(log, unused -> new ArrayList<>());
    }

    private List<Entry> log(LogId log) throws CofferException {
        List<Entry> entries = logs.get(log);
        if (entries == null) {
            throw unavailable();
        }
        return entries;
    }

    @Override
    public synchronized void putMail(String mailbox, int slot, byte[] message) throws CofferException {
        requireUp();
        if (mail.putIfAbsent(mailbox + "/" + slot, message.clone()) != null) {
            throw new CofferException(ErrorCode.ENROLMENT, "the code was used already");
        }
    }

    @Override
    public synchronized Optional<byte[]> mail(String mailbox, int slot, Duration wait) throws CofferException {
        requireUp();
        return Optional.ofNullable(mail.get(mailbox + "/" + slot));
    }

    @Override
    public Set<PackId> stored(LogId vault, List<PackRef> packs) {
        return new HashSet<>();
    }

    @Override
    public List<CopyCount> copies(LogId vault) throws CofferException {
        throw unavailable();
    }

    @Override
    public List<LogId> vaults() {
        return List.of();
    }

    @Override
    public ServiceInfo info() throws CofferException {
        throw unavailable();
    }

    @Override
    public List<UploadPlan> uploads(LogId vault, List<PackRef> packs, Set<String> avoid) throws CofferException {
        throw unavailable();
    }

    @Override
    public List<DownloadPlan> downloads(LogId vault, List<PackId> packs) throws CofferException {
        throw unavailable();
    }

    @Override
    public AutoCloseable listen(Consumer<HeadEvent> listener) {
        return () -> {};
    }

    private void requireUp() throws CofferException {
        if (down) {
            throw unavailable();
        }
    }

    private static CofferException unavailable() {
        return new CofferException(ErrorCode.UNAVAILABLE, "no answer");
    }

    @Override
    public void close() {}
}
