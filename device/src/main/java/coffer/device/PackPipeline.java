package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.PackId;
import coffer.core.log.PackRef;
import coffer.seal.ChunkCodec;
import coffer.seal.ChunkPlace;
import coffer.seal.Chunker;
import coffer.seal.DedupKeys;
import coffer.seal.PackAdded;
import coffer.seal.PackBuilder;
import coffer.seal.PackContents;
import coffer.seal.RandomSource;
import coffer.seal.SealedPack;
import coffer.seal.Slice;
import coffer.seal.VaultKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Chunks of one put on their way into packs and packs on their way to providers.
///
/// What bounds memory: [#SLOTS] chunks are named and sealed at once, and packs are files. What bounds the disk: there
/// are at most [#FILES_MAX] of them; whoever needs one more waits until an upload has ended.
///
/// What a crash leaves: a pack is noted in `sent` before its first byte leaves. The next put of this vault asks which of
/// those arrived and takes them for its own, so nothing that arrived is sent twice.
final class PackPipeline implements AutoCloseable {

    static final int SLOTS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);

    private static final int OPEN_MAX = 2;

    /// One connection to a provider far away carries little: 20 Mbit/s at 150 ms.
    private static final int UPLOADS_MAX = 8;

    private static final int FILES_MAX = OPEN_MAX + UPLOADS_MAX;

    /// Small chunks close a pack by number, so that what a commit says of it stays well below the limit of an entry.
    private static final int CHUNKS_MAX = 4_096;

    /// Questions to the replica after which a filter of all its chunks is made.
    private static final int ASKED_MAX = 512;

    /// What waits for chunks to be stored: told once for each chunk that was not when it asked.
    interface Waiter {
        void expect();

        void stored();
    }

    /// A sealed pack.
    static final class Job {
        final PackAdded added;
        final boolean adopted;
        private final List<Flight> flights;
        private boolean queued; // guarded by this

        Job(PackAdded added, boolean adopted, List<Flight> flights) {
            this.added = added;
            this.adopted = adopted;
            this.flights = flights;
        }

        /// What a commit that carries the pack needs for it, about.
        long indexBytes() {
            return 80 + 46L * added.contents().chunks().size();
        }
    }

    /// A chunk that no commit carries yet.
    static final class Flight {
        private final ChunkId id;
        private @Nullable Job job; // these three guarded by this
        private boolean stored;
        private @Nullable List<Waiter> waiting;

        Flight(ChunkId id) {
            this.id = id;
        }
    }

    private static final class Slot {
        private byte[] sealed = new byte[ChunkCodec.sealedSizeMax(Chunker.CHUNK_SIZE_MIN)];

        byte[] atLeast(int size) {
            if (sealed.length < size) {
                sealed = new byte[size];
            }
            return sealed;
        }
    }

    private static final class OpenPack {
        private final PackBuilder builder;
        private final PackFile file;
        private final List<Flight> flights = new ArrayList<>();

        OpenPack(PackBuilder builder, PackFile file) {
            this.builder = builder;
            this.file = file;
        }
    }

    private final Replica replica;
    private final VaultAccess vault;
    private final PackTransfer transfer;
    private final Failures failures;
    private final VaultKeys keys;
    private final DedupKeys dedup;
    private final ChunkCodec codec;

    private final BlockingQueue<Slot> slots = new ArrayBlockingQueue<>(SLOTS);
    private final Semaphore files = new Semaphore(FILES_MAX);
    private final AtomicLong filesMade = new AtomicLong();
    private final BlockingQueue<OpenPack> idlePacks = new ArrayBlockingQueue<>(OPEN_MAX);
    private final AtomicInteger openPacks = new AtomicInteger();
    private final ExecutorService uploads =
            Executors.newFixedThreadPool(UPLOADS_MAX, Thread.ofPlatform().name("upload-", 0).daemon().factory());
    private final AtomicInteger uploading = new AtomicInteger();
    private final ConcurrentHashMap<ChunkId, Flight> flights = new ConcurrentHashMap<>();

    /// Packs that are stored and that the next commit is to carry.
    private final ConcurrentLinkedQueue<Job> stored = new ConcurrentLinkedQueue<>();

    private final AtomicInteger asked = new AtomicInteger();
    private volatile @Nullable ChunkFilter filter;
    private final AtomicLong storedIndexBytes = new AtomicLong();

    final AtomicLong newBytes = new AtomicLong();
    final AtomicLong sentBytes = new AtomicLong();

    PackPipeline(Replica replica, VaultAccess vault, PackTransfer transfer, long epoch, Failures failures)
            throws CofferException {
        this.replica = replica;
        this.vault = vault;
        this.transfer = transfer;
        this.failures = failures;
        this.keys = vault.keys(epoch);
        this.dedup = vault.dedup();
        this.codec = new ChunkCodec(keys, dedup, vault.id());
        PackFile.clear(replica.db().outgoing());
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new Slot());
        }
    }

    /// Takes over the packs that an earlier put has sent and not committed.
    void adopt() throws CofferException {
        record Sent(PackRef ref, long epoch, PackContents contents) {}
        List<Sent> left = replica.read(vault.id(), (tx, ref) -> {
            List<Sent> rows = new ArrayList<>();
            try (Tx.Rows row = tx.query("SELECT id, size, epoch, contents FROM sent WHERE vault = ?", ref.num())) {
                while (row.next()) {
                    PackContents contents = new PackContents(List.copyOf(PackIndex.places(row.bytes(4))));
                    rows.add(new Sent(new PackRef(PackId.of(row.bytes(1)), row.number(2)), row.number(3), contents));
                }
            }
            return rows;
        });
        Set<PackId> arrived = left.isEmpty()
                ? Set.of()
                : transfer.stored(left.stream().filter(pack -> pack.epoch == keys.epoch()).map(Sent::ref).toList());
        Set<PackId> lost = new HashSet<>();
        for (Sent pack : left) {
            if (pack.epoch == keys.epoch() && arrived.contains(pack.ref.id())) {
                adopt(pack.ref, pack.contents);
            } else {
                lost.add(pack.ref.id());
            }
        }
        forgetSent(lost);
    }

    private void adopt(PackRef ref, PackContents contents) {
        List<Flight> chunks = new ArrayList<>();
        Job job = new Job(new PackAdded(ref.id(), (int) ref.size(), contents), true, chunks);
        for (ChunkPlace place : contents.chunks()) {
            Flight flight = new Flight(place.id());
            flight.job = job;
            flight.stored = true;
            if (flights.putIfAbsent(place.id(), flight) == null) {
                chunks.add(flight);
            }
        }
    }

    private void forgetSent(Set<PackId> packs) throws CofferException {
        if (packs.isEmpty()) {
            return;
        }
        replica.db().write(tx -> {
            Vaults.Ref ref = Vaults.findOrAdd(tx, vault.id());
            for (PackId pack : packs) {
                tx.run("DELETE FROM sent WHERE vault = ? AND id = ?", ref.num(), pack.toArray());
            }
            return null;
        });
    }

    /// Makes sure that a chunk is, or will be, in a pack; `waiter` hears when it is stored. Returns its name.
    ChunkId place(Slice plain, Waiter waiter) throws CofferException {
        Slot slot = take(slots);
        try {
            ChunkId id = dedup.id(plain.array(), plain.offset(), plain.length());
            Flight mine = new Flight(id);
            Flight there = flights.putIfAbsent(id, mine);
            if (there != null) {
                await(there, waiter);
            } else if (isKnown(id)) {
                flights.remove(id, mine);
                complete(mine);
            } else {
                await(mine, waiter);
                seal(mine, plain, slot);
            }
            return id;
        } finally {
            slots.add(slot);
        }
    }

    /// Closes the packs that are being filled and sends them.
    void flush() throws CofferException {
        for (OpenPack pack = idlePacks.poll(); pack != null; pack = idlePacks.poll()) {
            finish(pack);
        }
    }

    /// Waits until everything that was placed is stored. Nothing is placed meanwhile.
    void drain() throws CofferException {
        flush();
        while (uploading.get() > 0) {
            failures.check();
            pause();
        }
        failures.check();
    }

    /// Packs that are stored since the last call.
    List<Job> takeStored() {
        List<Job> jobs = new ArrayList<>();
        for (Job job = stored.poll(); job != null; job = stored.poll()) {
            storedIndexBytes.addAndGet(-job.indexBytes());
            jobs.add(job);
        }
        return jobs;
    }

    /// What a commit that carries them all needs for the packs that are stored, about.
    long storedIndexBytes() {
        return storedIndexBytes.get();
    }

    boolean hasStored() {
        return !stored.isEmpty();
    }

    /// A commit carries the pack: from now on the replica knows its chunks.
    void committed(Job job) {
        ChunkFilter known = filter;
        for (Flight flight : job.flights) {
            if (known != null) {
                known.add(flight.id);
            }
            flights.remove(flight.id, flight);
        }
    }

    /// Whether a chunk lies in a pack that this put carries or will carry.
    boolean isInFlight(ChunkId id) {
        return flights.containsKey(id);
    }

    @Override
    public void close() {
        uploads.shutdownNow();
        idlePacks.forEach(pack -> pack.file.delete());
        try {
            uploads.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isKnown(ChunkId id) throws CofferException {
        if (!mayBeKnown(id)) {
            return false;
        }
        return replica.read(vault.id(), (tx, ref) -> new ChunkIndex(tx, ref).contains(id));
    }

    /// The filter is made when it begins to pay: a small put asks the replica.
    private boolean mayBeKnown(ChunkId id) throws CofferException {
        ChunkFilter known = filter;
        if (known == null && asked.incrementAndGet() == ASKED_MAX) {
            known = ChunkFilter.load(replica, vault);
            filter = known;
        }
        return known == null || known.mayContain(id);
    }

    private void seal(Flight flight, Slice plain, Slot slot) throws CofferException {
        byte[] out = slot.atLeast(ChunkCodec.sealedSizeMax(plain.length()));
        int size = codec.seal(flight.id, plain, out, 0);
        newBytes.addAndGet(plain.length());
        OpenPack pack = takePack();
        if (!pack.builder.isEmpty() && pack.builder.size() + size > PackBuilder.TARGET_SIZE) {
            finish(pack);
            openPacks.incrementAndGet();
            pack = newPack();
        }
        try {
            pack.builder.append(flight.id, plain.length(), new Slice(out, 0, size));
        } catch (IOException e) {
            throw PackFile.failure(e);
        }
        pack.flights.add(flight);
        if (pack.builder.isFull() || pack.builder.chunkCount() >= CHUNKS_MAX) {
            finish(pack);
        } else {
            idlePacks.add(pack);
        }
    }

    /// A pack for this thread alone: one that nobody fills just now, a new one, or the next that gets free.
    private OpenPack takePack() throws CofferException {
        while (true) {
            OpenPack pack = idlePacks.poll();
            if (pack != null) {
                return pack;
            }
            int open = openPacks.get();
            if (open < OPEN_MAX && openPacks.compareAndSet(open, open + 1)) {
                return newPack();
            }
            failures.check();
            try {
                pack = idlePacks.poll(20, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Stop.now();
            }
            if (pack != null) {
                return pack;
            }
        }
    }

    private OpenPack newPack() throws CofferException {
        acquire(files);
        PackFile file = PackFile.create(replica.db().outgoing(), filesMade.incrementAndGet());
        return new OpenPack(new PackBuilder(file, keys, vault.id(), RandomSource.secure()), file);
    }

    private void finish(OpenPack pack) throws CofferException {
        openPacks.decrementAndGet();
        SealedPack sealed;
        try {
            sealed = pack.builder.finish();
            pack.file.close();
        } catch (IOException e) {
            throw PackFile.failure(e);
        }
        Job job = new Job(new PackAdded(sealed.id(), sealed.size(), sealed.contents()), false, pack.flights);
        for (Flight flight : pack.flights) {
            synchronized (flight) {
                flight.job = job;
            }
        }
        uploading.incrementAndGet();
        uploads.execute(() -> upload(job, pack.file));
    }

    private void upload(Job job, PackFile file) {
        try {
            failures.check();
            note(job.added);
            transfer.upload(job.added.id(), file.path());
            sentBytes.addAndGet(job.added.size());
            queue(job);
            for (Flight flight : job.flights) {
                complete(flight);
            }
        } catch (CofferException | RuntimeException | Error e) {
            failures.add(e);
        } finally {
            file.delete();
            files.release();
            uploading.decrementAndGet();
        }
    }

    private void note(PackAdded pack) throws CofferException {
        replica.db().write(tx -> {
            Vaults.Ref ref = Vaults.findOrAdd(tx, vault.id());
            return tx.run(
                    "INSERT OR REPLACE INTO sent VALUES (?, ?, ?, ?, ?)",
                    ref.num(), pack.id().toArray(), (long) pack.size(), keys.epoch(), PackIndex.encode(pack.contents()));
        });
    }

    /// Has the next commit carry the pack.
    private void queue(Job job) {
        synchronized (job) {
            if (job.queued) {
                return;
            }
            job.queued = true;
        }
        storedIndexBytes.addAndGet(job.indexBytes());
        stored.add(job);
    }

    private void await(Flight flight, Waiter waiter) {
        Job needed;
        synchronized (flight) {
            if (!flight.stored) {
                waiter.expect();
                if (flight.waiting == null) {
                    flight.waiting = new ArrayList<>(1);
                }
                flight.waiting.add(waiter);
                return;
            }
            needed = flight.job;
        }
        if (needed != null) {
            queue(needed); // an adopted pack is carried once something needs it
        }
    }

    private static void complete(Flight flight) {
        List<Waiter> waiting;
        synchronized (flight) {
            flight.stored = true;
            waiting = flight.waiting;
            flight.waiting = null;
        }
        if (waiting != null) {
            waiting.forEach(Waiter::stored);
        }
    }

    private void acquire(Semaphore semaphore) throws CofferException {
        try {
            while (!semaphore.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                failures.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.now();
        }
    }

    private <T> T take(BlockingQueue<T> from) throws CofferException {
        try {
            while (true) {
                T item = from.poll(100, TimeUnit.MILLISECONDS);
                if (item != null) {
                    return item;
                }
                failures.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.now();
        }
    }

    private static void pause() throws CofferException {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.now();
        }
    }
}
