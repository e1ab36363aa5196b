package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import coffer.device.sync.LocalFolder.Entry;
import coffer.device.sync.LocalFolder.Outcome;
import coffer.device.sync.plan.Change;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.LocalNode;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.LocalStep;
import coffer.device.sync.plan.MassChange;
import coffer.device.sync.plan.Note;
import coffer.device.sync.plan.Plan;
import coffer.device.sync.plan.Plan.Prepare;
import coffer.device.sync.plan.Plan.Send;
import coffer.device.sync.plan.Planner;
import coffer.device.sync.plan.State;
import coffer.device.sync.plan.SyncedNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps one local folder and one folder of a vault the same: looks, plans, has the plan carried out, and plans again from
/// what came of it.
///
/// [#step] is the control thread's loop body; nothing but `post`, the event methods, [#pause], [#resume], [#approve] and
/// [#status] may be called from elsewhere. Everything slow runs on [Workers] and reports back through the inbox. At most
/// one thing at a time touches the local folder (a look or a run of steps), and one the log; a result that is older than
/// a change of ours is not believed.
public final class SyncEngine {

    private static final int NOTE_ROUNDS_MAX = 10_000;
    private static final int LOCAL_STEPS_MAX = 500;
    private static final int CHANGES_MAX = 5_000;
    private static final int UPLOADS_MAX = 1_000;
    private static final int FETCHES_MAX = 16;
    private static final long HOLD_MS = 25;
    private static final long HOLD_MS_MAX = 60_000;
    private static final long OFFLINE_MS = 500;
    private static final long OFFLINE_MS_MAX = 60_000;
    private static final int PROBLEMS_MAX = 1_000;

    /// The ways of a synced folder to the world.
    public record Ports(LocalFolder folder, RemoteVault vault, SyncStore store, Workers workers, SyncTime time) {}

    private final Ports ports;
    private final SyncSettings settings;
    final Trees trees;
    private final Supplier<NodeId> ids;
    private final Runnable wake;
    private final ConcurrentLinkedQueue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final Holds unquiet;
    private final Holds held = new Holds(HOLD_MS, HOLD_MS_MAX);
    private final Set<ContentId> stored = new HashSet<>();
    private final Map<ContentId, Integer> staged = new HashMap<>();
    private final Set<NodeId> reading = new HashSet<>();
    private final Set<NodeId> refusedAsNew = new HashSet<>();
    private final TreeMap<String, LocalPath> toLook = new TreeMap<>();
    private final Map<NodeId, SyncStatus.Problem> problems = new HashMap<>();

    private boolean lookAtAll = true;
    private boolean looking;
    private boolean lookedAtAll;
    private int lookRounds;
    private boolean pullWanted = true;
    private boolean pulling;
    private boolean appending;
    private boolean changing;
    private boolean unsure = true;
    private long position = -1;
    private long appends;
    private long offlineUntilMs;
    private long offlineLengthMs;
    private long topCheckMs;
    private long rescanMs;
    private boolean planWanted = true;
    private boolean paused;
    private LocalFolder.Top top = LocalFolder.Top.PRESENT;
    private Plan.Tally approved = new Plan.Tally(0, 0, 0, 0);
    private Plan.@Nullable Tally question;
    private Plan lastPlan = new Plan(List.of(), List.of(), List.of(), List.of(), List.of(), new Plan.Tally(0, 0, 0, 0));
    private volatile SyncStatus status =
            new SyncStatus(SyncStatus.State.WORKING, 0, 0, 0, java.util.Optional.empty(), List.of());

    /// @param top  the vault's folder
    /// @param ids  makes fresh random ids
    /// @param wake called from any thread when [#step] has something to do
    public SyncEngine(Ports ports, SyncSettings settings, NodeId top, Supplier<NodeId> ids, Runnable wake)
            throws CofferException {
        this.ports = ports;
        this.settings = settings;
        this.ids = ids;
        this.wake = wake;
        this.unquiet = new Holds(settings.quietMs(), settings.quietMsMax());
        this.trees = new Trees(top, settings.names(), ports.store(), ids);
        this.rescanMs = ports.time().elapsedMs() + settings.rescanMs();
    }

