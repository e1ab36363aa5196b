package coffer.device.sync.plan;

import coffer.core.NodeId;

/// Where a node is, by its name in the vault.
public record Place(NodeId parent, String name) {}
