package coffer.core.api;

/// A bearer token for the account and device that signed.
public record SessionAnswer(String token, long expires) {}