    /// Something may have happened in the local folder.
    public void onLocal(LocalFolder.Event event) {
        post(() -> {
            switch (event) {
                case LocalFolder.Event.Changed changed -> lookAt(changed.path());
                case LocalFolder.Event.Lost _ -> lookAtAll = true;
            }
        });
    }

    /// There may be news in the vault.
    public void onRemote() {
        post(() -> pullWanted = true);
    }

    public void pause() {
        post(() -> paused = true);
    }

    public void resume() {
        post(() -> paused = false);
    }

    /// A person agrees to what was asked, and to no more.
    public void approve(Plan.Tally asked) {
        post(() -> approved = asked);
    }

    public SyncStatus status() {
        return status;
    }

    private void post(Runnable message) {
        inbox.add(() -> {
            message.run();
            planWanted = true;
        });
        wake.run();
    }

    /// Does what there is to do now, and returns when there is something again though nothing wakes it: elapsed
    /// milliseconds, or [Long#MAX_VALUE].
    public long step() throws CofferException {
        for (Runnable message = inbox.poll(); message != null; message = inbox.poll()) {
            message.run();
        }
        long now = ports.time().elapsedMs();
        boolean ended = unquiet.expire(now);
        ended |= held.expire(now);
        if (ended) {
            planWanted = true;
        }
        if (now >= rescanMs) {
            lookAtAll = true;
            rescanMs = now + settings.rescanMs();
        }
        look(now);
        pull(now);
        if (mayPlan() && planWanted) {
            planWanted = false;
            plan();
            mayPlan();
            look(now);
            pull(now);
        }
        status = findStatus(now);
        return nextMs(now);
    }

    private long nextMs(long now) {
        long next = Math.min(Math.min(unquiet.nextMs(), held.nextMs()), rescanMs);
        if (pullWanted && !pulling && offlineUntilMs > now) {
            next = Math.min(next, offlineUntilMs);
        }
        if (top != LocalFolder.Top.PRESENT) {
            next = Math.min(next, topCheckMs);
        }
        return next;
    }

    private boolean mayPlan() {
        if (trees.lostSight) {
            trees.lostSight = false;
            lookedAtAll = false;
            lookAtAll = true;
        }
        return lookedAtAll
                && !unsure
                && !appending
                && !changing
                && !paused
                && !looking
                && top == LocalFolder.Top.PRESENT;
    }

    // Looking

    private void lookAt(LocalPath path) {
        toLook.put(path.toString(), path);
        planWanted = true;
    }

    private void look(long now) {
        if (looking || changing || (top != LocalFolder.Top.PRESENT && now < topCheckMs)) {
            return;
        }
        if (top != LocalFolder.Top.PRESENT) {
            lookAtAll = true;
        }
        boolean everything = lookAtAll;
        if (!everything && toLook.isEmpty()) {
            return;
        }
        List<Scan.Request> requests = everything
                ? List.of(new Scan.Request(trees.local.tree.top(), LocalPath.TOP, 0, null))
                : requests();
        lookAtAll = false;
        List<LocalPath> asked = List.copyOf(toLook.values());
        toLook.clear();
        lookRounds = everything ? 0 : lookRounds;
        looking = true;
        Scan scan = new Scan(ports.folder(), trees.local::knowsFolder, everything);
        work(() -> {
            Scan.Result result = scan.run(requests);
            return () -> looked(result, everything, asked);
        }, error -> {
            looking = false;
            lookAtAll = true;
            topCheckMs = now + OFFLINE_MS;
            top = LocalFolder.Top.MISSING;
            problem(trees.local.tree.top(), error);
        });
    }

