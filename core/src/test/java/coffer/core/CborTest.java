package coffer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The subset of docs/spec/encoding.md: published examples, one rejection per rule, and properties.
class CborTest {

    private static final String FORMAT = "encoding";

    private static CborItem integer(long value) {
        return new CborItem.Int(value);
    }

    private static CborItem bytes(String hex) {
        return new CborItem.ByteString(Bytes.ofHex(hex));
    }

    private static CborItem text(String value) {
        return new CborItem.Text(value);
    }

    private static CborItem array(CborItem... items) {
        return new CborItem.Array(List.of(items));
    }

    /// RFC 8949, appendix A: all examples that the subset can say.
    private static Map<String, CborItem> published() {
        var examples = new TreeMap<String, CborItem>();
        examples.put("00", integer(0));
        examples.put("01", integer(1));
        examples.put("0a", integer(10));
        examples.put("17", integer(23));
        examples.put("1818", integer(24));
        examples.put("1819", integer(25));
        examples.put("1864", integer(100));
        examples.put("1903e8", integer(1_000));
        examples.put("1a000f4240", integer(1_000_000));
        examples.put("1b000000e8d4a51000", integer(1_000_000_000_000L));
        examples.put("20", integer(-1));
        examples.put("29", integer(-10));
        examples.put("3863", integer(-100));
        examples.put("3903e7", integer(-1_000));
        examples.put("f4", new CborItem.Bool(false));
        examples.put("f5", new CborItem.Bool(true));
        examples.put("f6", new CborItem.Nil());
        examples.put("40", bytes(""));
        examples.put("4401020304", bytes("01020304"));
        examples.put("60", text(""));
        examples.put("6161", text("a"));
        examples.put("6449455446", text("IETF"));
        examples.put("62225c", text("\"\\"));
        examples.put("62c3bc", text("\u00fc"));
        examples.put("63e6b0b4", text("\u6c34"));
        examples.put("64f0908591", text("\ud800\udd51"));
        examples.put("80", array());
        examples.put("83010203", array(integer(1), integer(2), integer(3)));
        examples.put(
                "8301820203820405",
                array(integer(1), array(integer(2), integer(3)), array(integer(4), integer(5))));
        var toTwentyFive = new ArrayList<CborItem>();
        for (int i = 1; i <= 25; i++) {
            toTwentyFive.add(integer(i));
        }
        examples.put(
                "98190102030405060708090a0b0c0d0e0f101112131415161718181819", new CborItem.Array(toTwentyFive));
        examples.put("a0", new CborItem.Mapping(Map.of()));
        examples.put("a201020304", new CborItem.Mapping(new TreeMap<>(Map.of(1L, integer(2), 3L, integer(4)))));
        return examples;
    }

    @TestFactory
    Stream<DynamicTest> examplesOfRfc8949_areReadAndWrittenAsPublished() {
        return published().entrySet().stream()
                .map(example -> DynamicTest.dynamicTest(example.getKey(), () -> {
                    byte[] encoded = Bytes.ofHex(example.getKey()).toArray();
                    assertThat(CborItem.decode(encoded)).isEqualTo(example.getValue());
                    assertThat(Bytes.of(example.getValue().encode()).hex()).isEqualTo(example.getKey());
                }));
    }

