package coffer.device;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.api.HeadEvent;
import coffer.core.log.EntryHeader;
import coffer.core.log.Head;
import coffer.core.log.Residence;
import coffer.core.tlog.Statement;
import coffer.seal.KnownHead;
import coffer.seal.RandomSource;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A device at work: puts together its home, its logs and its content, and answers for them as a [Device].
///
/// Listens to the service and applies what is new as it comes. Reading works offline, from the replica; packs are
/// fetched when content is asked for.
final class LocalDevice implements Device {

    private static final Logger LOG = LoggerFactory.getLogger(LocalDevice.class);

    /// How long a provider may fail before the work ends.
    private static final Duration PROVIDER_PATIENCE = Duration.ofMinutes(2);

    /// The same where finding out is the work: a pack that is cut short would otherwise hold up a check for minutes.
    private static final Duration CHECK_PATIENCE = Duration.ofSeconds(15);

    /// How old the copy of the transparency log may become while nothing asks for more.
    private static final long LOG_EVERY_NS = TimeUnit.MINUTES.toNanos(10);

    private static final long FRESH_NS = TimeUnit.SECONDS.toNanos(1);

    private final DeviceHome home;
    private final KeyFile.Identity identity;
    private final HttpService service;
    private final ReplicaDb db;
    private final AccountLog accountLog;
    private final AccountSync account;
    private final Replica replica;
    private final Vault vault;
    private final Membership membership;
    private final LogWatch watch;
    private final LogStore logs;
    private final Bandwidth bandwidth;
    private final Transfers transfers;
    private final Ingest ingest;
    private final Fetch fetch;
    private final Tree tree;
    private final Rewind rewind;
    private final Transfers checks;
    private final Verify verify;
    private final Collect collect;
    private final Residency residency;
    private final Clock clock;
    private final Snapshots snapshots;
    private final Export export;
    private final SyncFolders syncs;
    private final Agreements agreements;
    private final Contents contents;
    private final AtomicLong heard = new AtomicLong();
    private volatile long heardBefore = -1;
    private volatile long refreshedNs;
    private final AutoCloseable events;
    private final Semaphore news = new Semaphore(0);
    private final CountDownLatch looked = new CountDownLatch(1);
    private final Thread follower;
    private volatile boolean online;
    private volatile @Nullable CofferException lastFailure;
    private volatile long logReadNs = System.nanoTime() - LOG_EVERY_NS - 1;
    private volatile @Nullable CofferException logFailure;
    private volatile boolean closed;

    private LocalDevice(DeviceHome home, KeyFile.Identity identity, Clock clock) throws CofferException {
        this.home = home;
        this.clock = clock;
        this.identity = identity;
        this.db = ReplicaDb.open(home.replicaFile());
        this.service = new HttpService(
                identity.service(),
                home.trust(),
                new HttpService.Identity(
                        identity.account(), identity.keys().record().id(), identity.keys().signingKey()));
        this.accountLog = new AccountLog(identity.keys());
        this.account = new AccountSync(identity.account(), accountLog, service, db);
        if (accountLog.isEmpty()) {
            // Read anew it would be whatever the service says that it is: the heads that were seen are gone with it.
            db.close();
            throw Refusals.damaged("What this device had verified of its account is gone.", null);
        }
        this.replica = new Replica(db, clock);
        ReentrantLock lock = new ReentrantLock();
        this.vault = new Vault(identity.vault(), lock, account, service, db, replica, identity.keys(), clock);
        this.membership = new Membership(
                lock, account, vault, service, new LogWatchStore(db), identity.keys(), clock);
        this.watch = new LogWatch(service, service, db);
        this.logs = new LogStore(db);
        this.bandwidth = Bandwidth.of(home.root());
        this.transfers =
                new Transfers(service, watch, vault.id(), VaultRegions.of(vault), PROVIDER_PATIENCE, bandwidth);
        this.ingest = new Ingest(replica, vault, transfers, RandomSource.secure(), clock);
        this.fetch = new Fetch(replica, vault, transfers);
        this.tree = new Tree(replica, vault, RandomSource.secure(), clock);
        this.rewind = new Rewind(replica, vault, tree, clock);
        this.checks = new Transfers(service, watch, vault.id(), VaultRegions.of(vault), CHECK_PATIENCE, bandwidth);
        this.verify = new Verify(replica, vault, checks, clock);
        this.collect = new Collect(replica, vault, transfers, clock);
        this.snapshots = new Snapshots(replica, vault, transfers);
        this.residency = new Residency(vault, service, watch);
        this.export = new Export(replica, vault.id(), fetch, this::nameOf);
        this.contents = new VaultContents(home.root(), replica, vault, transfers, ingest, clock);
        this.agreements = new Agreements(
                contents, replica, vault.id(), identity.keys().record().id(), this::takesPart, clock);
        Fetch receiving = new Fetch(replica, vault, new PackCache(transfers));
        this.syncs = SyncFolders.open(new SyncFolders.Parts(
                home.root(), identity.name(), identity.keys().record().id(), replica, vault, transfers, receiving, tree, ingest.one(), this::refreshIfHeard,
                agreements, clock));
        this.events = service.listen(this::heard);
        this.follower = Thread.ofVirtual().name("follower").start(this::follow);
        news.release();
    }

