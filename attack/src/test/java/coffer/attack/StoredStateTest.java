package coffer.attack;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.DeviceSetup;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything that is stored for an account, as a device receives it that was away while most of it came to be: one thing of it is changed, and the
/// device says so with a code or has exactly what is true; nothing else.
///
/// `-Dcoffer.samples=5000` for more of them, `-Dcoffer.seed=N` for other ones.
class StoredStateTest {

    private static final int SAMPLES = Integer.getInteger("coffer.samples", 16);
    private static final long SEED = Long.getLong("coffer.seed", 1L);

    /// What is stored. Other answers (sessions, grants) are made for each request and hold nothing.
    private enum Kind {
        ENTRIES("/v1/logs/[0-9a-f]+/entries"),
        HEAD("/v1/logs/[0-9a-f]+/head"),
        PACK("/v1/blobs/[0-9a-f]+"),
        CHECKPOINT("/tlog/checkpoint"),
        TILE("/tlog/tile/.*");

        final String path;

        Kind(String path) {
            this.path = path;
        }

        static Stream<Kind> of(Front.Asked asked) {
            return Stream.of(values()).filter(kind -> asked.isFor("GET", kind.path));
        }
    }

    private enum Change { FLIP, CUT, SWAP, REPLAY }

    @TempDir
    private Path folder = Path.of("");

    private World world;
    private Path early = Path.of("");
    private Random random = new Random(SEED);

    @BeforeEach
    void makeAnAccount() throws Exception {
        world = new World(folder.resolve("world"));
        early = world.two.home().resolveSibling("early");
        world.two.restartsAfter(() -> World.copy(world.two.home(), early));
    }

    @AfterEach
    void close() {
        world.close();
    }

    /// By kind, what was asked for and what was answered.
    private Map<Kind, Map<String, byte[]>> received() throws Exception {
        early();
        world.front.forgets();
        assertThat(look()).as("all is well before anything is changed").isEmpty();
        Map<Kind, Map<String, byte[]>> received = new TreeMap<>();
        for (Front.Crossed crossed : world.front.crossed()) {
            Kind.of(crossed.asked())
                    .filter(_ -> crossed.answer().status() / 100 == 2 && crossed.answer().body().length > 0)
                    .forEach(kind -> received.computeIfAbsent(kind, _ -> new LinkedHashMap<>())
                            .put(place(crossed.asked()), crossed.answer().body()));
        }
        return received;
    }

    private static String place(Front.Asked asked) {
        return asked.path().startsWith("/v1/logs/") ? asked.path() + "?" + asked.query() : asked.path();
    }

    /// The device is as it was before most of it was there.
    private void early() throws Exception {
        world.two.restartsAfter(() -> {
            try (Stream<Path> all = Files.walk(world.two.home())) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
            World.copy(early, world.two.home());
        });
    }

    /// Reads everything there is, and returns the codes that were said.
    private Set<ErrorCode> look() throws IOException {
        Set<ErrorCode> codes = EnumSet.noneOf(ErrorCode.class);
        List<Step> steps = List.of(
                device -> device.refresh(),
                device -> device.auditLog(Progress.SILENT).problems().forEach(problem -> codes.add(ErrorCode.valueOf(problem.code()))),
                device -> device.verify(true, Progress.SILENT).problems().forEach(problem -> codes.add(ErrorCode.valueOf(problem.code()))),
                device -> device.status().problems().stream()
                        .filter(problem -> !problem.where().equals("this device")) // its home is put back each time, which it says
                        .forEach(problem -> codes.add(ErrorCode.valueOf(problem.code()))));
        for (Step step : steps) {
            try {
                step.run(world.two.device());
            } catch (CofferException e) {
                codes.add(e.code());
            }
        }
        return codes;
    }

    private interface Step {
        void run(Device device) throws CofferException, IOException;
    }

    /// What the device shows: each file's bytes, or that they cannot be read.
    private Map<String, byte[]> shown() throws CofferException {
        Map<String, byte[]> shown = new TreeMap<>();
        for (Device.NodeInfo node : world.two.device().list("/", true)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try {
                world.two.device().read(node.path(), out);
                shown.put(node.path(), out.toByteArray());
            } catch (CofferException e) {
                shown.put(node.path(), new byte[0]);
            }
        }
        return shown;
    }

