package coffer.device.sync;

import coffer.core.Bytes;
import coffer.core.NodeId;
import coffer.device.sync.LocalFolder.Entry;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.LocalNode;
import coffer.device.sync.plan.Stamp;
import coffer.device.sync.plan.SyncedNode;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is known of an item's content without reading it.
///
/// @param local as last seen
/// @param rows  as remembered
record KnownContent(LocalTree local, SyncedRows rows) {

    LocalNode node(NodeId id, NodeId folder, Entry entry) {
        return new LocalNode(id, folder, entry.name(), entry.kind(), entry.stamp(), entry.executable(), content(id, entry));
    }

    private @Nullable ContentId content(NodeId id, Entry entry) {
        return switch (entry.kind()) {
            case FOLDER -> ContentId.NONE;
            case SYMLINK -> linkContent(entry.link());
            case FILE -> fileContent(id, entry.stamp());
        };
    }

    static ContentId linkContent(String target) {
        return new ContentId(Bytes.of(target.getBytes(StandardCharsets.UTF_8)));
    }

    private @Nullable ContentId fileContent(NodeId id, Stamp stamp) {
        LocalNode node = local.find(id);
        SyncedNode row = rows.find(id);
        if (node != null && node.content() != null && node.stamp().equals(stamp)) {
            return node.content();
        }
        if (row == null) {
            return null;
        }
        if (row.base() != null && row.stamp().equals(stamp)) {
            return row.base().content();
        }
        return row.sent() != null && Objects.equals(row.sentStamp(), stamp) ? row.sent().content() : null;
    }
}
