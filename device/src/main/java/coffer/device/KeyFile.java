package coffer.device;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.LogId;
import coffer.seal.DeviceKeys;
import coffer.seal.PassphraseSeal;
import java.net.URI;
import java.util.Arrays;

/// What `device.key` says: who this device is, open or sealed under a passphrase (docs/spec/keys.md, "Device secrets at rest").
sealed interface KeyFile {

    int BYTES_MAX = 8_192;

    /// In open form.
    ///
    /// @param encoded of an [Identity]; the caller zeroes it
    record Open(byte[] encoded) implements KeyFile {}

    record Sealed(PassphraseSeal under) implements KeyFile {}

    /// The keys are the caller's to close.
    record Identity(DeviceKeys keys, LogId account, LogId vault, URI service, String name) {}

    int OPEN = 1;
    int SEALED = 2;

    /// Tells which of both it is, and reads what is sealed as far as it goes without the passphrase.
    static KeyFile decode(byte[] encoded) throws CborException {
        if (encoded.length > BYTES_MAX) {
            throw new CborException("too long");
        }
        CborReader in = new CborReader(encoded);
        in.arrayOf(6);
        if (in.integer(OPEN, SEALED) == OPEN) {
            return new Open(encoded);
        }
        PassphraseSeal under = PassphraseSeal.read(in);
        in.end();
        return new Sealed(under);
    }

    static byte[] encode(PassphraseSeal under) {
        CborWriter out = new CborWriter().array(6).integer(SEALED);
        under.write(out);
        return out.toByteArray();
    }

    static byte[] encode(Identity identity) {
        byte[] secrets = identity.keys().encodeSecrets();
        try {
            return new CborWriter()
                    .array(6)
                    .integer(OPEN)
                    .bytes(secrets)
                    .bytes(identity.account().value())
                    .bytes(identity.vault().value())
                    .text(identity.service().toString())
                    .text(identity.name())
                    .toByteArray();
        } finally {
            Arrays.fill(secrets, (byte) 0);
        }
    }

    static Identity identity(byte[] encoded) throws CborException {
        CborReader in = new CborReader(encoded);
        in.arrayOf(6);
        in.integer(OPEN, OPEN);
        byte[] secrets = in.bytes(DeviceKeys.SECRETS_SIZE);
        try {
            Bytes account = in.bytesOf(LogId.SIZE);
            Bytes vault = in.bytesOf(LogId.SIZE);
            URI service = URI.create(in.text(1_024));
            String name = in.text(1_024);
            in.end();
            return new Identity(
                    DeviceKeys.decodeSecrets(secrets), new LogId(account), new LogId(vault), service, name);
        } finally {
            Arrays.fill(secrets, (byte) 0);
        }
    }
}
