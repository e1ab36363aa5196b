package coffer.core.log;

import coffer.core.PackId;

/// A pack and its size as stored, in bytes.
public record PackRef(PackId id, long size) {}
