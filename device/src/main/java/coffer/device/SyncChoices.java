package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.NodeId;
import coffer.device.sync.plan.Names;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which folders of a vault a person means by name when choosing what a synced folder leaves out, and the names of those that
/// are left out.
///
/// @param names of this disk
record SyncChoices(Replica replica, LogId vault, Names names) {

    /// The folder at a path below the synced folder, by its names in the vault.
    NodeId find(SyncDb.Folder folder, String below) throws CofferException {
        List<String> path = NodeNames.split(below.startsWith("/") ? below : "/" + below);
        if (path.isEmpty()) {
            throw refusal("The synced folder itself cannot be left out.", "`coffer sync remove` ends its syncing.");
        }
        Nodes.Node found = replica.read(vault, (tx, ref) -> {
            Nodes nodes = new Nodes(tx, ref);
            Nodes.Node at = nodes.byId(folder.node());
            for (String name : path) {
                at = at == null || !at.isFolder() ? null : nodes.child(at.num(), name);
            }
            return at;
        });
        if (found == null || !found.isFolder()) {
            throw refusal(
                    "The synced folder has no such folder in the vault.",
                    "Name it by its names in the vault, from the synced folder down; `coffer ls` shows them.");
        }
        return found.id();
    }

    Set<NodeId> find(SyncDb.Folder folder, Collection<String> below) throws CofferException {
        Set<NodeId> found = new HashSet<>();
        for (String path : below) {
            found.add(find(folder, path));
        }
        return found;
    }

    /// What is left out, by name; what is not in the synced folder now is not listed.
    List<Device.LeftOut> list(SyncDb.Folder folder, Set<NodeId> leftOut) throws CofferException {
        List<Device.LeftOut> found = new ArrayList<>();
        for (NodeId id : leftOut) {
            List<String> path = replica.read(vault, (tx, ref) -> below(new Nodes(tx, ref), folder.node(), id));
            if (path != null) {
                Path here = folder.path();
                for (String name : path) {
                    here = here.resolve(names.toLocal(name));
                }
                found.add(new Device.LeftOut(String.join("/", path), Files.exists(here, LinkOption.NOFOLLOW_LINKS)));
            }
        }
        found.sort(Comparator.comparing(Device.LeftOut::path));
        return List.copyOf(found);
    }

    private static @Nullable List<String> below(Nodes nodes, NodeId top, NodeId id) throws SQLException {
        List<String> path = new ArrayList<>();
        Nodes.Node at = nodes.byId(id);
        while (at != null && !at.id().equals(top)) {
            path.addFirst(at.name());
            at = nodes.byNum(at.parent());
        }
        return at == null ? null : path;
    }

    /// Why what is to be taken in again cannot be.
    static CofferException notLeftOut() {
        return refusal(
                "That folder is not left out itself.",
                "Where it lies in one that is, take that in; `coffer sync choose FOLDER` lists what is left out.");
    }

    static CofferException notUpToDate() {
        return refusal(
                "What is here of that folder is not as in the vault, so it is not left out now.",
                "Try again when `coffer sync list` says that the synced folder is up to date.");
    }

    private static CofferException refusal(String message, String advice) {
        return CofferException.withAdvice(ErrorCode.LOCAL, message, "Nothing was changed. " + advice);
    }
}
