package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import coffer.seal.Content;
import coffer.seal.Operation;
import coffer.seal.RandomSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Brings local files and folders into a vault.
///
/// One pipeline with bounds everywhere: many threads read, as many as there are cores name, compress and seal chunks
/// ([PackPipeline]), two send packs, one commits ([Committer]). What cannot be read is reported and the rest goes on. Every
/// commit leaves a complete state; a put that is interrupted and repeated reads again but sends nothing twice.
final class Ingest {

    /// How often a put starts again because others changed the vault under it.
    private static final int STARTS_MAX = 5;

    private final Replica replica;
    private final VaultAccess vault;
    private final PackTransfer transfer;
    private final RandomSource random;
    private final InstantSource clock;
    private final ReentrantLock one = new ReentrantLock();

    Ingest(Replica replica, VaultAccess vault, PackTransfer transfer, RandomSource random, InstantSource clock) {
        this.replica = replica;
        this.vault = vault;
        this.transfer = transfer;
        this.random = random;
        this.clock = clock;
    }

    /// Held by whoever fills packs of this vault: one at a time.
    ReentrantLock one() {
        return one;
    }

    /// As [Device#put]. One at a time for a vault.
    Device.PutReport put(List<Path> sources, String destination, Progress progress) throws CofferException {
        one.lock();
        try {
            PutTally tally = new PutTally();
            for (int start = 1; ; start++) {
                try {
                    run(sources, destination, tally, progress);
                    return tally.report();
                } catch (Restart restart) {
                    if (start == STARTS_MAX) {
                        throw restart;
                    }
                    vault.refresh();
                    tally.startAgain();
                }
            }
        } finally {
            one.unlock();
        }
    }

    private void run(List<Path> sources, String destination, PutTally tally, Progress progress) throws CofferException {
        Failures failures = new Failures(progress);
        long epoch = vault.epoch();
        Thread commits = null;
        Committer committer = null;
        try (PackPipeline packs = new PackPipeline(replica, vault, transfer, epoch, failures)) {
            packs.adopt();
            committer = new Committer(replica, vault, packs, epoch, failures);
            commits = Thread.ofPlatform().name("commit").daemon().start(committer::run);
            PutWalk walk = new PutWalk(replica, vault, packs, committer, failures, tally, progress, random, clock);
            try {
                walk.run(sources, folder(destination, committer));
                packs.drain();
            } catch (CofferException | RuntimeException | Error e) {
                failures.add(e);
            }
            committer.end();
            join(commits);
            tally.add(packs.newBytes.get(), packs.sentBytes.get());
            failures.check();
            walk.rememberUnchanged();
        }
    }

    /// The destination folder, with the operations that make it where it is missing.
    private PutWalk.Target folder(String destination, Committer committer) throws CofferException {
        List<String> names = NodeNames.split(destination);
        long now = clock.millis() * 1_000_000;
        List<Operation> missing = new ArrayList<>();
        PutWalk.Target target = replica.read(vault.id(), (tx, ref) -> {
            Nodes nodes = new Nodes(tx, ref);
            Nodes.Node at = nodes.root();
            PutWalk.Target found = new PutWalk.Target(at.id(), at.num());
            for (String name : names) {
                Nodes.@Nullable Node child = found.num() < 0 ? null : nodes.child(found.num(), name);
                if (child == null) {
                    NodeId id = newNodeId(random);
                    missing.add(new Operation.Put(id, found.id(), name, now, false, new Content.Folder()));
                    found = new PutWalk.Target(id, -1);
                } else if (child.isFolder()) {
                    found = new PutWalk.Target(child.id(), child.num());
                } else {
                    throw Refusals.notAFolder("The destination in the vault is not a folder.");
                }
            }
            return found;
        });
        for (Operation operation : missing) {
            committer.add(new Committer.Ready(operation, null));
        }
        return target;
    }

    static NodeId newNodeId(RandomSource random) {
        return NodeId.of(random.bytes(NodeId.SIZE));
    }

    static void join(Thread thread) throws CofferException {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.now();
        }
    }

    /// The path of a source, so that `.` and `dir/..` have the names of what they are.
    static Path source(Path given) throws CofferException {
        Path path = given.toAbsolutePath().normalize();
        try {
            // Only the folder is resolved: a source that is a link is stored as one.
            Path parent = path.getParent();
            Path name = path.getFileName();
            return parent == null || name == null ? path : parent.toRealPath().resolve(name);
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "A source cannot be read.", e);
        }
    }
}