    private List<Scan.Request> requests() {
        Map<NodeId, Set<String>> names = new TreeMap<>();
        Map<NodeId, LocalPath> paths = new HashMap<>();
        for (LocalPath path : toLook.values()) {
            LocalPath wanted = path.isTop() ? path : path.parent();
            LocalTree.Nearest nearest = trees.local.nearest(wanted);
            LocalPath folder = new LocalPath(wanted.names().subList(0, nearest.depth()));
            paths.put(nearest.folder(), folder);
            if (path.isTop()) {
                names.computeIfAbsent(nearest.folder(), id -> new TreeSet<>()).add("");
            } else {
                names.computeIfAbsent(nearest.folder(), id -> new TreeSet<>()).add(path.names().get(nearest.depth()));
            }
        }
        List<Scan.Request> requests = new ArrayList<>();
        names.forEach((id, some) -> {
            LocalNode node = trees.local.find(id);
            requests.add(new Scan.Request(
                    id, Objects.requireNonNull(paths.get(id)), node == null ? 0 : node.stamp().fileId(),
                    some.contains("") ? null : some));
        });
        return requests;
    }

    private void looked(Scan.Result result, boolean everything, List<LocalPath> asked) {
        looking = false;
        top = result.top();
        if (top != LocalFolder.Top.PRESENT) {
            topCheckMs = ports.time().elapsedMs() + 1_000;
            return;
        }
        problems.remove(trees.local.tree.top());
        Matcher.Result matched = new Matcher(trees.local, trees.rows, ids).match(result.looks());
        if (matched.torn()) {
            lookAtAll = true;
            return;
        }
        if (!matched.unsure().isEmpty() && lookRounds < 3) {
            lookRounds++;
            for (NodeId id : matched.unsure()) {
                LocalPath path = trees.path(id);
                if (path != null) {
                    lookAt(path);
                }
            }
            // The same places once more, together with those: what is seen in one go fits together.
            asked.forEach(this::lookAt);
            result.absent().stream().filter(path -> !path.isTop()).forEach(this::lookAt);
            return;
        }
        lookRounds = 0;
        markUnquiet(matched);
        trees.apply(matched);
        if (everything) {
            trees.dropLost();
        }
        for (LocalPath path : result.unreadable()) {
            LocalTree.Nearest nearest = trees.local.nearest(path);
            if (nearest.depth() == path.names().size()) {
                trees.assume(nearest.folder());
                problem(nearest.folder(), new CofferException(
                        ErrorCode.LOCAL, "A folder cannot be read; what is in it is left as it is."));
            }
        }
        result.absent().stream().filter(path -> !path.isTop()).forEach(this::lookAt);
        lookedAtAll |= everything;
    }

    private void markUnquiet(Matcher.Result matched) {
        long now = ports.time().elapsedMs();
        for (LocalNode node : matched.put()) {
            LocalNode old = trees.local.find(node.id());
            held.forget(node.id());
            boolean changed = lookedAtAll && node.content() == null && (old == null || !old.stamp().equals(node.stamp()));
            if (changed) {
                unquiet.add(node.id(), now);
            } else {
                unquiet.forget(node.id());
            }
        }
        for (NodeId id : matched.gone()) {
            held.forget(id);
            unquiet.addFor(id, now, settings.vanishedMs());
        }
    }

    // The vault's news

    private void pull(long now) {
        if (!pullWanted || pulling || appending || offlineUntilMs > now) {
            return;
        }
        pullWanted = false;
        pulling = true;
        long since = position;
        long appendsSeen = appends;
        work(() -> {
            RemoteVault.Changes changes = ports.vault().changes(since);
            return () -> pulled(changes, appendsSeen);
        }, error -> {
            pulling = false;
            pullWanted = true;
            wentWrong(error);
        });
    }

