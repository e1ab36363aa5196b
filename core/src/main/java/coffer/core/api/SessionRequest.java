package coffer.core.api;

/// Body of `POST /v1/sessions`: the device signs the service's origin as it addressed it, both ids and the challenge
/// (docs/spec/session.md), so that a signature given to one service is of no use at another.
///
/// @param signature 64 bytes in base64
public record SessionRequest(String account, String device, String challenge, String signature) {}
