package coffer.core.api;

/// A challenge of 32 bytes in base64, good for one session until `expires`.
public record ChallengeAnswer(String challenge, long expires) {}
