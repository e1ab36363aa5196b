package coffer.seal;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.DeviceId;
import coffer.core.Limits;
import coffer.core.LogId;
import coffer.core.log.Head;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads what [SnapshotWriter] wrote, one item at a time and strictly: anything out of order, cut, counted wrongly or
/// followed by more is refused. Holds one item in memory, at most 4 MiB.
///
/// A stream that ends early throws [EOFException]; what was read before it is not a state. Borrows `in`, which should
/// be buffered. Whether parents exist is for the reader of the items to check, when all are there.
public final class SnapshotReader {

    private static final int BYTE_STRING = 2;

    private final InputStream in;
    private final SnapshotFormat format = new SnapshotFormat();
    private final SnapshotHeader header;
    private boolean ended;

    public SnapshotReader(InputStream in) throws IOException, CborException {
        this.in = in;
        CborReader item = readItem();
        item.arrayOf(4);
        item.integer(SnapshotFormat.HEADER, SnapshotFormat.HEADER);
        item.integer(SnapshotFormat.VERSION, SnapshotFormat.VERSION);
        this.header = new SnapshotHeader(new LogId(item.bytesOf(LogId.SIZE)), Head.readFrom(item));
        item.end();
    }

    public SnapshotHeader header() {
        return header;
    }

    /// The next item; empty once, after the last one, when counts and end have been checked.
    public Optional<SnapshotItem> next() throws IOException, CborException {
        if (ended) {
            throw new IllegalStateException("the snapshot has ended");
        }
        CborReader in = readItem();
        int size = in.array(3 + SnapshotWriter.NODE_FIELDS);
        int type = (int) in.integer(SnapshotFormat.NODE, SnapshotFormat.END);
        boolean longer = type == SnapshotFormat.VERSION_ITEM && size == size(type) + 1;
        require(size == size(type) || longer);
        Optional<SnapshotItem> item = Optional.empty();
        switch (type) {
            case SnapshotFormat.NODE -> {
                SnapshotItem.NodeItem node = readNode(in);
                advance(type, node.put().node().bytes());
                item = Optional.of(node);
            }
            case SnapshotFormat.TRASH -> {
                SnapshotItem.NodeItem node = readNode(in);
                advance(type, node.put().node().bytes());
                item = Optional.of(new SnapshotItem.TrashItem(
                        node, in.integer(0, Long.MAX_VALUE), in.integer(0, Long.MAX_VALUE)));
            }
            case SnapshotFormat.VERSION_ITEM -> {
                SnapshotItem.VersionItem version = new SnapshotItem.VersionItem(
                        readNode(in),
                        in.integer(0, Long.MAX_VALUE),
                        longer ? OptionalLong.of(in.integer(0, Long.MAX_VALUE)) : OptionalLong.empty());
                advance(type, version.key());
                item = Optional.of(version);
            }
            case SnapshotFormat.PACK -> {
                SnapshotItem.PackItem pack = SnapshotItem.PackItem.readFields(in);
                advance(type, pack.id().value());
                item = Optional.of(pack);
            }
            default -> readEnd(in);
        }
        in.end();
        return item;
    }

    private void readEnd(CborReader item) throws IOException, CborException {
        require(item.integer() == format.count(SnapshotFormat.NODE));
        require(item.integer() == format.count(SnapshotFormat.TRASH));
        require(item.integer() == format.count(SnapshotFormat.VERSION_ITEM));
        require(item.integer() == format.count(SnapshotFormat.PACK));
        require(in.read() < 0);
        ended = true;
    }

    private static SnapshotItem.NodeItem readNode(CborReader in) throws CborException {
        Operation.Put put = Operation.Put.readFields(in);
        return new SnapshotItem.NodeItem(
                put, in.integer(0, Long.MAX_VALUE), new DeviceId(in.bytesOf(DeviceId.SIZE)));
    }

    private static int size(int type) {
        return switch (type) {
            case SnapshotFormat.NODE -> 1 + SnapshotWriter.NODE_FIELDS;
            case SnapshotFormat.TRASH -> 3 + SnapshotWriter.NODE_FIELDS;
            case SnapshotFormat.VERSION_ITEM -> 2 + SnapshotWriter.NODE_FIELDS;
            default -> 5; // a pack, and the end
        };
    }

    private void advance(int type, Bytes id) throws CborException {
        require(format.advance(type, id));
    }

    /// Reads the byte string that holds one item: its head, which must be the shortest, then its bytes.
    private CborReader readItem() throws IOException, CborException {
        int first = readByte();
        int info = first & 0x1f;
        require(first >> 5 == BYTE_STRING && info <= 26);
        int size = info;
        if (info >= 24) {
            int headBytes = 1 << (info - 24);
            size = 0;
            for (int i = 0; i < headBytes; i++) {
                require(size <= Limits.SNAPSHOT_ITEM_BYTES_MAX);
                size = (size << 8) | readByte();
            }
            require(size >= (headBytes == 1 ? 24 : 1 << (4 * headBytes)));
        }
        require(size >= 0 && size <= Limits.SNAPSHOT_ITEM_BYTES_MAX);
        byte[] item = in.readNBytes(size);
        if (item.length != size) {
            throw new EOFException("snapshot ends early");
        }
        return new CborReader(item);
    }

    private int readByte() throws IOException {
        int value = in.read();
        if (value < 0) {
            throw new EOFException("snapshot ends early");
        }
        return value;
    }

    private static void require(boolean condition) throws CborException {
        if (!condition) {
            throw new CborException("snapshot item missing, misplaced or miscounted");
        }
    }
}
