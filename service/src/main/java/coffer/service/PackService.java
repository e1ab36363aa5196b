package coffer.service;

import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.api.CopyCount;
import coffer.core.api.DownloadCopy;
import coffer.core.api.DownloadPlan;
import coffer.core.api.UploadCopy;
import coffer.core.api.UploadPlan;
import coffer.core.log.PackRef;
import coffer.core.log.VaultState;
import coffer.service.CopyStorage.Amount;
import coffer.service.CopyStorage.CopyState;
import coffer.service.LogStorage.HeldPack;
import coffer.service.LogStorage.Reservation;
import coffer.service.LogStorage.ReserveResult;
import coffer.store.DownloadGrant;
import coffer.store.ObjectName;
import coffer.store.StoreException;
import coffer.store.UploadGrant;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Grants for writing and reading packs, and the proof that a pack is stored before an entry may add it.
final class PackService {

    /// Questions to providers in flight at once, over all requests.
    private static final int QUESTIONS_MAX = 64;

    /// When to ask again for a pack that is being moved.
    private static final Duration MOVE_PAUSE = Duration.ofSeconds(5);

    private final LogStorage storage;
    private final CopyStorage copies;
    private final Providers providers;
    private final Clock clock;
    private final long quotaBytes;
    private final Duration grantLife;
    private final Semaphore questions = new Semaphore(QUESTIONS_MAX);

    PackService(LogStorage storage, CopyStorage copies, Providers providers, Clock clock, long quotaBytes, Duration grantLife) {
        this.storage = storage;
        this.copies = copies;
        this.providers = providers;
        this.clock = clock;
        this.quotaBytes = quotaBytes;
        this.grantLife = grantLife;
    }

    /// Reserves the packs for the vault and says where to write them. The same pack may be asked for again: writing it once
    /// more is how a damaged copy is healed.
    ///
    /// @param avoid origins that do not take packs from this device now: where the region has others, those are given
    List<UploadPlan> uploads(VaultState vault, List<PackRef> packs, Set<String> avoid) throws Problem {
        List<Reservation> reservations = new ArrayList<>();
        for (PackRef pack : packs) {
            List<String> places = providers.place(pack.id(), vault.region(), avoid);
            if (places.isEmpty()) {
                throw Problem.of(ProblemType.NO_PROVIDER);
            }
            reservations.add(new Reservation(pack.id(), pack.size(), places));
        }
        List<UploadPlan> plans = new ArrayList<>();
        for (HeldPack held : reserve(vault.id(), reservations)) {
            List<UploadCopy> copies = new ArrayList<>();
            // A copy in a region that the vault has left is not written again: it is on its way out.
            List<PackProvider> targets = providers.writable(targets(held)).stream()
                    .filter(provider -> provider.region().equals(vault.region()))
                    .toList();
            if (targets.isEmpty()) {
                throw Problem.later(ProblemType.UNAVAILABLE, MOVE_PAUSE);
            }
            List<PackProvider> reachable = targets.stream()
                    .filter(provider -> !avoid.contains(provider.grants().origin()))
                    .toList();
            for (PackProvider provider : reachable.isEmpty() ? targets : reachable) {
                copies.add(copy(provider, provider.grants().upload(ObjectName.of(held.pack()), held.size(), grantLife)));
            }
            plans.add(new UploadPlan(held.pack().hex(), copies));
        }
        return plans;
    }

    /// Where to write a pack again, too: a copy that was found damaged.
    private static List<String> targets(HeldPack held) {
        List<String> targets = new ArrayList<>(held.providers());
        targets.addAll(held.damaged());
        return targets;
    }

    private List<HeldPack> reserve(LogId vault, List<Reservation> reservations) throws Problem {
        try {
            return switch (storage.reserve(vault, reservations, quotaBytes, clock.instant())) {
                case ReserveResult.Reserved reserved -> reserved.packs();
                case ReserveResult.OverQuota _ -> throw Problem.of(ProblemType.QUOTA);
                case ReserveResult.NoVault _ -> throw Problem.of(ProblemType.NOT_FOUND);
                case ReserveResult.Refused refused ->
                    throw refused.mayRetry()
                            ? Problem.later(ProblemType.UNAVAILABLE, Duration.ofSeconds(1))
                            : Problem.withPacks(ProblemType.PACK_CONFLICT, List.of(refused.pack().hex()));
            };
        } catch (StorageException e) {
            throw Problem.of(e);
        }
    }

    private static UploadCopy copy(PackProvider provider, UploadGrant grant) {
        return new UploadCopy(
                provider.grants().origin(),
                grant.method(),
                grant.url().toString(),
                grant.headers(),
                grant.expires().toEpochMilli());
    }