    @Test
    void extremesOf64Bits_areReadAndWritten() throws Exception {
        for (long value : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, 0xffff_ffffL, 0x1_0000_0000L}) {
            assertThat(CborItem.decode(integer(value).encode())).isEqualTo(integer(value));
        }
        assertThat(Bytes.of(integer(Long.MAX_VALUE).encode()).hex()).isEqualTo("1b7fffffffffffffff");
        assertThat(Bytes.of(integer(Long.MIN_VALUE).encode()).hex()).isEqualTo("3b7fffffffffffffff");
    }

    @Test
    void vectors_areWhatTheGeneratorMakes() {
        var accepted = new ArrayList<ObjectNode>();
        published().forEach((hex, item) -> accepted.add(
                VectorFile.object().put("name", "rfc8949_" + hex).put("encoded", hex).put("result", "accepted")));
        accepted.add(good("integer_greatest", "1b7fffffffffffffff"));
        accepted.add(good("integer_least", "3b7fffffffffffffff"));
        accepted.add(good("map_keys_ascend_as_numbers_and_as_bytes", "a3170018180019010000"));
        VectorFile.requireCurrent(FORMAT, "accepted.json", "RFC 8949 appendix A; docs/spec/encoding.md", accepted);

        var refused = List.of(
                bad("empty_input", "", "input ends early"),
                bad("head_cut_1", "18", "input ends early"),
                bad("head_cut_2", "1903", "input ends early"),
                bad("head_cut_4", "1a000f42", "input ends early"),
                bad("head_cut_8", "1b000000e8d4a510", "input ends early"),
                bad("bytes_cut", "43aabb", "input ends early"),
                bad("text_cut", "636162", "input ends early"),
                bad("array_cut", "830102", "input ends early"),
                bad("map_cut_before_key", "a20102", "input ends early"),
                bad("map_cut_before_value", "a101", "input ends early"),
                bad("length_beyond_input", "5a00010000", "too long"),
                bad("length_of_63_bits", "5b7fffffffffffffff", "too long"),
                bad("length_of_64_bits", "5bffffffffffffffff", "too long"),
                bad("array_length_of_64_bits", "9bffffffffffffffff", "too long"),
                bad("integer_1_not_shortest", "1817", "not the shortest form"),
                bad("integer_2_not_shortest", "1900ff", "not the shortest form"),
                bad("integer_4_not_shortest", "1a0000ffff", "not the shortest form"),
                bad("integer_8_not_shortest", "1b00000000ffffffff", "not the shortest form"),
                bad("negative_not_shortest", "3800", "not the shortest form"),
                bad("bytes_length_not_shortest", "5801aa", "not the shortest form"),
                bad("text_length_not_shortest", "780161", "not the shortest form"),
                bad("array_length_not_shortest", "980101", "not the shortest form"),
                bad("map_length_not_shortest", "b8010102", "not the shortest form"),
                bad("map_key_not_shortest", "a1180100", "not the shortest form"),
                bad("integer_beyond_64_bits", "1b8000000000000000", "integer beyond 64 bits"),
                bad("integer_greatest_of_cbor", "1bffffffffffffffff", "integer beyond 64 bits"),
                bad("negative_beyond_64_bits", "3b8000000000000000", "integer beyond 64 bits"),
                bad("negative_least_of_cbor", "3bffffffffffffffff", "integer beyond 64 bits"),
                bad("reserved_28", "1c", "indefinite or reserved length"),
                bad("reserved_29", "3d", "indefinite or reserved length"),
                bad("reserved_30", "5e", "indefinite or reserved length"),
                bad("bytes_indefinite", "5f42010243030405ff", "indefinite or reserved length"),
                bad("text_indefinite", "7f657374726561646d696e67ff", "indefinite or reserved length"),
                bad("array_indefinite", "9fff", "indefinite or reserved length"),
                bad("map_indefinite", "bf0102ff", "indefinite or reserved length"),
                bad("break_alone", "ff", "boolean expected"),
                bad("tag_time", "c11a514b67b0", "integer expected"),
                bad("tag_bignum", "c249010000000000000000", "integer expected"),
                bad("float_16", "f93c00", "boolean expected"),
                bad("float_32", "fa47c35000", "boolean expected"),
                bad("float_64", "fb3ff199999999999a", "boolean expected"),
                bad("undefined", "f7", "boolean expected"),
                bad("simple_unassigned", "f0", "boolean expected"),
                bad("simple_two_bytes", "f8ff", "boolean expected"),
                bad("simple_false_in_two_bytes", "f814", "boolean expected"),
                bad("utf8_broken", "62c328", "invalid UTF-8"),
                bad("utf8_overlong", "62c080", "invalid UTF-8"),
                bad("utf8_surrogate", "63eda080", "invalid UTF-8"),
                bad("utf8_beyond_unicode", "64f4908080", "invalid UTF-8"),
                bad("utf8_cut", "61c3", "invalid UTF-8"),
                bad("map_key_twice", "a201000100", "map keys do not ascend"),
                bad("map_keys_descend", "a202000100", "map keys do not ascend"),
                bad("map_key_negative", "a12000", "map keys do not ascend"),
                bad("map_key_text", "a1616100", "integer expected"),
                bad("map_key_bytes", "a1416100", "integer expected"),
                bad("trailing_byte", "0000", "trailing bytes"),
                bad("trailing_after_array", "8000", "trailing bytes"));
        VectorFile.requireCurrent(FORMAT, "refused.json", "docs/spec/encoding.md", refused);
    }

    private static ObjectNode good(String name, String hex) {
        return VectorFile.object().put("name", name).put("encoded", hex).put("result", "accepted");
    }

    private static ObjectNode bad(String name, String hex, String reason) {
        return VectorFile.object()
                .put("name", name)
                .put("encoded", hex)
                .put("result", "refused")
                .put("reason", reason);
    }

    @TestFactory
    Stream<DynamicTest> everyVector_endsAsItSays() {
        return VectorFile.cases(FORMAT).stream()
                .map(vector -> DynamicTest.dynamicTest(vector.path("name").asText(), () -> check(vector)));
    }

    private static void check(JsonNode vector) throws CborException {
        byte[] encoded = Bytes.ofHex(vector.path("encoded").asText()).toArray();
        if (vector.path("result").asText().equals("accepted")) {
            assertThat(CborItem.decode(encoded).encode()).isEqualTo(encoded);
            return;
        }
        assertThatExceptionOfType(CborException.class)
                .isThrownBy(() -> CborItem.decode(encoded))
                .withMessage(vector.path("reason").asText());
    }

    @Test
    void anyItem_isReadAsItWasWritten() throws Exception {
        Random random = seeded("anyItem_isReadAsItWasWritten");
        for (int i = 0; i < 2_000; i++) {
            CborItem item = CborItem.random(random, 4);
            byte[] encoded = item.encode();
            assertThat(CborItem.decode(encoded)).isEqualTo(item);
        }
    }

    @Test
    void anyAcceptedBytes_encodeToThemselves() {
        Random random = seeded("anyAcceptedBytes_encodeToThemselves");
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = change(random, CborItem.random(random, 3).encode());
            try {
                // Anything but a CborException fails the test.
                byte[] again = CborItem.decode(changed).encode();
                assertThat(Bytes.of(again)).isEqualTo(Bytes.of(changed));
                accepted++;
            } catch (CborException e) {
                refused++;
            }
        }
        assertThat(accepted).as("accepted").isPositive();
        assertThat(refused).as("refused").isPositive();
    }

    @Test
    void allInputsOfUpToTwoBytes_areRefusedOrEncodeToThemselves() {
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < 1 << 16; i++) {
            for (byte[] input : new byte[][] {{(byte) i}, {(byte) (i >> 8), (byte) i}}) {
                try {
                    assertThat(Arrays.equals(CborItem.decode(input).encode(), input)).isTrue();
                    accepted++;
                } catch (CborException e) {
                    refused++;
                }
            }
        }
        assertThat(accepted).isPositive();
        assertThat(refused).isGreaterThan(accepted);
    }

    private static byte[] change(Random random, byte[] encoded) {
        byte[] changed = encoded;
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            int at = random.nextInt(changed.length + 1);
            changed = switch (random.nextInt(4)) {
                case 0 -> Arrays.copyOf(changed, at);
                case 1 -> spliced(changed, at, at, (byte) random.nextInt());
                case 2 -> spliced(changed, at, Math.min(at + 1, changed.length), (byte) random.nextInt());
                default -> spliced(changed, Math.max(0, at - 1), at);
            };
        }
        return changed;
    }

    /// `bytes` with those from `from` to `to` replaced.
    private static byte[] spliced(byte[] bytes, int from, int to, byte... by) {
        byte[] result = new byte[bytes.length - (to - from) + by.length];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(by, 0, result, from, by.length);
        System.arraycopy(bytes, to, result, from + by.length, bytes.length - to);
        return result;
    }

    private static Random seeded(String test) {
        long seed = Long.getLong("coffer.seed", new Random().nextLong());
        System.out.println(test + ": -Dcoffer.seed=" + seed);
        return new Random(seed);
    }

    private interface Reading {
        void from(CborReader reader) throws CborException;
    }

    private static void assertRefused(String hex, Reading reading, String reason) {
        var reader = new CborReader(Bytes.ofHex(hex).toArray());
        assertThatExceptionOfType(CborException.class)
                .isThrownBy(() -> reading.from(reader))
                .withMessage(reason);
    }

    @Test
    void whatTheGrammarDoesNotExpect_isRefused() {
        assertRefused("05", r -> r.integer(6, 9), "integer out of range");
        assertRefused("0a", r -> r.integer(6, 9), "integer out of range");
        assertRefused("40", CborReader::integer, "integer expected");
        assertRefused("43010203", r -> r.bytes(2), "too long");
        assertRefused("43010203", r -> r.bytesOf(2), "too long");
        assertRefused("43010203", r -> r.bytesOf(4), "byte string of another length");
        assertRefused("60", r -> r.bytes(9), "another type expected");
        assertRefused("63616263", r -> r.text(2), "too long");
        assertRefused("40", r -> r.text(9), "another type expected");
        assertRefused("83010203", r -> r.array(2), "too long");
        assertRefused("83010203", r -> r.arrayOf(2), "too long");
        assertRefused("83010203", r -> r.arrayOf(4), "array of another length");
        assertRefused("a0", r -> r.array(9), "another type expected");
        assertRefused("a201000200", r -> r.map(1), "too long");
        assertRefused("80", r -> r.map(9), "another type expected");
        assertRefused("f6", CborReader::bool, "boolean expected");
        assertRefused("00", CborReader::bool, "boolean expected");
    }

    @Test
    void mapReader_refusesMissingUnknownAndOtherKeys() throws Exception {
        assertRefused("a10100", r -> r.map(9).key(2), "another map key expected");
        assertRefused("a10100", r -> r.map(9).end(), "unknown map key");
        assertRefused("a0", r -> r.map(9).key(), "missing map key");
        var reader = new CborReader(Bytes.ofHex("a201050306").toArray());
        var map = reader.map(2);
        map.key(1);
        assertThat(reader.integer()).isEqualTo(5);
        assertThat(map.hasNext()).isTrue();
        assertThat(map.key()).isEqualTo(3);
        assertThat(reader.integer()).isEqualTo(6);
        map.end();
        reader.end();
    }

    @Test
    void reader_staysInsideItsPart() throws Exception {
        byte[] in = Bytes.ofHex("ff8201420203ff").toArray();
        var reader = new CborReader(in, 1, 5);
        reader.arrayOf(2);
        assertThat(reader.integer()).isEqualTo(1);
        assertThat(reader.position()).isEqualTo(3);
        assertThat(reader.bytesOf(2)).isEqualTo(Bytes.ofHex("0203"));
        assertThat(reader.atEnd()).isTrue();
        reader.end();

        var shorter = new CborReader(in, 1, 4);
        shorter.arrayOf(2);
        shorter.integer();
        assertThatExceptionOfType(CborException.class).isThrownBy(() -> shorter.bytesOf(2));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> new CborReader(in, 5, 3));
    }

    @Test
    void nil_isConsumedOnlyIfItIsThere() throws Exception {
        var reader = new CborReader(Bytes.ofHex("f605").toArray());
        assertThat(reader.nil()).isTrue();
        assertThat(reader.nil()).isFalse();
        assertThat(reader.integer()).isEqualTo(5);
        assertRefused("", CborReader::nil, "input ends early");
    }

    @Test
    void writer_refusesWhatItCannotSay() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CborWriter().text("\ud800"));
        assertThatIllegalArgumentException().isThrownBy(() -> new CborWriter().array(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new CborWriter().map(-1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> new CborWriter().bytes(new byte[3], 2, 2));
    }

    @Test
    void writer_writesPartsAndItemsThatAreEncoded() {
        var writer = new CborWriter().array(2).bytes(new byte[] {1, 2, 3, 4}, 1, 2).encoded(integer(24).encode());
        assertThat(writer.size()).isEqualTo(6);
        assertThat(Bytes.of(writer.toByteArray()).hex()).isEqualTo("824202031818");
    }
}
