package coffer.seal;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.DeviceId;
import coffer.core.Limits;
import coffer.core.NodeId;
import coffer.core.PackId;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/// One item of a snapshot.
public sealed interface SnapshotItem {

    /// A node that is there.
    ///
    /// @param put      its value
    /// @param sequence of the entry that gave it this value
    /// @param author   the device that did
    record NodeItem(Operation.Put put, long sequence, DeviceId author) implements SnapshotItem {
        public NodeItem {
            requireNotNegative(sequence);
        }
    }

    /// A node in the trash.
    ///
    /// @param deletedSequence of the entry that put it there
    /// @param deletedTimeMs   that entry's claimed time, milliseconds since 1970
    record TrashItem(NodeItem node, long deletedSequence, long deletedTimeMs) implements SnapshotItem {
        public TrashItem {
            requireNotNegative(deletedSequence);
            requireNotNegative(deletedTimeMs);
        }
    }

    /// A former state of a node that is there or in the trash.
    ///
    /// @param state         its parent is the root where the folder it was in has been forgotten
    /// @param untilSequence   of the entry that replaced it
    /// @param trashedSequence of the entry that had put the node into the trash by then; empty if it was not there by itself
    record VersionItem(NodeItem state, long untilSequence, OptionalLong trashedSequence) implements SnapshotItem {
        public VersionItem {
            requireNotNegative(untilSequence);
            trashedSequence.ifPresent(SnapshotItem::requireNotNegative);
        }

        /// What orders former states: the node, then the entry that made the state.
        Bytes key() {
            return Bytes.of(ByteBuffer.allocate(NodeId.SIZE + Long.BYTES)
                    .put(state.put().node().toArray())
                    .putLong(state.sequence())
                    .array());
        }
    }

    /// A pack in use.
    ///
    /// @param size     bytes of the pack
    /// @param epoch    in which it was sealed
    /// @param contents its chunks, or those that matter where only some do
    record PackItem(PackId id, int size, long epoch, PackContents contents) implements SnapshotItem {
        public PackItem {
            if (size < contents.end() || size > Limits.PACK_BYTES_MAX || epoch < 1) {
                throw new IllegalArgumentException("no pack can be so");
            }
        }

        void writeFields(CborWriter out) {
            out.bytes(id.value()).integer(size).integer(epoch);
            contents.writeTo(out);
        }

        static PackItem readFields(CborReader in) throws CborException {
            PackId id = new PackId(in.bytesOf(PackId.SIZE));
            int size = (int) in.integer(1, Limits.PACK_BYTES_MAX);
            long epoch = in.integer(1, Long.MAX_VALUE);
            PackContents contents = PackContents.readFrom(in);
            if (size < contents.end()) {
                throw new CborException("the pack does not hold its contents");
            }
            return new PackItem(id, size, epoch, contents);
        }
    }

    private static void requireNotNegative(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a sequence or time is not negative");
        }
    }
}
