package coffer.core.log;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.DeviceRecord;
import coffer.core.Hash;
import coffer.core.Limits;
import java.util.ArrayList;
import java.util.List;

/// The start of a generation: a new account secret, for exactly the devices that are active from then on.
///
/// @param number     one for the first, then one more each time
/// @param commitment binds the secret, so that a wrap of another secret is noticed
/// @param wrapKey    the account's HPKE public key in this generation, derived from the secret
/// @param wraps      one for each active device and one for the recovery key, by ascending recipient
/// @param previous   the secret of the generation before, sealed under this one; empty in the first
public record Generation(long number, Hash commitment, Bytes wrapKey, List<Wrap> wraps, Bytes previous) {

    static final int SEALED_SECRET_BYTES_MAX = 256;

    public Generation {
        wraps = List.copyOf(wraps);
        if (number < 1 || wrapKey.size() != DeviceRecord.WRAP_KEY_SIZE) {
            throw new IllegalArgumentException("malformed generation");
        }
    }

    void writeTo(CborWriter out) {
        out.array(5).integer(number).bytes(commitment.value()).bytes(wrapKey).array(wraps.size());
        wraps.forEach(wrap -> wrap.writeTo(out));
        out.bytes(previous);
    }

    static Generation readFrom(CborReader in) throws CborException {
        in.arrayOf(5);
        long number = in.integer(1, Long.MAX_VALUE);
        Hash commitment = new Hash(in.bytesOf(Hash.SIZE));
        Bytes wrapKey = in.bytesOf(DeviceRecord.WRAP_KEY_SIZE);
        List<Wrap> wraps = new ArrayList<>();
        for (int left = in.array(Limits.DEVICES_MAX + 1); left > 0; left--) {
            wraps.add(Wrap.readFrom(in));
        }
        return new Generation(number, commitment, wrapKey, wraps, Bytes.of(in.bytes(SEALED_SECRET_BYTES_MAX)));
    }
}
