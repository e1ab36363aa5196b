package coffer.core.api;

/// The last entry of a log.
public record HeadInfo(long sequence, String id) {}
