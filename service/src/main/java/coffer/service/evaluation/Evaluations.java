package coffer.service.evaluation;

import coffer.core.SigningKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All evaluations of a service, past and present. Each provider has at most one that is not over. Safe for use by many threads.
///
/// ```
/// folder/lock                  held while open
/// folder/<provider>/0001/      the first evaluation of a provider
///     state.jsonl              its measurements
///     report.json  report.html  report.sig
/// ```
public final class Evaluations implements AutoCloseable {

    /// Told when an evaluation is over; not for one that was stopped and can be resumed. Called by the evaluation's own thread,
    /// and again at the next opening if the process died before it returned.
    @FunctionalInterface
    public interface Listener {
        /// @param report empty if it was cancelled or refused
        void ended(EvaluationStatus status, Optional<Report> report);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Evaluations.class);
    private static final Pattern NUMBER = Pattern.compile("[0-9]{4,9}");

    private final Path folder;
    private final FileChannel lock;
    private final Running.Ports ports;
    private final Map<String, Running> latest = new TreeMap<>();
    private boolean closed;

    private Evaluations(Path folder, FileChannel lock, Running.Ports ports) {
        this.folder = folder;
        this.lock = lock;
        this.ports = ports;
    }

    /// Opens the folder, making it if need be, and takes note of what is there. Evaluations that were stopped do not go on by
    /// themselves: see [#unfinished] and [#resume].
    ///
    /// @param key signs reports; borrowed, and must stay open as long as this
    /// @throws IOException it cannot be used, or another process uses it
    public static Evaluations open(Path folder, SigningKey key, Listener listener) throws IOException {
        return open(folder, key, EvaluationTime.REAL, new SecureRandom(), new HttpWire(), listener);
    }

    /// The same with other ports.
    ///
    /// @param random draws content; nothing secret
    public static Evaluations open(
            Path folder, SigningKey key, EvaluationTime time, RandomGenerator random, Wire wire, Listener listener)
            throws IOException {
        return open(folder, new Running.Ports(key, time, random, wire, Journal::open, listener));
    }

    static Evaluations open(Path folder, Running.Ports ports) throws IOException {
        Files.createDirectories(folder);
        FileChannel lock = FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!isFree(lock)) {
                throw new IOException("another process uses this folder of evaluations");
            }
            var evaluations = new Evaluations(folder, lock, ports);
            evaluations.load();
            return evaluations;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static boolean isFree(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void load() throws IOException {
        for (Path provider : children(folder)) {
            List<Path> numbers = numbers(provider);
            if (Subject.isId(name(provider)) && !numbers.isEmpty()) {
                load(name(provider), numbers.getLast());
            }
        }
    }

    /// One that cannot be read is left as it is, and keeps neither the others nor a new one from running.
    private void load(String provider, Path place) {
        try {
            Running last = Running.load(place, ports);
            latest.put(provider, last);
            last.settle();
        } catch (IOException | RuntimeException e) {
            LOG.error("event=evaluation outcome=unreadable folder={}", place, e);
        }
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    private static List<Path> children(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static List<Path> numbers(Path provider) throws IOException {
        return children(provider).stream().filter(path -> NUMBER.matcher(name(path)).matches()).toList();
    }

    /// Starts an evaluation in the background.
    ///
    /// @param duration how long it measures; see [IsoPeriod]
    /// @throws EvaluationBusy the provider has one that is not over
    public synchronized EvaluationStatus start(Subject subject, Criteria criteria, Duration duration)
            throws EvaluationBusy, IOException {
        requireOpen();
        Running last = latest.get(subject.id());
        if (last != null && !last.status().state().isOver()) {
            throw new EvaluationBusy(last.status());
        }
        Path provider = DurableFiles.folder(folder.resolve(subject.id()));
        List<Path> before = numbers(provider);
        int number = before.isEmpty() ? 1 : Integer.parseInt(name(before.getLast())) + 1;
        Path place = provider.resolve("%04d".formatted(number));
        var begun = Runner.first(subject.id() + "/" + name(place), subject, criteria, duration, ports.time(), ports.random());
        Running running = Running.begin(place, begun, leftovers(before), ports);
        latest.put(subject.id(), running);
        running.start(subject);
        return running.status();
    }

    /// What earlier evaluations could not remove, so that the next one does; as far as they can be read.
    private static List<Ledger.Entry> leftovers(List<Path> before) {
        var left = new ArrayList<Ledger.Entry>();
        for (Path place : before) {
            try {
                left.addAll(Running.leftovers(place));
            } catch (IOException e) {
                LOG.error("event=evaluation outcome=unreadable folder={}", place, e);
            }
        }
        return left;
    }

    /// Lets a stopped evaluation go on, with the criteria it was started with. Does nothing if it runs already.
    ///
    /// @throws IOException there is none that is not over, or its state cannot be used
    public synchronized EvaluationStatus resume(Subject subject) throws IOException {
        requireOpen();
        Running last = latest.get(subject.id());
        if (last == null || last.status().state().isOver()) {
            throw new IOException("the provider has no evaluation to go on with");
        }
        last.start(subject);
        return last.status();
    }

    /// Ends the evaluation of a provider, removes what it wrote and makes no report. Returns at once; see [#status].
    ///
    /// @param subject needed to reach the provider if the evaluation is stopped
    /// @return whether there was one that is not over
    public synchronized boolean cancel(Subject subject) throws IOException {
        requireOpen();
        Running last = latest.get(subject.id());
        if (last == null || last.status().state().isOver()) {
            return false;
        }
        last.cancel();
        last.start(subject);
        return true;
    }

    /// The latest evaluation of a provider.
    public synchronized Optional<EvaluationStatus> status(String provider) {
        return Optional.ofNullable(latest.get(provider)).map(Running::status);
    }

    /// The latest evaluation of each provider that had one.
    public synchronized List<EvaluationStatus> list() {
        return latest.values().stream().map(Running::status).toList();
    }

    /// Evaluations that are neither over nor running: what to [#resume] after a start of the service.
    public List<EvaluationStatus> unfinished() {
        return list().stream().filter(status -> status.state() == EvaluationStatus.State.STOPPED).toList();
    }

    /// The report of the latest evaluation of a provider, if it is over and has one.
    public Optional<Report> report(String provider) throws IOException {
        Optional<EvaluationStatus> status = status(provider);
        return status.isEmpty() ? Optional.empty() : Report.find(status.get().folder());
    }

    /// Waits until an evaluation is over or stopped.
    ///
    /// @return whether that happened in time
    public boolean await(String provider, Duration timeout) throws InterruptedException {
        Running last;
        synchronized (this) {
            last = latest.get(provider);
        }
        return last == null || last.await(timeout);
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the evaluations are closed");
        }
    }

    /// Stops all evaluations where they are; they can be resumed after the next opening. Idempotent.
    @Override
    public void close() throws IOException {
        List<Running> all;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            all = List.copyOf(latest.values());
        }
        all.forEach(Running::stop);
        all.forEach(Running::join);
        if (ports.wire() instanceof HttpWire http) {
            http.close();
        }
        lock.close();
    }
}