    /// A node that the vault refused as new and does not show has been there and gone: an earlier answer was lost. Its item
    /// goes on under a fresh id.
    private void renewRefused() throws CofferException {
        List<Note> notes = new ArrayList<>();
        for (NodeId id : refusedAsNew) {
            SyncedNode row = trees.rows.find(id);
            boolean isNew = trees.local.find(id) != null && (row == null || row.base() == null);
            if (isNew && trees.remote.find(id) == null) {
                notes.add(new Note.Renew(id, null));
            }
        }
        refusedAsNew.clear();
        if (!notes.isEmpty()) {
            trees.apply(notes, ports.time().wallMs());
        }
    }

    private void pulled(RemoteVault.Changes changes, long appendsSeen) {
        pulling = false;
        offlineLengthMs = 0;
        trees.apply(changes);
        changes.present().forEach(node -> held.forget(node.id()));
        position = changes.position();
        if (appendsSeen == appends) {
            unsure = false;
        } else {
            pullWanted = true;
        }
    }

    private void wentWrong(CofferException error) {
        if (error.code() == ErrorCode.UNAVAILABLE) {
            offlineLengthMs = Math.min(OFFLINE_MS_MAX, Math.max(OFFLINE_MS, offlineLengthMs * 2));
            offlineUntilMs = ports.time().elapsedMs() + offlineLengthMs;
        } else {
            offlineUntilMs = ports.time().elapsedMs() + OFFLINE_MS_MAX;
            problem(trees.local.tree.top(), error);
        }
    }

    // Planning

    private State state() {
        return new State(
                trees.remote, trees.local.tree, trees.rows::find, stored::contains, staged::containsKey, unquiet::has, held::has);
    }

    private Planner planner() {
        return new Planner(settings.names(), "conflict " + settings.device() + " " + ports.time().stampForNames());
    }

    /// What would be done now; nothing is.
    public Plan preview() {
        return planOn(trees.dirty);
    }

    Plan planOn(Collection<NodeId> nodes) {
        return planner().plan(state(), nodes);
    }

    private void plan() throws CofferException {
        renewRefused();
        Plan plan = planner().plan(state(), trees.dirty);
        for (int round = 0; !plan.notes().isEmpty(); round++) {
            if (round == NOTE_ROUNDS_MAX) {
                throw new IllegalStateException("planning does not come to an end");
            }
            trees.apply(plan.notes(), ports.time().wallMs());
            plan = planner().plan(state(), trees.dirty);
        }
        lastPlan = plan;
        settle(plan);
        boolean asks = MassChange.needsConsent(
                plan.tally(), trees.rows.size(), settings.massCount(), settings.massShare(), approved);
        question = asks ? plan.tally() : null;
        if (asks) {
            return;
        }
        prepare(plan.prepares());
        change(plan.local());
        append(plan.remote());
        if (plan.isQuiet()) {
            approved = new Plan.Tally(0, 0, 0, 0);
            staged.keySet().forEach(this::unstage);
            staged.clear();
            stored.clear();
        }
    }

    private void settle(Plan plan) {
        Set<NodeId> open = new HashSet<>();
        plan.prepares().forEach(prepare -> open.add(prepare.node()));
        plan.local().forEach(step -> open.add(step.node()));
        plan.remote().forEach(group -> group.forEach(send -> open.add(send.change().node())));
        plan.waiting().forEach(waiting -> open.add(waiting.node()));
        trees.dirty.removeIf(id -> !open.contains(id) && isSettled(id));
    }

    private boolean isSettled(NodeId id) {
        LocalNode local = trees.local.find(id);
        SyncedNode row = trees.rows.find(id);
        boolean there = trees.remote.find(id) != null;
        return (local == null && row == null && !there) || (local != null && row != null && row.base() != null && there);
    }

