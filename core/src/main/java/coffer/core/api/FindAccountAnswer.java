package coffer.core.api;

/// The account whose genesis names the recovery key asked for; whoever asks verifies that from the log.
public record FindAccountAnswer(String account) {}
