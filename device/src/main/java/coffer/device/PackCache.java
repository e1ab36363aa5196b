package coffer.device;

import coffer.core.CofferException;
import coffer.core.PackId;
import coffer.core.log.PackRef;
import coffer.seal.Slice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Keeps for a moment what was read around small pieces of packs, for many small files that lie side by side: what several want at
/// once is fetched once, and a pack that is read from front to back is fetched in longer and longer runs. One file alone costs what it did.
///
/// Holds at most [#BYTES_MAX] and what is being fetched, and nothing half a minute after the last read. Long pieces and other
/// copies than the first, which are asked for when something is wrong, go past it. Safe for all threads.
final class PackCache implements PackTransfer {

    /// The grid on which packs are read.
    private static final int BLOCK = 256 << 10;

    static final int BYTES_MAX = 16 << 20;

    private static final int BLOCKS_MAX = BYTES_MAX / BLOCK;

    /// The longest run that is fetched at once.
    private static final int RUN_MAX = 8;

    /// Pieces of more blocks than this are not small.
    private static final int SMALL_MAX = 4;

    /// After this a block is fetched again, so that a bad one does not stay.
    private static final long LIFE_NS = TimeUnit.SECONDS.toNanos(15);

    private record Key(PackId pack, int block) {}

    /// @param copy which answered
    @SuppressWarnings("ArrayRecordComponent") // read only, never compared
    private record Block(byte[] bytes, int copy) {}

    /// The last run of a pack that was fetched.
    private record Run(int length, int next) {}

    private record Held(CompletableFuture<Block> block, long sinceNs) {}

    private final PackTransfer packs;
    private final LongSupplier nanoTime;
    private final Map<Key, Held> held = new LinkedHashMap<>(16, 0.75f, true); // these three guarded by this
    private final Map<PackId, Run> runs = new HashMap<>();
    private boolean sweeping;

    PackCache(PackTransfer packs) {
        this(packs, System::nanoTime);
    }

    PackCache(PackTransfer packs, LongSupplier nanoTime) {
        this.packs = packs;
        this.nanoTime = nanoTime;
    }

    @Override
    public int read(PackRef pack, int offset, int length, byte[] into, int intoOffset, int copy) throws CofferException {
        int first = offset / BLOCK;
        int last = (offset + length - 1) / BLOCK;
        if (copy != 0 || length < 1 || last - first >= SMALL_MAX) {
            return packs.read(pack, offset, length, into, intoOffset, copy);
        }
        int answered = 0;
        for (int number = first; number <= last; number++) {
            Block block = block(pack, number);
            if (block == null) {
                return packs.read(pack, offset, length, into, intoOffset, copy);
            }
            int from = Math.max(offset, number * BLOCK);
            int to = Math.min(offset + length, number * BLOCK + block.bytes.length);
            System.arraycopy(block.bytes, from - number * BLOCK, into, intoOffset + from - offset, to - from);
            answered = block.copy;
        }
        return answered;
    }

    /// Null if another thread wanted to fetch it and failed.
    private @Nullable Block block(PackRef pack, int number) throws CofferException {
        CompletableFuture<Block> theirs = null;
        List<CompletableFuture<Block>> mine = List.of();
        synchronized (this) {
            Held there = held.get(new Key(pack.id(), number));
            if (there != null && isFresh(there)) {
                theirs = there.block;
            } else {
                mine = claim(pack, number);
            }
        }
        return theirs == null ? fetch(pack, number, mine) : await(theirs);
    }

    private boolean isFresh(Held block) {
        return nanoTime.getAsLong() - block.sinceNs < LIFE_NS;
    }

    /// Notes that this thread fetches a run of blocks: twice as long as the last one of that pack if it goes on where that ended,
    /// and else one, because whoever wants a little here and there would fetch the pack many times over.
    private List<CompletableFuture<Block>> claim(PackRef pack, int from) {
        Run last = runs.get(pack.id());
        int run = last != null && from == last.next ? Math.min(RUN_MAX, 2 * last.length) : 1;
        int end = (int) Math.min(from + run, (pack.size() + BLOCK - 1) / BLOCK);
        List<CompletableFuture<Block>> claimed = new ArrayList<>();
        for (int number = from; number < end; number++) {
            Key key = new Key(pack.id(), number);
            Held there = held.get(key);
            if (number > from && there != null && isFresh(there)) {
                break;
            }
            CompletableFuture<Block> block = new CompletableFuture<>();
            held.put(key, new Held(block, nanoTime.getAsLong()));
            claimed.add(block);
        }
        runs.put(pack.id(), new Run(claimed.size(), from + claimed.size()));
        trim();
        if (!sweeping) {
            sweeping = true;
            sweepLater();
        }
        return claimed;
    }

    private void trim() {
        Iterator<Held> oldest = held.values().iterator();
        while (held.size() > BLOCKS_MAX && oldest.hasNext()) {
            oldest.next();
            oldest.remove();
        }
    }

    private Block fetch(PackRef pack, int from, List<CompletableFuture<Block>> claimed) throws CofferException {
        int offset = from * BLOCK;
        byte[] run = new byte[(int) Math.min((long) claimed.size() * BLOCK, pack.size() - offset)];
        boolean done = false;
        try {
            int copy = packs.read(pack, offset, run.length, run, 0, 0);
            for (int i = 0; i < claimed.size(); i++) {
                byte[] bytes = claimed.size() == 1
                        ? run
                        : Arrays.copyOfRange(run, i * BLOCK, Math.min(run.length, (i + 1) * BLOCK));
                claimed.get(i).complete(new Block(bytes, copy));
            }
            done = true;
            return claimed.getFirst().join();
        } finally {
            if (!done) {
                forget(pack, from, claimed);
            }
        }
    }

    /// Those who wait for it try for themselves.
    @SuppressWarnings("ReferenceEquality") // another fetch of the same block is another
    private synchronized void forget(PackRef pack, int from, List<CompletableFuture<Block>> claimed) {
        for (int i = 0; i < claimed.size(); i++) {
            Key key = new Key(pack.id(), from + i);
            Held there = held.get(key);
            if (there != null && there.block == claimed.get(i)) {
                held.remove(key);
            }
            claimed.get(i).completeExceptionally(new IllegalStateException("not fetched"));
        }
    }

    private static @Nullable Block await(CompletableFuture<Block> block) throws CofferException {
        try {
            return block.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.now();
        } catch (ExecutionException e) {
            return null;
        }
    }

    private void sweepLater() {
        CompletableFuture.delayedExecutor(LIFE_NS, TimeUnit.NANOSECONDS).execute(this::sweep);
    }

    /// Lets go of what is too old, so that a device at rest holds nothing.
    private synchronized void sweep() {
        held.values().removeIf(block -> !isFresh(block));
        if (held.isEmpty()) {
            runs.clear();
            sweeping = false;
        } else {
            sweepLater();
        }
    }

    /// How many bytes are held, or about to be.
    synchronized long heldBytes() {
        return (long) held.size() * BLOCK;
    }

    @Override
    public void upload(PackId id, Slice pack) throws CofferException {
        packs.upload(id, pack);
    }

    @Override
    public void upload(PackId id, Path file) throws CofferException {
        packs.upload(id, file);
    }

    @Override
    public Set<PackId> stored(List<PackRef> refs) throws CofferException {
        return packs.stored(refs);
    }

    @Override
    public void announce(List<PackId> ids) throws CofferException {
        packs.announce(ids);
    }

    @Override
    public int copies(PackRef pack) throws CofferException {
        return packs.copies(pack);
    }
}
