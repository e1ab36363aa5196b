package coffer.seal;

import static coffer.seal.VectorFile.bytes;
import static coffer.seal.VectorFile.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Bytes;
import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.Hash;
import coffer.core.LogId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Makes the vectors of keys, sealing, chunks and packs from fixed seeds, compares them with those checked in, and
/// applies those to the code.
class VectorsTest {

    private static final String OPENS = "opens";
    private static final String REFUSED = "does-not-open";

    private static byte[] fill(int first, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] altered = bytes.clone();
        altered[at] ^= 1;
        return altered;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Applies one case: what it says opens must give `expected`, the rest must fail in the one way.
    private static void check(JsonNode vector, byte[] expected, Opening opening) throws Exception {
        String name = vector.get("name").textValue();
        if (vector.get("result").textValue().equals(OPENS)) {
            assertThat(opening.open()).as(name).isEqualTo(expected);
        } else {
            ThrowingCallable attempt = opening::open;
            assertThatThrownBy(attempt).as(name).isInstanceOf(OpenException.class);
        }
    }

    @FunctionalInterface
    private interface Opening {
        byte[] open() throws Exception;
    }

    @Test
    void derivations() throws Exception {
        VectorFile file = new VectorFile("keys/derivations.json", "docs/spec/keys.md, Derivations");
        try (Secret secret = Secret.of(fill(0, 32))) {
            for (long number : new long[] {1, 2, 4_294_967_296L}) {
                byte[] context = KeyContext.of(number);
                ObjectNode keys = file.add("secret_and_number_" + number, "derives")
                        .put("secret", hex(fill(0, 32)))
                        .put("number", number);
                for (Label label : new Label[] {
                    Label.ACCOUNT, Label.ACCOUNT_WRAP, Label.GENERATION_COMMITMENT, Label.PREVIOUS_GENERATION,
                    Label.COMMIT, Label.CHUNK, Label.PACK_INDEX, Label.PACK_FOOTER, Label.EPOCH_COMMITMENT,
                    Label.PREVIOUS_EPOCH
                }) {
                    keys.put(label.text(), hex(secret.derive(label, context).copyBytes()));
                }
                try (AccountKeys account = AccountKeys.of(secret, number);
                        VaultKeys vault = VaultKeys.of(secret, number)) {
                    keys.put("account-public-key-sha256", Hash.of(account.wrapKeys().publicKey().toArray()).hex());
                    assertThat(account.commitment().hex())
                            .isEqualTo(keys.get("coffer/generation-commitment/v1").textValue());
                    assertThat(vault.commitment().hex())
                            .isEqualTo(keys.get("coffer/epoch-commitment/v1").textValue());
                    assertThat(hex(vault.chunkKey().copyBytes())).isEqualTo(keys.get("coffer/chunk/v1").textValue());
                }
            }
            try (DedupKeys dedup = DedupKeys.of(secret)) {
                byte[] constant = KeyContext.constant();
                file.add("dedup_secret", "derives")
                        .put("secret", hex(fill(0, 32)))
                        .put("coffer/chunk-id/v1", hex(secret.derive(Label.CHUNK_ID, constant).copyBytes()))
                        .put("gear-first-4-words", hex(secret.expand(Label.CHUNKER, constant, 32)))
                        .put("gear-sha256", Hash.of(secret.expand(Label.CHUNKER, constant, 2_048)).hex())
                        .put("content", hex(ascii("content")))
                        .put("chunk-id", dedup.id(ascii("content")).hex());
            }
        }
        try (RecoveryKey recovery = RecoveryKey.generate(target -> System.arraycopy(fill(0, 32), 0, target, 0, 32));
                DeviceKeys device = recovery.deviceKeys()) {
            file.add("recovery_secret", "derives")
                    .put("secret", hex(fill(0, 32)))
                    .put("words", String.join(" ", recovery.words()))
                    .put("signing-public-key", device.record().signingKey().value().hex())
                    .put("wrap-public-key-sha256", Hash.of(device.record().wrapKey().toArray()).hex())
                    .put("device-id", device.record().id().hex());
        }
        try (JoinCode code = JoinCode.parse("abcd-efgh-ijkl-mnop-qrst-uvwxyz")) {
            file.add("join_code", "derives")
                    .put("code", code.text())
                    .put("coffer/join-mailbox/v1", code.mailboxId().hex())
                    .put("coffer/join-mac/v1", hex(code.macKey().copyBytes()))
                    .put("coffer/join-seal/v1", hex(code.sealKey().copyBytes()));
        }
        assertThat(file.checkedIn()).hasSize(6);
    }

