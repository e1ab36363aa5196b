package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.api.DownloadCopy;
import coffer.core.api.DownloadPlan;
import coffer.core.api.UploadCopy;
import coffer.core.api.UploadPlan;
import coffer.core.log.PackRef;
import coffer.core.tlog.Origins;
import coffer.seal.Slice;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Moves packs of one vault by grants of the service, directly between this device and the providers.
///
/// A grant is hostile input: its address must lie where the transparency log puts packs of the vault's region, or
/// nothing is sent there (RESIDENCY); what still lies in a region that the vault has left is read there. A provider that fails is asked again with growing, jittered pauses until
/// `patience` ends (UNAVAILABLE); a grant that is refused is replaced; a full provider is QUOTA at once.
final class Transfers implements PackTransfer, AutoCloseable {

    /// Grants for downloads that are kept.
    private static final int GRANTS_MAX = 256;

    /// A grant about to expire is not used: a pack takes a while.
    private static final Duration GRANT_MARGIN = Duration.ofSeconds(60);

    private static final Duration PAUSE_FIRST = Duration.ofMillis(100);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

    /// Packs of which the order of copies is remembered.
    private static final int ORDERS_MAX = 4_096;

    /// Answers that a copy is not there after which no provider is taken to have it.
    private static final int MISSING_MAX = 4;

    /// Attempts with one grant after which a new one is asked for.
    private static final int ATTEMPTS_PER_GRANT = 3;

    private final ServiceApi service;
    private final LogId vault;
    private final Places places;
    private final VaultRegions regions;
    private final Duration patience;
    private final Wire wire;
    private final OriginSpeeds speeds = new OriginSpeeds(System::nanoTime);
    private final Map<PackId, DownloadPlan> grants = new LinkedHashMap<>(); // guarded by itself
    private final Map<PackId, List<String>> orders = new LinkedHashMap<>(); // guarded by `grants`

    /// @param places   what the transparency log says of addresses
    /// @param regions   where the vault's packs may lie, from its verified log
    /// @param patience  how long a provider may fail before the work ends
    /// @param bandwidth what all transfers of this device together may take
    Transfers(
            ServiceApi service,
            Places places,
            LogId vault,
            VaultRegions regions,
            Duration patience,
            Bandwidth bandwidth) {
        this.service = service;
        this.places = places;
        this.vault = vault;
        this.regions = regions;
        this.patience = patience;
        this.wire = new Wire(service.trust().forTransfers(), patience, bandwidth);
    }

    @Override
    public void upload(PackId id, Slice pack) throws CofferException {
        upload(new PackRef(id, pack.length()), () -> HttpRequest.BodyPublishers.ofByteArray(pack.array(), pack.offset(), pack.length()));
    }

    @Override
    public void upload(PackId id, Path file) throws CofferException {
        try {
            upload(new PackRef(id, Files.size(file)), () -> HttpRequest.BodyPublishers.ofFile(file));
        } catch (IOException e) {
            throw PackFile.failure(e);
        }
    }

    /// A provider that does not take the pack is avoided next time: the service gives another where the region has one.
    private void upload(PackRef pack, Wire.Body body) throws CofferException {
        Set<String> done = new HashSet<>();
        Set<String> avoid = new HashSet<>();
        Deadline deadline = new Deadline();
        boolean mayHaveMoved = true;
        while (true) {
            List<UploadCopy> missing = uploadPlan(pack, avoid).stream()
                    .filter(copy -> !done.contains(withoutQuery(copy.url())))
                    .toList();
            List<Outcome> outcomes;
            try {
                outcomes = send(missing, pack.size(), body, deadline);
            } catch (CofferException e) {
                if (e.code() != ErrorCode.RESIDENCY || !mayHaveMoved) {
                    throw e;
                }
                // The grant may be of before a move of the vault, or this device may not know of the move yet.
                mayHaveMoved = false;
                regions.refresh();
                continue;
            }
            for (int i = 0; i < missing.size(); i++) {
                switch (outcomes.get(i)) {
                    case DONE -> done.add(withoutQuery(missing.get(i).url()));
                    case GRANT -> {}
                    case AGAIN -> avoid.add(missing.get(i).origin());
                }
            }
            if (outcomes.stream().allMatch(outcome -> outcome == Outcome.DONE)) {
                return;
            }
            deadline.pause();
        }
    }

