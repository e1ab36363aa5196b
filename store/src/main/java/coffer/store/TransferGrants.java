package coffer.store;

import java.time.Duration;

/// Makes the grants by which a device transfers bytes to and from one store directly.
///
/// A grant is for one object and one kind of transfer and ends by itself; it cannot be taken back before.
public interface TransferGrants {

    /// Scheme, host and port that all grants of this store point to: what a device compares with the origins of the
    /// region it chose.
    String origin();

    /// The right to store `name` with exactly `size` bytes.
    ///
    /// @param lifetime at most; a store may allow less, and the grant says what holds
    UploadGrant upload(ObjectName name, long size, Duration lifetime);

    /// The right to read `name`. It says nothing about whether the object is there.
    DownloadGrant download(ObjectName name, Duration lifetime);
}
