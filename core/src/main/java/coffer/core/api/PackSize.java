package coffer.core.api;

/// A pack and its size in bytes.
public record PackSize(String id, long size) {}
