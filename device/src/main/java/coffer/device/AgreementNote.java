package coffer.device;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.Hash;
import coffer.core.NodeId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a device says of its synced folders to the others (docs/spec/agreed.md).
///
/// @param folders by the vault's folder; at most [#FOLDERS_MAX]
record AgreementNote(Map<NodeId, Agreement> folders) {

    static final int BYTES_MAX = 32 << 10;
    static final int FOLDERS_MAX = 256;
    private static final String LABEL = "coffer/agreed";
    private static final int VERSION = 1;
    private static final long TIME_MAX = (1L << 48) - 1;

    AgreementNote {
        folders = Map.copyOf(folders);
    }

    /// A folder was the same as the vault's.
    ///
    /// @param fingerprint of what it held
    record Agreement(Hash fingerprint, Instant time) {}

    byte[] encode() {
        CborWriter out = new CborWriter().array(3).text(LABEL).integer(VERSION).array(folders.size());
        folders.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> out.array(3)
                .bytes(entry.getKey().toArray())
                .bytes(entry.getValue().fingerprint().value())
                .integer(entry.getValue().time().toEpochMilli()));
        return out.toByteArray();
    }

    static AgreementNote decode(byte[] encoded) throws CborException {
        CborReader in = new CborReader(encoded);
        in.arrayOf(3);
        if (!in.text(LABEL.length()).equals(LABEL)) {
            throw new CborException("not a note of agreements");
        }
        in.integer(VERSION, VERSION);
        int count = in.array(FOLDERS_MAX);
        Map<NodeId, Agreement> folders = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            in.arrayOf(3);
            NodeId folder = NodeId.of(in.bytesOf(NodeId.SIZE).toArray());
            Hash fingerprint = new Hash(in.bytesOf(Hash.SIZE));
            Agreement agreement = new Agreement(fingerprint, Instant.ofEpochMilli(in.integer(0, TIME_MAX)));
            if (folders.put(folder, agreement) != null) {
                throw new CborException("a folder stands twice");
            }
        }
        in.end();
        return new AgreementNote(folders);
    }
}