    /// Sends to all copies at once.
    private List<Outcome> send(List<UploadCopy> copies, long size, Wire.Body body, Deadline deadline)
            throws CofferException {
        if (copies.size() == 1) {
            return List.of(send(copies.getFirst(), size, body, deadline));
        }
        List<Callable<Outcome>> tasks = new ArrayList<>();
        copies.forEach(copy -> tasks.add(() -> send(copy, size, body, deadline)));
        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Outcome> sent : threads.invokeAll(tasks)) {
                outcomes.add(sent.get());
            }
            return outcomes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.now();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CofferException failure) {
                throw failure;
            }
            throw new IllegalStateException("sending a pack failed", e.getCause());
        }
    }

    @Override
    public Set<PackId> stored(List<PackRef> packs) throws CofferException {
        return packs.isEmpty() ? Set.of() : service.stored(vault, packs);
    }

    @Override
    public void announce(List<PackId> packs) throws CofferException {
        List<PackId> wanted = new ArrayList<>();
        for (PackId pack : packs) {
            if (known(pack) == null) {
                wanted.add(pack);
            }
        }
        for (int from = 0; from < wanted.size(); from += GRANTS_MAX) {
            List<PackId> some = wanted.subList(from, Math.min(wanted.size(), from + GRANTS_MAX));
            for (DownloadPlan plan : service.downloads(vault, some)) {
                keep(plan);
            }
        }
    }

    @Override
    public int copies(PackRef pack) throws CofferException {
        return downloadPlan(pack.id()).copies().size();
    }

    @Override
    public List<String> origins(PackRef pack) throws CofferException {
        List<String> origins = new ArrayList<>();
        for (DownloadCopy copy : downloadPlan(pack.id()).copies()) {
            origins.add(Origins.of(address(copy.url())));
        }
        return origins;
    }

    @Override
    public int read(PackRef pack, int offset, int length, byte[] into, int intoOffset, int copy) throws CofferException {
        Deadline deadline = new Deadline();
        while (true) {
            List<DownloadCopy> copies = downloadPlan(pack.id()).copies();
            List<Integer> order = IntStream.range(0, copies.size())
                    .map(i -> (copy + i) % copies.size())
                    .boxed()
                    .toList();
            if (copies.size() == 1) {
                if (outcome(receive(copies.getFirst(), pack, offset, length, into, intoOffset, deadline)) == Outcome.DONE) {
                    return 0;
                }
            } else {
                int won = race(copies, order, pack, offset, length, into, intoOffset, deadline);
                if (won >= 0) {
                    return won;
                }
            }
            forget(pack.id());
            deadline.pause();
        }
    }

    /// The number of the copy that answered first; -1 if none did.
    private int race(
            List<DownloadCopy> copies,
            List<Integer> order,
            PackRef pack,
            int offset,
            int length,
            byte[] into,
            int intoOffset,
            Deadline deadline)
            throws CofferException {
        Duration usual = speeds.patience(copies.get(order.getFirst()).origin(), length);
        List<CopyRace.Result> results = CopyRace.run(
                order, length, usual, (copy, bytes) -> receive(copies.get(copy), pack, offset, length, bytes, 0, deadline));
        for (CopyRace.Result result : results) {
            if (result.refusal() != null) {
                throw result.refusal();
            }
            if (outcome(result.status()) == Outcome.DONE) {
                System.arraycopy(result.bytes(), 0, into, intoOffset, length);
                return result.copy();
            }
        }
        return -1;
    }

    @Override
    public void close() {
        wire.close();
    }

    private List<UploadCopy> uploadPlan(PackRef pack, Set<String> avoid) throws CofferException {
        for (UploadPlan plan : service.uploads(vault, List.of(pack), avoid)) {
            if (plan.id().equals(pack.id().hex()) && !plan.copies().isEmpty()) {
                return plan.copies();
            }
        }
        throw new CofferException(ErrorCode.PROTOCOL, "The service gave no place for a pack.");
    }

    private DownloadPlan downloadPlan(PackId pack) throws CofferException {
        DownloadPlan plan = known(pack);
        if (plan == null) {
            announce(List.of(pack));
            plan = known(pack);
        }
        if (plan == null) {
            throw new CofferException(ErrorCode.INTEGRITY, "The service knows no copy of a pack.", Map.of("pack", pack.hex()));
        }
        return plan;
    }

    private @Nullable DownloadPlan known(PackId pack) {
        synchronized (grants) {
            DownloadPlan plan = grants.get(pack);
            if (plan == null) {
                return null;
            }
            long usableUntil = System.currentTimeMillis() + GRANT_MARGIN.toMillis();
            return plan.copies().stream().allMatch(copy -> copy.expires() > usableUntil) ? plan : null;
        }
    }

    private void keep(DownloadPlan plan) throws CofferException {
        PackId pack;
        try {
            pack = PackId.ofHex(plan.id());
        } catch (IllegalArgumentException e) {
            throw new CofferException(ErrorCode.PROTOCOL, "The service named a pack that cannot be.", e);
        }
        if (plan.copies().isEmpty()) {
            return;
        }
        synchronized (grants) {
            grants.remove(pack);
            grants.put(pack, new DownloadPlan(plan.id(), ordered(pack, plan.copies())));
            while (grants.size() > 2 * GRANTS_MAX) {
                grants.remove(grants.keySet().iterator().next());
            }
        }
    }

    /// Best first; the same order for the same copies as long as it is remembered, because callers name copies by number.
    private List<DownloadCopy> ordered(PackId pack, List<DownloadCopy> copies) {
        List<String> before = orders.getOrDefault(pack, List.of());
        List<DownloadCopy> best = speeds.order(copies, DownloadCopy::origin);
        if (before.size() == copies.size()
                && before.containsAll(copies.stream().map(DownloadCopy::origin).toList())) {
            best = new ArrayList<>(copies);
            best.sort(Comparator.comparingInt(copy -> before.indexOf(copy.origin())));
        }
        orders.put(pack, best.stream().map(DownloadCopy::origin).toList());
        while (orders.size() > ORDERS_MAX) {
            orders.remove(orders.keySet().iterator().next());
        }
        return best;
    }

    /// Has the service asked again for every pack, where its copies are now.
    void forgetGrants() {
        synchronized (grants) {
            grants.clear();
        }
    }

    private void forget(PackId pack) {
        synchronized (grants) {
            grants.remove(pack);
        }
    }

    /// What stays the same from grant to grant of one place. The service's own grants name the provider first in the query:
    /// two of its folders have one address and are two places all the same.
    private static String withoutQuery(String url) {
        int query = url.indexOf('?');
        if (query < 0) {
            return url;
        }
        int end = url.startsWith("provider=", query + 1) ? url.indexOf('&', query) : query;
        return end < 0 ? url : url.substring(0, end);
    }

    /// Whether it is stored, another grant should be tried, or the provider does not answer as it should.
    private Outcome send(UploadCopy copy, long size, Wire.Body body, Deadline deadline) throws CofferException {
        URI url = address(copy.url());
        places.require(regions.sending(), url, Places.Use.SEND);
        for (int attempt = 0; attempt < ATTEMPTS_PER_GRANT; attempt++) {
            int status = attempt(
                    copy.origin(), size, deadline, () -> wire.send(copy.method(), url, copy.headers(), body));
            Outcome outcome = outcome(status);
            if (outcome != Outcome.AGAIN) {
                return outcome;
            }
            deadline.pause();
        }
        return Outcome.AGAIN;
    }

    /// The status of the answer, or [#NO_ANSWER].
    private int receive(
            DownloadCopy copy, PackRef pack, int offset, int length, byte[] into, int intoOffset, Deadline deadline)
            throws CofferException {
        URI url = readable(pack.id(), copy.url());
        int status = attempt(copy.origin(), length, deadline, () ->
                wire.receive(url, copy.headers(), pack.size(), offset, length, into, intoOffset));
        deadline.missing(status);
        return status;
    }

    private enum Outcome {
        DONE,
        GRANT,
        AGAIN
    }

    private static Outcome outcome(int status) throws CofferException {
        if (status == 507) {
            throw ServiceProblems.noRoom("A provider has no more room.");
        }
        if (status >= 300 && status < 400) {
            throw new CofferException(ErrorCode.PROTOCOL, "A provider sent this device elsewhere; it did not go.");
        }
        if (status >= 200 && status < 300) {
            return Outcome.DONE;
        }
        return status == NO_ANSWER || status >= 500 || status == 429 ? Outcome.AGAIN : Outcome.GRANT;
    }

    private static final int NO_ANSWER = 0;

    @FunctionalInterface
    private interface Attempt {
        int run() throws IOException, InterruptedException;
    }

    /// Runs it and remembers how the origin served. One that was stopped for being slow has at least shown how slow it is.
    private int attempt(String origin, long size, Deadline deadline, Attempt attempt) throws CofferException {
        long start = System.nanoTime();
        int status = NO_ANSWER;
        try {
            status = attempt(deadline, attempt);
            return status;
        } finally {
            boolean stopped = Thread.currentThread().isInterrupted();
            if (stopped || status / 100 == 2) {
                speeds.served(origin, size, System.nanoTime() - start);
            } else if (status == NO_ANSWER || status >= 500) {
                speeds.failed(origin);
            }
        }
    }

    private int attempt(Deadline deadline, Attempt attempt) throws CofferException {
        try {
            return attempt.run();
        } catch (IOException e) {
            CofferException refusal = service.trust().refusal(e);
            if (refusal != null) {
                throw refusal;
            }
            deadline.last = e;
            return NO_ANSWER;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.now();
        }
    }

    /// How long to go on, and the pauses in between.
    private final class Deadline {

        private final long endNs = System.nanoTime() + patience.toNanos();
        private long pauseMs = PAUSE_FIRST.toMillis();
        private final AtomicInteger missing = new AtomicInteger();
        private volatile @Nullable IOException last;

        void pause() throws CofferException {
            if (System.nanoTime() > endNs) {
                throw last == null
                        ? new CofferException(ErrorCode.UNAVAILABLE, "A provider does not do what it should.")
                        : new CofferException(ErrorCode.UNAVAILABLE, "A provider cannot be reached.", last);
            }
            try {
                Thread.sleep(ThreadLocalRandom.current().nextLong(pauseMs / 2, pauseMs + 1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Stop.now();
            }
            pauseMs = Math.min(PAUSE_MAX.toMillis(), pauseMs * 2);
        }

        /// A copy that is not there will not come back by waiting.
        void missing(int status) throws CofferException {
            boolean more = status == 404 || status == 410;
            if (more && missing.incrementAndGet() > MISSING_MAX) {
                throw new CofferException(ErrorCode.INTEGRITY, "No provider has a pack that it should have.");
            }
        }
    }

    private static URI address(String url) throws CofferException {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new CofferException(ErrorCode.PROTOCOL, "The service gave an address that is none.", e);
        }
    }

    /// The address, if it lies where the vault's packs may lie.
    private URI readable(PackId pack, String url) throws CofferException {
        URI address = address(url);
        try {
            places.require(regions.reading(), address, Places.Use.READ);
        } catch (CofferException e) {
            if (e.code() != ErrorCode.RESIDENCY) {
                throw e;
            }
            forget(pack); // what was granted wrongly is not kept for the next time
            // It may have been moved to where this device does not know of yet.
            regions.refresh();
            places.require(regions.reading(), address, Places.Use.READ);
        }
        return address;
    }
}
