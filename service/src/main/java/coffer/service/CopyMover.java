package coffer.service;

import coffer.core.CofferException;
import coffer.core.LogId;
import coffer.core.log.VaultState;
import coffer.service.CopyStorage.CopyState;
import coffer.service.CopyStorage.Holding;
import coffer.service.CopyStorage.Left;
import coffer.service.placement.Moves;
import coffer.store.ObjectName;
import coffer.store.StoreException;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings every stored pack to where it belongs: fills a provider that was added, empties one that is drained, replaces
/// damaged copies, follows a vault to another region (docs/spec/placement.md).
///
/// One round looks at every holding and does what it lacks. There is no list of things to do: what is there and what
/// should be there decide, so that a round may end anywhere, also in a crash, and the next goes on.
final class CopyMover implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(CopyMover.class);
    private static final int PAGE = 256;

    /// Packs that are moved at once: one line to a provider far away carries little. [Pace] bounds them together.
    private static final int AT_ONCE = 4;

    /// What the last round found, or the present one so far.
    ///
    /// @param examined holdings looked at
    /// @param written  copies written and proven
    /// @param bytes    their size
    /// @param left     copies taken out of use
    /// @param failed   copies that could not be written; they are tried again
    /// @param sourceless holdings of which no right copy could be read
    record Round(long examined, long written, long bytes, long left, long failed, long sourceless) {
        static final Round NONE = new Round(0, 0, 0, 0, 0, 0);

        Round plus(Round other) {
            return new Round(
                    examined + other.examined,
                    written + other.written,
                    bytes + other.bytes,
                    left + other.left,
                    failed + other.failed,
                    sourceless + other.sourceless);
        }
    }

    private final CopyStorage copies;
    private final Providers providers;
    private final LogStates states;
    private final Clock clock;
    private final Duration grantLife;
    private final Pace pace;
    private final Metrics metrics;
    private final Periodic periodic;
    private final Cached<Remaining> remaining;
    private final Object roundLock = new Object();
    private volatile Round round = Round.NONE; // written under roundLock, or before the threads begin

    CopyMover(
            CopyStorage copies,
            Providers providers,
            LogStates states,
            ServiceConfig config,
            Clock clock,
            Pace pace,
            Metrics metrics) {
        this.copies = copies;
        this.providers = providers;
        this.states = states;
        this.clock = clock;
        this.grantLife = config.grantLife();
        this.pace = pace;
        this.metrics = metrics;
        this.periodic = new Periodic("move", config.moveEvery(), this::round);
        this.remaining = new Cached<>(this::countRemaining);
    }

    void start() {
        periodic.start();
    }

    /// Something has changed that decides where packs belong.
    void poke() {
        remaining.forget();
        periodic.poke();
    }

    Round lastRound() {
        return round;
    }

    /// One round over everything; a second one waits for the first.
    synchronized void round() throws StorageException, InterruptedException {
        round = Round.NONE;
        deleteWhatLeft();
        moveEverything();
        if (periodic.isStopping()) {
            return;
        }
        deleteWhatLeft();
        if (round.written() + round.left() + round.failed() + round.sourceless() > 0) {
            LOG.info("event=move outcome=done examined={} written={} bytes={} left={} failed={} sourceless={}",
                    round.examined(), round.written(), round.bytes(), round.left(), round.failed(), round.sourceless());
        }
    }

    private void moveEverything() throws StorageException, InterruptedException {
        Map<LogId, String> regions = new ConcurrentHashMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            long after = 0;
            List<Holding> page = copies.holdings(after, PAGE);
            while (!page.isEmpty() && !periodic.isStopping()) {
                List<Callable<Void>> moves = new ArrayList<>();
                for (Holding holding : page) {
                    moves.add(() -> {
                        if (!periodic.isStopping()) {
                            move(holding, regions);
                        }
                        return null;
                    });
                }
                for (Future<Void> moved : threads.invokeAll(moves)) {
                    await(moved);
                }
                after = page.getLast().number();
                page = copies.holdings(after, PAGE);
            }
        }
    }

    private static void await(Future<Void> moved) throws StorageException, InterruptedException {
        try {
            moved.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case StorageException failure -> throw failure;
                case InterruptedException interrupted -> throw interrupted;
                case null, default -> throw new IllegalStateException("a pack could not be moved", e.getCause());
            }
        }
    }

    /// How many copies are still to be written, by provider, and how many to be taken away.
    record Remaining(Map<String, Long> write, Map<String, Long> leave) {
        Remaining {
            write = Map.copyOf(write);
            leave = Map.copyOf(leave);
        }
    }

    /// Computed from what is stored; nothing is read from providers. A moment old at most, or as old as it takes to count again.
    Remaining remaining() throws StorageException {
        return remaining.get();
    }

    private Remaining countRemaining() throws StorageException {
        Map<LogId, String> regions = new HashMap<>();
        Map<String, Long> write = new HashMap<>();
        Map<String, Long> leave = new HashMap<>();
        long after = 0;
        for (List<Holding> page = copies.holdings(after, PAGE); !page.isEmpty(); page = copies.holdings(after, PAGE)) {
            for (Holding holding : page) {
                Moves moves = moves(holding, regions);
                moves.write().forEach(id -> write.merge(id, 1L, Long::sum));
                moves.leave().forEach(id -> leave.merge(id, 1L, Long::sum));
            }
            after = page.getLast().number();
        }
        return new Remaining(write, leave);
    }

    private Moves moves(Holding holding, Map<LogId, String> regions) throws StorageException {
        return moves(holding, holding.in(CopyState.HELD), regions);
    }

    private Moves moves(Holding holding, Collection<String> held, Map<LogId, String> regions) throws StorageException {
        String region = region(holding.vault(), regions);
        if (region.isEmpty()) {
            return Moves.NONE;
        }
        List<String> other = new ArrayList<>(holding.in(CopyState.DAMAGED));
        other.addAll(holding.in(CopyState.COMING));
        other.removeAll(held);
        return providers.moves(holding.pack(), region, held, other);
    }

    /// The region of a vault; empty if its log cannot be read now.
    private String region(LogId vault, Map<LogId, String> known) throws StorageException {
        String region = known.get(vault);
        if (region == null) {
            region = read(vault).map(VaultState::region).orElse("");
            known.put(vault, region);
        }
        return region;
    }

    private Optional<VaultState> read(LogId vault) throws StorageException {
        try {
            return states.latestVault(vault);
        } catch (CofferException e) {
            LOG.warn("event=move outcome=log-unreadable code={}", e.code());
            return Optional.empty();
        }
    }

    private void move(Holding holding, Map<LogId, String> regions) throws StorageException, InterruptedException {
        List<String> held = new ArrayList<>(holding.in(CopyState.HELD));
        long written = 0;
        long failed = 0;
        long sourceless = 0;
        if (!moves(holding, held, regions).write().isEmpty()) {
            // The vault may have moved since this round began; nothing more is written where it was.
            regions.remove(holding.vault());
        }
        for (String provider : moves(holding, held, regions).write()) {
            switch (write(holding, provider)) {
                case WRITTEN -> {
                    held.add(provider);
                    written++;
                }
                case FAILED -> failed++;
                case NO_SOURCE -> sourceless++;
            }
        }
        long left = 0;
        for (String provider : moves(holding, held, regions).leave()) {
            left += copies.leave(holding.number(), provider, clock.instant()) ? 1 : 0;
        }
        metrics.add("coffer_copies_written_total", "", written);
        metrics.add("coffer_copy_failures_total", "", failed);
        tell(new Round(1, written, written * holding.size(), left, failed, sourceless));
    }

    private void tell(Round moved) {
        synchronized (roundLock) {
            round = round.plus(moved);
        }
    }

    private enum Outcome {
        WRITTEN,
        FAILED,
        NO_SOURCE
    }

    private Outcome write(Holding holding, String to) throws StorageException, InterruptedException {
        PackProvider target = providers.find(to).orElse(null);
        if (target == null || !copies.announce(holding.number(), to, clock.instant())) {
            return Outcome.FAILED;
        }
        // It may be there already: written before a crash, or taken for damaged while the provider was confused.
        pace.take(holding.size());
        CopyCheck there = CopyCheck.of(target.store(), holding.pack(), holding.size());
        Outcome outcome = there == CopyCheck.RIGHT ? Outcome.WRITTEN : Outcome.NO_SOURCE;
        for (PackProvider source : there == CopyCheck.WRONG ? sources(holding, to) : List.<PackProvider>of()) {
            pace.take(2 * holding.size());
            outcome = copy(holding, source, target);
            if (outcome == Outcome.WRITTEN) {
                break;
            }
        }
        if (there == CopyCheck.UNKNOWN) {
            return Outcome.FAILED;
        }
        return outcome != Outcome.WRITTEN || copies.proven(holding.number(), to, clock.instant())
                ? outcome
                : Outcome.FAILED;
    }

    /// The right ones first; a damaged one may still be read from, since all that is read is verified.
    private List<PackProvider> sources(Holding holding, String except) {
        List<String> ids = new ArrayList<>(holding.in(CopyState.HELD));
        ids.addAll(holding.in(CopyState.LEAVING));
        ids.addAll(holding.in(CopyState.DAMAGED));
        ids.remove(except);
        return providers.readable(ids);
    }

    /// A store verifies what it is given on the way, and what it then has is read back.
    private Outcome copy(Holding holding, PackProvider source, PackProvider target) throws StorageException {
        ObjectName name = ObjectName.of(holding.pack());
        boolean[] sourceFailed = {false};
        try {
            target.store().put(name, holding.size(), () -> {
                try {
                    return new SourceStream(source.store().get(name), sourceFailed);
                } catch (StoreException e) {
                    sourceFailed[0] = true;
                    throw e;
                }
            });
        } catch (IOException e) {
            if (sourceFailed[0] && CopyCheck.of(source.store(), holding.pack(), holding.size()) == CopyCheck.WRONG) {
                copies.damaged(holding.number(), source.id());
                return Outcome.NO_SOURCE;
            }
            return Outcome.FAILED;
        }
        return CopyCheck.of(target.store(), holding.pack(), holding.size()) == CopyCheck.RIGHT
                ? Outcome.WRITTEN
                : Outcome.FAILED;
    }

    /// Second phase: nobody is sent to these copies any more, and grants given before have ended.
    private void deleteWhatLeft() throws StorageException {
        List<Left> left = copies.takeLeft(clock.instant().minus(grantLife.multipliedBy(2)), PAGE);
        while (!left.isEmpty() && !periodic.isStopping()) {
            int gone = 0;
            for (Left copy : left) {
                if (delete(copy)) {
                    copies.gone(copy);
                    gone++;
                }
            }
            if (gone == 0) {
                return;
            }
            left = copies.takeLeft(clock.instant().minus(grantLife.multipliedBy(2)), PAGE);
        }
    }

    private boolean delete(Left copy) {
        Optional<PackProvider> provider = providers.find(copy.provider());
        try {
            if (provider.isPresent()) {
                provider.get().store().delete(ObjectName.of(copy.pack()));
            }
            return provider.isPresent();
        } catch (StoreException e) {
            metrics.count("coffer_sweep_failures_total");
            return false;
        }
    }

    @Override
    public void close() {
        periodic.close();
    }
}