    @Test
    void words() throws Exception {
        String good = "absent gorilla van acoustic humor firm title dolphin bulk barely citizen recall"
                + " crane moment aspect appear track phrase actual enforce steel spoon afraid benefit";
        VectorFile file = new VectorFile("keys/words.json", "docs/spec/keys.md, Recovery words");
        file.add("good", "accepted").put("words", good);
        file.add("capitals_and_numbers", "accepted").put("words", "1. " + good.toUpperCase(java.util.Locale.ROOT));
        file.add("unknown_word", "UNKNOWN_WORD").put("words", good.replace("humor", "humour")).put("position", 5);
        file.add("one_word_missing", "COUNT").put("words", good.substring(7)).put("position", 23);
        file.add("one_word_too_many", "COUNT").put("words", good + " zoo").put("position", 25);
        file.add("nothing", "COUNT").put("words", "").put("position", 0);
        file.add("another_last_word", "CHECKSUM").put("words", good.replace("benefit", "zoo")).put("position", 0);
        file.add("two_words_swapped", "CHECKSUM")
                .put("words", good.replace("absent gorilla", "gorilla absent"))
                .put("position", 0);
        file.add("all_zero", "CHECKSUM").put("words", "abandon ".repeat(23) + "art").put("position", 0);
        JsonNode cases = file.checkedIn();
        assertThat(cases).hasSize(9);
        for (JsonNode vector : cases) {
            String words = vector.get("words").textValue();
            if (vector.get("result").textValue().equals("accepted")) {
                assertThat(String.join(" ", RecoveryKey.parse(words).words())).isEqualTo(good);
            } else {
                assertThatThrownBy(() -> RecoveryKey.parse(words))
                        .isInstanceOfSatisfying(RecoveryWordsException.class, e -> {
                            assertThat(e.fault().name()).isEqualTo(vector.get("result").textValue());
                            assertThat(e.position()).isEqualTo(vector.get("position").intValue());
                        });
            }
        }
    }

    @Test
    void passphrases() throws Exception {
        VectorFile file = new VectorFile("keys/passphrases.json", "docs/spec/keys.md, Device secrets at rest");
        byte[] secrets = fill(0, 40);
        PassphraseSeal good = PassphraseSeal.seal("f\u00fcnf W\u00f6rter", secrets, new FixedRandom(80));
        passphrase(file, "good", OPENS, "f\u00fcnf W\u00f6rter", good).put("plaintext", hex(secrets));
        passphrase(file, "decomposed", OPENS, "fu\u0308nf Wo\u0308rter", good);
        passphrase(file, "other_passphrase", REFUSED, "f\u00fcnf W\u00f6rter ", good);
        passphrase(
                file, "other_cost", REFUSED, "f\u00fcnf W\u00f6rter",
                new PassphraseSeal(good.memoryKib(), good.passes(), 1, good.salt(), good.sealed()));
        passphrase(
                file, "altered", REFUSED, "f\u00fcnf W\u00f6rter",
                new PassphraseSeal(
                        good.memoryKib(), good.passes(), good.lanes(), good.salt(), Bytes.of(flipped(good.sealed().toArray(), 60))));
        JsonNode cases = file.checkedIn();
        assertThat(cases).hasSize(5);
        for (JsonNode vector : cases) {
            PassphraseSeal under = new PassphraseSeal(
                    vector.get("memory-kib").intValue(), vector.get("passes").intValue(), vector.get("lanes").intValue(),
                    Bytes.of(bytes(vector, "salt")), Bytes.of(bytes(vector, "sealed")));
            check(vector, secrets, () -> under.open(vector.get("passphrase").textValue()));
        }
    }

    private static ObjectNode passphrase(VectorFile file, String name, String result, String passphrase, PassphraseSeal under) {
        return file.add(name, result)
                .put("passphrase", passphrase)
                .put("memory-kib", under.memoryKib())
                .put("passes", under.passes())
                .put("lanes", under.lanes())
                .put("salt", under.salt().hex())
                .put("sealed", under.sealed().hex());
    }

