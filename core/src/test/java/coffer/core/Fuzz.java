package coffer.core;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Feeds a decoder with good input and with what comes of changing it, and requires of each: it is refused in the
/// documented way, or it means something that is written in just these bytes; and memory stays in proportion to the
/// input.
///
/// `-Dcoffer.fuzz=1000000` for more rounds, `-Dcoffer.seed=N` for other ones. A failure names the round's input.
public final class Fuzz {

    private static final int ROUNDS = Integer.getInteger("coffer.fuzz", 4_000);
    private static final long SEED = Long.getLong("coffer.seed", 1L);
    /// The guide allocates on the same thread, for each comparison that it watches.
    private static final int OF_THE_GUIDE = 32;
    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// What decoders stumble over: ends of ranges, and the heads of CBOR items that announce much.
    private static final int[] BYTES = {
        0, 1, 0x17, 0x18, 0x1b, 0x20, 0x3b, 0x40, 0x5b, 0x7b, 0x7f, 0x80, 0x9b, 0xbb, 0xf6, 0xff
    };
    private static final long[] NUMBERS = {
        0, 1, -1, 0xffff, 0x10000, Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE
    };
    private static final String[] TEXTS = {
        "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "1e999", "-", " ", "\u0000", "\\ud800", "%", "\n"
    };

    /// A decoder under test.
    @FunctionalInterface
    public interface Decoder {
        /// Decodes; returns what the value is encoded to, or null where a value has no one encoding.
        byte @Nullable [] recode(byte[] input) throws Exception;
    }

    /// How many inputs there were and how many were accepted, which says whether the decoder was reached at all.
    public record Result(long rounds, long accepted) {}

    private final String name;
    private final Decoder decoder;
    private final List<Class<?>> refusals;
    private final List<byte[]> corpus = new ArrayList<>();
    private final Random random = new Random(SEED);
    private int rounds = ROUNDS;
    private int good;
    private long allocatedMax = 4 << 20;

    private Fuzz(String name, Decoder decoder, List<Class<?>> refusals) {
        this.name = name;
        this.decoder = decoder;
        this.refusals = refusals;
    }

    /// @param refusals what the decoder is documented to throw
    public static Fuzz of(String name, Decoder decoder, Class<?>... refusals) {
        return new Fuzz(name, decoder, List.of(refusals));
    }

    /// Good input: accepted, and encoded to itself.
    public Fuzz from(byte[]... good) {
        corpus.addAll(List.of(good));
        return this;
    }

    /// Bytes that one input may cost beside forty for each of its own.
    public Fuzz within(long bytes) {
        allocatedMax = bytes;
        return this;
    }

    /// For a decoder that takes a thousand times as long as others: a hundredth of the rounds.
    public Fuzz slow() {
        rounds = Math.max(1, ROUNDS / 100);
        return this;
    }

