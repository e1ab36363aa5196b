package coffer.attack;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.device.Device;
import coffer.device.DeviceSetup;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import coffer.service.ConfigException;
import coffer.service.Service;
import coffer.service.ServiceConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/// What an attack has before it: a service with its provider, an account with two devices and a few files, somebody else's device at
/// the same service, and what of all this must not get lost or out.
final class World implements AutoCloseable {

    /// Stands in every name and every content that must not be seen outside the devices.
    static final String CANARY = "kanarienvogel-7f3a91";

    private static final String ROOT = "/";

    final Path root;
    final Front front = new Front();
    final Party one;
    final Party two;
    /// Another account's.
    final Party stranger;
    private final String words;
    private Service service;
    private final Map<String, byte[]> kept = new TreeMap<>();
    private final Map<Path, byte[]> local = new ConcurrentSkipListMap<>();
    private final Set<ErrorCode> seen = EnumSet.noneOf(ErrorCode.class);
    private final List<String> acts = new ArrayList<>();
    private final Deque<Party.Meanwhile> undo = new ArrayDeque<>();
    private final List<Insider> insiders = new ArrayList<>();

    World(Path root) throws Exception {
        this.root = root;
        Files.createDirectories(outside());
        Files.writeString(outside().resolve("private.txt"), CANARY + " private, of this machine alone");
        service = start();
        front.to(service.address());
        DeviceSetup setup = new LocalDeviceSetup();
        DeviceSetup.Created created = setup.create(folder("one").resolve("home"), front.address(), "first " + CANARY);
        words = created.recoveryWords();
        one = new Party("one", folder("one"), created.device());
        two = new Party(
                "two",
                folder("two"),
                setup.recover(
                        folder("two").resolve("home"), front.address(), words, "second " + CANARY, new DeviceSetup.Keep.All(),
                        Progress.SILENT));
        stranger = new Party(
                "stranger", folder("stranger"), setup.create(folder("stranger").resolve("home"), front.address(), "stranger").device());
        put(one, "letter.txt");
        put(two, "second letter.txt");
        one.device().refresh();
        front.forgets();
    }

    Path folder(String name) throws IOException {
        Path folder = root.resolve("devices").resolve(name);
        Files.createDirectories(folder.resolve("files"));
        return folder;
    }

    private Service start() throws IOException, ConfigException {
        return Service.start(
                ServiceConfig.of(serviceFolder()).with(Map.of("origins", front.address().toString(), "copies", "1")));
    }

    Path serviceFolder() {
        return root.resolve("service");
    }

    /// Files of the machine that belong to no device and no service.
    Path outside() {
        return root.resolve("outside");
    }

    String words() {
        return words;
    }

    LogId vault() throws CofferException {
        return log(one, "vault");
    }

    LogId account() throws CofferException {
        return log(one, "account");
    }

    static LogId log(Party party, String kind) throws CofferException {
        return party.device().status().logs().stream()
                .filter(log -> log.kind().equals(kind))
                .map(log -> LogId.ofHex(log.logId()))
                .findFirst()
                .orElseThrow();
    }

    /// What a file of this name holds the first time it is written.
    static byte[] content(String name) {
        return (CANARY + " content of " + name + "\n").repeat(20).getBytes(StandardCharsets.UTF_8);
    }

    /// Keeps a file in the vault; from then on it must not get lost.
    void put(Party party, String name) throws Exception {
        put(party, name, content(name));
    }

    void put(Party party, String name, byte[] content) throws Exception {
        Device.PutReport report = party.device().put(List.of(write(party, name, content)), ROOT, Progress.SILENT);
        if (!report.problems().isEmpty()) {
            throw new Fell("a file could not be kept: " + report.problems());
        }
        kept.put(named(name), content);
    }

    /// Writes a file of the person's, which nobody may change.
    Path write(Party party, String name, byte[] content) throws IOException {
        Path file = party.files().resolve(named(name));
        Files.createDirectories(party.files());
        Files.write(file, content);
        local.put(file, content);
        return file;
    }

    static String named(String name) {
        return CANARY + " " + name;
    }

    /// The path in the vault of what [#put] kept.
    static String path(String name) {
        return ROOT + named(name);
    }