    @Test
    void wraps() throws Exception {
        VectorFile file = new VectorFile("keys/wraps.json", "docs/spec/keys.md, Wrapping");
        Secret seed = Secret.of(fill(1, 32));
        WrapKeys keys = WrapKeys.of(seed);
        byte[] secret = fill(100, 32);
        byte[] log = fill(30, 32);
        byte[] device = fill(60, 32);
        byte[] account = fill(90, 32);
        WrapContext right = context(Label.WRAP_EPOCH, log, 7, device, account, 2, 3);
        byte[] wrapped = Wrapping.wrap(keys.publicKey(), right.encode(), secret, fill(150, 64));
        wrap(file, "good", OPENS, seed, right, wrapped).put("secret", hex(secret)).put("randomness", hex(fill(150, 64)));
        wrap(file, "other_purpose", REFUSED, seed, context(Label.WRAP_GENERATION, log, 7, device, account, 2, 3), wrapped);
        wrap(file, "other_log", REFUSED, seed, context(Label.WRAP_EPOCH, flipped(log, 0), 7, device, account, 2, 3), wrapped);
        wrap(file, "no_log", REFUSED, seed, context(Label.WRAP_EPOCH, new byte[0], 7, device, account, 2, 3), wrapped);
        wrap(file, "other_sequence", REFUSED, seed, context(Label.WRAP_EPOCH, log, 8, device, account, 2, 3), wrapped);
        wrap(file, "other_sender", REFUSED, seed, context(Label.WRAP_EPOCH, log, 7, flipped(device, 0), account, 2, 3), wrapped);
        wrap(file, "other_recipient", REFUSED, seed, context(Label.WRAP_EPOCH, log, 7, device, flipped(account, 0), 2, 3), wrapped);
        wrap(file, "other_recipient_generation", REFUSED, seed, context(Label.WRAP_EPOCH, log, 7, device, account, 1, 3), wrapped);
        wrap(file, "other_number", REFUSED, seed, context(Label.WRAP_EPOCH, log, 7, device, account, 2, 4), wrapped);
        wrap(file, "other_key", REFUSED, Secret.of(fill(2, 32)), right, wrapped);
        wrap(file, "ml_kem_ciphertext_altered", REFUSED, seed, right, flipped(wrapped, 5));
        wrap(file, "x25519_key_altered", REFUSED, seed, right, flipped(wrapped, 1_100));
        wrap(file, "x25519_key_top_bit_set", REFUSED, seed, right, topBit(wrapped, 1_119));
        wrap(file, "ciphertext_altered", REFUSED, seed, right, flipped(wrapped, 1_125));
        wrap(file, "tag_altered", REFUSED, seed, right, flipped(wrapped, 1_167));
        wrap(file, "cut", REFUSED, seed, right, Arrays.copyOf(wrapped, 1_167));
        wrap(file, "extended", REFUSED, seed, right, Arrays.copyOf(wrapped, 1_169));
        wrap(file, "secret_all_zero", REFUSED, seed, right,
                Wrapping.wrap(keys.publicKey(), right.encode(), new byte[32], fill(150, 64)));
        wrap(file, "secret_of_31_bytes", REFUSED, seed, right,
                Wrapping.wrap(keys.publicKey(), right.encode(), fill(100, 31), fill(150, 64)));
        JsonNode cases = file.checkedIn();
        assertThat(cases).hasSize(19);
        for (JsonNode vector : cases) {
            WrapKeys recipient = WrapKeys.of(Secret.of(bytes(vector, "recipient-seed")));
            WrapContext context = context(
                    vector.get("purpose").textValue().equals(Label.WRAP_EPOCH.text())
                            ? Label.WRAP_EPOCH
                            : Label.WRAP_GENERATION,
                    bytes(vector, "log"),
                    vector.get("sequence").longValue(),
                    bytes(vector, "sender"),
                    bytes(vector, "recipient"),
                    vector.get("recipient-generation").longValue(),
                    vector.get("number").longValue());
            check(vector, secret, () -> Wrapping.unwrapSecret(recipient, context, bytes(vector, "wrapped"))
                    .copyBytes());
        }
    }

    private static byte[] topBit(byte[] bytes, int at) {
        byte[] altered = bytes.clone();
        altered[at] ^= (byte) 0x80;
        return altered;
    }

    private static WrapContext context(
            Label purpose, byte[] log, long sequence, byte[] sender, byte[] recipient, long generation, long number) {
        return new WrapContext(
                purpose, Bytes.of(log), sequence, DeviceId.of(sender), Bytes.of(recipient), generation, number);
    }

