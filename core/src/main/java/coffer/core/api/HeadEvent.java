package coffer.core.api;

/// Data of the server-sent event `head`: a log the account may read has a new last entry.
public record HeadEvent(String log, long sequence, String id) {}
