package coffer.store;

import coffer.core.Hash;
import coffer.core.PackId;

/// The name of a stored object: the SHA-256 of its bytes, written as 64 lower-case hex characters.
///
/// That is the whole naming scheme, so a name needs no escaping anywhere, says nothing about the content, and puts
/// "never overwrite with other bytes" beyond every store's power to break unseen.
public record ObjectName(Hash sha256) implements Comparable<ObjectName> {

    /// Characters in the text form.
    public static final int TEXT_LENGTH = 2 * Hash.SIZE;

    public static ObjectName of(PackId pack) {
        return new ObjectName(new Hash(pack.value()));
    }

    /// The name under which `content` is stored.
    public static ObjectName ofContent(byte[] content) {
        return new ObjectName(Hash.of(content));
    }

    /// Parses the text form; throws [IllegalArgumentException] for anything else, upper case included.
    public static ObjectName parse(String text) {
        if (!isName(text)) {
            throw new IllegalArgumentException("not an object name");
        }
        return new ObjectName(Hash.ofHex(text));
    }

    /// Whether `text` is the text form of a name.
    public static boolean isName(String text) {
        return text.length() == TEXT_LENGTH && isPrefix(text);
    }

    /// Whether some name could start with `text`.
    public static boolean isPrefix(String text) {
        return text.length() <= TEXT_LENGTH
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    public String text() {
        return sha256.hex();
    }

    @Override
    public int compareTo(ObjectName other) {
        return sha256.compareTo(other.sha256);
    }

    @Override
    public String toString() {
        return text();
    }
}
