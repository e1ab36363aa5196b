package coffer.device.sync;

import coffer.core.Bytes;
import coffer.core.CofferException;
import coffer.core.Hash;
import coffer.core.NodeId;
import coffer.device.sync.plan.MassChange;
import coffer.device.sync.plan.Note;
import coffer.device.sync.plan.Plan.Prepare;
import coffer.device.sync.plan.Plan;
import coffer.device.sync.plan.Planner;
import coffer.device.sync.plan.RemoteNode;
import coffer.device.sync.plan.State;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps one local folder and one folder of a vault the same: looks, plans, has the plan carried out, and plans again from
/// what came of it.
///
/// [#step] is the control thread's loop body; nothing but the event methods, [#pause], [#resume], [#approve] and [#status]
/// may be called from elsewhere. Everything slow runs on [Workers]. At most one thing at a time touches the local folder (a
/// look or a run of steps), and one the log; a result that is older than a change of ours is not believed.
public final class SyncEngine {

    private static final int NOTE_ROUNDS_MAX = 10_000;
    private static final byte[] FINGERPRINT_LABEL = "coffer/agreed/1".getBytes(StandardCharsets.UTF_8);
    private static final Plan.Tally NOTHING = new Plan.Tally(0, 0, 0, 0);

    /// What a plan says about itself; asked after every step, so found once.
    private record Summary(int sending, int receiving, int waiting, Set<NodeId> atRest) {

        static final Summary NOTHING = new Summary(0, 0, 0, Set.of());

        static Summary of(Plan plan) {
            int sending = plan.remote().stream().mapToInt(List::size).sum();
            int fetches = (int) plan.prepares().stream().filter(Prepare.Fetch.class::isInstance).count();
            Set<NodeId> atRest =
                    plan.waiting().stream().filter(Plan.Waiting::isAtRest).map(Plan.Waiting::node).collect(Collectors.toSet());
            int waiting = (int) plan.waiting().stream().filter(one -> !one.isAtRest()).count();
            return new Summary(
                    sending + plan.prepares().size() - fetches, plan.local().size() + fetches, waiting, atRest);
        }
    }

    /// The ways of a synced folder to the world.
    public record Ports(LocalFolder folder, RemoteVault vault, SyncStore store, Workers workers, SyncTime time) {}

    private final Ports ports;
    private final SyncSettings settings;
    private final Background background;
    final Trees trees;
    private final Attempts attempts;
    private final LocalNews localNews;
    private final RemoteNews remoteNews;
    private final Preparations preparations;
    private final LocalChanges localChanges;
    private final RemoteChanges remoteChanges;

    private boolean planWanted = true;
    private boolean paused;
    private Plan.Tally approved = NOTHING;
    private Plan.@Nullable Tally question;
    private Summary lastPlan = Summary.NOTHING;
    private volatile SyncStatus status =
            new SyncStatus(SyncStatus.State.WORKING, 0, 0, 0, Optional.empty(), List.of());

    /// @param top  the vault's folder
    /// @param ids  makes fresh random ids
    /// @param wake called from any thread when [#step] has something to do
    public SyncEngine(Ports ports, SyncSettings settings, NodeId top, Supplier<NodeId> ids, Runnable wake)
            throws CofferException {
        this.ports = ports;
        this.settings = settings;
        this.background = new Background(ports.workers(), wake);
        this.attempts = new Attempts(ports.time(), settings);
        this.trees = new Trees(top, settings.names(), ports.store(), ids, attempts::moved);
        this.localNews = new LocalNews(ports, settings, trees, attempts, background, ids);
        this.remoteNews = new RemoteNews(ports, trees, attempts, background);
        this.preparations = new Preparations(ports, trees, attempts, background, localNews, remoteNews);
        this.localChanges = new LocalChanges(ports, trees, attempts, background, localNews, preparations);
        this.remoteChanges = new RemoteChanges(ports.vault(), trees, attempts, background, remoteNews);
    }

    /// Something may have happened in the local folder.
    public void onLocal(LocalFolder.Event event) {
        background.post(() -> {
            switch (event) {
                case LocalFolder.Event.Changed changed -> localNews.lookAt(changed.path());
                case LocalFolder.Event.Lost _ -> localNews.lookAtAll();
            }
        });
    }

    /// There may be news in the vault.
    public void onRemote() {
        background.post(remoteNews::want);
    }

    public void pause() {
        background.post(() -> paused = true);
    }

    public void resume() {
        background.post(() -> paused = false);
    }

    /// A person agrees to what was asked, and to no more.
    public void approve(Plan.Tally asked) {
        background.post(() -> approved = asked);
    }

    public SyncStatus status() {
        return status;
    }

    /// Does what there is to do now, and returns when there is something again though nothing wakes it: elapsed
    /// milliseconds, or [Long#MAX_VALUE].
    public long step() throws CofferException {
        planWanted |= background.receive();
        planWanted |= attempts.expire();
        hear();
        if (planWanted && mayPlan()) {
            planWanted = false;
            plan();
            hear();
        }
        status = findStatus();
        return Math.min(Math.min(attempts.nextMs(), localNews.nextMs()), remoteNews.nextMs());
    }

