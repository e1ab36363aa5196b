package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import coffer.device.sync.plan.LocalNode;
import coffer.device.sync.plan.LocalPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// Finds out what is new in the local folder: which places to look at, and what each item is that is seen there. For the
/// control thread.
final class LocalNews {

    /// How often a look is done again with more places before everything is looked at.
    private static final int ROUNDS_MAX = 3;

    private static final long TOP_CHECK_MS = 1_000;

    private final LocalFolder folder;
    private final Trees trees;
    private final Attempts attempts;
    private final Background background;
    private final SyncTime time;
    private final long rescanMs;
    private final Supplier<NodeId> ids;
    private final TreeMap<String, LocalPath> wanted = new TreeMap<>();
    private LocalFolder.Top top = LocalFolder.Top.PRESENT;
    private boolean allWanted = true;
    private boolean looking;
    private boolean lookedAtAll;
    private int rounds;
    private long topCheckMs;
    private long nextRescanMs;

    LocalNews(
            SyncEngine.Ports ports, SyncSettings settings, Trees trees, Attempts attempts, Background background,
            Supplier<NodeId> ids) {
        this.folder = ports.folder();
        this.trees = trees;
        this.attempts = attempts;
        this.background = background;
        this.time = ports.time();
        this.rescanMs = settings.rescanMs();
        this.ids = ids;
        this.nextRescanMs = time.elapsedMs() + rescanMs;
    }

    void lookAt(LocalPath path) {
        wanted.put(path.toString(), path);
    }

    void lookAtAll() {
        allWanted = true;
    }

    LocalFolder.Top top() {
        return top;
    }

    boolean isLooking() {
        return looking;
    }

    /// Whether the local tree can be planned from.
    boolean isComplete() {
        return lookedAtAll && !trees.hasLostSight() && !looking && top == LocalFolder.Top.PRESENT;
    }

    /// Whether everything is looked at that should be.
    boolean isIdle() {
        return isComplete() && !allWanted && wanted.isEmpty();
    }

    long nextMs() {
        return top == LocalFolder.Top.PRESENT ? nextRescanMs : Math.min(nextRescanMs, topCheckMs);
    }

    /// Looks, if there is something to look at.
    void begin() {
        long now = time.elapsedMs();
        if (now >= nextRescanMs) {
            allWanted = true;
            nextRescanMs = now + rescanMs;
        }
        boolean absent = top != LocalFolder.Top.PRESENT;
        if (looking || (absent && now < topCheckMs)) {
            return;
        }
        if (absent || trees.hasLostSight()) {
            allWanted = true;
        }
        if (allWanted) {
            look(List.of(new Scan.Request(trees.local.tree.top(), LocalPath.TOP, 0, null)), true);
        } else if (!wanted.isEmpty()) {
            look(requests(), false);
        }
    }

    private void look(List<Scan.Request> requests, boolean everything) {
        List<LocalPath> asked = List.copyOf(wanted.values());
        wanted.clear();
        if (everything) {
            allWanted = false;
            rounds = 0;
            trees.seesAgain();
        }
        looking = true;
        Scan scan = new Scan(folder, trees.local::knowsFolder, everything);
        background.run(() -> {
            Scan.Result result = scan.run(requests);
            return () -> looked(result, everything, asked);
        }, this::failed);
    }

    private void failed(CofferException error) {
        looking = false;
        top = LocalFolder.Top.MISSING;
        topCheckMs = time.elapsedMs() + TOP_CHECK_MS;
        attempts.problem(trees.local.tree.top(), LocalPath.TOP, error);
    }

    private List<Scan.Request> requests() {
        Map<NodeId, Set<String>> names = new TreeMap<>();
        Map<NodeId, LocalPath> paths = new HashMap<>();
        for (LocalPath path : wanted.values()) {
            LocalPath in = path.isTop() ? path : path.parent();
            LocalTree.Nearest nearest = trees.local.nearest(in);
            paths.put(nearest.folder(), new LocalPath(in.names().subList(0, nearest.depth())));
            names.computeIfAbsent(nearest.folder(), id -> new TreeSet<>())
                    .add(path.isTop() ? "" : path.names().get(nearest.depth()));
        }
        List<Scan.Request> requests = new ArrayList<>();
        names.forEach((id, some) -> {
            LocalNode node = trees.local.find(id);
            long fileId = node == null ? 0 : node.stamp().fileId();
            LocalPath path = Objects.requireNonNull(paths.get(id));
            requests.add(new Scan.Request(id, path, fileId, some.contains("") ? null : some));
        });
        return requests;
    }

    private void looked(Scan.Result result, boolean everything, List<LocalPath> asked) {
        looking = false;
        top = result.top();
        if (top != LocalFolder.Top.PRESENT) {
            topCheckMs = time.elapsedMs() + TOP_CHECK_MS;
            return;
        }
        attempts.solved(trees.local.tree.top());
        Matcher.Result matched = new Matcher(trees.local, trees.rows, ids, result.looks()).match();
        boolean further = !everything && !matched.unsure().isEmpty();
        if (matched.torn() || (further && ++rounds > ROUNDS_MAX)) {
            allWanted = true;
            return;
        }
        lookAtAgain(result.absent());
        if (further) {
            // The same places once more, together with those: what is seen in one go fits together.
            matched.unsure().stream().map(trees::path).filter(Objects::nonNull).forEach(this::lookAt);
            asked.forEach(this::lookAt);
            return;
        }
        rounds = 0;
        markUnquiet(matched);
        trees.apply(matched);
        if (everything) {
            trees.dropLost();
        }
        result.unreadable().forEach(this::assume);
        lookedAtAll |= everything;
    }

    private void lookAtAgain(Collection<LocalPath> absent) {
        absent.stream().filter(path -> !path.isTop()).forEach(this::lookAt);
    }

    private void assume(LocalPath unreadable) {
        LocalTree.Nearest nearest = trees.local.nearest(unreadable);
        if (nearest.depth() == unreadable.names().size()) {
            trees.assume(nearest.folder());
            attempts.problem(nearest.folder(), unreadable, new CofferException(
                    ErrorCode.LOCAL, "A folder cannot be read; what is in it is left as it is."));
        }
    }

    private void markUnquiet(Matcher.Result matched) {
        for (LocalNode node : matched.put()) {
            LocalNode old = trees.local.find(node.id());
            attempts.changed(node.id());
            if (node.content() != null || !lookedAtAll) {
                attempts.isQuiet(node.id());
            } else if (old == null || !old.stamp().equals(node.stamp())) {
                attempts.wrote(node.id());
            }
        }
        matched.gone().forEach(attempts::vanished);
    }
}