    private void prepare(List<Prepare> prepares) {
        List<RemoteVault.Upload> uploads = new ArrayList<>();
        long fetches = reading.size();
        for (Prepare prepare : prepares) {
            NodeId id = prepare.node();
            if (reading.contains(id)) {
                continue;
            }
            switch (prepare) {
                case Prepare.Upload upload -> {
                    if (uploads.size() < UPLOADS_MAX) {
                        uploads.add(new RemoteVault.Upload(id, upload.path(), upload.file().stamp()));
                    }
                }
                case Prepare.Identify identify -> identify(id, identify);
                case Prepare.Fetch fetch -> {
                    if (fetches++ < FETCHES_MAX) {
                        fetch(id, fetch);
                    }
                }
            }
        }
        if (!uploads.isEmpty()) {
            upload(uploads);
        }
    }

    private void identify(NodeId id, Prepare.Identify identify) {
        reading.add(id);
        work(() -> {
            ContentId content = ports.folder().identify(identify.path(), identify.file().stamp());
            return () -> {
                reading.remove(id);
                known(id, identify.file(), content, identify.path());
            };
        }, error -> failed(id, error));
    }

    /// A file was read to its end.
    private void known(NodeId id, LocalNode asRead, @Nullable ContentId content, LocalPath path) {
        LocalNode node = trees.local.find(id);
        if (content == null) {
            held.add(id, ports.time().elapsedMs());
            lookAt(path);
        } else if (node != null && node.stamp().equals(asRead.stamp())) {
            worked(id);
            trees.put(node.withContent(content));
        }
    }

    private void fetch(NodeId id, Prepare.Fetch fetch) {
        reading.add(id);
        work(() -> {
            ports.vault().fetch(fetch.file());
            return () -> {
                reading.remove(id);
                worked(id);
                staged.put(fetch.file().content(), 1);
            };
        }, error -> failed(id, error));
    }

    private void upload(List<RemoteVault.Upload> uploads) {
        uploads.forEach(upload -> reading.add(upload.node()));
        work(() -> {
            List<RemoteVault.Uploaded> done = ports.vault().upload(uploads);
            return () -> {
                uploads.forEach(upload -> reading.remove(upload.node()));
                done.forEach(this::uploaded);
            };
        }, error -> uploads.forEach(upload -> failed(upload.node(), error)));
    }

    private void uploaded(RemoteVault.Uploaded one) {
        if (one.content() != null) {
            stored.add(one.content());
        }
        LocalNode node = trees.local.find(one.upload().node());
        if (node != null) {
            LocalNode asRead = new LocalNode(
                    node.id(), node.parent(), node.name(), node.kind(), one.upload().stamp(), node.executable(), null);
            known(node.id(), asRead, one.content(), one.upload().path());
        }
    }

    private void failed(NodeId id, CofferException error) {
        reading.remove(id);
        if (error.code() == ErrorCode.UNAVAILABLE) {
            held.addFor(id, ports.time().elapsedMs(), OFFLINE_MS);
        } else {
            held.add(id, ports.time().elapsedMs());
            problem(id, error);
        }
    }

    // Changing

    private void change(List<LocalStep> all) {
        if (all.isEmpty()) {
            return;
        }
        List<LocalStep> steps = List.copyOf(all.subList(0, Math.min(all.size(), LOCAL_STEPS_MAX)));
        Map<NodeId, Long> folders = new HashMap<>(Map.of(trees.local.tree.top(), 0L));
        for (LocalStep step : steps) {
            NodeId parent = switch (step) {
                case LocalStep.MakeFolder make -> make.parent();
                case LocalStep.Place place -> place.parent();
                case LocalStep.MakeLink link -> link.parent();
                case LocalStep.Move move -> move.parent();
                case LocalStep.SetExecutable _, LocalStep.Remove _ -> null;
            };
            LocalNode folder = parent == null ? null : trees.local.find(parent);
            if (folder != null) {
                folders.put(folder.id(), folder.stamp().fileId());
            }
        }
        changing = true;
        LocalRun run = new LocalRun(ports.folder(), folders);
        work(() -> {
            List<LocalRun.Result> results = run.run(steps);
            return () -> changed(results);
        }, error -> {
            throw new IllegalStateException("every step has its own result", error);
        });
    }