    private static ObjectNode wrap(
            VectorFile file, String name, String result, Secret seed, WrapContext context, byte[] wrapped) {
        return file.add(name, result)
                .put("recipient-seed", hex(seed.copyBytes()))
                .put("purpose", context.purpose().text())
                .put("log", context.logId().hex())
                .put("sequence", context.sequence())
                .put("sender", context.sender().hex())
                .put("recipient", context.recipient().hex())
                .put("recipient-generation", context.recipientGeneration())
                .put("number", context.number())
                .put("wrapped", hex(wrapped));
    }

    /// These bytes, as they are.
    private record Just(byte[] bytes) implements RandomSource {
        @Override
        public void fill(byte[] target) {
            System.arraycopy(bytes, 0, target, 0, target.length);
        }

        @Override
        public boolean isForVectors() {
            return true;
        }
    }

    @Test
    void sealed() throws Exception {
        VectorFile file = new VectorFile("sealing/sealed.json", "docs/spec/sealing.md, Construction");
        Secret key = Secret.of(fill(1, 32));
        byte[] place = fill(50, 20);
        byte[] plain = ascii("what is sealed");
        byte[] sealed = new byte[Sealing.sealedSize(plain.length)];
        Sealing.seal(key, Label.COMMIT, place, Slice.of(plain), sealed, 0, new Just(fill(200, 24)));
        byte[] empty = new byte[Sealing.sealedSize(0)];
        Sealing.seal(key, Label.COMMIT, place, Slice.of(new byte[0]), empty, 0, new Just(fill(100, 24)));
        message(file, "good", OPENS, key, Label.COMMIT, place, sealed).put("plaintext", hex(plain));
        message(file, "good_empty", OPENS, key, Label.COMMIT, place, empty).put("plaintext", "");
        message(file, "other_key", REFUSED, Secret.of(fill(2, 32)), Label.COMMIT, place, sealed);
        message(file, "other_label", REFUSED, key, Label.CHUNK, place, sealed);
        message(file, "other_place", REFUSED, key, Label.COMMIT, flipped(place, 19), sealed);
        message(file, "shorter_place", REFUSED, key, Label.COMMIT, fill(50, 19), sealed);
        message(file, "no_place", REFUSED, key, Label.COMMIT, new byte[0], sealed);
        message(file, "salt_altered", REFUSED, key, Label.COMMIT, place, flipped(sealed, 0));
        message(file, "commitment_altered", REFUSED, key, Label.COMMIT, place, flipped(sealed, 24));
        message(file, "ciphertext_altered", REFUSED, key, Label.COMMIT, place, flipped(sealed, 56));
        message(file, "tag_altered", REFUSED, key, Label.COMMIT, place, flipped(sealed, sealed.length - 1));
        message(file, "cut", REFUSED, key, Label.COMMIT, place, Arrays.copyOf(sealed, sealed.length - 1));
        message(file, "extended", REFUSED, key, Label.COMMIT, place, Arrays.copyOf(sealed, sealed.length + 1));
        message(file, "prefix_only", REFUSED, key, Label.COMMIT, place, Arrays.copyOf(sealed, 56));
        message(file, "nothing", REFUSED, key, Label.COMMIT, place, new byte[0]);
        JsonNode cases = file.checkedIn();
        assertThat(cases).hasSize(15);
        for (JsonNode vector : cases) {
            Label label = vector.get("label").textValue().equals(Label.CHUNK.text()) ? Label.CHUNK : Label.COMMIT;
            byte[] expected = vector.has("plaintext") ? bytes(vector, "plaintext") : new byte[0];
            check(vector, expected, () -> Sealing.open(
                    Secret.of(bytes(vector, "key")), label, bytes(vector, "place"), bytes(vector, "sealed")));
        }
    }

    private static ObjectNode message(
            VectorFile file, String name, String result, Secret key, Label label, byte[] place, byte[] sealed) {
        return file.add(name, result)
                .put("key", hex(key.copyBytes()))
                .put("label", label.text())
                .put("place", hex(place))
                .put("sealed", hex(sealed));
    }

    /// One zstd frame of 1,000 bytes `a`, as written here so that no version of the compressor changes the vectors.
    private static final byte[] ZSTD_1000_A = HexFormat.of().parseHex("28b52ffd60e8024d00001061610100e32b8005");

