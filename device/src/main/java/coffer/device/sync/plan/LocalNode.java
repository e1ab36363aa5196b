package coffer.device.sync.plan;

import coffer.core.NodeId;
import org.jspecify.annotations.Nullable;

/// An item as the local folder has it. An item that the vault does not know yet has an id too: the one it will get.
///
/// @param name    as on the disk
/// @param content null while nobody has read the file since it changed
public record LocalNode(
        NodeId id, NodeId parent, String name, Kind kind, Stamp stamp, boolean executable, @Nullable ContentId content)
        implements Node {

    LocalNode withId(NodeId other) {
        return new LocalNode(other, parent, name, kind, stamp, executable, content);
    }

    LocalNode withPlace(NodeId folder, String newName) {
        return new LocalNode(id, folder, newName, kind, stamp, executable, content);
    }

    /// The same item, known to have this content.
    public LocalNode withContent(@Nullable ContentId known) {
        return new LocalNode(id, parent, name, kind, stamp, executable, known);
    }
}
