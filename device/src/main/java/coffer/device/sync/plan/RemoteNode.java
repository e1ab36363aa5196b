package coffer.device.sync.plan;

import coffer.core.NodeId;

/// A node as the vault has it.
///
/// @param name    as in the vault
/// @param version grows with every change of the node: the sequence of the entry that made this state
public record RemoteNode(
        NodeId id, NodeId parent, String name, Kind kind, ContentId content, long size, boolean executable, long mtimeNs, long version)
        implements Node {

    Base base(String localName) {
        return new Base(parent, name, localName, content, executable);
    }

    boolean isAt(Place place) {
        return parent.equals(place.parent()) && name.equals(place.name());
    }
}
