package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.NodeId;
import coffer.seal.Content;
import coffer.seal.Operation;
import coffer.seal.RandomSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Brings content that is no local file into a vault, through the same pipeline as a put ([Ingest]) and as safely: packs are
/// stored before the commit that names them, and an interrupted run leaves what was committed.
final class Depositing {

    private static final int STARTS_MAX = 5;

    /// Files that wait for packs to be stored; above this, packs are closed before they are full.
    private static final int WAITING_MAX = 20_000;

    private final Replica replica;
    private final VaultAccess vault;
    private final PackTransfer transfer;
    private final RandomSource random;
    private final InstantSource clock;
    private final ReentrantLock one;

    /// @param one held by whoever fills packs of this vault
    Depositing(
            Replica replica,
            VaultAccess vault,
            PackTransfer transfer,
            RandomSource random,
            InstantSource clock,
            ReentrantLock one) {
        this.replica = replica;
        this.vault = vault;
        this.transfer = transfer;
        this.random = random;
        this.clock = clock;
        this.one = one;
    }

    /// As [Contents#deposit].
    void run(Contents.Work work, Progress progress) throws CofferException {
        one.lock();
        try {
            for (int start = 1; ; start++) {
                try {
                    runOnce(work, progress);
                    return;
                } catch (Restart restart) {
                    if (start == STARTS_MAX) {
                        throw restart;
                    }
                    vault.refresh();
                }
            }
        } finally {
            one.unlock();
        }
    }

    private void runOnce(Contents.Work work, Progress progress) throws CofferException {
        Failures failures = new Failures(progress);
        long epoch = vault.epoch();
        try (PackPipeline packs = new PackPipeline(replica, vault, transfer, epoch, failures)) {
            packs.adopt();
            Committer committer = new Committer(replica, vault, packs, epoch, failures);
            Thread commits = Thread.ofPlatform().name("commit").daemon().start(committer::run);
            try {
                work.run(new Run(packs, committer, failures));
                packs.drain();
            } catch (CofferException | RuntimeException | Error e) {
                failures.add(e);
            }
            committer.end();
            Ingest.join(commits);
            failures.check();
        }
    }

    /// One start of the work.
    private final class Run implements Contents.Deposit {

        private final PackPipeline packs;
        private final Committer committer;
        private final Failures failures;
        private final AtomicInteger waiting = new AtomicInteger();

        /// Folders that are there or will be with this run; guarded by this.
        private final Map<List<String>, NodeId> folders = new HashMap<>();

        Run(PackPipeline packs, Committer committer, Failures failures) {
            this.packs = packs;
            this.committer = committer;
            this.failures = failures;
        }

        @Override
        public boolean exists(String path) throws CofferException {
            return replica.read(vault.id(), (tx, ref) -> new Nodes(tx, ref).find(path) != null);
        }

        @Override
        public Hash put(String path, Instant modified, long size, Contents.Source source) throws CofferException {
            failures.check();
            List<String> names = NodeNames.split(path);
            if (names.isEmpty()) {
                throw Refusals.root();
            }
            NodeId parent = folder(names.subList(0, names.size() - 1));
            NodeId node = fileAt(names);
            Waiting file = new Waiting();
            waitForRoom();
            ContentCutter cutter = new ContentCutter(vault.dedup().chunker(), plain -> packs.place(plain, file));
            Content.FileContent content;
            try (InputStream in = source.open()) {
                content = cutter.read(Channels.newChannel(in), size);
            } catch (IOException e) {
                throw new CofferException(ErrorCode.LOCAL, "What is to be stored cannot be read.", e);
            }
            file.operation = new Operation.Put(node, parent, names.getLast(), Times.nanos(modified.getEpochSecond(), modified.getNano()), false, content);
            file.stored(); // the count that stood for the reading
            return VaultContents.name(content.size(), StoredContent.encode(content));
        }

        private NodeId fileAt(List<String> names) throws CofferException {
            return replica.read(vault.id(), (tx, ref) -> {
                Nodes.Node there = new Nodes(tx, ref).find(names);
                if (there == null) {
                    return Ingest.newNodeId(random);
                }
                if (there.kind() != Device.NodeKind.FILE) {
                    throw Refusals.taken("Something that is no file is at that path already.");
                }
                return there.id();
            });
        }

        private synchronized NodeId folder(List<String> names) throws CofferException {
            NodeId known = folders.get(names);
            if (known != null) {
                return known;
            }
            Nodes.@Nullable Node there = replica.read(vault.id(), (tx, ref) -> new Nodes(tx, ref).find(names));
            if (there != null && !there.isFolder()) {
                throw Refusals.notAFolder("The destination in the vault is not a folder.");
            }
            NodeId id = there == null ? newFolder(names) : there.id();
            folders.put(List.copyOf(names), id);
            return id;
        }

        private NodeId newFolder(List<String> names) throws CofferException {
            NodeId parent = folder(names.subList(0, names.size() - 1));
            NodeId id = Ingest.newNodeId(random);
            long now = clock.millis() * 1_000_000;
            committer.add(new Committer.Ready(
                    new Operation.Put(id, parent, names.getLast(), now, false, new Content.Folder()), null));
            return id;
        }

        private void waitForRoom() throws CofferException {
            waiting.incrementAndGet();
            while (waiting.get() > WAITING_MAX) {
                packs.flush();
                failures.check();
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw Stop.now();
                }
            }
        }

        /// A file whose chunks are being stored.
        private final class Waiting implements PackPipeline.Waiter {

            private final AtomicInteger unstored = new AtomicInteger(1);
            private volatile @Nullable Operation operation;

            @Override
            public void expect() {
                unstored.incrementAndGet();
            }

            @Override
            public void stored() {
                if (unstored.decrementAndGet() == 0) {
                    waiting.decrementAndGet();
                    Operation done = operation;
                    try {
                        if (done != null) {
                            committer.add(new Committer.Ready(done, null));
                        }
                    } catch (CofferException | RuntimeException | Error e) {
                        failures.add(e);
                    }
                }
            }
        }
    }
}
