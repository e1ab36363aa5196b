package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import coffer.device.sync.plan.LocalNode;
import coffer.device.sync.plan.LocalPath;
import java.util.ArrayList;
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
    private static final String EVERYTHING = "";

    private final LocalFolder folder;
    private final Trees trees;
    private final Attempts attempts;
    private final Background background;
    private final SyncTime time;
    private final long rescanMs;
    private final Supplier<NodeId> ids;
    private final TreeMap<String, LocalPath> wanted = new TreeMap<>();

    /// Names to look at in folders, wherever these are now; the empty name for everything.
    private final Map<NodeId, Set<String>> owed = new TreeMap<>();

    private final Map<NodeId, LocalPath> unreadable = new HashMap<>();
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

    /// At everything below a folder that has moved: what was told of it by its former path came to nothing.
    void lookInto(NodeId folder) {
        owe(folder, Set.of(EVERYTHING));
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
        return isKnown() && !looking;
    }

    /// Whether the local tree is all there is, or was a moment ago.
    boolean isKnown() {
        return lookedAtAll && !trees.hasLostSight() && top == LocalFolder.Top.PRESENT;
    }

    /// Whether everything is looked at that should be.
    boolean isIdle() {
        return isComplete() && !allWanted && wanted.isEmpty() && owed.isEmpty();
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
        } else if (!wanted.isEmpty() || !owed.isEmpty()) {
            look(requests(), false);
        }
    }

    private void look(List<Scan.Request> requests, boolean everything) {
        wanted.clear();
        owed.clear();
        if (everything) {
            allWanted = false;
            rounds = 0;
            trees.seesAgain();
        }
        looking = true;
        Scan scan = new Scan(folder, trees.local::knowsFolder);
        background.run(() -> {
            Scan.Result result = scan.run(requests);
            return () -> looked(result, requests, everything);
        }, this::failed);
    }

    private void failed(CofferException error) {
        looking = false;
        top = LocalFolder.Top.MISSING;
        topCheckMs = time.elapsedMs() + TOP_CHECK_MS;
        attempts.stands(trees.local.tree.top(), LocalPath.TOP, error);
    }

    private List<Scan.Request> requests() {
        for (LocalPath path : wanted.values()) {
            LocalTree.Nearest nearest = trees.local.nearest(path.isTop() ? path : path.parent());
            owe(nearest.folder(), Set.of(path.isTop() ? EVERYTHING : path.names().get(nearest.depth())));
        }
        List<Scan.Request> requests = new ArrayList<>();
        owed.forEach((id, names) -> {
            LocalPath path = trees.path(id);
            if (path != null && trees.local.tree.isFolder(id)) {
                LocalNode node = trees.local.find(id);
                long fileId = node == null ? 0 : node.stamp().fileId();
                requests.add(new Scan.Request(id, path, fileId, names.contains(EVERYTHING) ? null : Set.copyOf(names)));
            }
        });
        return requests;
    }

    private void owe(NodeId folder, Set<String> names) {
        owed.computeIfAbsent(folder, id -> new TreeSet<>()).addAll(names);
    }

    private void owe(Scan.Request request) {
        Set<String> names = request.names();
        owe(request.folder(), names == null ? Set.of(EVERYTHING) : names);
    }

    private void looked(Scan.Result result, List<Scan.Request> requests, boolean everything) {
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
        lookAgain(result);
        if (further) {
            // The same places once more, together with those: what is seen in one go fits together.
            matched.unsure().stream().map(trees::path).filter(Objects::nonNull).forEach(this::lookAt);
            requests.forEach(this::owe);
            return;
        }
        rounds = 0;
        note(matched, everything);
        trees.apply(matched);
        if (everything) {
            trees.dropLost();
        }
        unreadable.entrySet().removeIf(entry -> isLookedAtAgain(entry, requests, result));
        result.unreadable().forEach(this::assume);
        lookedAtAll |= everything;
    }

    /// Whether the look was at that folder again. One that can be read now has to be looked into: nothing that was told of
    /// it meanwhile could be seen.
    private boolean isLookedAtAgain(Map.Entry<NodeId, LocalPath> folder, List<Scan.Request> requests, Scan.Result result) {
        boolean again = requests.stream().anyMatch(request -> request.covers(folder.getValue()));
        if (again) {
            attempts.solved(folder.getKey());
            if (!result.unreadable().contains(folder.getValue())) {
                lookInto(folder.getKey());
            }
        }
        return again;
    }

    /// At folders that are gone, and, should they be found in another place, at what was asked of them.
    private void lookAgain(Scan.Result result) {
        result.absent().stream().filter(path -> !path.isTop()).forEach(this::lookAt);
        for (Scan.Request request : result.missed()) {
            lookAt(request.path());
            owe(request);
        }
    }

    private void assume(LocalPath path) {
        LocalTree.Nearest nearest = trees.local.nearest(path);
        if (nearest.depth() == path.names().size()) {
            trees.assume(nearest.folder());
            unreadable.put(nearest.folder(), path);
            attempts.stands(nearest.folder(), path, new CofferException(
                    ErrorCode.LOCAL, "A folder cannot be read; what is in it is left as it is."));
        }
    }

    private void note(Matcher.Result matched, boolean everything) {
        for (LocalNode node : matched.put()) {
            LocalNode old = trees.local.find(node.id());
            attempts.changed(node.id());
            if (old != null && node.isFolder() && !everything) {
                lookInto(node.id());
            }
            if (node.content() != null || !lookedAtAll) {
                attempts.isQuiet(node.id());
            } else if (old == null || !old.stamp().equals(node.stamp())) {
                attempts.wrote(node.id());
            }
        }
        matched.gone().forEach(attempts::vanished);
    }
}
