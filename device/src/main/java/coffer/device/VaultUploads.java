package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.PackId;
import coffer.device.sync.RemoteVault.Upload;
import coffer.device.sync.RemoteVault.Uploaded;
import coffer.device.sync.plan.ContentId;
import coffer.seal.ChunkPlace;
import coffer.seal.Content;
import coffer.seal.PackAdded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/// Stores content of a synced folder's files in packs, and keeps the packs until a commit has carried them.
///
/// What a crash leaves is as with a put: packs noted in `sent`, which the next pipeline takes over.
final class VaultUploads {

    private static final int THREADS = 4;

    /// Files above this size are read one at a time: each needs a large buffer.
    private static final long SMALL_MAX = 1 << 20;

    private static final PackPipeline.Waiter NOBODY = new PackPipeline.Waiter() {
        @Override
        public void expect() {}

        @Override
        public void stored() {}
    };

    private final Replica replica;
    private final VaultAccess vault;
    private final PackTransfer transfer;
    private final DiskReader reader;
    private final Unreadable unreadable;
    private final ReentrantLock one;
    private final Semaphore large = new Semaphore(1);
    private final Map<PackId, PackAdded> packs = new HashMap<>(); // these three guarded by this
    private final Map<ContentId, Upload> sources = new HashMap<>();
    private long packsEpoch = -1;

    /// @param one held by whoever fills packs of this vault
    VaultUploads(
            Replica replica,
            VaultAccess vault,
            PackTransfer transfer,
            DiskReader reader,
            Unreadable unreadable,
            ReentrantLock one) {
        this.replica = replica;
        this.vault = vault;
        this.transfer = transfer;
        this.reader = reader;
        this.unreadable = unreadable;
        this.one = one;
    }

    List<Uploaded> store(List<Upload> files) throws CofferException {
        one.lock();
        try {
            Failures failures = new Failures(Progress.SILENT);
            long epoch = vault.epoch();
            List<Uploaded> results = new ArrayList<>();
            try (PackPipeline pipeline = new PackPipeline(replica, vault, transfer, epoch, failures)) {
                pipeline.adopt();
                results.addAll(read(files, pipeline, failures));
                pipeline.drain();
                keep(epoch, pipeline.takeStored(), results);
            }
            return results;
        } finally {
            one.unlock();
        }
    }

    private List<Uploaded> read(List<Upload> files, PackPipeline pipeline, Failures failures) throws CofferException {
        ConcurrentLinkedQueue<Upload> left = new ConcurrentLinkedQueue<>(files);
        ConcurrentLinkedQueue<Uploaded> done = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        Runnable work = () -> {
            try {
                for (Upload next = left.poll(); next != null && !failures.any(); next = left.poll()) {
                    done.add(read(next, pipeline));
                }
            } catch (CofferException | RuntimeException | Error e) {
                failures.add(e);
            }
        };
        for (int i = 1; i < Math.min(THREADS, files.size()); i++) {
            threads.add(Thread.ofPlatform().daemon().name("sync-read-" + i).start(work));
        }
        work.run();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failures.add(Stop.now());
            }
        }
        failures.check();
        return List.copyOf(done);
    }

    private Uploaded read(Upload file, PackPipeline pipeline) throws CofferException {
        boolean big = file.stamp().size() > SMALL_MAX;
        if (big) {
            large.acquireUninterruptibly();
        }
        try {
            ContentCutter cutter = new ContentCutter(vault.dedup().chunker(), plain -> pipeline.place(plain, NOBODY));
            Content.FileContent content = reader.read(file.path(), file.stamp(), cutter);
            unreadable.forget(file.path());
            return content == null
                    ? new Uploaded(file, null, 0)
                    : new Uploaded(file, ContentIds.of(content), content.size());
        } catch (CofferException e) {
            if (e.code() != ErrorCode.LOCAL) {
                throw e;
            }
            unreadable.add(file.path(), e);
            return new Uploaded(file, null, 0); // the others can be read
        } finally {
            if (big) {
                large.release();
            }
        }
    }

    private synchronized void keep(long epoch, List<PackPipeline.Job> jobs, List<Uploaded> results) {
        if (epoch != packsEpoch) {
            packs.clear();
            packsEpoch = epoch;
        }
        jobs.forEach(job -> packs.put(job.added.id(), job.added));
        for (Uploaded result : results) {
            if (result.content() != null) {
                sources.put(result.content(), result.upload());
            }
        }
    }

    /// Packs that a commit in the vault's present epoch has to bring along.
    synchronized List<PackAdded> uncommitted() {
        return packsEpoch == vault.epoch() ? List.copyOf(packs.values()) : List.of();
    }

    synchronized void committed(List<PackAdded> carried, List<ContentId> contents) {
        carried.forEach(pack -> packs.remove(pack.id()));
        contents.forEach(sources::remove);
    }

    /// Which of the contents lie neither in the vault nor in a pack that is to be committed.
    Set<ContentId> missing(List<ContentId> contents) throws CofferException {
        Set<ChunkId> coming = new HashSet<>();
        uncommitted().forEach(pack -> pack.contents().chunks().stream().map(ChunkPlace::id).forEach(coming::add));
        return replica.read(vault.id(), (tx, ref) -> {
            ChunkIndex index = new ChunkIndex(tx, ref);
            Set<ContentId> missing = new HashSet<>();
            for (ContentId content : contents) {
                for (ChunkId chunk : ContentIds.file(content).chunks()) {
                    if (!coming.contains(chunk) && !index.contains(chunk)) {
                        missing.add(content);
                    }
                }
            }
            return missing;
        });
    }

    /// Stores once more what a new epoch or a collection has made unusable; returns what is missing still.
    Set<ContentId> storeAgain(Set<ContentId> contents) throws CofferException {
        List<Upload> again = new ArrayList<>();
        synchronized (this) {
            contents.forEach(content -> {
                Upload source = sources.get(content);
                if (source != null) {
                    again.add(source);
                }
            });
        }
        if (!again.isEmpty()) {
            store(again);
        }
        return missing(List.copyOf(contents));
    }
}
