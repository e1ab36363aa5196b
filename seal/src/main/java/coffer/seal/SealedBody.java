package coffer.seal;

import coffer.core.Limits;
import java.util.Arrays;

/// Bodies of log entries: content in a padded frame, sealed.
final class SealedBody {

    private SealedBody() {}

    static byte[] seal(Secret key, Label label, byte[] context, byte[] body) {
        if (body.length > Limits.BODY_BYTES_MAX) {
            throw new IllegalArgumentException("body too long");
        }
        byte[] frame = new byte[Frame.sizeMax(body.length)];
        int size = Frame.write(Slice.of(body), frame);
        byte[] sealed = new byte[Sealing.sealedSize(size)];
        Sealing.seal(key, label, context, new Slice(frame, 0, size), sealed, 0);
        Arrays.fill(frame, (byte) 0); // bodies may hold secrets
        return sealed;
    }

    static byte[] open(Secret key, Label label, byte[] context, byte[] sealed) throws OpenException {
        if (sealed.length > Limits.ENTRY_BYTES_MAX) {
            throw new OpenException();
        }
        byte[] frame = Sealing.open(key, label, context, sealed);
        try {
            byte[] body = new byte[Frame.contentSize(Slice.of(frame), Limits.BODY_BYTES_MAX)];
            Frame.read(Slice.of(frame), Slice.of(body));
            return body;
        } finally {
            Arrays.fill(frame, (byte) 0);
        }
    }
}
