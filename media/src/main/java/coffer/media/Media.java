package coffer.media;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Contents;
import coffer.device.Device;
import coffer.device.Progress;
import coffer.media.decode.Decoders;

/// Mail and pictures of one device: its own view of them, kept beside the replica. Any thread may call.
public final class Media implements AutoCloseable {

    private final MediaIndex index;
    private final Mail mail;
    private final Decoders decoders;
    private final Pictures pictures;

    private Media(Contents contents) {
        this.index = new MediaIndex(contents);
        this.mail = new Mail(contents, index);
        this.decoders = new Decoders(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4));
        this.pictures = new Pictures(contents, index, decoders);
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

    public Pictures pictures() {
        return pictures;
    }

    /// Forgets what this device knows and learns it again from the vault; what is derived and lost is made again.
    public void rebuild(Progress progress) throws CofferException {
        index.clear();
        mail.derive(true, progress);
        pictures.scan(false, progress);
    }

    @Override
    public void close() {
        decoders.close();
        index.close();
    }
}
