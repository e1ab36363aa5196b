package coffer.device.sync.plan;

import coffer.core.Bytes;

/// Names content: equal ids mean equal bytes. For a file, what follows from its chunks; for a link, its target in UTF-8.
public record ContentId(Bytes value) {

    /// Of every folder.
    public static final ContentId NONE = new ContentId(Bytes.EMPTY);
}
