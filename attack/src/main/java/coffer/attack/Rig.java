package coffer.attack;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.Progress;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Mounts an attack in a world of its own and checks what must hold after every one.
public final class Rig {

    private static final long SECONDS_MAX = 90;
    private static final long DESCRIPTORS_MAX = 200;
    private static final long HOME_BYTES_MAX = 64 << 20;
    private static final Set<ErrorCode> LASTING = EnumSet.of(ErrorCode.ROLLBACK, ErrorCode.FORK);

    /// What became of an attack.
    ///
    /// @param failures empty if all holds
    /// @param acts     the hostile things that were really done
    /// @param seen     the codes that devices said
    public record Verdict(Attack attack, List<String> failures, List<String> acts, Set<ErrorCode> seen, long millis) {

        public boolean holds() {
            return failures.isEmpty();
        }
    }

    private Rig() {}

    /// Runs in a temporary folder, which is removed.
    public static Verdict run(Attack attack) throws IOException {
        Path folder = Files.createTempDirectory("coffer-attack");
        long begin = System.nanoTime();
        List<String> failures = new ArrayList<>();
        List<String> acts = new ArrayList<>();
        Set<ErrorCode> seen = EnumSet.noneOf(ErrorCode.class);
        FutureTask<Void> task = new FutureTask<>(() -> {
            mount(attack, folder.resolve("world"), failures, acts, seen);
            return null;
        });
        Thread thread = Thread.ofPlatform().name("attack").daemon().start(task);
        try {
            task.get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            failures.add("it did not come to an end in " + SECONDS_MAX + " seconds");
            thread.interrupt();
        } catch (ExecutionException e) {
            failures.add(said(e.getCause() == null ? e : e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.add("interrupted");
        } finally {
            delete(folder);
        }
        return new Verdict(attack, List.copyOf(failures), List.copyOf(acts), Set.copyOf(seen), (System.nanoTime() - begin) / 1_000_000);
    }

    private static void mount(Attack attack, Path folder, List<String> failures, List<String> acts, Set<ErrorCode> seen)
            throws Exception {
        long descriptors = descriptors();
        try (Logbook logs = new Logbook(); World world = new World(folder)) {
            Map<String, Long> outside = outside(world);
            try {
                attack.mount(world);
            } catch (Fell e) {
                failures.add(String.valueOf(e.getMessage()));
            } catch (Exception e) {
                failures.add("the attack broke off: " + said(e));
            }
            acts.addAll(acts(world, failures));
            Map<Party, List<String>> said = lasting(world);
            world.ends();
            checkCodes(attack, world, said, failures);
            seen.addAll(world.seen());
            checkLasting(attack, world, said, failures);
            checkNothingLost(world, failures);
            checkNothingOutside(world, outside, failures);
            checkOthersGoOn(world, failures);
            checkNothingSaid(world, logs, failures);
            checkBounds(world, descriptors, failures);
        }
    }

    /// An attack that does nothing proves nothing.
    private static List<String> acts(World world, List<String> failures) {
        List<String> acts = new ArrayList<>(world.acts());
        for (Front.Lie lie : world.front.lies()) {
            if (lie.told() == 0 && lie.mayStayUntold()) {
                continue;
            }
            if (lie.told() == 0) {
                failures.add("nobody asked for what was to be answered falsely: " + lie.what());
            } else {
                acts.add(lie.what() + " (" + lie.told() + " times)");
            }
        }
        if (acts.isEmpty()) {
            failures.add("nothing hostile was done");
        }
        return acts;
    }

    /// Visible: each expected code was said, and none but the expected.
    private static void checkCodes(Attack attack, World world, Map<Party, List<String>> said, List<String> failures) {
        Set<ErrorCode> seen = EnumSet.noneOf(ErrorCode.class);
        seen.addAll(world.seen());
        said.values().forEach(codes -> codes.forEach(code -> seen.add(ErrorCode.valueOf(code))));
        Set<ErrorCode> missing = EnumSet.copyOf(EnumSet.allOf(ErrorCode.class));
        missing.retainAll(attack.holds());
        missing.removeAll(seen);
        if (!missing.isEmpty()) {
            failures.add("nobody said " + missing + ", but " + seen);
        }
        seen.removeAll(attack.holds());
        seen.removeAll(attack.also());
        if (!seen.isEmpty()) {
            failures.add("another code than expected was said: " + seen);
        }
    }

    /// What each device says of itself that must not be forgotten.
    private static Map<Party, List<String>> lasting(World world) throws CofferException {
        Map<Party, List<String>> said = new TreeMap<>(Comparator.comparing(Party::name));
        for (Party party : world.parties()) {
            said.put(party, alarms(party));
        }
        return said;
    }

    private static List<String> frozen(Party party) throws CofferException {
        return party.device().status().logs().stream().map(Device.LogStatus::frozen).flatMap(Optional::stream).sorted().toList();
    }

    /// The logs that are frozen, and those that were and of which no person has seen it.
    private static List<String> alarms(Party party) throws CofferException {
        Stream<String> past = party.device().status().problems().stream()
                .filter(problem -> problem.where().endsWith(" log"))
                .map(Device.Problem::code);
        return Stream.concat(frozen(party).stream(), past).distinct().sorted().toList();
    }

    /// Sticky: an alarm survives a restart and the service's good behaviour.
    private static void checkLasting(Attack attack, World world, Map<Party, List<String>> said, List<String> failures)
            throws CofferException {
        for (Party party : world.parties()) {
            party.restarts();
            List<String> now = alarms(party);
            if (!now.containsAll(said.getOrDefault(party, List.of()))) {
                failures.add("device " + party.name() + " said " + said.get(party) + " and after a restart " + now);
            }
        }
        boolean expected = attack.stays() && attack.holds().stream().anyMatch(LASTING::contains);
        if (expected && said.values().stream().allMatch(List::isEmpty)) {
            failures.add("no device keeps saying " + attack.holds());
        }
    }

    private static void checkNothingLost(World world, List<String> failures) throws IOException {
        for (Map.Entry<Path, byte[]> file : world.local().entrySet()) {
            if (!Files.exists(file.getKey()) || !Arrays.equals(Files.readAllBytes(file.getKey()), file.getValue())) {
                failures.add("a file of the person's was changed: " + file.getKey().getFileName());
            }
        }
        for (Party party : world.parties()) {
            if (!party.removed()) {
                checkKept(world, party, failures);
            }
        }
    }

    private static void checkKept(World world, Party party, List<String> failures) {
        boolean frozen = false;
        try {
            frozen = !frozen(party).isEmpty();
            if (!frozen) {
                party.device().refresh();
            }
            for (Map.Entry<String, byte[]> file : world.kept().entrySet()) {
                if (frozen && party.device().list("/", false).stream().noneMatch(n -> n.path().equals("/" + file.getKey()))) {
                    continue;
                }
                java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
                party.device().read("/" + file.getKey(), out);
                if (!Arrays.equals(out.toByteArray(), file.getValue())) {
                    failures.add("device " + party.name() + " reads other bytes of " + file.getKey());
                }
            }
            Device.VerifyReport report = party.device().verify(true, Progress.SILENT);
            report.problems().stream()
                    .filter(problem -> !LASTING.contains(ErrorCode.valueOf(problem.code())))
                    .forEach(problem -> failures.add("device " + party.name() + " finds damage: " + problem));
        } catch (CofferException e) {
            if (!frozen || !LASTING.contains(e.code())) {
                failures.add("device " + party.name() + " lost something: " + said(e));
            }
        }
    }

    private static Map<String, Long> outside(World world) throws IOException {
        Map<String, Long> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(world.root)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                String name = world.root.relativize(path).toString();
                boolean allowed = name.matches("devices(/[a-z]+(/.*)?)?|service/.*|saved(/.*)?");
                if (!allowed && Files.isRegularFile(path)) {
                    files.put(name, Files.getLastModifiedTime(path).toMillis());
                } else if (!allowed) {
                    files.put(name, -1L);
                }
            }
        }
        return files;
    }

