package coffer.seal;

import coffer.core.Bytes;
import coffer.core.CborWriter;
import coffer.core.Limits;
import java.io.IOException;
import java.io.OutputStream;

/// Writes the whole state of a vault as a stream of items, one at a time: nodes, then trash, then former states, then
/// packs, each by ascending key (docs/spec/bodies.md, "Snapshot").
///
/// Borrows `out`, which should be buffered; the caller closes it. Without [#end] the stream is no snapshot.
public final class SnapshotWriter {

    private final OutputStream out;
    private final SnapshotFormat format = new SnapshotFormat();

    public SnapshotWriter(OutputStream out, SnapshotHeader header) throws IOException {
        this.out = out;
        CborWriter item = new CborWriter();
        item.array(4).integer(SnapshotFormat.HEADER).integer(SnapshotFormat.VERSION).bytes(header.vault().value());
        header.head().writeTo(item);
        write(item);
    }

    /// Throws [IllegalArgumentException] if the item is out of order.
    public void write(SnapshotItem item) throws IOException {
        switch (item) {
            case SnapshotItem.NodeItem node -> {
                advance(SnapshotFormat.NODE, node.put().node().bytes());
                CborWriter encoded = new CborWriter().array(1 + NODE_FIELDS).integer(SnapshotFormat.NODE);
                writeNode(encoded, node);
                write(encoded);
            }
            case SnapshotItem.TrashItem trash -> {
                advance(SnapshotFormat.TRASH, trash.node().put().node().bytes());
                CborWriter encoded = new CborWriter().array(3 + NODE_FIELDS).integer(SnapshotFormat.TRASH);
                writeNode(encoded, trash.node());
                write(encoded.integer(trash.deletedSequence()).integer(trash.deletedTimeMs()));
            }
            case SnapshotItem.VersionItem version -> {
                advance(SnapshotFormat.VERSION_ITEM, version.key());
                boolean trashed = version.trashedSequence().isPresent();
                CborWriter encoded = new CborWriter()
                        .array(2 + NODE_FIELDS + (trashed ? 1 : 0))
                        .integer(SnapshotFormat.VERSION_ITEM);
                writeNode(encoded, version.state());
                encoded.integer(version.untilSequence());
                version.trashedSequence().ifPresent(encoded::integer);
                write(encoded);
            }
            case SnapshotItem.PackItem pack -> {
                advance(SnapshotFormat.PACK, pack.id().value());
                CborWriter encoded = new CborWriter().array(5).integer(SnapshotFormat.PACK);
                pack.writeFields(encoded);
                write(encoded);
            }
        }
    }

    /// Writes the end with the counts of all items, and flushes.
    public void end() throws IOException {
        write(new CborWriter()
                .array(5)
                .integer(SnapshotFormat.END)
                .integer(format.count(SnapshotFormat.NODE))
                .integer(format.count(SnapshotFormat.TRASH))
                .integer(format.count(SnapshotFormat.VERSION_ITEM))
                .integer(format.count(SnapshotFormat.PACK)));
        out.flush();
    }

    static final int NODE_FIELDS = Operation.Put.FIELDS + 2;

    private static void writeNode(CborWriter encoded, SnapshotItem.NodeItem node) {
        node.put().writeFields(encoded);
        encoded.integer(node.sequence()).bytes(node.author().value());
    }

    private void advance(int type, Bytes id) {
        if (!format.advance(type, id)) {
            throw new IllegalArgumentException("snapshot items out of order");
        }
    }

    private void write(CborWriter item) throws IOException {
        if (item.size() > Limits.SNAPSHOT_ITEM_BYTES_MAX) {
            throw new IllegalArgumentException("snapshot item too long");
        }
        out.write(new CborWriter().bytes(item.toByteArray()).toByteArray());
    }
}
