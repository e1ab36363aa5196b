package coffer.media;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Contents;
import coffer.device.Device;

/// Mail and pictures of one device: its own view of them, kept beside the replica. Any thread may call.
public final class Media implements AutoCloseable {

    private final MediaIndex index;
    private final Mail mail;

    private Media(Contents contents) {
        this.index = new MediaIndex(contents);
        this.mail = new Mail(contents, index);
    }

    /// Of a device that is open; closed before it.
    public static Media of(Device device) throws CofferException {
        return new Media(device.contents()
                .orElseThrow(() -> new CofferException(ErrorCode.LOCAL, "This device has no vault of its own.")));
    }

    public static Media of(Contents contents) {
        return new Media(contents);
    }

    public Mail mail() {
        return mail;
    }

    @Override
    public void close() {
        index.close();
    }
}