    @Test
    void frames() throws Exception {
        VectorFile file = new VectorFile("sealing/frames.json", "docs/spec/sealing.md, Frame");
        byte[] content = fill(7, 20);
        byte[] thousand = new byte[1_000];
        Arrays.fill(thousand, (byte) 'a');
        byte[] good = frame(0, 20, 20, content);
        byte[] compressed = frame(1, 1_000, ZSTD_1000_A.length, ZSTD_1000_A);
        file.add("good_plain", OPENS).put("limit", 20).put("frame", hex(good)).put("content", hex(content));
        file.add("good_empty", OPENS).put("limit", 0).put("frame", hex(frame(0, 0, 0, new byte[0]))).put("content", "");
        file.add("good_compressed", OPENS)
                .put("limit", 1_000)
                .put("frame", hex(compressed))
                .put("content", hex(thousand));
        bad(file, "above_the_limit", 19, good);
        bad(file, "compressed_above_the_limit", 999, compressed);
        bad(file, "unknown_flag", 20, frame(2, 20, 20, content));
        bad(file, "content_size_negative", 20, frame(0, -1, 20, content));
        bad(file, "stored_size_negative", 20, frame(0, 20, -1, content));
        bad(file, "stored_beyond_the_frame", 2_000, frame(0, 1_000, 1_000, content));
        bad(file, "stored_shorter_than_content", 20, frame(0, 20, 19, content));
        bad(file, "padding_not_zero", 20, flipped(good, good.length - 1));
        bad(file, "padding_missing", 20, Arrays.copyOf(good, 29));
        bad(file, "padding_too_long", 20, Arrays.copyOf(good, good.length + 2));
        bad(file, "header_cut", 20, Arrays.copyOf(good, 8));
        bad(file, "inflates_to_more", 2_000, frame(1, 999, ZSTD_1000_A.length, ZSTD_1000_A));
        bad(file, "inflates_to_less", 2_000, frame(1, 1_001, ZSTD_1000_A.length, ZSTD_1000_A));
        bad(file, "not_zstd", 2_000, frame(1, 1_000, 20, content));
        bad(file, "compressed_without_saving", 2_000, frame(1, 19, ZSTD_1000_A.length, ZSTD_1000_A));
        JsonNode cases = file.checkedIn();
        assertThat(cases).hasSize(18);
        for (JsonNode vector : cases) {
            Slice frame = Slice.of(bytes(vector, "frame"));
            byte[] expected = vector.has("content") ? bytes(vector, "content") : new byte[0];
            check(vector, expected, () -> {
                byte[] out = new byte[Frame.contentSize(frame, vector.get("limit").intValue())];
                Frame.read(frame, Slice.of(out));
                return out;
            });
        }
    }

    private static void bad(VectorFile file, String name, int limit, byte[] frame) {
        file.add(name, REFUSED).put("limit", limit).put("frame", hex(frame));
    }

    private static byte[] frame(int flags, int size, int storedSize, byte[] stored) {
        byte[] frame = ByteBuffer.allocate(9 + stored.length)
                .put((byte) flags)
                .putInt(size)
                .putInt(storedSize)
                .put(stored)
                .array();
        return Arrays.copyOf(frame, Padme.paddedSize(frame.length));
    }

    /// Goes on from case to case: a salt must never come twice under one key.
    private final FixedRandom salts = new FixedRandom(1);

    private final Secret epochSecret = Secret.of(fill(1, 32));
    private final Secret dedupSecret = Secret.of(fill(2, 32));
    private final LogId vault = LogId.of(fill(3, 32));

