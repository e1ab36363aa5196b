package coffer.device.sync.plan;

import coffer.core.NodeId;

/// What both sides had of a node when they last agreed; the base of the three-way comparison.
///
/// @param localName the name on this disk that stands for `name`
public record Base(NodeId parent, String name, String localName, ContentId content, boolean executable) {

    boolean isSamePlace(RemoteNode node) {
        return parent.equals(node.parent()) && name.equals(node.name());
    }

    /// Whether the vault has just this.
    public boolean isValueOf(RemoteNode node) {
        return isSamePlace(node) && content.equals(node.content()) && executable == node.executable();
    }

    Base withContent(ContentId other, boolean isExecutable) {
        return new Base(parent, name, localName, other, isExecutable);
    }

    /// What was sent when that was a removal: no node has an empty name.
    static Base removal(NodeId parent) {
        return new Base(parent, "", "", ContentId.NONE, false);
    }

    public boolean isRemoval() {
        return name.isEmpty();
    }
}