    private static void checkNothingOutside(World world, Map<String, Long> before, List<String> failures) throws IOException {
        Map<String, Long> now = outside(world);
        if (!now.equals(before)) {
            failures.add("something was written outside: " + now.keySet());
        }
        for (Party party : world.parties()) {
            try (Stream<Path> inside = Files.list(party.home().resolveSibling("."))) {
                inside.map(path -> path.getFileName().toString())
                        .filter(name -> !List.of("home", "files", "fetched", "synced", "copy", "now").contains(name))
                        .forEach(name -> failures.add("something was written beside a device's folders: " + name));
            }
        }
    }

    /// Contained: somebody else at the same service notices nothing.
    private static void checkOthersGoOn(World world, List<String> failures) {
        try {
            Path file = world.stranger.files().resolve("of a stranger");
            Files.writeString(file, "a stranger's");
            world.stranger.device().put(List.of(file), "/", Progress.SILENT);
            java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
            world.stranger.device().read("/of a stranger", out);
            if (!out.toString(StandardCharsets.UTF_8).equals("a stranger's")) {
                failures.add("another account reads other bytes");
            }
        } catch (CofferException | IOException e) {
            failures.add("another account is hindered: " + said(e));
        }
    }

    private static void checkNothingSaid(World world, Logbook logs, List<String> failures) throws IOException {
        Canaries canaries = new Canaries();
        canaries.addText("a name or a piece of a file", World.CANARY);
        canaries.addText("the recovery words", world.words());
        for (Party party : List.of(world.one, world.two, world.stranger)) {
            byte[] key = Files.readAllBytes(party.home().resolve("device.key"));
            canaries.addSecret("a device's key", Arrays.copyOfRange(key, 4, 4 + 64));
        }
        Path traffic = Files.createDirectories(world.root.resolve("traffic"));
        try (OutputStream out = Files.newOutputStream(traffic.resolve("all"))) {
            for (Front.Crossed crossed : world.front.crossed()) {
                out.write((crossed.asked().method() + " " + crossed.asked().path() + "?" + crossed.asked().query() + "\n")
                        .getBytes(StandardCharsets.UTF_8));
                out.write(crossed.asked().body());
                out.write(crossed.answer().body());
            }
        }
        Files.write(traffic.resolve("logs"), logs.written());
        for (Path where : List.of(traffic, world.serviceFolder())) {
            canaries.search().search(where).hits().stream()
                    .limit(3)
                    .forEach(hit -> failures.add("found " + hit.label() + " in " + world.root.relativize(hit.file())));
        }
        if (canaries.search().search(world.one.files()).hits().isEmpty()) {
            failures.add("the search for what must not get out finds nothing at all");
        }
    }

    private static void checkBounds(World world, long descriptors, List<String> failures) throws IOException {
        if (descriptors() - descriptors > DESCRIPTORS_MAX) {
            failures.add("files or connections stay open: " + (descriptors() - descriptors));
        }
        for (Party party : world.parties()) {
            try (Stream<Path> all = Files.walk(party.home())) {
                long bytes = all.filter(Files::isRegularFile).mapToLong(path -> path.toFile().length()).sum();
                if (bytes > HOME_BYTES_MAX) {
                    failures.add("device " + party.name() + " was made to keep " + bytes + " bytes");
                }
            }
        }
    }

    private static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    private static String said(Throwable e) {
        StringBuilder text = new StringBuilder(e instanceof CofferException coffer ? coffer.code() + " " + coffer.reason() : e.toString());
        for (StackTraceElement frame : e.getStackTrace()) {
            if (frame.getClassName().endsWith("Attacks")) {
                text.append(" at ").append(frame.getMethodName()).append(':').append(frame.getLineNumber());
                break;
            }
        }
        return text.toString();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