    /// Where to read the packs; those the vault does not hold are left out.
    List<DownloadPlan> downloads(LogId vault, List<PackId> packs) throws Problem {
        List<DownloadPlan> plans = new ArrayList<>();
        for (HeldPack held : held(vault, packs)) {
            List<DownloadCopy> copies = new ArrayList<>();
            // A damaged copy is better than none: the device judges what it gets.
            List<String> sources = held.providers().isEmpty() ? held.damaged() : held.providers();
            for (PackProvider provider : providers.readable(sources)) {
                DownloadGrant grant = provider.grants().download(ObjectName.of(held.pack()), grantLife);
                copies.add(new DownloadCopy(
                        provider.grants().origin(),
                        grant.url().toString(),
                        grant.headers(),
                        grant.expires().toEpochMilli()));
            }
            plans.add(new DownloadPlan(held.pack().hex(), copies));
        }
        return plans;
    }

    /// How many copies of the vault's packs there are with each provider, those that wait to be deleted too.
    List<CopyCount> copies(LogId vault) throws Problem {
        SortedMap<String, CopyCount> counts = new TreeMap<>();
        try {
            for (Amount amount : copies.amounts(vault)) {
                boolean leaving = amount.state() == CopyState.LEAVING || amount.state() == CopyState.DELETING;
                CopyCount one = new CopyCount(
                        amount.provider(), leaving ? 0 : amount.copies(), leaving ? amount.copies() : 0, amount.bytes());
                counts.merge(amount.provider(), one, PackService::sum);
            }
        } catch (StorageException e) {
            throw Problem.of(e);
        }
        return List.copyOf(counts.values());
    }

    private static CopyCount sum(CopyCount a, CopyCount b) {
        return new CopyCount(a.provider(), a.used() + b.used(), a.leaving() + b.leaving(), a.bytes() + b.bytes());
    }

    /// Which of the packs the vault holds and every one of their providers has, with the size asked for. Packs of other
    /// vaults are answered like packs that are nowhere.
    List<PackId> present(LogId vault, List<PackRef> packs) throws Problem {
        List<PackId> present = new ArrayList<>();
        stored(vault, packs).forEach((pack, held) -> present.add(pack));
        return present;
    }

    /// The vault's rows of packs that an entry adds, every one of them stored.
    List<HeldPack> requireStored(LogId vault, List<PackRef> packs) throws Problem {
        if (packs.isEmpty()) {
            return List.of();
        }
        Map<PackId, HeldPack> stored = stored(vault, packs);
        List<String> missing = packs.stream()
                .filter(pack -> !stored.containsKey(pack.id()))
                .map(pack -> pack.id().hex())
                .toList();
        if (!missing.isEmpty()) {
            throw Problem.withPacks(ProblemType.PACKS_MISSING, missing);
        }
        return packs.stream().map(pack -> Objects.requireNonNull(stored.get(pack.id()))).toList();
    }

    private Map<PackId, HeldPack> stored(LogId vault, List<PackRef> packs) throws Problem {
        Map<PackId, Long> sizes = new HashMap<>();
        packs.forEach(pack -> sizes.put(pack.id(), pack.size()));
        List<HeldPack> candidates =
                held(vault, packs.stream().map(PackRef::id).toList()).stream()
                        .filter(held -> Objects.equals(sizes.get(held.pack()), held.size()))
                        .toList();
        Map<PackId, HeldPack> stored = new HashMap<>();
        List<Boolean> answers = ask(candidates);
        for (int i = 0; i < candidates.size(); i++) {
            if (answers.get(i)) {
                stored.put(candidates.get(i).pack(), candidates.get(i));
            }
        }
        return stored;
    }

    private List<Boolean> ask(List<HeldPack> packs) throws Problem {
        List<Callable<Boolean>> questions = new ArrayList<>();
        packs.forEach(pack -> questions.add(() -> isStored(pack)));
        List<Boolean> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> answer : threads.invokeAll(questions)) {
                answers.add(answer.get());
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemType.UNAVAILABLE);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException) {
                throw Problem.later(ProblemType.UNAVAILABLE, Duration.ofSeconds(1));
            }
            throw new IllegalStateException("asking a provider failed", e);
        }
    }

    private boolean isStored(HeldPack pack) throws StoreException {
        questions.acquireUninterruptibly();
        try {
            for (String id : pack.providers()) {
                PackProvider provider = providers.find(id).orElse(null);
                boolean there = provider != null
                        && provider.store().stat(ObjectName.of(pack.pack()))
                                .filter(info -> info.size() == pack.size())
                                .isPresent();
                if (!there) {
                    return false;
                }
            }
            return !pack.providers().isEmpty();
        } finally {
            questions.release();
        }
    }

    private List<HeldPack> held(LogId vault, List<PackId> packs) throws Problem {
        try {
            return storage.packs(vault, packs);
        } catch (StorageException e) {
            throw Problem.of(e);
        }
    }
}