    /// Opens the device that `home` holds. Takes over the home's lock.
    static LocalDevice open(DeviceHome home, KeyFile.Identity identity, Clock clock) throws CofferException {
        Residue.clear(home.root());
        return new LocalDevice(home, identity, clock);
    }

    private void heard(HeadEvent event) {
        heard.incrementAndGet();
        news.release();
    }

    /// Applies what is new, each time there may be something; a failure waits for the next event or call.
    private void follow() {
        while (!closed) {
            try {
                news.acquire();
                news.drainPermits();
                if (!closed) {
                    refresh();
                    looked.countDown();
                    syncs.heard();
                }
            } catch (InterruptedException e) {
                return;
            } catch (CofferException e) {
                looked.countDown();
                syncs.heard();
                LOG.info("following stopped code={} reason={}", e.code(), e.reason());
            } catch (IllegalStateException e) {
                if (!closed) {
                    throw e;
                }
            }
        }
    }

    @Override
    public long refresh() throws CofferException {
        try {
            long before = heard.get();
            long applied = vault.refresh();
            heardBefore = before;
            refreshedNs = System.nanoTime();
            online = true;
            lastFailure = null;
            followTransparency();
            return applied;
        } catch (CofferException e) {
            online = false;
            lastFailure = e;
            throw e;
        }
    }

    /// What is wrong with the transparency log does not keep anybody from reading the vault: it is said by `status`, and stops
    /// uploads if it contradicts what was known.
    private void followTransparency() {
        readTransparency(System.nanoTime() - logReadNs > LOG_EVERY_NS);
    }

    /// @param due whether to read it to its end, also if nobody knows more
    private void readTransparency(boolean due) {
        try {
            watch.follow(due);
            if (due && watch.frozen().isEmpty()) {
                new LogWatchStore(db).noteRead(clock.instant());
            }
            watch.compareOwnHeads(identity.account(), sequence -> logs.entry(identity.account(), sequence));
            logReadNs = due ? System.nanoTime() : logReadNs;
            logFailure = null;
        } catch (CofferException e) {
            logFailure = e;
            LOG.info("transparency log code={} reason={}", e.code(), e.reason());
        }
    }

    /// Fetches what is new, unless that was done a moment ago and nothing has been heard since: who acts on an event need
    /// not ask for what the event has brought.
    private void refreshIfHeard() throws CofferException {
        boolean fresh = online && heardBefore == heard.get() && System.nanoTime() - refreshedNs < FRESH_NS;
        if (!fresh) {
            refresh();
        }
    }

    /// Fetches what is new if the service can be reached; else the replica answers as it is.
    private void refreshIfOnline() throws CofferException {
        try {
            refresh();
        } catch (CofferException e) {
            if (e.code() != ErrorCode.UNAVAILABLE) {
                throw e;
            }
        }
    }

