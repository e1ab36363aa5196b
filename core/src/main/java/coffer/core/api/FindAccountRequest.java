package coffer.core.api;

/// Body of `POST /v1/accounts/find`: the id of the recovery key as a device, in hex.
public record FindAccountRequest(String recovery) {}
