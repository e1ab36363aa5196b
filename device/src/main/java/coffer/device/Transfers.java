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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Moves packs of one vault by grants of the service, directly between this device and the providers.
///
/// A grant is hostile input: its address must lie where the transparency log puts packs of the vault's region, or
/// nothing is sent there (RESIDENCY). A provider that fails is asked again with growing, jittered pauses until
/// `patience` ends (UNAVAILABLE); a grant that is refused is replaced; a full provider is QUOTA at once.
final class Transfers implements PackTransfer, AutoCloseable {

    /// Grants for downloads that are kept.
    private static final int GRANTS_MAX = 256;

    /// A grant about to expire is not used: a pack takes a while.
    private static final Duration GRANT_MARGIN = Duration.ofSeconds(60);

    private static final Duration PAUSE_FIRST = Duration.ofMillis(100);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

    /// Attempts with one grant after which a new one is asked for.
    private static final int ATTEMPTS_PER_GRANT = 3;

    private final ServiceApi service;
    private final LogId vault;
    private final Places places;
    private final Supplier<String> region;
    private final Duration patience;
    private final Wire wire;
    private final Map<PackId, DownloadPlan> grants = new LinkedHashMap<>(); // guarded by itself

    /// @param places   what the transparency log says of addresses
    /// @param region   where the vault's packs may lie, from its verified log
    /// @param patience  how long a provider may fail before the work ends
    /// @param bandwidth what all transfers of this device together may take
    Transfers(
            ServiceApi service,
            Places places,
            LogId vault,
            Supplier<String> region,
            Duration patience,
            Bandwidth bandwidth) {
        this.service = service;
        this.places = places;
        this.vault = vault;
        this.region = region;
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

    private void upload(PackRef pack, Wire.Body body) throws CofferException {
        Set<String> done = new HashSet<>();
        Deadline deadline = new Deadline();
        while (true) {
            boolean all = true;
            for (UploadCopy copy : uploadPlan(pack)) {
                String place = withoutQuery(copy.url());
                if (!done.contains(place)) {
                    boolean sent = send(copy, body, deadline);
                    all &= sent;
                    if (sent) {
                        done.add(place);
                    }
                }
            }
            if (all) {
                return;
            }
            deadline.pause();
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
        for (int attempt = 0; ; attempt++) {
            List<DownloadCopy> copies = downloadPlan(pack.id()).copies();
            int number = (copy + attempt) % copies.size();
            DownloadCopy from = copies.get(number);
            if (receive(from, pack, offset, length, into, intoOffset, deadline)) {
                return number;
            }
            forget(pack.id());
            if ((attempt + 1) % copies.size() == 0) {
                deadline.pause();
            }
        }
    }

    @Override
    public void close() {
        wire.close();
    }

    private List<UploadCopy> uploadPlan(PackRef pack) throws CofferException {
        for (UploadPlan plan : service.uploads(vault, List.of(pack))) {
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
            grants.put(pack, plan);
            while (grants.size() > 2 * GRANTS_MAX) {
                grants.remove(grants.keySet().iterator().next());
            }
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

    /// True when stored, false when another grant should be tried.
    private boolean send(UploadCopy copy, Wire.Body body, Deadline deadline) throws CofferException {
        URI url = allowed(copy.url(), Places.Use.SEND);
        for (int attempt = 0; attempt < ATTEMPTS_PER_GRANT; attempt++) {
            int status = attempt(deadline, () -> wire.send(copy.method(), url, copy.headers(), body));
            switch (outcome(status)) {
                case DONE -> {
                    return true;
                }
                case GRANT -> {
                    return false;
                }
                case AGAIN -> deadline.pause();
            }
        }
        return false;
    }

    private boolean receive(
            DownloadCopy copy, PackRef pack, int offset, int length, byte[] into, int intoOffset, Deadline deadline)
            throws CofferException {
        URI url = allowed(copy.url(), Places.Use.READ);
        int status = attempt(
                deadline, () -> wire.receive(url, copy.headers(), pack.size(), offset, length, into, intoOffset));
        deadline.missing(status);
        return outcome(status) == Outcome.DONE;
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
        private int missing;
        private @Nullable IOException last;

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
            missing = status == 404 || status == 410 ? missing + 1 : missing;
            if (missing > 4) {
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
    private URI allowed(String url, Places.Use use) throws CofferException {
        URI address = address(url);
        places.require(region.get(), address, use);
        return address;
    }
}