    @Test
    void chunks() throws Exception {
        VectorFile file = new VectorFile("chunks/records.json", "docs/spec/chunks-and-packs.md, Record");
        VaultKeys keys = VaultKeys.of(epochSecret, 5);
        DedupKeys dedup = DedupKeys.of(dedupSecret);
        byte[] content = fill(9, 40);
        ChunkId id = dedup.id(content);
        byte[] record = record(keys, id, content);
        chunk(file, "good", OPENS, vault, 5, id, record).put("content", hex(content));
        chunk(file, "other_id", REFUSED, vault, 5, dedup.id(fill(10, 40)), record);
        chunk(file, "other_vault", REFUSED, LogId.of(fill(4, 32)), 5, id, record);
        chunk(file, "other_epoch", REFUSED, vault, 6, id, record);
        chunk(file, "content_is_not_what_the_id_names", REFUSED, vault, 5, id, record(keys, id, fill(10, 40)));
        chunk(file, "altered", REFUSED, vault, 5, id, flipped(record, 70));
        chunk(file, "cut", REFUSED, vault, 5, id, Arrays.copyOf(record, record.length - 1));
        chunk(file, "frame_unpadded", REFUSED, vault, 5, id, sealedFrame(keys, id, Arrays.copyOf(frame(0, 40, 40, content), 49)));
        chunk(file, "content_above_8_MiB", REFUSED, vault, 5, id, sealedFrame(keys, id, frame(1, (8 << 20) + 1, ZSTD_1000_A.length, ZSTD_1000_A)));
        JsonNode cases = file.checkedIn();
        assertThat(cases).hasSize(9);
        for (JsonNode vector : cases) {
            VaultKeys epoch = VaultKeys.of(Secret.of(bytes(vector, "epoch-secret")), vector.get("epoch").longValue());
            DedupKeys names = DedupKeys.of(Secret.of(bytes(vector, "dedup-secret")));
            ChunkCodec codec = new ChunkCodec(epoch, names, LogId.of(bytes(vector, "vault")));
            check(vector, content, () -> codec.open(
                    ChunkId.of(bytes(vector, "chunk")), Slice.of(bytes(vector, "record"))));
        }
    }

    private byte[] record(VaultKeys keys, ChunkId id, byte[] content) throws CofferException {
        byte[] out = new byte[ChunkCodec.sealedSizeMax(content.length)];
        int size = new ChunkCodec(keys, DedupKeys.of(dedupSecret), vault)
                .seal(id, Slice.of(content), out, 0, salts);
        return Arrays.copyOf(out, size);
    }

    private byte[] sealedFrame(VaultKeys keys, ChunkId id, byte[] frame) {
        byte[] out = new byte[Sealing.sealedSize(frame.length)];
        byte[] place = ByteBuffer.allocate(72).put(vault.toArray()).putLong(keys.epoch()).put(id.toArray()).array();
        Sealing.seal(keys.chunkKey(), Label.CHUNK, place, Slice.of(frame), out, 0, salts);
        return out;
    }

    private ObjectNode chunk(
            VectorFile file, String name, String result, LogId in, long epoch, ChunkId id, byte[] record) {
        return file.add(name, result)
                .put("epoch-secret", hex(epochSecret.copyBytes()))
                .put("dedup-secret", hex(dedupSecret.copyBytes()))
                .put("vault", in.hex())
                .put("epoch", epoch)
                .put("chunk", id.hex())
                .put("record", hex(record));
    }

