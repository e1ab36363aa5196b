package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Limits;
import coffer.core.LogId;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ChunkCodecTest {

    private final FixedRandom random = new FixedRandom(60);
    private final LogId vault = LogId.of(random.bytes(32));
    private final Secret epochSecret = random.secret();
    private final VaultKeys keys = VaultKeys.of(epochSecret, 1);
    private final DedupKeys dedup = DedupKeys.of(random.secret());
    private final ChunkCodec codec = new ChunkCodec(keys, dedup, vault);

    private byte[] seal(ChunkCodec by, ChunkId id, byte[] plain) throws CofferException {
        byte[] out = new byte[ChunkCodec.sealedSizeMax(plain.length)];
        return Arrays.copyOf(out, by.seal(id, Slice.of(plain), out, 0));
    }

    private void refused(ChunkCodec by, ChunkId id, byte[] sealed) {
        assertThatThrownBy(() -> by.open(id, Slice.of(sealed)))
                .isInstanceOf(OpenException.class)
                .hasMessage("sealed bytes do not open");
        byte[] out = new byte[200_000];
        assertThatThrownBy(() -> by.open(id, Slice.of(sealed), out, 0)).isInstanceOf(OpenException.class);
    }

    @Test
    void open_givesBackWhatWasSealed() throws CofferException {
        for (int size : new int[] {0, 1, 5_000, 300_000, Chunker.CHUNK_SIZE_MAX, Limits.CHUNK_BYTES_MAX}) {
            for (byte[] plain : new byte[][] {random.bytes(size), random.textLike(size)}) {
                ChunkId id = dedup.id(plain);
                byte[] sealed = seal(codec, id, plain);
                assertThat(codec.open(id, Slice.of(sealed))).isEqualTo(plain);
                byte[] out = new byte[size + 7];
                assertThat(codec.open(id, Slice.of(sealed), out, 7)).isEqualTo(size);
                assertThat(Arrays.equals(out, 7, out.length, plain, 0, size)).isTrue();
            }
        }
    }

    @Test
    void seal_hidesTheExactLength() throws CofferException {
        byte[] a = seal(codec, dedup.id(random.bytes(1)), random.bytes(100_000));
        byte[] b = seal(codec, dedup.id(random.bytes(1)), random.bytes(100_300));
        assertThat(a).hasSameSizeAs(b);
    }

    @Test
    void open_rejectsChunkUnderAnotherId() throws CofferException {
        byte[] plain = random.bytes(1_000);
        byte[] other = random.bytes(1_000);
        byte[] sealed = seal(codec, dedup.id(plain), plain);
        refused(codec, dedup.id(other), sealed);
    }

    /// The seal is right for that id, but the content is not what the id names: a member's lie.
    @Test
    void open_rejectsContentThatIsNotWhatTheIdNames() throws CofferException {
        ChunkId id = dedup.id(random.bytes(1_000));
        refused(codec, id, seal(codec, id, random.bytes(1_000)));
        refused(codec, id, seal(codec, id, new byte[1_000]));
    }

    @Test
    void open_rejectsChunkOfAnotherVaultEpochOrKey() throws CofferException {
        byte[] plain = random.bytes(1_000);
        ChunkId id = dedup.id(plain);
        byte[] sealed = seal(codec, id, plain);
        refused(new ChunkCodec(keys, dedup, LogId.of(random.bytes(32))), id, sealed);
        refused(new ChunkCodec(VaultKeys.of(epochSecret, 2), dedup, vault), id, sealed);
        refused(new ChunkCodec(VaultKeys.of(random.secret(), 1), dedup, vault), id, sealed);
        refused(new ChunkCodec(keys, DedupKeys.of(random.secret()), vault), id, sealed);
    }

    @Test
    void open_rejectsEveryFlippedByteAndEveryCut() throws CofferException {
        byte[] plain = random.bytes(200);
        ChunkId id = dedup.id(plain);
        byte[] sealed = seal(codec, id, plain);
        for (int i = 0; i < sealed.length; i++) {
            byte[] altered = sealed.clone();
            altered[i] ^= (byte) (1 << i % 8);
            refused(codec, id, altered);
            refused(codec, id, Arrays.copyOf(sealed, i));
        }
        refused(codec, id, Arrays.copyOf(sealed, sealed.length + 1));
    }

    @Test
    void open_rejectsAChunkThatDoesNotFitTheRoomGiven() throws CofferException {
        byte[] plain = random.textLike(1_000);
        byte[] sealed = seal(codec, dedup.id(plain), plain);
        assertThatThrownBy(() -> codec.open(dedup.id(plain), Slice.of(sealed), new byte[999], 0))
                .isInstanceOf(OpenException.class);
    }

    @Test
    void seal_refusesMoreThanAChunkMayHold() {
        byte[] plain = new byte[Limits.CHUNK_BYTES_MAX + 1];
        byte[] out = new byte[ChunkCodec.sealedSizeMax(plain.length)];
        assertThatIllegalArgumentException().isThrownBy(() -> codec.seal(dedup.id(plain), Slice.of(plain), out, 0));
    }

    /// The source of the salt flips a bit of the sealed bytes' array while sealing goes on, as failing memory would.
    @Test
    void seal_noticesThatWhatItWroteDoesNotOpen() {
        byte[] plain = random.bytes(50_000);
        byte[] out = new byte[ChunkCodec.sealedSizeMax(plain.length)];
        RandomSource meddling = target -> {
            random.fill(target);
            plain[40_000] ^= 1;
        };
        assertThatThrownBy(() -> codec.seal(dedup.id(plain), Slice.of(plain), out, 0, meddling))
                .isInstanceOfSatisfying(
                        CofferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCAL));
    }

    @Test
    void id_isHmacOfTheContentUnderTheVaultsKey() {
        byte[] plain = random.bytes(5_000);
        assertThat(dedup.id(plain)).isEqualTo(dedup.id(plain, 0, 5_000));
        byte[] shifted = new byte[5_010];
        System.arraycopy(plain, 0, shifted, 10, 5_000);
        assertThat(dedup.id(shifted, 10, 5_000)).isEqualTo(dedup.id(plain));
        try (Secret secret = dedup.secret();
                Secret key = secret.derive(Label.CHUNK_ID, new byte[] {0, 1})) {
            byte[] expected = Hkdf.mac("HmacSHA256", key.copyBytes()).doFinal(plain);
            assertThat(dedup.id(plain).toArray()).isEqualTo(expected);
        }
    }
}
