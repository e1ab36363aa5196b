package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborWriter;
import coffer.core.ChunkId;
import coffer.core.DeviceId;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.NodeId;
import coffer.core.PackId;
import coffer.core.log.Head;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SnapshotTest {

    private final FixedRandom random = new FixedRandom(90);
    private final SnapshotHeader header =
            new SnapshotHeader(LogId.of(random.bytes(32)), new Head(12, new Hash(Bytes.of(random.bytes(32)))));

    private SnapshotItem.NodeItem node(int id) {
        byte[] bytes = new byte[16];
        bytes[0] = (byte) id;
        Operation.Put put = new Operation.Put(
                NodeId.of(bytes), Operation.ROOT, "n" + id, 5, false, new Content.FileContent(
                        40, 0, List.of(ChunkId.of(random.bytes(32)))));
        return new SnapshotItem.NodeItem(put, 3, DeviceId.of(random.bytes(32)));
    }

    private SnapshotItem.PackItem pack(int id) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) id;
        ChunkPlace place = new ChunkPlace(ChunkId.of(random.bytes(32)), 0, 120, 40);
        return new SnapshotItem.PackItem(PackId.of(bytes), 500, 2, new PackContents(List.of(place)));
    }

    private List<SnapshotItem> items() {
        return List.of(
                node(1), node(2), node(200), new SnapshotItem.TrashItem(node(1), 9, 1_000),
                new SnapshotItem.TrashItem(node(7), 9, 1_000),
                new SnapshotItem.VersionItem(node(1), 5, OptionalLong.empty()),
                new SnapshotItem.VersionItem(node(2), 5, OptionalLong.of(3)), pack(1), pack(2));
    }

    private byte[] write(List<SnapshotItem> items) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotWriter writer = new SnapshotWriter(out, header);
        for (SnapshotItem item : items) {
            writer.write(item);
        }
        writer.end();
        return out.toByteArray();
    }

    private static List<SnapshotItem> read(byte[] encoded) throws IOException, CborException {
        SnapshotReader reader = new SnapshotReader(new ByteArrayInputStream(encoded));
        List<SnapshotItem> items = new ArrayList<>();
        for (Optional<SnapshotItem> item = reader.next(); item.isPresent(); item = reader.next()) {
            items.add(item.get());
        }
        return items;
    }

    @Test
    void read_givesBackWhatWasWritten() throws Exception {
        List<SnapshotItem> items = items();
        byte[] encoded = write(items);
        assertThat(read(encoded)).isEqualTo(items);
        assertThat(new SnapshotReader(new ByteArrayInputStream(encoded)).header()).isEqualTo(header);
        assertThat(read(write(List.of()))).isEmpty();
    }

    @Test
    void read_refusesEveryCut() throws IOException {
        byte[] encoded = write(items());
        for (int size = 0; size < encoded.length; size++) {
            byte[] cut = Arrays.copyOf(encoded, size);
            assertThatThrownBy(() -> read(cut)).isInstanceOfAny(EOFException.class, CborException.class);
        }
    }

    @Test
    void read_refusesMoreAfterTheEnd() throws IOException {
        byte[] encoded = write(items());
        byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
        assertThatThrownBy(() -> read(longer)).isInstanceOf(CborException.class);
    }

    @Test
    void read_ofChangedBytesRefusesOrGivesWhatIsWrittenSo() throws IOException {
        byte[] encoded = write(items());
        int refused = 0;
        for (int i = 0; i < encoded.length; i++) {
            for (int change : new int[] {1, 0x20, 0x80}) {
                byte[] altered = encoded.clone();
                altered[i] ^= (byte) change;
                try {
                    List<SnapshotItem> items = read(altered);
                    SnapshotReader reader = new SnapshotReader(new ByteArrayInputStream(altered));
                    ByteArrayOutputStream again = new ByteArrayOutputStream();
                    SnapshotWriter writer = new SnapshotWriter(again, reader.header());
                    for (SnapshotItem item : items) {
                        writer.write(item);
                    }
                    writer.end();
                    assertThat(again.toByteArray()).isEqualTo(altered);
                } catch (CborException | EOFException e) {
                    refused++;
                }
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void read_refusesItemsLeftOutRepeatedOrOutOfOrder() throws Exception {
        List<byte[]> parts = split(write(items()));
        assertThat(parts).hasSize(11);
        for (int i = 1; i < 10; i++) {
            List<byte[]> without = new ArrayList<>(parts);
            without.remove(i);
            refused(without);
            List<byte[]> twice = new ArrayList<>(parts);
            twice.add(i, parts.get(i));
            refused(twice);
            if (i > 1) {
                List<byte[]> swapped = new ArrayList<>(parts);
                swapped.set(i, parts.get(i - 1));
                swapped.set(i - 1, parts.get(i));
                refused(swapped);
            }
        }
    }

    @Test
    void read_refusesAnItemThatClaimsToBeLongerThanAnyBeforeReadingIt() {
        byte[] claim = {0x5a, 0x7f, 0x7f, 0x7f, 0x7f, 0, 0, 0};
        assertThatThrownBy(() -> read(claim)).isInstanceOf(CborException.class);
        byte[] justBeyond = {0x5a, 0, 0x40, 0, 1, 0};
        assertThatThrownBy(() -> read(justBeyond)).isInstanceOf(CborException.class);
    }

    @Test
    void read_refusesALengthThatIsNotInItsShortestForm() throws IOException {
        byte[] encoded = write(List.of());
        // The header item has more than 23 and fewer than 256 bytes: 0x58, length.
        assertThat(encoded[0]).isEqualTo((byte) 0x58);
        byte[] longer = new byte[encoded.length + 1];
        System.arraycopy(encoded, 1, longer, 2, encoded.length - 1);
        longer[0] = 0x59;
        assertThatThrownBy(() -> read(longer)).isInstanceOf(CborException.class);
    }

    @Test
    void write_refusesItemsOutOfOrder() {
        assertThatIllegalArgumentException().isThrownBy(() -> write(List.of(node(2), node(1))));
        assertThatIllegalArgumentException().isThrownBy(() -> write(List.of(node(1), node(1))));
        assertThatIllegalArgumentException().isThrownBy(() -> write(List.of(pack(1), node(1))));
    }

    private static void refused(List<byte[]> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        parts.forEach(out::writeBytes);
        assertThatThrownBy(() -> read(out.toByteArray())).isInstanceOf(CborException.class);
    }

    private static List<byte[]> split(byte[] encoded) throws CborException {
        List<byte[]> parts = new ArrayList<>();
        coffer.core.CborReader in = new coffer.core.CborReader(encoded);
        while (!in.atEnd()) {
            parts.add(new CborWriter().bytes(in.bytes(1 << 20)).toByteArray());
        }
        return parts;
    }
}
