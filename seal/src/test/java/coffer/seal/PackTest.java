package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.LogId;
import coffer.core.PackId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackTest {

    private final FixedRandom random = new FixedRandom(70);
    private final LogId vault = LogId.of(random.bytes(32));
    private final Secret epochSecret = random.secret();
    private final VaultKeys keys = VaultKeys.of(epochSecret, 1);
    private final DedupKeys dedup = DedupKeys.of(random.secret());
    private final ChunkCodec codec = new ChunkCodec(keys, dedup, vault);
    private final ByteArrayOutputStream sink = new ByteArrayOutputStream();
    private final List<byte[]> plain = new ArrayList<>();

    private SealedPack build(int... sizes) throws IOException, CofferException {
        PackBuilder builder = new PackBuilder(sink, keys, vault, random);
        for (int size : sizes) {
            byte[] content = random.bytes(size);
            plain.add(content);
            append(builder, content);
        }
        return builder.finish();
    }

    private void append(PackBuilder builder, byte[] content) throws IOException, CofferException {
        ChunkId id = dedup.id(content);
        byte[] out = new byte[ChunkCodec.sealedSizeMax(content.length)];
        int size = codec.seal(id, Slice.of(content), out, 0);
        builder.append(id, content.length, new Slice(out, 0, size));
    }

    private void refused(byte[] pack) {
        assertThatThrownBy(() -> PackReader.contents(keys, vault, Slice.of(pack))).isInstanceOf(OpenException.class);
    }

    @Test
    void contents_areWhatWasAppendedAndEveryChunkOpens() throws Exception {
        SealedPack pack = build(1, 5_000, 70_000, 300, 0);
        byte[] bytes = sink.toByteArray();
        assertThat(bytes).hasSize(pack.size());
        assertThat(pack.id()).isEqualTo(PackId.of(MessageDigest.getInstance("SHA-256").digest(bytes)));
        assertThat(Padme.paddedSize(pack.size())).isEqualTo(pack.size());
        PackContents contents = PackReader.contents(keys, vault, Slice.of(bytes));
        assertThat(contents).isEqualTo(pack.contents());
        assertThat(contents.chunks()).hasSize(5);
        for (int i = 0; i < 5; i++) {
            ChunkPlace place = contents.chunks().get(i);
            Slice record = new Slice(bytes, place.offset(), place.sealedLength());
            assertThat(codec.open(place.id(), record)).isEqualTo(plain.get(i)).hasSize(place.plainLength());
        }
    }

    @Test
    void contents_openFromFooterAndIndexAlone() throws Exception {
        SealedPack pack = build(1_000, 2_000);
        byte[] bytes = sink.toByteArray();
        byte[] tail = Arrays.copyOfRange(bytes, bytes.length - PackReader.FOOTER_SIZE, bytes.length);
        PackReader.Footer footer = PackReader.footer(keys, vault, Slice.of(tail), bytes.length);
        Slice index = new Slice(bytes, footer.indexOffset(), footer.indexLength());
        assertThat(PackReader.index(keys, vault, footer, index)).isEqualTo(pack.contents());
    }

    /// Records are not in what [PackReader] opens, so a change there is found by the pack's id and by the chunk.
    @Test
    void everyChangedByteOfASmallPack_isRefused() throws Exception {
        SealedPack pack = build(300, 200);
        byte[] bytes = sink.toByteArray();
        PackReader.Footer footer = PackReader.footer(
                keys, vault, Slice.from(bytes, bytes.length - PackReader.FOOTER_SIZE), bytes.length);
        int sealedIndexEnd = footer.indexOffset() + footer.indexLength();
        for (int i = 0; i < bytes.length; i++) {
            byte[] altered = bytes.clone();
            altered[i] ^= (byte) (1 << i % 8);
            assertThat(PackId.of(MessageDigest.getInstance("SHA-256").digest(altered))).isNotEqualTo(pack.id());
            boolean isPadding = i >= sealedIndexEnd && i < bytes.length - PackReader.FOOTER_SIZE;
            if (i >= footer.indexOffset() && !isPadding) {
                refused(altered);
            } else if (!isPadding) {
                int at = i;
                ChunkPlace hit = pack.contents().chunks().stream()
                        .filter(place -> at >= place.offset() && at < place.end())
                        .findFirst()
                        .orElseThrow();
                Slice record = new Slice(altered, hit.offset(), hit.sealedLength());
                assertThatThrownBy(() -> codec.open(hit.id(), record)).isInstanceOf(OpenException.class);
            }
        }
    }

    @Test
    void contents_refuseEveryCutAndEveryExtension() throws Exception {
        build(300, 200);
        byte[] bytes = sink.toByteArray();
        for (int size = 0; size < bytes.length; size++) {
            refused(Arrays.copyOf(bytes, size));
        }
        refused(Arrays.copyOf(bytes, bytes.length + 1));
        refused(Arrays.copyOf(bytes, Padme.paddedSize(bytes.length + 1)));
        byte[] shifted = new byte[bytes.length];
        System.arraycopy(bytes, 1, shifted, 0, bytes.length - 1);
        refused(shifted);
    }

    @Test
    void contents_refuseAPackOfAnotherVaultOrEpoch() throws Exception {
        build(300);
        Slice bytes = Slice.of(sink.toByteArray());
        assertThatThrownBy(() -> PackReader.contents(keys, LogId.of(random.bytes(32)), bytes))
                .isInstanceOf(OpenException.class);
        assertThatThrownBy(() -> PackReader.contents(VaultKeys.of(epochSecret, 2), vault, bytes))
                .isInstanceOf(OpenException.class);
    }

    /// The index of one pack, put into another at the place where that one's footer looks for it.
    @Test
    void contents_refuseTheIndexOfAnotherPackThatDoesNotFitTheFooter() throws Exception {
        build(300, 200);
        byte[] first = sink.toByteArray();
        sink.reset();
        build(300, 200, 100);
        byte[] second = sink.toByteArray();
        PackReader.Footer from = footer(first);
        PackReader.Footer to = footer(second);
        byte[] mixed = second.clone();
        System.arraycopy(first, from.indexOffset(), mixed, to.indexOffset(), from.indexLength());
        refused(mixed);
        Slice index = new Slice(first, from.indexOffset(), from.indexLength());
        assertThatThrownBy(() -> PackReader.index(keys, vault, to, index)).isInstanceOf(OpenException.class);
    }

    private PackReader.Footer footer(byte[] pack) throws OpenException {
        return PackReader.footer(
                keys, vault, Slice.from(pack, pack.length - PackReader.FOOTER_SIZE), pack.length);
    }

    @Test
    void append_refusesAChunkTwice() throws Exception {
        PackBuilder builder = new PackBuilder(sink, keys, vault, random);
        byte[] content = random.bytes(10);
        append(builder, content);
        assertThat(builder.contains(dedup.id(content))).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> append(builder, content));
    }

    @Test
    void finish_refusesAnEmptyPack() {
        PackBuilder builder = new PackBuilder(sink, keys, vault, random);
        assertThat(builder.isEmpty()).isTrue();
        assertThatIllegalStateException().isThrownBy(builder::finish);
    }

    @Test
    void builder_isFullAtItsTargetAndHasNoRoomBeyondTheLargestPack() throws Exception {
        PackBuilder builder = new PackBuilder(OutputStream.nullOutputStream(), keys, vault, random);
        byte[] chunk = random.bytes(1 << 20);
        byte[] record = new byte[ChunkCodec.sealedSizeMax(chunk.length)];
        int size = codec.seal(dedup.id(chunk), Slice.of(chunk), record, 0);
        int appended = 0;
        while (builder.hasRoomFor(size)) {
            assertThat(builder.isFull()).isEqualTo(builder.size() >= PackBuilder.TARGET_SIZE);
            builder.append(ChunkId.of(random.bytes(32)), chunk.length, new Slice(record, 0, size));
            appended++;
        }
        assertThat(appended).isBetween(55, 64);
        assertThat(builder.finish().size()).isLessThanOrEqualTo(64 << 20);
    }
}
