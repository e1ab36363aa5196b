package coffer.device.sync.plan;

import coffer.core.NodeId;

/// What both sides had of a node when they last agreed; the base of the three-way comparison.
public record Base(NodeId parent, String name, ContentId content, boolean executable) {

    boolean isSamePlace(RemoteNode node) {
        return parent.equals(node.parent()) && name.equals(node.name());
    }
}
