package coffer.core.log;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.Hash;
import coffer.core.Limits;
import coffer.core.SignatureLabel;
import coffer.core.SigningKey;
import coffer.core.VerifyKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/// One entry of a log: a signed header, a sealed body bound to it, and the signatures (docs/spec/log.md, "Entry").
///
/// Decoded entries are well formed, no more: [AccountState] and [VaultState] decide whether they are valid.
public final class Entry {

    private static final byte[] ID_LABEL = "coffer/entry/v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int SIGNATURES_MAX = 2;

    private final EntryHeader header;
    private final byte[] headerBytes;
    private final byte[] body;
    private final List<Bytes> signatures;
    private final Hash id;

    private Entry(EntryHeader header, byte[] headerBytes, byte[] body, List<Bytes> signatures) {
        this.header = header;
        this.headerBytes = headerBytes;
        this.body = body;
        this.signatures = List.copyOf(signatures);
        this.id = computeId();
    }

    /// Signs `header` with each of `keys`, in that order. Borrows `body`, whose hash the header must carry.
    public static Entry sign(EntryHeader header, byte[] body, SigningKey... keys) {
        if (!Hash.of(body).equals(header.bodyHash())) {
            throw new IllegalArgumentException("the header names another body");
        }
        byte[] headerBytes = header.encode();
        List<Bytes> signatures = new ArrayList<>();
        for (SigningKey key : keys) {
            signatures.add(key.sign(SignatureLabel.ENTRY, headerBytes));
        }
        return new Entry(header, headerBytes, body, signatures);
    }

    /// Decodes an entry whose body is there and is the one its header names.
    public static Entry decode(byte[] encoded) throws CborException {
        Entry entry = read(encoded);
        if (!entry.hasBody()) {
            throw new CborException("body is not the one the header names");
        }
        return entry;
    }

    /// Decodes an entry whose body may have been left out, for readers that start from a snapshot; see [#hasBody].
    public static Entry decodePerhapsWithoutBody(byte[] encoded) throws CborException {
        Entry entry = read(encoded);
        boolean leftOut = entry.body.length == 0 && entry.header.kind().mayComeWithoutBody();
        if (!leftOut && !entry.hasBody()) {
            throw new CborException("body is not the one the header names");
        }
        return entry;
    }

    private static Entry read(byte[] encoded) throws CborException {
        if (encoded.length > Limits.ENTRY_BYTES_MAX) {
            throw new CborException("entry too long");
        }
        CborReader in = new CborReader(encoded);
        in.arrayOf(3);
        byte[] headerBytes = in.bytes(Limits.HEADER_BYTES_MAX);
        byte[] body = in.bytes(Limits.ENTRY_BYTES_MAX);
        int count = in.array(SIGNATURES_MAX);
        List<Bytes> signatures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            signatures.add(in.bytesOf(VerifyKey.SIGNATURE_SIZE));
        }
        in.end();
        EntryHeader header = EntryHeader.decode(headerBytes);
        if (count != (header.kind() == Kind.ACCOUNT_GENESIS ? 2 : 1)) {
            throw new CborException("another number of signatures expected");
        }
        return new Entry(header, headerBytes, body, signatures);
    }

    public EntryHeader header() {
        return header;
    }

    /// The entry's name: binds header, signatures and, through the header, the body.
    public Hash id() {
        return id;
    }

    public Head head() {
        return new Head(header.sequence(), id);
    }

    /// A copy of the sealed body.
    public byte[] body() {
        return body.clone();
    }

    /// Whether the body is there and is the one the header names.
    public boolean hasBody() {
        return Hash.of(body).equals(header.bodyHash());
    }

    /// The same entry with its body left out: same id.
    public Entry withoutBody() {
        return new Entry(header, headerBytes, new byte[0], signatures);
    }

    /// Whether signature number `index` is `key`'s.
    boolean isSignedBy(VerifyKey key, int index) {
        return key.verify(SignatureLabel.ENTRY, headerBytes, signatures.get(index));
    }

    public byte[] encode() {
        CborWriter out = new CborWriter();
        out.array(3).bytes(headerBytes).bytes(body).array(signatures.size());
        signatures.forEach(out::bytes);
        return out.toByteArray();
    }

    private Hash computeId() {
        MessageDigest digest = Hash.digest();
        digest.update(ID_LABEL);
        digest.update(headerBytes);
        signatures.forEach(signature -> signature.updateTo(digest));
        return new Hash(Bytes.of(digest.digest()));
    }

    @Override
    public String toString() {
        return "Entry[" + header.kind() + " " + header.sequence() + " " + id + "]";
    }
}