    private void hear() {
        if (!localChanges.isRunning()) {
            localNews.begin();
        }
        if (!remoteChanges.isRunning()) {
            remoteNews.begin();
        }
    }

    private boolean mayPlan() {
        return localNews.isComplete()
                && remoteNews.isCurrent()
                && !remoteNews.isOffline()
                && !localChanges.isRunning()
                && !remoteChanges.isRunning()
                && !paused;
    }

    /// Leaves out these folders of the vault on this device, and no others; false, with nothing done, if one that was not left
    /// out before is not known, or what is here of it is not as in the vault. Called like [#step].
    public boolean leaveOut(Set<NodeId> folders) throws CofferException {
        if (!folders.stream().allMatch(id -> trees.leftOut().contains(id) || canBeLeftOut(id))) {
            return false;
        }
        trees.leaveOut(folders);
        planWanted = true;
        return true;
    }

    private boolean canBeLeftOut(NodeId id) {
        RemoteNode node = trees.remote.find(id);
        return node != null && node.isFolder() && localNews.isKnown() && trees.isAsInTheVault(node);
    }

    /// Folders of the vault that are left out on this device. Called like [#step].
    public Set<NodeId> leftOut() {
        return trees.leftOut();
    }

    /// What would be done now; nothing is.
    public Plan preview() {
        return planOn(trees.differing());
    }

    /// Names the state of everything below the vault's folder, as far as it is known (docs/spec/agreed.md). On the control
    /// thread.
    public Hash fingerprint() {
        return fingerprint(trees.remote.all().stream());
    }

    /// The same of what is not left out here: all that this device can say it has.
    public Hash fingerprintOfChosen() {
        return fingerprint(trees.remote.all().stream().filter(node -> trees.chosen().find(node.id()) != null));
    }

    private static Hash fingerprint(Stream<RemoteNode> nodes) {
        MessageDigest digest = Hash.digest();
        digest.update(FINGERPRINT_LABEL);
        nodes.sorted(Comparator.comparing(RemoteNode::id)).forEach(node -> {
            digest.update(node.id().toArray());
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(node.version()).array());
        });
        return new Hash(Bytes.of(digest.digest()));
    }

    Plan planOn(Collection<NodeId> nodes) {
        State state = new State(
                trees.chosen(), trees.remote, trees.local.tree, trees.rows::find, preparations::isStored, preparations::isStaged,
                attempts::isUnquiet, attempts::isHeld);
        String mark = "conflict " + settings.device() + " " + ports.time().stampForNames();
        return new Planner(settings.names(), mark).plan(state, nodes);
    }

    private void plan() throws CofferException {
        note(remoteChanges.renewals());
        note(localChanges.renewals());
        Plan plan = preview();
        for (int round = 0; !plan.notes().isEmpty(); round++) {
            if (round == NOTE_ROUNDS_MAX) {
                throw new IllegalStateException("planning does not come to an end");
            }
            note(plan.notes());
            plan = preview();
        }
        trees.settle();
        lastPlan = Summary.of(plan);
        attempts.keep(id -> trees.differing().contains(id) && !isAtRest(id));
        question = needsConsent(plan) ? plan.tally() : null;
        if (question == null) {
            begin(plan);
        }
    }

    private void note(List<Note> notes) throws CofferException {
        if (!notes.isEmpty()) {
            trees.apply(notes, ports.time().wallMs());
        }
    }

    private boolean needsConsent(Plan plan) {
        return MassChange.needsConsent(
                plan.tally(), trees.rows.size(), settings.massCount(), settings.massShare(), approved);
    }

    private void begin(Plan plan) throws CofferException {
        preparations.begin(plan.prepares());
        localChanges.begin(plan.local());
        remoteChanges.begin(plan.remote());
        if (plan.isQuiet()) {
            approved = NOTHING;
            preparations.clear();
        }
    }

    private SyncStatus findStatus() {
        return new SyncStatus(
                overall(), lastPlan.sending, lastPlan.receiving, lastPlan.waiting, Optional.ofNullable(question), attempts.problems());
    }

    private SyncStatus.State overall() {
        if (localNews.top() != LocalFolder.Top.PRESENT) {
            boolean missing = localNews.top() == LocalFolder.Top.MISSING;
            return missing ? SyncStatus.State.FOLDER_MISSING : SyncStatus.State.FOLDER_FOREIGN;
        }
        if (paused) {
            return SyncStatus.State.PAUSED;
        }
        if (question != null) {
            return SyncStatus.State.ASKING;
        }
        if (remoteNews.isOffline()) {
            return SyncStatus.State.OFFLINE;
        }
        return isAtRest() ? SyncStatus.State.UP_TO_DATE : SyncStatus.State.WORKING;
    }

    private boolean isAtRest(NodeId differing) {
        return lastPlan.atRest.contains(differing);
    }

    private boolean isAtRest() {
        return mayPlan()
                && !planWanted
                && localNews.isIdle()
                && remoteNews.isIdle()
                && preparations.isIdle()
                && background.isIdle()
                && trees.differing().stream().allMatch(this::isAtRest);
    }
}
