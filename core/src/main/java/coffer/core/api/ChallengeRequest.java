package coffer.core.api;

/// Body of `POST /v1/sessions/challenge`; ids in hex.
public record ChallengeRequest(String account, String device) {}
