package coffer.seal;

import coffer.core.LogId;
import coffer.core.log.Head;

/// What a snapshot is of.
///
/// @param vault the vault
/// @param head  the entry after which this is the state
public record SnapshotHeader(LogId vault, Head head) {}