    @Override
    public Status status() throws CofferException {
        awaitFirstLook();
        Replica.Totals totals = replica.totals(vault.id());
        List<Problem> problems = new ArrayList<>();
        CofferException failure = lastFailure;
        if (failure != null) {
            problems.add(new Problem("service", failure.code().name(), failure.reason()));
        }
        transparencyProblem().ifPresent(problems::add);
        alarm("account log", identity.account()).ifPresent(problems::add);
        alarm("vault log", identity.vault()).ifPresent(problems::add);
        vault.twin().problem().ifPresent(problems::add);
        DeviceId own = identity.keys().record().id();
        new Silence(replica, vault.id(), clock)
                .problem(device -> !device.equals(own) && takesPart(device), this::nameOf)
                .ifPresent(problems::add);
        for (Replica.TreeProblem problem : replica.problems(vault.id())) {
            problems.add(new Problem("entry " + problem.sequence(), ErrorCode.PROTOCOL.name(), problem.reason()));
        }
        return new Status(
                identity.account().hex(),
                identity.name(),
                identity.keys().record().id().hex(),
                identity.service().toString(),
                online,
                logStatuses(),
                totals.files(),
                totals.bytes(),
                totals.packs(),
                totals.packBytes(),
                totals.unsentPacks(),
                vault.needsNewEpoch(),
                bandwidth.limits(),
                syncs.list(),
                problems);
    }

    /// What has happened to a log that is whole again.
    private Optional<Problem> alarm(String where, coffer.core.LogId log) throws CofferException {
        return logs.standing(log)
                .map(LogStore.Standing::alarm)
                .map(code -> new Problem(
                        where,
                        code.name(),
                        "the service had gone back to an older log; it has all of it again, and nothing was lost."
                                + " `coffer log seen` ends this message"));
    }

    @Override
    public long seen() throws CofferException {
        return logs.seen();
    }

    private Optional<Problem> transparencyProblem() throws CofferException {
        Optional<ErrorCode> frozen = watch.frozen();
        CofferException failure = frozen.isPresent() ? LogAlarm.of(frozen.get()) : logFailure;
        return failure == null || failure.code() == ErrorCode.UNAVAILABLE
                ? Optional.empty()
                : Optional.of(new Problem("transparency log", failure.code().name(), failure.reason()));
    }

