package coffer.core;

import java.nio.charset.StandardCharsets;

/// The public half of a device, or of the recovery words, which are a device made of paper.
///
/// @param signingKey verifies what the device signs
/// @param wrapKey    HPKE public key of KEM MLKEM768-X25519 (0x647A), to which secrets are wrapped for it
public record DeviceRecord(VerifyKey signingKey, Bytes wrapKey) {

    public static final int WRAP_KEY_SIZE = 1216;
    private static final byte[] ID_LABEL = "coffer/device/v1\0".getBytes(StandardCharsets.US_ASCII);

    public DeviceRecord {
        if (wrapKey.size() != WRAP_KEY_SIZE) {
            throw new IllegalArgumentException("a wrap key has 1216 bytes");
        }
    }

    /// Names exactly this pair of keys.
    public DeviceId id() {
        var digest = Hash.digest();
        digest.update(ID_LABEL);
        digest.update(encode());
        return DeviceId.of(digest.digest());
    }

    public byte[] encode() {
        CborWriter out = new CborWriter();
        writeTo(out);
        return out.toByteArray();
    }

    public static DeviceRecord decode(byte[] encoded) throws CborException {
        CborReader in = new CborReader(encoded);
        DeviceRecord record = readFrom(in);
        in.end();
        return record;
    }

    public void writeTo(CborWriter out) {
        out.array(2).bytes(signingKey.value()).bytes(wrapKey);
    }

    public static DeviceRecord readFrom(CborReader in) throws CborException {
        in.arrayOf(2);
        Bytes signing = in.bytesOf(VerifyKey.SIZE);
        if (!VerifyKey.isAcceptable(signing)) {
            throw new CborException("signing key of small order or not canonical");
        }
        return new DeviceRecord(new VerifyKey(signing), in.bytesOf(WRAP_KEY_SIZE));
    }
}