    @Test
    void packs() throws Exception {
        VectorFile file = new VectorFile("packs/packs.json", "docs/spec/chunks-and-packs.md, Pack");
        VaultKeys keys = VaultKeys.of(epochSecret, 5);
        byte[] good = pack(keys, 3);
        PackContents contents = PackReader.contents(keys, vault, Slice.of(good));
        PackReader.Footer footer =
                PackReader.footer(keys, vault, Slice.from(good, good.length - 88), good.length);
        int indexOffset = footer.indexOffset();
        ObjectNode first = packCase(file, "good", OPENS, vault, 5, good);
        first.put("id", Hash.of(good).hex());
        contents.chunks().forEach(place -> first.withArray("contents")
                .addArray()
                .add(place.id().hex())
                .add(place.offset())
                .add(place.sealedLength())
                .add(place.plainLength()));
        packCase(file, "other_vault", REFUSED, LogId.of(fill(4, 32)), 5, good);
        packCase(file, "other_epoch", REFUSED, vault, 6, good);
        packCase(file, "index_altered", REFUSED, vault, 5, flipped(good, indexOffset + 60));
        packCase(file, "footer_altered", REFUSED, vault, 5, flipped(good, good.length - 20));
        packCase(file, "cut", REFUSED, vault, 5, Arrays.copyOf(good, good.length - 1));
        packCase(file, "extended", REFUSED, vault, 5, Arrays.copyOf(good, good.length + 1));
        packCase(file, "footer_only", REFUSED, vault, 5, Arrays.copyOfRange(good, good.length - 88, good.length));
        packCase(file, "nothing", REFUSED, vault, 5, new byte[0]);
        int length = footer.indexLength();
        int size = good.length;
        packCase(file, "footer_names_another_size", REFUSED, vault, 5, footed(keys, good, indexOffset, length, size + 1, 3));
        packCase(file, "footer_names_another_count", REFUSED, vault, 5, footed(keys, good, indexOffset, length, size, 2));
        packCase(file, "footer_names_no_records", REFUSED, vault, 5, footed(keys, good, 0, length, size, 3));
        packCase(file, "footer_names_a_negative_offset", REFUSED, vault, 5, footed(keys, good, -1, length, size, 3));
        packCase(file, "footer_names_an_index_beyond_the_pack", REFUSED, vault, 5, footed(keys, good, indexOffset, size, size, 3));
        packCase(file, "index_begins_elsewhere", REFUSED, vault, 5, footed(keys, good, indexOffset - 1, length, size, 3));
        packCase(file, "gap_between_records", REFUSED, vault, 5, indexed(keys, good, footer, contents, 1, 0));
        packCase(file, "records_overlap", REFUSED, vault, 5, indexed(keys, good, footer, contents, -1, 0));
        packCase(file, "plain_length_impossible", REFUSED, vault, 5, indexed(keys, good, footer, contents, 0, -25));
        JsonNode cases = file.checkedIn();
        assertThat(cases).hasSize(18);
        for (JsonNode vector : cases) {
            VaultKeys epoch = VaultKeys.of(Secret.of(bytes(vector, "epoch-secret")), vector.get("epoch").longValue());
            byte[] bytes = bytes(vector, "pack");
            LogId in = LogId.of(bytes(vector, "vault"));
            if (vector.get("result").textValue().equals(OPENS)) {
                assertThat(PackReader.contents(epoch, in, Slice.of(bytes))).isEqualTo(contents);
                assertThat(vector.get("contents")).hasSize(3);
            } else {
                assertThatThrownBy(() -> PackReader.contents(epoch, in, Slice.of(bytes)))
                        .as(vector.get("name").textValue())
                        .isInstanceOf(OpenException.class);
            }
        }
    }

    private ObjectNode packCase(VectorFile file, String name, String result, LogId in, long epoch, byte[] pack) {
        return file.add(name, result)
                .put("epoch-secret", hex(epochSecret.copyBytes()))
                .put("vault", in.hex())
                .put("epoch", epoch)
                .put("pack", hex(pack));
    }

    private byte[] pack(VaultKeys keys, int count) throws IOException, CofferException {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        PackBuilder builder = new PackBuilder(sink, keys, vault, salts);
        DedupKeys dedup = DedupKeys.of(dedupSecret);
        for (int i = 0; i < count; i++) {
            byte[] content = fill(20 + i, 30 + i);
            builder.append(dedup.id(content), content.length, Slice.of(record(keys, dedup.id(content), content)));
        }
        builder.finish();
        return sink.toByteArray();
    }

    /// The pack with another footer in place of its own.
    private byte[] footed(VaultKeys keys, byte[] pack, int offset, int length, int size, int count) {
        byte[] plain = ByteBuffer.allocate(16).putInt(offset).putInt(length).putInt(size).putInt(count).array();
        byte[] altered = pack.clone();
        byte[] context = PackFormat.context(vault, keys.epoch());
        Sealing.seal(
                keys.footerKey(), Label.PACK_FOOTER, context, Slice.of(plain), altered, pack.length - 88, salts);
        return altered;
    }

    /// The pack with an index whose second record is moved, or whose first is longer or shorter when opened.
    private byte[] indexed(
            VaultKeys keys, byte[] pack, PackReader.Footer footer, PackContents contents, int move, int grow) {
        coffer.core.CborWriter index = new coffer.core.CborWriter().array(3);
        for (int i = 0; i < 3; i++) {
            ChunkPlace place = contents.chunks().get(i);
            index.array(4)
                    .bytes(place.id().value())
                    .integer(place.offset() + (i == 1 ? move : 0))
                    .integer(place.sealedLength())
                    .integer(place.plainLength() + (i == 0 ? grow : 0));
        }
        byte[] plain = index.toByteArray();
        assertThat(Sealing.sealedSize(plain.length)).isLessThanOrEqualTo(footer.indexLength());
        byte[] altered = pack.clone();
        byte[] context = PackFormat.context(vault, keys.epoch());
        int length = Sealing.seal(
                keys.indexKey(), Label.PACK_INDEX, context, Slice.of(plain), altered, footer.indexOffset(), salts);
        return footed(keys, altered, footer.indexOffset(), length, pack.length, 3);
    }
}
