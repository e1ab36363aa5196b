package coffer.core.api;

/// Copies of one vault's packs with one provider, as the service keeps account of them.
///
/// @param provider id
/// @param used     copies that devices read, or that are being written
/// @param leaving  copies that nobody is sent to any more and that wait to be deleted
/// @param bytes    of both
public record CopyCount(String provider, long used, long leaving, long bytes) {}
