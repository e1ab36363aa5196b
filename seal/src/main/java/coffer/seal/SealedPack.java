package coffer.seal;

import coffer.core.PackId;

/// A finished pack.
///
/// @param id       SHA-256 of its bytes
/// @param size     of its bytes
/// @param contents what it holds
public record SealedPack(PackId id, int size, PackContents contents) {}
