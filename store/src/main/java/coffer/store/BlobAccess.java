package coffer.store;

/// What the blob endpoint may do with a request.
public sealed interface BlobAccess {

    /// The request carries a valid grant.
    ///
    /// @param provider whose store the object is in
    /// @param size     for an upload, the exact size of its body; for a download 0
    record Granted(String provider, ObjectName name, long size) implements BlobAccess {}

    /// It was valid once; the client asks for a new grant.
    record Expired() implements BlobAccess {}

    /// No grant of ours, or not for this request.
    record Refused() implements BlobAccess {}
}
