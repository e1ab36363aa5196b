package coffer.device;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.NodeId;
import coffer.device.sync.RemoteVault;
import coffer.device.sync.SyncEngine;
import coffer.device.sync.SyncSettings;
import coffer.device.sync.SyncStore;
import coffer.device.sync.SyncTime;
import coffer.device.sync.plan.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The synced folders of one device: which there are, and an engine at work for each.
final class SyncFolders implements AutoCloseable {

    /// What of the device the folders need.
    ///
    /// @param one held by whoever fills packs of the vault
    record Parts(
            Path home,
            String device,
            DeviceId self,
            Replica replica,
            VaultAccess vault,
            PackTransfer transfer,
            Fetch fetch,
            Tree tree,
            ReentrantLock one,
            VaultFolder.Refresh refresh,
            Agreements agreements,
            Clock clock) {}

    private static final Logger LOG = LoggerFactory.getLogger(SyncFolders.class);
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd HH-mm-ss", Locale.ROOT);
    private static final int ID_SIZE = 16;

    /// Work waits for disk and network most of the time; more than this waits for its turn.
    private static final int THREADS = 32;

    private final Parts parts;
    private final SyncDb db;
    private final SyncChoices choices;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("sync-work-", 0).factory());
    private final Map<String, SyncRunner> runners = new LinkedHashMap<>(); // guarded by this
    private boolean closed; // guarded by this

    private SyncFolders(Parts parts, SyncDb db) {
        this.parts = parts;
        this.db = db;
        this.choices = new SyncChoices(parts.replica, parts.vault.id(), names());
        workers.allowCoreThreadTimeOut(true);
    }

    static SyncFolders open(Parts parts) throws CofferException {
        SyncFolders folders = new SyncFolders(parts, SyncDb.open(parts.home.resolve("sync.db")));
        for (SyncDb.Folder folder : folders.db.folders()) {
            folders.start(folder);
        }
        return folders;
    }

    /// There may be news in the vault.
    void heard() {
        listeners.forEach(Runnable::run);
    }

    private synchronized void start(SyncDb.Folder folder) {
        if (closed) {
            return;
        }
        DiskStaging.Source source = VaultFolder.source(parts.fetch);
        DiskFolder disk = new DiskFolder(
                folder.path(),
                folder.id(),
                parts.vault::dedup,
                source,
                (path, fileId) -> db.remembers(folder.id(), folder.node(), path.names()) || db.remembers(folder.id(), fileId));
        Unreadable unreadable = new Unreadable();
        VaultUploads uploads =
                new VaultUploads(parts.replica, parts.vault, parts.transfer, disk.reader(), unreadable, parts.one);
        RemoteVault vault = new VaultFolder(
                parts.replica, parts.vault, folder.node(), parts.refresh, parts.fetch, uploads, disk.staging(), this::listen);
        SyncStore store = db.store(folder.id(), disk::force);
        if (disk.top() == coffer.device.sync.LocalFolder.Top.PRESENT) {
            try {
                disk.staging().recover();
            } catch (CofferException e) {
                LOG.warn("what a crash left in a synced folder stays there code={}", e.code());
            }
        }
        SyncEngine.Ports ports = new SyncEngine.Ports(disk, vault, store, this::work, new RealTime(parts.clock));
        runners.put(folder.id(), new SyncRunner(folder, ports, SyncSettings.of(names(), parts.device), unreadable, parts.agreements::rests));
    }

    private AutoCloseable listen(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void work(Runnable task) {
        try {
            workers.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("work that nobody waits for any more", e);
        }
    }

    private static Names names() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        boolean windows = system.startsWith("windows");
        boolean mac = system.startsWith("mac");
        return windows || mac ? new Names(true, mac, windows) : Names.EXACT;
    }

    private record RealTime(Clock clock) implements SyncTime {
        @Override
        public long elapsedMs() {
            return System.nanoTime() / 1_000_000;
        }

        @Override
        public String stampForNames() {
            return STAMP.format(LocalDateTime.now(clock));
        }

        @Override
        public long wallMs() {
            return clock.millis();
        }
    }

    /// Begins to keep a folder and a folder of the vault the same; makes either if it is not there.
    Device.SyncInfo add(Path given, String vaultPath) throws CofferException {
        Path place = place(given);
        synchronized (this) {
            refuseOverlap(place);
            refuseMarked(place);
            Path path = makeFolder(place);
            NodeId node = vaultFolder(vaultPath);
            SyncDb.Folder folder = new SyncDb.Folder(
                    HexFormat.of().formatHex(coffer.seal.RandomSource.secure().bytes(ID_SIZE)), path, node, false);
            DiskMarker.write(path, folder.id());
            db.put(folder);
            start(folder);
            return info(java.util.Objects.requireNonNull(runners.get(folder.id())));
        }
    }

    /// Where the folder is, or will be: links on the way that is there already are resolved.
    private static Path place(Path given) throws CofferException {
        Path path = given.toAbsolutePath().normalize();
        Path there = path;
        while (there != null && !Files.isDirectory(there)) {
            there = there.getParent();
        }
        try {
            return there == null ? path : there.toRealPath().resolve(there.relativize(path)).normalize();
        } catch (IOException e) {
            throw DiskFailures.of(e);
        }
    }

    private static Path makeFolder(Path place) throws CofferException {
        try {
            Files.createDirectories(place);
            return place.toRealPath();
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The folder cannot be made or opened.", e);
        }
    }

    private void refuseOverlap(Path path) throws CofferException {
        Path home;
        try {
            home = parts.home.toRealPath();
        } catch (IOException e) {
            throw DiskFailures.of(e);
        }
        if (path.startsWith(home) || home.startsWith(path)) {
            throw refusal("The device's own home lies in that folder, or the folder in it.");
        }
        for (SyncRunner runner : runners.values()) {
            Path other = runner.folder().path();
            if (path.startsWith(other) || other.startsWith(path)) {
                throw refusal("That folder is synced already, or lies in a synced one, or has one in it.");
            }
        }
    }

    private static void refuseMarked(Path path) throws CofferException {
        try {
            for (Path at = path; at != null; at = at.getParent()) {
                if (DiskMarker.read(at).isPresent()) {
                    throw CofferException.withAdvice(
                            ErrorCode.LOCAL,
                            "That folder is, or lies in, a synced folder of another device home.",
                            "Nothing was changed. If that is no longer so, remove its folder .coffer and try again.");
                }
            }
        } catch (IOException e) {
            throw DiskFailures.of(e);
        }
    }

    private static CofferException refusal(String message) {
        return CofferException.withAdvice(
                ErrorCode.LOCAL, message, "Nothing was changed. Choose another folder; `coffer sync list` shows the synced ones.");
    }

    private NodeId vaultFolder(String path) throws CofferException {
        List<String> names = NodeNames.split(path);
        try {
            parts.refresh.run();
        } catch (CofferException e) {
            if (e.code() != ErrorCode.UNAVAILABLE) {
                throw e;
            }
        }
        Nodes.Node there = find(names);
        if (there == null) {
            parts.tree.makeFolder(path, true);
            there = find(names);
        }
        if (there == null || !there.isFolder()) {
            throw Refusals.notAFolder("What is at that path in the vault is not a folder.");
        }
        refuseVaultOverlap(there);
        return there.id();
    }

    /// Two local folders for one place of the vault would be each other's echo.
    private void refuseVaultOverlap(Nodes.Node node) throws CofferException {
        for (SyncRunner runner : runners.values()) {
            NodeId other = runner.folder().node();
            boolean overlaps = parts.replica.read(parts.vault.id(), (tx, ref) -> {
                Nodes nodes = new Nodes(tx, ref);
                Nodes.Node there = nodes.byId(other);
                return there != null && (isAtOrBelow(nodes, there, node) || isAtOrBelow(nodes, node, there));
            });
            if (overlaps) {
                throw refusal("That folder of the vault is synced already, or lies in one that is, or has one in it.");
            }
        }
    }

    private static boolean isAtOrBelow(Nodes nodes, Nodes.Node node, Nodes.Node folder) throws java.sql.SQLException {
        for (Nodes.Node at = node; at != null; at = nodes.byNum(at.parent())) {
            if (at.num() == folder.num()) {
                return true;
            }
        }
        return false;
    }

    private Nodes.@Nullable Node find(List<String> names) throws CofferException {
        return parts.replica.read(parts.vault.id(), (tx, ref) -> new Nodes(tx, ref).find(names));
    }

    synchronized List<Device.SyncInfo> list() throws CofferException {
        List<Device.SyncInfo> all = new ArrayList<>();
        for (SyncRunner runner : runners.values()) {
            all.add(info(runner));
        }
        return all;
    }

    /// What the other devices said of the synced folders.
    List<Device.PeerAgreement> peers(Function<DeviceId, String> names) throws CofferException {
        List<SyncRunner> all;
        synchronized (this) {
            all = List.copyOf(runners.values());
        }
        List<Device.PeerAgreement> peers = new ArrayList<>();
        for (SyncRunner runner : all) {
            List<Agreements.Said> said = parts.agreements.of(runner.folder().node());
            if (!said.isEmpty()) {
                Hash here = runner.fingerprint();
                String folder = runner.folder().path().toString();
                said.forEach(one -> peers.add(new Device.PeerAgreement(
                        folder,
                        names.apply(one.device()),
                        one.agreement().time(),
                        one.agreement().fingerprint().equals(here))));
            }
        }
        return peers;
    }

    private Device.SyncInfo info(SyncRunner runner) throws CofferException {
        String vaultPath = pathOf(runner.folder().node()).orElse("(in the trash)");
        return SyncWords.info(runner, vaultPath, leftOut(runner.folder()));
    }

    private List<Device.LeftOut> leftOut(SyncDb.Folder folder) throws CofferException {
        return choices.list(folder, db.store(folder.id(), () -> {}).leftOut());
    }

    /// Leaves folders out on this device and takes others in; only tells what is left out if it is to do neither.
    Device.SyncInfo choose(Path path, List<String> without, List<String> with, Progress progress) throws CofferException {
        SyncRunner runner = require(path);
        Set<NodeId> more = choices.find(runner.folder(), without);
        Set<NodeId> less = choices.find(runner.folder(), with);
        if (!db.store(runner.folder().id(), () -> {}).leftOut().containsAll(less)) {
            throw SyncChoices.notLeftOut();
        }
        new ReadBack(parts.replica, parts.vault, parts.transfer, parts.self).require(more, progress);
        boolean nothing = more.isEmpty() && less.isEmpty();
        if (!nothing && !runner.choose(more, less)) {
            throw SyncChoices.notUpToDate();
        }
        return info(runner);
    }

    private Optional<String> pathOf(NodeId id) throws CofferException {
        return parts.replica.read(parts.vault.id(), (tx, ref) -> {
            Nodes nodes = new Nodes(tx, ref);
            Nodes.Node node = nodes.byId(id);
            return node == null || !nodes.isLive(node.num()) ? Optional.empty() : Optional.of(nodes.path(node));
        });
    }

    void setPaused(Path path, boolean paused) throws CofferException {
        SyncRunner runner = require(path);
        SyncDb.Folder folder = runner.folder();
        db.put(new SyncDb.Folder(folder.id(), folder.path(), folder.node(), paused));
        runner.setPaused(paused);
    }

    boolean approve(Path path) throws CofferException {
        return require(path).approve();
    }

    List<Device.SyncStep> preview(Path path) throws CofferException {
        SyncRunner runner = require(path);
        Path folder = runner.folder().path();
        List<Device.SyncStep> steps = new ArrayList<>(SyncWords.steps(runner.preview(), folder));
        steps.addAll(SyncWords.leftOut(leftOut(runner.folder()), folder));
        return steps;
    }

    /// Ends the syncing; both sides keep what they have.
    void remove(Path path) throws CofferException {
        SyncRunner runner = require(path);
        runner.close();
        synchronized (this) {
            db.remove(runner.folder().id());
            runners.remove(runner.folder().id());
        }
        try {
            DiskMarker.remove(runner.folder().path(), runner.folder().id());
        } catch (IOException e) {
            LOG.info("the mark of a synced folder stays", e);
        }
    }

    /// Conflicts whose copy is still there, latest first.
    List<Device.ConflictInfo> conflicts() throws CofferException {
        List<SyncRunner> all;
        synchronized (this) {
            all = List.copyOf(runners.values());
        }
        List<Device.ConflictInfo> found = new ArrayList<>();
        for (SyncRunner runner : all) {
            for (SyncStore.Conflict conflict : db.store(runner.folder().id(), () -> {}).conflicts()) {
                Optional<String> kept = pathOf(conflict.kept());
                if (kept.isPresent()) {
                    found.add(new Device.ConflictInfo(
                            kept.get(), pathOf(conflict.with()).orElse(""), Instant.ofEpochMilli(conflict.timeMs())));
                }
            }
        }
        return found.reversed();
    }

    private synchronized SyncRunner require(Path given) throws CofferException {
        Path path = given.toAbsolutePath().normalize();
        try {
            path = path.toRealPath();
        } catch (IOException e) {
            LOG.debug("the folder is not there now", e); // found by its name all the same
        }
        for (SyncRunner runner : runners.values()) {
            if (runner.folder().path().equals(path)) {
                return runner;
            }
        }
        throw CofferException.withAdvice(
                ErrorCode.LOCAL,
                "That folder is not synced.",
                "Nothing was changed. `coffer sync list` shows the folders that are.");
    }

    @Override
    public void close() {
        List<SyncRunner> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(runners.values());
        }
        all.forEach(SyncRunner::close);
        workers.shutdownNow();
        try {
            workers.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        db.close();
    }
}
