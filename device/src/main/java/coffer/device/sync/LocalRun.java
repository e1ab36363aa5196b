package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.device.sync.LocalFolder.Outcome;
import coffer.device.sync.LocalFolder.Refusal;
import coffer.device.sync.LocalFolder.Target;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.LocalStep;
import coffer.device.sync.plan.Stamp;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Does the local steps of a plan in order, off the control thread. A step that is refused spoils only what builds on it.
final class LocalRun {

    /// @param outcome null if `error` says what went wrong
    record Result(LocalStep step, @Nullable Outcome outcome, @Nullable CofferException error) {}

    private final LocalFolder folder;
    private final Map<NodeId, Long> folderIds;

    /// @param folderIds file ids of the folders that steps lead into, as far as they are there
    LocalRun(LocalFolder folder, Map<NodeId, Long> folderIds) {
        this.folder = folder;
        this.folderIds = new HashMap<>(folderIds);
    }

    List<Result> run(List<LocalStep> steps) {
        List<Result> results = new ArrayList<>(steps.size());
        for (LocalStep step : steps) {
            try {
                Outcome outcome = run(step);
                if (step instanceof LocalStep.MakeFolder && outcome instanceof Outcome.Done done && done.entry() != null) {
                    folderIds.put(step.node(), done.entry().stamp().fileId());
                }
                results.add(new Result(step, outcome, null));
            } catch (CofferException e) {
                results.add(new Result(step, null, e));
            }
        }
        return results;
    }

    private Outcome run(LocalStep step) throws CofferException {
        return switch (step) {
            case LocalStep.MakeFolder make -> {
                Target target = target(make.parent(), make.path());
                yield target == null ? noFolder() : folder.makeFolder(target);
            }
            case LocalStep.Place place -> {
                Target target = target(place.parent(), place.path());
                yield target == null
                        ? noFolder()
                        : folder.place(place.content(), target, place.expected(), place.executable(), place.mtimeNs());
            }
            case LocalStep.MakeLink link -> makeLink(link, target(link.parent(), link.path()));
            case LocalStep.SetExecutable set -> folder.setExecutable(set.path(), set.expected(), set.executable());
            case LocalStep.Move move -> {
                Target target = target(move.parent(), move.path());
                yield target == null ? noFolder() : folder.move(move.from(), move.fileId(), target);
            }
            case LocalStep.Remove remove -> folder.remove(remove.path(), remove.kind(), remove.expected());
        };
    }

    private Outcome makeLink(LocalStep.MakeLink link, @Nullable Target target) throws CofferException {
        Stamp expected = link.expected();
        String text = new String(link.target().value().toArray(), StandardCharsets.UTF_8);
        return target == null ? noFolder() : folder.makeLink(text, target, expected);
    }

    private static Outcome noFolder() {
        return new Outcome.Refused(Refusal.NO_FOLDER);
    }

    private @Nullable Target target(NodeId parent, LocalPath path) {
        Long folderId = folderIds.get(parent);
        return folderId == null ? null : new Target(path, folderId);
    }
}
