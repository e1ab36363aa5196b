package coffer.core.log;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.DeviceId;

/// A generation's secret, wrapped for one device.
///
/// @param recipient the device, or the recovery key
/// @param wrapped   HPKE encapsulation and ciphertext (docs/spec/keys.md)
public record Wrap(DeviceId recipient, Bytes wrapped) {

    /// Encapsulation of 1120 bytes, a 32-byte secret and a 16-byte tag.
    public static final int WRAPPED_SIZE = 1168;

    public Wrap {
        if (wrapped.size() != WRAPPED_SIZE) {
            throw new IllegalArgumentException("a wrapped secret has 1168 bytes");
        }
    }

    void writeTo(CborWriter out) {
        out.array(2).bytes(recipient.value()).bytes(wrapped);
    }

    static Wrap readFrom(CborReader in) throws CborException {
        in.arrayOf(2);
        return new Wrap(new DeviceId(in.bytesOf(DeviceId.SIZE)), in.bytesOf(WRAPPED_SIZE));
    }
}