    byte[] read(Party party, String name) throws CofferException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        party.device().read(path(name), out);
        return out.toByteArray();
    }

    /// Something the attack provokes, which must be refused with a code or end in problems that have one.
    interface Provoked {
        Object run() throws Exception;
    }

    void refused(Provoked work) throws Exception {
        if (attempt(work).isEmpty()) {
            throw new Fell("what had to be refused was accepted");
        }
    }

    /// As [#refused], where it may also go well: what the attack may not change is looked at afterwards.
    Set<ErrorCode> attempt(Provoked work) throws Exception {
        Set<ErrorCode> codes = EnumSet.noneOf(ErrorCode.class);
        try {
            problems(work.run()).forEach(problem -> codes.add(ErrorCode.valueOf(problem.code())));
        } catch (CofferException e) {
            codes.add(e.code());
        }
        seen.addAll(codes);
        return codes;
    }

    private static List<Device.Problem> problems(Object report) {
        return switch (report) {
            case Device.PutReport put -> put.problems();
            case Device.GetReport get -> get.problems();
            case Device.VerifyReport verify -> verify.problems();
            case Device.Status status -> status.problems();
            case Device.LogReport log -> log.problems();
            default -> List.of();
        };
    }

    /// The attack cannot be said to have failed unless this holds.
    void holds(boolean true_, String what) throws Fell {
        if (!true_) {
            throw new Fell("it is not so that " + what);
        }
    }

    /// Says that something hostile was done that is no [Front.Lie].
    void did(String what) {
        acts.add(what);
    }

    /// Done when the attack has ended, latest first: a provider that is honest again.
    void afterwards(Party.Meanwhile work) {
        undo.push(work);
    }

    /// Somebody with the keys of a party's device, who obeys nobody.
    Insider insider(Party party) throws Exception {
        Insider insider = new Insider(party.home(), service.address());
        insiders.add(insider);
        return insider;
    }

    /// Ends the service and starts it again with something done to its folder meanwhile.
    void restartsService(Party.Meanwhile work) throws Exception {
        service.close();
        work.run();
        service = start();
        front.to(service.address());
    }

    /// A copy of the service's folder as it is now.
    Path savesService(String name) throws Exception {
        Path copy = root.resolve("saved").resolve(name);
        restartsService(() -> copy(serviceFolder(), copy));
        return copy;
    }

    /// The service is what it was when the copy was made; packs stay.
    void rollsBackTo(Path copy) throws Exception {
        restartsService(() -> {
            for (String file : List.of("service.db", "service.db-wal", "service.db-shm")) {
                Files.deleteIfExists(serviceFolder().resolve(file));
                if (Files.exists(copy.resolve(file))) {
                    Files.copy(copy.resolve(file), serviceFolder().resolve(file));
                }
            }
        });
        did("the service's database was put back to an older copy");
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /// A file is wanted back by whoever looks at the end.
    void expects(String name, byte[] content) {
        kept.put(named(name), content);
    }

    /// The objects that the provider holds, largest last.
    List<Path> objects() throws IOException {
        try (Stream<Path> all = Files.walk(serviceFolder().resolve("providers"))) {
            return all.filter(path -> path.getFileName().toString().matches("[0-9a-f]{64}"))
                    .sorted(java.util.Comparator.comparingLong(path -> path.toFile().length()))
                    .toList();
        }
    }

    /// The provider changes an object; when the attack ends it is as it was.
    void tampers(Path object, Change change) throws IOException {
        byte[] before = Files.readAllBytes(object);
        byte[] after = change.of(before.clone());
        Files.write(object, after);
        afterwards(() -> Files.write(object, before));
        did("the provider changed " + object.getFileName());
    }

    interface Change {
        byte[] of(byte[] bytes);
    }

    static void flip(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int present = bytes.read();
            bytes.seek(offset);
            bytes.write(present ^ 1);
        }
    }

    /// Requests of a method to paths since the last [Front#forgets].
    long asked(String method, String pathPattern) {
        return front.crossed().stream().filter(c -> c.asked().isFor(method, pathPattern)).count();
    }

    Map<String, byte[]> kept() {
        return kept;
    }

    Map<Path, byte[]> local() {
        return local;
    }

    Set<ErrorCode> seen() {
        return seen;
    }

    List<String> acts() {
        return acts;
    }

    /// A device of the account beside the two.
    boolean isKnown(Front.Asked asked) {
        return asked.device().equals(one.id()) || asked.device().equals(two.id());
    }

    List<Party> parties() {
        return List.of(one, two);
    }

    void ends() throws Exception {
        front.behaves();
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }

    @Override
    public void close() {
        insiders.forEach(Insider::close);
        one.close();
        two.close();
        stranger.close();
        service.close();
        front.close();
    }
}