    private void changed(List<LocalRun.Result> results) {
        changing = false;
        List<SyncStore.Conflict> conflicts = new ArrayList<>();
        for (LocalRun.Result result : results) {
            LocalStep step = result.step();
            switch (result.outcome()) {
                case null -> {
                    failed(step.node(), Objects.requireNonNull(result.error()));
                    lookAgain(step);
                }
                case Outcome.Refused refused -> {
                    if (refused.refusal() == LocalFolder.Refusal.NOT_STAGED && step instanceof LocalStep.Place place) {
                        staged.remove(place.content());
                    }
                    held.add(step.node(), ports.time().elapsedMs());
                    lookAgain(step);
                }
                case Outcome.Done done -> {
                    worked(step.node());
                    done(step, done.entry());
                    if (step instanceof LocalStep.Move move && move.conflictWith() != null) {
                        conflicts.add(new SyncStore.Conflict(step.node(), move.conflictWith(), ports.time().wallMs()));
                    }
                }
            }
        }
        noteConflicts(conflicts);
    }

    private void noteConflicts(List<SyncStore.Conflict> conflicts) {
        if (!conflicts.isEmpty()) {
            try {
                ports.store().write(new SyncStore.Write(List.of(), List.of(), conflicts));
            } catch (CofferException e) {
                problem(trees.local.tree.top(), e); // the items themselves are where they should be
            }
        }
    }

    private void lookAgain(LocalStep step) {
        lookAt(step.path());
        if (step instanceof LocalStep.Move move) {
            lookAt(move.from());
        }
        if (step.path().names().size() > 1) {
            lookAt(step.path().parent());
        }
    }

    private void done(LocalStep step, @Nullable Entry entry) {
        switch (step) {
            case LocalStep.MakeFolder make -> arrived(step, make.parent(), entry, ContentId.NONE);
            case LocalStep.Place place -> arrived(step, place.parent(), entry, place.content());
            case LocalStep.MakeLink link -> arrived(step, link.parent(), entry, link.target());
            case LocalStep.Move move -> moved(move, entry);
            case LocalStep.SetExecutable set -> {
                LocalNode node = trees.local.find(step.node());
                if (node != null && entry != null) {
                    ContentId content = node.content() == null ? baseContent(node) : node.content();
                    arrived(set, node.parent(), entry, content);
                }
            }
            case LocalStep.Remove _ -> {
                trees.removeHere(step.node());
            }
        }
    }

    private @Nullable ContentId baseContent(LocalNode node) {
        SyncedNode row = trees.rows.find(node.id());
        return row != null && row.base() != null && row.stamp().equals(node.stamp()) ? row.base().content() : null;
    }

    private void arrived(LocalStep step, NodeId parent, @Nullable Entry entry, @Nullable ContentId content) {
        if (entry == null || !trees.local.tree.isFolder(parent)) {
            lookAt(step.path());
            return;
        }
        trees.put(new LocalNode(
                step.node(), parent, entry.name(), entry.kind(), entry.stamp(), entry.executable(), content));
    }

    private void moved(LocalStep.Move move, @Nullable Entry entry) {
        LocalNode node = trees.local.find(move.node());
        if (node == null || entry == null || node.kind() != entry.kind() || !trees.local.tree.isFolder(move.parent())) {
            lookAgain(move);
            return;
        }
        boolean same = entry.stamp().equals(node.stamp());
        ContentId content = same && node.content() == null ? baseContent(node) : same ? node.content() : null;
        trees.put(new LocalNode(
                node.id(), move.parent(), entry.name(), entry.kind(), entry.stamp(), entry.executable(),
                node.isFolder() ? ContentId.NONE : content));
    }

