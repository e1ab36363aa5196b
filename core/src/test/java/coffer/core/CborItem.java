package coffer.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Any item of the subset as a value, so that tests can read and write what no format of ours describes.
public sealed interface CborItem {

    record Int(long value) implements CborItem {}

    record ByteString(Bytes value) implements CborItem {}

    record Text(String value) implements CborItem {}

    record Bool(boolean value) implements CborItem {}

    record Nil() implements CborItem {}

    record Array(List<CborItem> items) implements CborItem {}

    record Mapping(Map<Long, CborItem> entries) implements CborItem {}

    /// Reads one item that is all of `in`.
    static CborItem decode(byte[] in) throws CborException {
        var reader = new CborReader(in);
        CborItem item = read(reader, in, 0);
        reader.end();
        return item;
    }

    private static CborItem read(CborReader reader, byte[] in, int depth) throws CborException {
        if (depth > 64) {
            throw new CborException("too deep");
        }
        int first = reader.atEnd() ? -1 : in[reader.position()] & 0xff;
        return switch (first >> 5) {
            case 2 -> new ByteString(Bytes.of(reader.bytes(in.length)));
            case 3 -> new Text(reader.text(in.length));
            case 4 -> {
                var items = new ArrayList<CborItem>();
                for (int left = reader.array(in.length); left > 0; left--) {
                    items.add(read(reader, in, depth + 1));
                }
                yield new Array(items);
            }
            case 5 -> {
                var entries = new TreeMap<Long, CborItem>();
                var map = reader.map(in.length);
                while (map.hasNext()) {
                    entries.put(map.key(), read(reader, in, depth + 1));
                }
                map.end();
                yield new Mapping(entries);
            }
            case 7 -> reader.nil() ? new Nil() : new Bool(reader.bool());
            default -> new Int(reader.integer());
        };
    }

    default byte[] encode() {
        var writer = new CborWriter();
        write(writer);
        return writer.toByteArray();
    }

    private void write(CborWriter writer) {
        switch (this) {
            case Int(long value) -> writer.integer(value);
            case ByteString(Bytes value) -> writer.bytes(value);
            case Text(String value) -> writer.text(value);
            case Bool(boolean value) -> writer.bool(value);
            case Nil() -> writer.nil();
            case Array(List<CborItem> items) -> {
                writer.array(items.size());
                items.forEach(item -> item.write(writer));
            }
            case Mapping(Map<Long, CborItem> entries) -> {
                writer.map(entries.size());
                entries.forEach((key, value) -> {
                    writer.integer(key);
                    value.write(writer);
                });
            }
        }
    }

    /// Some item, nested at most `depth` deep.
    static CborItem random(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 8)) {
            case 0, 1 -> new Int(integer(random));
            case 2 -> {
                byte[] bytes = new byte[size(random)];
                random.nextBytes(bytes);
                yield new ByteString(Bytes.of(bytes));
            }
            case 3 -> new Text(text(random));
            case 4 -> new Bool(random.nextBoolean());
            case 5 -> new Nil();
            case 6 -> {
                var items = new ArrayList<CborItem>();
                for (int i = random.nextInt(6); i > 0; i--) {
                    items.add(random(random, depth - 1));
                }
                yield new Array(items);
            }
            default -> {
                var entries = new TreeMap<Long, CborItem>();
                for (int i = random.nextInt(6); i > 0; i--) {
                    entries.put(integer(random) & Long.MAX_VALUE, random(random, depth - 1));
                }
                yield new Mapping(entries);
            }
        };
    }

    /// Integers near the places where the head changes its length come up often.
    private static long integer(Random random) {
        long near = switch (random.nextInt(7)) {
            case 0 -> 0;
            case 1 -> 24;
            case 2 -> 1L << 8;
            case 3 -> 1L << 16;
            case 4 -> 1L << 32;
            case 5 -> Long.MAX_VALUE;
            default -> random.nextLong();
        };
        return (near + random.nextInt(5) - 2) * (random.nextBoolean() ? 1 : -1);
    }

    private static int size(Random random) {
        return random.nextInt(10) == 0 ? random.nextInt(70_000) : random.nextInt(30);
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int left = random.nextInt(40); left > 0; left--) {
            int codePoint = random.nextInt(Character.MAX_CODE_POINT + 1);
            boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
            text.appendCodePoint(surrogate || random.nextBoolean() ? 'a' + random.nextInt(26) : codePoint);
        }
        return text.toString();
    }
}
