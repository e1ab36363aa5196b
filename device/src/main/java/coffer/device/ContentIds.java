package coffer.device;

import coffer.core.Bytes;
import coffer.device.sync.plan.ContentId;
import coffer.seal.Content;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/// Content as folder sync names it, and back: a file's size, then what [StoredContent] keeps of it. So the name alone is
/// enough to fetch the content.
final class ContentIds {

    private ContentIds() {}

    static ContentId of(Content content) {
        return switch (content) {
            case Content.Folder _ -> ContentId.NONE;
            case Content.Symlink _ -> new ContentId(Bytes.of(stored(content)));
            case Content.FileContent file -> {
                byte[] stored = stored(file);
                byte[] value = ByteBuffer.allocate(Long.BYTES + stored.length).putLong(file.size()).put(stored).array();
                yield new ContentId(Bytes.of(value));
            }
        };
    }

    static Content content(Device.NodeKind kind, ContentId id) {
        return switch (kind) {
            case FOLDER -> new Content.Folder();
            case SYMLINK -> new Content.Symlink(StoredContent.target(id.value().toArray()));
            case FILE -> file(id);
        };
    }

    static Content.FileContent file(ContentId id) {
        byte[] value = id.value().toArray();
        long size = ByteBuffer.wrap(value).getLong();
        return StoredContent.file(size, Arrays.copyOfRange(value, Long.BYTES, value.length));
    }

    private static byte[] stored(Content content) {
        return Objects.requireNonNull(StoredContent.encode(content));
    }
}