    private void append(List<List<Send>> all) throws CofferException {
        List<List<Change>> groups = new ArrayList<>();
        List<SyncedNode> rows = new ArrayList<>();
        List<NodeId> nodes = new ArrayList<>();
        for (List<Send> group : all) {
            if (nodes.size() >= CHANGES_MAX) {
                break;
            }
            groups.add(group.stream().map(Send::change).toList());
            for (Send send : group) {
                nodes.add(send.change().node());
                if (send.row() != null) {
                    rows.add(send.row());
                }
            }
        }
        if (groups.isEmpty()) {
            return;
        }
        trees.remember(rows);
        appending = true;
        unsure = true;
        appends++;
        RemoteVault.Batch batch = new RemoteVault.Batch(position, groups);
        work(() -> {
            List<NodeId> refused = ports.vault().append(batch);
            return () -> appended(batch, nodes, refused);
        }, error -> {
            appending = false;
            pullWanted = true;
            nodes.forEach(id -> held.addFor(id, ports.time().elapsedMs(), OFFLINE_MS));
            wentWrong(error);
        });
    }

    private void appended(RemoteVault.Batch batch, List<NodeId> nodes, List<NodeId> refused) {
        appending = false;
        pullWanted = true;
        Set<NodeId> not = new HashSet<>(refused);
        batch.groups().forEach(group -> group.forEach(change -> {
            if (change instanceof Change.Put put && put.expectedVersion() == 0 && not.contains(put.node())) {
                refusedAsNew.add(put.node());
            }
        }));
        for (NodeId id : nodes) {
            if (not.contains(id)) {
                held.add(id, ports.time().elapsedMs());
            } else {
                worked(id);
            }
        }
    }

    private void unstage(ContentId content) {
        work(() -> {
            ports.folder().dropStaged(content);
            return () -> {};
        }, error -> problem(trees.local.tree.top(), error));
    }

    // Small things

    private void worked(NodeId id) {
        held.forget(id);
        problems.remove(id);
    }

    private void problem(NodeId id, CofferException error) {
        if (problems.size() < PROBLEMS_MAX) {
            LocalPath path = trees.path(id);
            String message = error.getMessage() == null ? "" : error.getMessage();
            problems.put(id, new SyncStatus.Problem(id, path == null ? "" : path.toString(), error.code().name(), message));
        }
    }

    @FunctionalInterface
    private interface Work {
        /// @return what the control thread does with the result
        Runnable run() throws CofferException;
    }

    private void work(Work work, java.util.function.Consumer<CofferException> onError) {
        ports.workers().run(() -> {
            Runnable then;
            try {
                then = work.run();
            } catch (CofferException e) {
                then = () -> onError.accept(e);
            }
            post(then);
        });
    }

    private SyncStatus findStatus(long now) {
        int sending = (int) lastPlan.remote().stream().mapToLong(List::size).sum();
        int receiving = lastPlan.local().size();
        for (Prepare prepare : lastPlan.prepares()) {
            if (prepare instanceof Prepare.Fetch) {
                receiving++;
            } else {
                sending++;
            }
        }
        return new SyncStatus(
                overall(now), sending, receiving, lastPlan.waiting().size(), java.util.Optional.ofNullable(question),
                List.copyOf(problems.values()));
    }

    private SyncStatus.State overall(long now) {
        if (top != LocalFolder.Top.PRESENT) {
            return top == LocalFolder.Top.MISSING ? SyncStatus.State.FOLDER_MISSING : SyncStatus.State.FOLDER_FOREIGN;
        }
        if (paused) {
            return SyncStatus.State.PAUSED;
        }
        if (question != null) {
            return SyncStatus.State.ASKING;
        }
        if (offlineUntilMs > now && offlineLengthMs > 0) {
            return SyncStatus.State.OFFLINE;
        }
        boolean busy = looking || pulling || appending || changing || unsure || lookAtAll || pullWanted || planWanted;
        boolean known = lookedAtAll && toLook.isEmpty() && trees.dirty.isEmpty() && reading.isEmpty() && inbox.isEmpty();
        return busy || !known ? SyncStatus.State.WORKING : SyncStatus.State.UP_TO_DATE;
    }
}