    /// Just after the device was opened, waits a moment to know whether the service answers.
    private void awaitFirstLook() {
        try {
            if (!looked.await(2, TimeUnit.SECONDS)) {
                LOG.debug("the service has not answered yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<LogStatus> logStatuses() throws CofferException {
        List<LogStatus> statuses = new ArrayList<>();
        statuses.add(logStatus("account", identity.account()));
        statuses.add(logStatus("vault", identity.vault()));
        LogWatchStore transparency = new LogWatchStore(db);
        Optional<KnownHead> known = transparency.head();
        if (known.isPresent()) {
            Head head = known.get().head();
            statuses.add(new LogStatus(
                    known.get().log().hex(),
                    "transparency",
                    head.sequence() - 1,
                    head.id().hex(),
                    watch.frozen().map(ErrorCode::name)));
        }
        return statuses;
    }

    private LogStatus logStatus(String kind, coffer.core.LogId log) throws CofferException {
        LogStore.Standing standing = logs.standing(log)
                .orElseThrow(() -> Refusals.damaged("A log is missing on this device.", null));
        Head head = standing.head();
        return new LogStatus(
                log.hex(),
                kind,
                head.sequence(),
                head.id().hex(),
                Optional.ofNullable(standing.frozen()).map(ErrorCode::name));
    }

    @Override
    public void list(String path, boolean recursive, Consumer<NodeInfo> each) throws CofferException {
        replica.list(vault.id(), path, recursive, this::nameOf, each);
    }

    private String nameOf(DeviceId device) {
        try {
            return membership.name(device);
        } catch (CofferException e) {
            // A listing is of use without it.
            return device.hex().substring(0, 8);
        }
    }

    @Override
    public List<Version> history(String path) throws CofferException {
        return replica.history(vault.id(), path, this::nameOf);
    }

    @Override
    public List<TrashItem> trash() throws CofferException {
        return replica.trash(vault.id(), this::nameOf);
    }

    @Override
    public List<KeyHolder> who() throws CofferException {
        refreshIfOnline();
        return membership.who();
    }

    @Override
    public int saveLogs(Path directory) throws CofferException {
        refreshIfOnline();
        return LogSaver.save(logs, service, List.of(identity.account(), identity.vault()), directory);
    }

    @Override
    public WhereReport where(String path, Progress progress) throws CofferException {
        boolean asked = lookAfresh();
        List<Problem> problems = new ArrayList<>(transparencyProblem().stream().toList());
        transfers.forgetGrants();
        Residence residence = vault.state().residence();
        Whereabouts.Found found = new Whereabouts(replica, vault, transfers)
                .find(path, residence, watch.directory(), asked, problems, progress);
        return new WhereReport(
                path,
                residence.region(),
                found.packs(),
                found.bytes(),
                found.without(),
                found.places(),
                residence.former(),
                asked ? residency.left(problems) : List.of(),
                asked,
                new LogWatchStore(db).lastRead(),
                problems);
    }

    /// Reads both logs to their ends, whatever is known already; false if the service cannot be reached.
    private boolean lookAfresh() throws CofferException {
        refreshIfOnline();
        if (online) {
            readTransparency(true);
        }
        return online;
    }

    @Override
    public RegionReport regions() throws CofferException {
        boolean asked = lookAfresh();
        List<Problem> problems = new ArrayList<>(transparencyProblem().stream().toList());
        Residence residence = vault.state().residence();
        EntryHeader chosen = logs.entry(vault.id(), residence.since())
                .orElseThrow(() -> Refusals.damaged("An entry is missing on this device.", null))
                .header();
        return new RegionReport(
                residence.region(),
                residence.since(),
                Instant.ofEpochMilli(chosen.timeMs()),
                nameOf(chosen.author()),
                residency.choices(),
                residency.standing(),
                residence.former(),
                asked ? residency.left(problems) : List.of(),
                asked,
                new LogWatchStore(db).lastRead(),
                problems);
    }

    @Override
    public boolean chooseRegion(String region) throws CofferException {
        return residency.choose(region);
    }

    @Override
    public LogReport auditLog(Progress progress) throws CofferException {
        refresh();
        watch.follow(false);
        List<Head> own = new ArrayList<>();
        logs.forEach(identity.account(), 0, entry -> own.add(entry.head()));
        LogWatchStore.Kept kept = new LogWatchStore(db).kept().orElseThrow();
        return LogAudit.run(service, kept, identity.account(), own, progress);
    }

    @Override
    public List<LogStatement> logStatements() throws CofferException {
        refreshIfOnline();
        Set<Hash> own = new HashSet<>();
        logs.forEach(identity.account(), 0, entry -> own.add(
                Statement.AccountHead.place(identity.account(), entry.header().sequence())));
        List<LogStatement> statements = new ArrayList<>();
        watch.forEach((index, entry) -> statements.add(LogWords.of(index, LogReader.statement(entry), own::contains)));
        return statements;
    }

    @Override
    public Invitation invite() throws CofferException {
        return membership.invite();
    }

    @Override
    public Optional<JoinRequest> awaitJoinRequest(Progress progress) throws CofferException {
        return membership.awaitJoinRequest(progress);
    }

    @Override
    public void approve(JoinRequest request) throws CofferException {
        membership.approve(request);
    }

    @Override
    public List<DeviceInfo> devices() throws CofferException {
        refreshIfOnline();
        return membership.devices();
    }

    @Override
    public void removeDevice(String name) throws CofferException {
        membership.remove(name);
    }

    @Override
    public PutReport put(List<Path> sources, String destination, Progress progress) throws CofferException {
        PutReport report = ingest.put(sources, destination, progress);
        snapshotIfDue();
        return report;
    }

    /// Whoever makes the log long also makes the start of the next new device short. What was put is safe without.
    private void snapshotIfDue() {
        if (Snapshots.isDue(vault.state())) {
            try {
                snapshots.write(Progress.SILENT);
            } catch (CofferException e) {
                LOG.info("no snapshot code={} reason={}", e.code(), e.reason());
            }
        }
    }

    @Override
    public GetReport get(String path, Path directory, boolean overwrite, Progress progress) throws CofferException {
        return fetch.get(path, directory, overwrite, progress);
    }

    @Override
    public void read(String path, Piece piece, OutputStream out) throws CofferException {
        fetch.read(path, piece, out);
    }

    @Override
    public NodeInfo node(String path) throws CofferException {
        return replica.node(vault.id(), path, this::nameOf);
    }

    @Override
    public List<NodeInfo> search(String words, int max) throws CofferException {
        return replica.search(vault.id(), words, max, this::nameOf);
    }

    @Override
    public void makeFolder(String path, boolean parents) throws CofferException {
        tree.makeFolder(path, parents);
    }

    @Override
    public void move(String from, String to) throws CofferException {
        tree.move(from, to);
    }

    @Override
    public void remove(String path) throws CofferException {
        tree.remove(path);
    }

    @Override
    public void restoreVersion(String path, long version) throws CofferException {
        tree.restoreVersion(path, version);
    }

    @Override
    public String restoreTrashed(String nodeId) throws CofferException {
        return tree.restoreTrashed(nodeId);
    }

    @Override
    public long emptyTrash(Optional<String> nodeId) throws CofferException {
        return tree.emptyTrash(nodeId);
    }

    @Override
    public RewindPoint rewindPoint(RewindTo to) throws CofferException {
        refreshIfOnline();
        return rewind.point(to, this::nameOf);
    }

    @Override
    public RewindReport rewind(
            String path, RewindPoint point, boolean dryRun, Consumer<SyncStep> each, Progress progress) throws CofferException {
        return rewind.run(path, point, dryRun, each, progress);
    }

    @Override
    public VerifyReport verify(boolean full, Progress progress) throws CofferException {
        refreshIfOnline();
        return verify.run(full, identity.account(), progress);
    }

    @Override
    public GetReport export(Path directory, Progress progress) throws CofferException {
        refreshIfOnline();
        return export.run(directory, progress);
    }

    @Override
    public CollectReport collect(Progress progress) throws CofferException {
        return collect.run(progress);
    }

    @Override
    public long snapshot(Progress progress) throws CofferException {
        return snapshots.write(progress);
    }

    @Override
    public SyncInfo sync(Path folder, String path) throws CofferException {
        return syncs.add(folder, path);
    }

    @Override
    public List<SyncInfo> syncs() throws CofferException {
        return syncs.list();
    }

    @Override
    public List<PeerAgreement> peerAgreements() throws CofferException {
        return syncs.peers(this::nameOf);
    }

    private boolean takesPart(DeviceId device) {
        return accountLog.state().activeDevice(device).isPresent();
    }

    @Override
    public void pauseSync(Path folder, boolean paused) throws CofferException {
        syncs.setPaused(folder, paused);
    }

    @Override
    public boolean approveSync(Path folder) throws CofferException {
        return syncs.approve(folder);
    }

    @Override
    public List<SyncStep> previewSync(Path folder) throws CofferException {
        return syncs.preview(folder);
    }

    @Override
    public SyncInfo chooseSync(Path folder, List<String> without, List<String> with, Progress progress) throws CofferException {
        return syncs.choose(folder, without, with, progress);
    }

    @Override
    public void removeSync(Path folder) throws CofferException {
        syncs.remove(folder);
    }

    @Override
    public Optional<Contents> contents() {
        return Optional.of(contents);
    }

    @Override
    public RecoveryCheck recovery() {
        return RecoveryNote.read(home.root()).shown(clock.instant());
    }

    @Override
    public RecoveryCheck checkRecovery(String words) throws CofferException {
        RecoveryNote right = RecoveryNote.read(home.root()).check(words, membership.recovery(), clock.instant());
        right.write(home.root());
        return right.shown(clock.instant());
    }

    @Override
    public Limits limits() {
        return bandwidth.limits();
    }

    @Override
    public void limit(Limits limits) throws CofferException {
        bandwidth.limit(limits);
    }

    @Override
    public List<ConflictInfo> conflicts() throws CofferException {
        return syncs.conflicts();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        follower.interrupt();
        try {
            events.close();
            syncs.close();
            agreements.close();
            membership.close();
            transfers.close();
            checks.close();
            vault.close();
            accountLog.close();
            service.close();
            db.close();
            identity.keys().close();
            home.close();
        } catch (Exception e) {
            LOG.warn("closing was not clean", e);
        }
    }
}