    public Result run() {
        if (corpus.isEmpty()) {
            throw new AssertionError(name + ": no good input");
        }
        if (name.equals(FuzzGuided.wanted())) {
            FuzzGuided.take(this);
            return new Result(0, 0);
        }
        if (FuzzGuided.isOn()) {
            return new Result(1, 1); // another one is wanted
        }
        for (byte[] good : corpus) {
            if (!accepts(good)) {
                throw failure("good input is refused", good, null);
            }
        }
        good = corpus.size();
        List<byte[]> found = found();
        found.forEach(this::accepts);
        corpus.addAll(found);
        long accepted = 0;
        for (int round = 0; round < rounds; round++) {
            byte[] input = pick();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                input = changed(input);
            }
            accepted += accepts(input) ? 1 : 0;
        }
        System.out.printf("fuzz %s: %d rounds, %d accepted, seed %d%n", name, rounds, accepted, SEED);
        return new Result(rounds, accepted);
    }

    /// Input that coverage-guided runs have found to reach something of its own (`./fuzz`), from the module's `src/test/fuzz`.
    private List<byte[]> found() {
        Path folder = Path.of("src/test/fuzz", name.replace(' ', '-'));
        List<byte[]> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                    found.add(Files.readAllBytes(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    List<byte[]> corpus() {
        return List.copyOf(corpus);
    }

    /// One input of somebody else's making.
    void tryOne(byte[] input) {
        accepts(input);
    }

    /// What takes much is tried once more: what is loaded or filled once and for all is not the input's doing.
    private boolean accepts(byte[] input) {
        boolean accepted = true;
        long allocated = Long.MAX_VALUE;
        long max = (allocatedMax + 40L * input.length) * (FuzzGuided.isOn() ? OF_THE_GUIDE : 1);
        for (int tries = 0; tries < 2 && allocated > max; tries++) {
            long before = MEMORY.getCurrentThreadAllocatedBytes();
            accepted = decodes(input);
            allocated = MEMORY.getCurrentThreadAllocatedBytes() - before;
        }
        if (allocated > max) {
            throw failure("took " + allocated + " bytes", input, null);
        }
        return accepted;
    }

    private boolean decodes(byte[] input) {
        byte[] given = input.clone();
        try {
            byte[] again = decoder.recode(given);
            if (again != null && !Arrays.equals(again, input)) {
                throw failure("accepted, and written otherwise", input, null);
            }
            return true;
        } catch (Exception e) {
            if (refusals.stream().noneMatch(refusal -> refusal.isInstance(e))) {
                throw failure("refused in no documented way", input, e);
            }
            return false;
        } catch (StackOverflowError | OutOfMemoryError e) {
            throw failure("too much for the machine", input, e);
        }
    }

    private AssertionError failure(String what, byte[] input, @Nullable Throwable cause) {
        String hex = Bytes.of(input).hex();
        return new AssertionError(name + ": " + what + ", seed " + SEED + ", input " + hex, cause);
    }

    /// As often good input as what was found, most of which is refused early.
    private byte[] pick() {
        int from = random.nextBoolean() ? good : corpus.size();
        return corpus.get(random.nextInt(from)).clone();
    }

    private byte[] changed(byte[] input) {
        if (input.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        int at = random.nextInt(input.length);
        int end = at + 1 + random.nextInt(Math.min(input.length - at, 1 << (1 + random.nextInt(7))));
        return switch (random.nextInt(10)) {
            case 0 -> withByte(input, at, input[at] ^ (1 << random.nextInt(8)));
            case 1 -> withByte(input, at, BYTES[random.nextInt(BYTES.length)]);
            case 2 -> withByte(input, at, input[at] + (random.nextBoolean() ? 1 : -1)); // a length, perhaps
            case 3 -> Arrays.copyOf(input, at);
            case 4 -> spliced(input, at, new byte[0], end);
            case 5 -> spliced(input, end, Arrays.copyOfRange(input, at, Math.min(end, input.length)), end);
            case 6 -> crossed(input, at);
            case 7 -> spliced(input, at, number(), Math.min(input.length, random.nextBoolean() ? at : end));
            case 8 -> spliced(input, at, TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8), at);
            default -> moved(input, at, end);
        };
    }

    private static byte[] withByte(byte[] input, int at, int value) {
        input[at] = (byte) value;
        return input;
    }

    /// `part` instead of what lies from `at` to `end`.
    private static byte[] spliced(byte[] input, int at, byte[] part, int end) {
        return ByteBuffer.allocate(at + part.length + input.length - end)
                .put(input, 0, at)
                .put(part)
                .put(input, end, input.length - end)
                .array();
    }

    /// The beginning of this and the end of another, at another place.
    private byte[] crossed(byte[] input, int at) {
        byte[] other = pick();
        byte[] end = Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length);
        return spliced(input, at, end, input.length);
    }

    private byte[] number() {
        byte[] eight = ByteBuffer.allocate(8).putLong(NUMBERS[random.nextInt(NUMBERS.length)]).array();
        return Arrays.copyOfRange(eight, 8 - (1 << random.nextInt(4)), 8);
    }

    private byte[] moved(byte[] input, int at, int end) {
        byte[] part = Arrays.copyOfRange(input, at, end);
        byte[] rest = spliced(input, at, new byte[0], end);
        int to = random.nextInt(rest.length + 1);
        return spliced(rest, to, part, to);
    }
}