    @Test
    void anyChangeOfAnythingStored_isSaid_andNothingUntrueIsShown() throws Exception {
        world.put(world.one, "third.txt");
        new LocalDeviceSetup().recover(
                        world.folder("third").resolve("home"), world.front.address(), world.words(), "third", new DeviceSetup.Keep.All(),
                        Progress.SILENT)
                .close();
        Map<Kind, Map<String, byte[]>> older = received();
        world.one.device().snapshot(Progress.SILENT);
        world.put(world.one, "fourth.txt", new byte[300_000]);
        world.put(world.one, "fifth.txt");
        Map<Kind, Map<String, byte[]>> stored = received();
        assertThat(stored.keySet()).contains(Kind.ENTRIES, Kind.PACK, Kind.CHECKPOINT, Kind.TILE);
        Map<String, byte[]> truth = shown();
        Map<String, Integer> said = new TreeMap<>();
        for (int sample = 0; sample < SAMPLES; sample++) {
            String what = tryOne(stored, older, truth);
            said.merge(what, 1, Integer::sum);
        }
        System.out.println("stored state, seed " + SEED + ": " + said);
        assertThat(said.getOrDefault("not asked for", 0)).isLessThan(SAMPLES / 2);
        world.front.behaves();
        early();
        assertThat(look()).as("honest again").isEmpty();
        assertThat(same(shown(), truth)).isTrue();
    }

    private String tryOne(Map<Kind, Map<String, byte[]>> stored, Map<Kind, Map<String, byte[]>> older, Map<String, byte[]> truth)
            throws Exception {
        Kind kind = List.copyOf(stored.keySet()).get(random.nextInt(stored.size()));
        Map<String, byte[]> ofKind = stored.getOrDefault(kind, Map.of());
        List<String> places = List.copyOf(ofKind.keySet());
        String place = places.get(random.nextInt(places.size()));
        byte[] whole = Objects.requireNonNull(ofKind.get(place));
        Change change = List.of(Change.values()).get(random.nextInt(Change.values().length));
        byte[] other = change == Change.REPLAY
                ? older.getOrDefault(kind, Map.of()).getOrDefault(place, whole)
                : Objects.requireNonNull(ofKind.get(places.get(random.nextInt(places.size()))));
        int at = random.nextInt(whole.length);
        int bit = 1 << random.nextInt(8);
        String named = "seed %d: %s of %s at %d, bit %d".formatted(SEED, change, place, at, bit);
        if ((change == Change.SWAP || change == Change.REPLAY) && Arrays.equals(other, whole)) {
            return "nothing to " + change + " " + kind;
        }
        world.front.behaves();
        early();
        Front.Lie lie = world.front.changes(named, asked -> asked.method().equals("GET") && place(asked).equals(place), (_, answer) -> {
            byte[] body = answer.body();
            // Of packs pieces are asked for, and a piece of another length is asked for again, for minutes.
            byte[] instead = kind == Kind.PACK ? Arrays.copyOf(other, body.length) : other;
            return body.length == 0 ? answer : answer.with(changed(body, change, at, bit, instead));
        });
        Set<ErrorCode> codes = look();
        if (lie.told() == 0) {
            // A machine that is too busy gives up before it comes to it, and says so.
            assertThat(codes).as("%s is not asked for, and all is said to be well", named).isNotEmpty();
            return "not asked for";
        }
        if (kind == Kind.PACK && change == Change.CUT) {
            world.front.behaves(); // a provider that breaks off is asked again for minutes
        }
        Map<String, byte[]> shown = shown();
        shown.forEach((path, bytes) -> assertThat(bytes.length == 0 || Arrays.equals(bytes, truth.get(path)))
                .as("%s: true bytes of %s, or none", named, path)
                .isTrue());
        // A cut at the end of an entry, and an older page, are true as far as they go: the device asks on and has all of it.
        boolean harmless = (kind == Kind.ENTRIES && (change == Change.CUT || change == Change.REPLAY)) || kind == Kind.HEAD;
        if (codes.isEmpty()) {
            assertThat(harmless).as("%s is not said, and is no part of the truth", named).isTrue();
            assertThat(same(shown, truth)).as("%s is not said, so all is there", named).isTrue();
        }
        return kind + " " + change + " " + codes.stream().map(Enum::name).collect(Collectors.joining("+"));
    }

    private static byte[] changed(byte[] whole, Change change, int at, int bit, byte[] other) {
        return switch (change) {
            case FLIP -> {
                byte[] flipped = whole.clone();
                flipped[at % flipped.length] ^= (byte) bit;
                yield flipped;
            }
            case CUT -> Arrays.copyOf(whole, at % whole.length);
            case SWAP, REPLAY -> other;
        };
    }

    private static boolean same(Map<String, byte[]> one, Map<String, byte[]> two) {
        List<String> different = new ArrayList<>(one.keySet());
        different.removeIf(path -> two.containsKey(path) && Arrays.equals(one.get(path), two.get(path)));
        return different.isEmpty() && one.keySet().equals(two.keySet());
    }
}
