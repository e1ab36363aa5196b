package coffer.core.api;

import coffer.core.Bytes;
import coffer.core.CborWriter;
import coffer.core.DeviceId;
import coffer.core.LogId;

/// What a device signs, under the label SESSION, to sign in (docs/spec/session.md).
///
/// @param origin    `scheme://host:port` as the device addressed the service, so that no other service can pass the
///                  signature on
/// @param challenge 32 bytes from the service
public record SessionStatement(String origin, LogId account, DeviceId device, Bytes challenge) {

    public static final int CHALLENGE_SIZE = 32;

    public SessionStatement {
        if (challenge.size() != CHALLENGE_SIZE) {
            throw new IllegalArgumentException("a challenge has 32 bytes");
        }
    }

    /// The signed data: deterministic CBOR, never decoded.
    public byte[] encode() {
        return new CborWriter()
                .array(4)
                .text(origin)
                .bytes(account.value())
                .bytes(device.value())
                .bytes(challenge)
                .toByteArray();
    }
}
