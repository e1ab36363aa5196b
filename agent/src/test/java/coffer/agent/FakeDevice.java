package coffer.agent;

import coffer.core.Bytes;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A device in memory: the tree, its trash and its versions work; the keys and the service are made up. Times are those
/// of a clock that goes on by one second with every change, so that what it says is always the same.
///
/// Some paths have a meaning: reading `/broken` fails after its first megabyte, putting a file `waits` lasts until
/// somebody cancels, `/bug` meets a fault of ours.
public final class FakeDevice implements Device {

    private static final Instant EPOCH = Instant.parse("2026-03-01T12:00:00Z");

    private record Node(String id, NodeKind kind, Bytes content, Instant modified, boolean executable, long version) {}

    private record Trashed(String path, Instant deleted, NavigableMap<String, Node> nodes) {}

    private record Past(String path, Node node) {}

    private final String name;
    private final URI service;
    private final TreeMap<String, Node> nodes = new TreeMap<>();
    private final Map<String, Trashed> trash = new TreeMap<>();
    private final Map<String, SyncInfo> syncs = new TreeMap<>();
    private final Map<Long, NavigableMap<String, Node>> trees = new TreeMap<>();
    private final List<Past> past = new ArrayList<>();
    private final List<DeviceInfo> devices = new ArrayList<>();
    private long clock;
    private String region = "home";
    private Limits limits = new Limits(0, 0);
    private @Nullable JoinRequest waiting;

    public final AtomicBoolean closed = new AtomicBoolean();
    public final AtomicBoolean sawCancel = new AtomicBoolean();
    public volatile Optional<String> frozen = Optional.empty();

    public FakeDevice(String name, URI service) {
        this.name = name;
        this.service = service;
        devices.add(new DeviceInfo("d1".repeat(32), name, "full", EPOCH, true, true));
        devices.add(new DeviceInfo("d2".repeat(32), "old phone", "read-only", EPOCH, true, false));
    }

    private Instant tick() {
        trees.put(clock, new TreeMap<>(nodes));
        clock++;
        return EPOCH.plusSeconds(clock);
    }

    private String nodeId() {
        return String.format("%032x", clock);
    }

    @Override
    public synchronized Status status() {
        long bytes = nodes.values().stream().mapToLong(node -> node.content().size()).sum();
        long files = nodes.values().stream().filter(node -> node.kind() == NodeKind.FILE).count();
        List<LogStatus> logs = List.of(
                new LogStatus("aa".repeat(32), "account", 1, "ab".repeat(32), Optional.empty()),
                new LogStatus("bb".repeat(32), "vault", clock, "bc".repeat(32), frozen));
        return new Status(
                "aa".repeat(32), name, "d1".repeat(32), service.toString(), true, logs, files, bytes, 1, 16 << 20, 0,
                false, limits, syncs(), List.of());
    }

    @Override
    public synchronized PutReport put(List<Path> sources, String destination, Progress progress)
            throws CofferException {
        List<Problem> problems = new ArrayList<>();
        long[] counts = new long[3];
        for (Path source : sources) {
            if (source.endsWith("waits")) {
                waitForCancel(progress);
            }
            if (source.endsWith("bug")) {
                throw new IllegalStateException("a fault of ours with /a/secret/path in it");
            }
            if (!Files.exists(source)) {
                problems.add(new Problem(source.toString(), "LOCAL", "The file is not there."));
                continue;
            }
            putOne(source, target(source, destination), counts, problems);
        }
        return new PutReport(counts[0], counts[1], counts[2], counts[2], counts[2], 0, problems);
    }

    private String target(Path source, String destination) {
        String last = String.valueOf(source.getFileName());
        Node there = nodes.get(destination);
        boolean intoFolder = destination.equals("/") || (there != null && there.kind() == NodeKind.FOLDER);
        return intoFolder ? child(destination, last) : destination;
    }

    private void putOne(Path source, String target, long[] counts, List<Problem> problems) {
        try (Stream<Path> walk = Files.walk(source)) {
            for (Path path : (Iterable<Path>) walk.sorted()::iterator) {
                String relative = source.relativize(path).toString();
                String to = relative.isEmpty() ? target : child(target, relative);
                boolean folder = Files.isDirectory(path);
                byte[] content = folder ? new byte[0] : Files.readAllBytes(path);
                Instant modified = tick();
                NodeKind kind = folder ? NodeKind.FOLDER : NodeKind.FILE;
                boolean executable = !folder && Files.isExecutable(path);
                set(to, new Node(nodeId(), kind, Bytes.of(content), modified, executable, clock));
                counts[folder ? 1 : 0]++;
                counts[2] += content.length;
            }
        } catch (IOException e) {
            problems.add(new Problem(source.toString(), "LOCAL", "The file cannot be read."));
        }
    }

    private void set(String path, Node node) {
        Node before = nodes.put(path, node);
        if (before != null) {
            past.add(new Past(path, before));
        }
    }

    private void waitForCancel(Progress progress) throws CofferException {
        try {
            for (int i = 0; i < 3000; i++) {
                progress.update("waiting", i, -1, Progress.Unit.FILES);
                if (progress.cancelled()) {
                    sawCancel.set(true);
                    throw new CofferException(ErrorCode.LOCAL, "Stopped on request.");
                }
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized GetReport get(String path, Path directory, boolean overwrite, Progress progress)
            throws CofferException {
        List<Problem> problems = new ArrayList<>();
        long[] counts = new long[4];
        String parent = path.equals("/") ? "/" : parent(path);
        for (NodeInfo node : everything(path)) {
            Path to = directory.resolve(node.path().substring(parent.equals("/") ? 1 : parent.length() + 1));
            try {
                if (node.kind() == NodeKind.FOLDER) {
                    Files.createDirectories(to);
                    counts[1]++;
                } else {
                    write(node, to, overwrite, counts, problems);
                }
            } catch (IOException e) {
                problems.add(new Problem(to.toString(), "LOCAL", "The file cannot be written."));
            }
            progress.update("getting", counts[2], -1, Progress.Unit.BYTES);
        }
        return new GetReport(counts[0], counts[1], counts[2], counts[3], problems);
    }

    private void write(NodeInfo node, Path to, boolean overwrite, long[] counts, List<Problem> problems)
            throws IOException {
        byte[] content = require(node.path()).content().toArray();
        Files.createDirectories(to.toAbsolutePath().getParent());
        if (Files.exists(to) && Arrays.equals(Files.readAllBytes(to), content)) {
            counts[3]++;
        } else if (Files.exists(to) && !overwrite) {
            problems.add(new Problem(to.toString(), "LOCAL", "Another file is there; it was left alone."));
        } else {
            Files.write(to, content);
            counts[0]++;
            counts[2] += content.length;
        }
    }

    private Node require(String path) {
        Node node = nodes.get(path);
        if (node == null) {
            throw new IllegalStateException("no node");
        }
        return node;
    }

    @Override
    public void read(String path, Piece piece, OutputStream out) throws CofferException {
        try {
            if (path.equals("/broken")) {
                out.write(new byte[1 << 20]);
                throw new CofferException(ErrorCode.INTEGRITY, "A chunk does not open.");
            }
            byte[] content = content(path, piece.version());
            int from = (int) Math.min(piece.from(), content.length);
            out.write(content, from, (int) Math.min(piece.length(), content.length - from));
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The output cannot be written.", e);
        }
    }

    private synchronized byte[] content(String path, Optional<Long> version) throws CofferException {
        Node now = find(path);
        if (version.isEmpty() || version.get() == now.version()) {
            return now.content().toArray();
        }
        for (Past before : past) {
            if (before.path().equals(path) && before.node().version() == version.get()) {
                return before.node().content().toArray();
            }
        }
        throw refusal("There is no such version of it.", "Nothing was changed. `coffer history` lists those that are kept.");
    }

    @Override
    public synchronized NodeInfo node(String path) throws CofferException {
        return info(path, path.equals("/") ? new Node("0".repeat(32), NodeKind.FOLDER, Bytes.EMPTY, EPOCH, false, 0) : find(path));
    }

    @Override
    public synchronized List<NodeInfo> search(String words, int max) throws CofferException {
        return everything("/").stream()
                .filter(node -> node.path().substring(node.path().lastIndexOf('/') + 1).contains(words))
                .limit(max)
                .toList();
    }

    private synchronized Node find(String path) throws CofferException {
        Node node = nodes.get(path);
        if (node == null) {
            throw refusal("There is nothing at that path in the vault.", "Nothing was changed. `coffer ls` shows what there is, `coffer trash` what was removed.");
        }
        return node;
    }

    private synchronized List<NodeInfo> everything(String path) throws CofferException {
        List<NodeInfo> all = new ArrayList<>();
        if (!path.equals("/")) {
            all.add(info(path, find(path)));
        }
        nodes.forEach((at, node) -> {
            if (at.startsWith(path.equals("/") ? "/" : path + "/")) {
                all.add(info(at, node));
            }
        });
        return all;
    }

    private NodeInfo info(String path, Node node) {
        return new NodeInfo(
                path, node.kind(), node.content().size(), node.modified(), node.executable(), node.id(),
                node.version(), name);
    }

    @Override
    public void list(String path, boolean recursive, java.util.function.Consumer<NodeInfo> each)
            throws CofferException {
        if (path.equals("/bug")) {
            throw new IllegalStateException("a fault of ours with /a/secret/path in it");
        }
        for (NodeInfo node : everything(path)) {
            boolean self = node.path().equals(path);
            boolean isFile = self && node.kind() != NodeKind.FOLDER;
            if (isFile || (!self && (recursive || parent(node.path()).equals(path)))) {
                each.accept(node);
            }
        }
    }

    @Override
    public synchronized void makeFolder(String path, boolean parents) throws CofferException {
        if (nodes.containsKey(path)) {
            if (parents) {
                return;
            }
            throw refusal("Something is at that path already.", "Nothing was changed. Choose another name, or move what is there with `coffer mv`.");
        }
        String parent = parent(path);
        if (!parent.equals("/") && !nodes.containsKey(parent)) {
            if (!parents) {
                throw refusal("There is nothing at that path in the vault.", "Nothing was changed. `coffer ls` shows what there is, `coffer trash` what was removed.");
            }
            makeFolder(parent, true);
        }
        Instant time = tick();
        nodes.put(path, new Node(nodeId(), NodeKind.FOLDER, Bytes.EMPTY, time, false, clock));
    }

    @Override
    public synchronized void move(String from, String to) throws CofferException {
        find(from);
        tick();
        Map<String, Node> moved = take(from);
        moved.forEach((path, node) -> nodes.put(to + path.substring(from.length()), node));
    }

    private NavigableMap<String, Node> take(String path) {
        NavigableMap<String, Node> taken = new TreeMap<>();
        nodes.entrySet().removeIf(entry -> {
            boolean below = entry.getKey().equals(path) || entry.getKey().startsWith(path + "/");
            if (below) {
                taken.put(entry.getKey(), entry.getValue());
            }
            return below;
        });
        return taken;
    }

    @Override
    public synchronized void remove(String path) throws CofferException {
        Node node = find(path);
        Instant time = tick();
        trash.put(node.id(), new Trashed(path, time, take(path)));
    }

    @Override
    public synchronized List<Version> history(String path) throws CofferException {
        List<Version> versions = new ArrayList<>();
        Node now = find(path);
        versions.add(new Version(now.version(), now.modified(), name, path, now.content().size(), true, Optional.empty()));
        for (Past before : past.reversed()) {
            if (before.path().equals(path)) {
                Node node = before.node();
                versions.add(new Version(
                        node.version(), node.modified(), name, path, node.content().size(), false, Optional.empty()));
            }
        }
        return versions;
    }

    @Override
    public synchronized void restoreVersion(String path, long version) throws CofferException {
        for (Past before : past) {
            if (before.path().equals(path) && before.node().version() == version) {
                Node node = before.node();
                Instant time = tick();
                set(path, new Node(node.id(), node.kind(), node.content(), time, node.executable(), clock));
                return;
            }
        }
        throw refusal("There is no such version of it.", "Nothing was changed. `coffer history` lists those that are kept.");
    }

    @Override
    public synchronized RewindPoint rewindPoint(RewindTo to) throws CofferException {
        long version = switch (to) {
            case RewindTo.Time(Instant time) -> Math.min(clock, time.getEpochSecond() - EPOCH.getEpochSecond());
            case RewindTo.Version(long number) -> number;
        };
        if (version < 0 || version > clock) {
            throw refusal("The vault's log has no such entry.", "Nothing was changed. `coffer history` and `coffer status` show their numbers.");
        }
        return new RewindPoint(version, EPOCH.plusSeconds(version), name, clock);
    }

    @Override
    public synchronized RewindReport rewind(
            String path, RewindPoint point, boolean dryRun, java.util.function.Consumer<SyncStep> each, Progress progress) {
        NavigableMap<String, Node> then = trees.getOrDefault(point.version(), new TreeMap<>(nodes));
        long[] counts = new long[3];
        then.forEach((where, node) -> {
            if (!node.equals(nodes.get(where))) {
                counts[nodes.containsKey(where) ? 1 : 0]++;
                each.accept(new SyncStep(nodes.containsKey(where) ? "change back" : "bring back", where));
            }
        });
        nodes.keySet().stream().filter(where -> !then.containsKey(where)).forEach(where -> {
            counts[2]++;
            each.accept(new SyncStep("to the trash", where));
        });
        if (!dryRun) {
            tick();
            nodes.clear();
            nodes.putAll(then);
        }
        return new RewindReport(point, counts[0], counts[1], 0, counts[2], List.of());
    }

    /// Two words that are right; any others are not.
    public static final String TWO_WORDS = "abandon zoo";

    private boolean recoveryChecked;

    @Override
    public synchronized RecoveryCheck recovery() {
        return new RecoveryCheck(List.of(3, 17), recoveryChecked ? Optional.of(Instant.EPOCH) : Optional.empty(), false);
    }

    @Override
    public synchronized RecoveryCheck checkRecovery(String words) throws CofferException {
        if (!words.equals(TWO_WORDS)) {
            throw new CofferException(ErrorCode.ENROLMENT, "These are not the recovery words of this account.");
        }
        recoveryChecked = true;
        return recovery();
    }

    @Override
    public synchronized Limits limits() {
        return limits;
    }

    @Override
    public synchronized void limit(Limits wanted) {
        limits = wanted;
    }

    @Override
    public synchronized List<TrashItem> trash() {
        List<TrashItem> items = new ArrayList<>();
        trash.forEach((id, item) -> {
            Node node = item.nodes().firstEntry().getValue();
            items.add(new TrashItem(
                    id, item.path(), node.kind(), node.content().size(), item.deleted(),
                    item.deleted().plusSeconds(30 * 24 * 3600), name));
        });
        return items;
    }

    @Override
    public synchronized String restoreTrashed(String nodeId) throws CofferException {
        Trashed item = trash.remove(nodeId);
        if (item == null) {
            throw refusal("There is no such item in the trash.", "Nothing was changed. `coffer trash` lists what is in it.");
        }
        tick();
        nodes.putAll(item.nodes());
        return item.path();
    }

    @Override
    public synchronized long emptyTrash(Optional<String> nodeId) {
        long before = trash.size();
        trash.keySet().removeIf(id -> nodeId.isEmpty() || nodeId.get().equals(id));
        return before - trash.size();
    }

    @Override
    public VerifyReport verify(boolean full, Progress progress) {
        progress.update("verifying", 1, 1, Progress.Unit.PACKS);
        return new VerifyReport(7, 1, 16 << 20, full ? 3 : 0, full ? 2 : 0, List.of());
    }

    @Override
    public List<KeyHolder> who() {
        return List.of(
                new KeyHolder(name, "d1".repeat(32), EPOCH, "aa".repeat(32) + " 0"),
                new KeyHolder("recovery words", "ee".repeat(32), EPOCH, "aa".repeat(32) + " 0"));
    }

    @Override
    public GetReport export(Path directory, Progress progress) throws CofferException {
        return get("/", directory, false, progress);
    }

    @Override
    public int saveLogs(Path directory) {
        return 2;
    }

    @Override
    public WhereReport where(String path, Progress progress) {
        progress.update("where", 2, 2, Progress.Unit.PACKS);
        return new WhereReport(
                path,
                region,
                2,
                32 << 20,
                0,
                List.of(new CopyPlace(
                        "local", "the operator", "home", "active", "http://127.0.0.1:8420", 2, 32 << 20, 1, Optional.of(EPOCH))),
                former(),
                left(),
                true,
                Optional.of(EPOCH),
                List.of());
    }

    private List<String> former() {
        return region.equals("home") ? List.of() : List.of("home");
    }

    private List<LeftCopies> left() {
        return former().stream()
                .map(id -> new LeftCopies("local", "the operator", id, 2, 1, 48 << 20))
                .toList();
    }

    @Override
    public synchronized RegionReport regions() {
        return new RegionReport(
                region,
                clock,
                EPOCH,
                name,
                List.of(
                        new RegionChoice("home", "Home", "not stated", 1, 1, Optional.empty()),
                        new RegionChoice("is", "Iceland", "Icelandic law", 1, 1, Optional.of(2)),
                        new RegionChoice("void", "Nowhere", "none", 0, 0, Optional.empty())),
                List.of(
                        new ProviderStanding("local", "the operator", "home", "active", 1000, "", EPOCH, false, Optional.empty()),
                        new ProviderStanding("geyser", "Geyser", "is", "active", 1000, "", EPOCH, true, Optional.of("e0".repeat(32)))),
                former(),
                left(),
                true,
                Optional.of(EPOCH),
                List.of());
    }

    @Override
    public synchronized boolean chooseRegion(String id) throws CofferException {
        if (!List.of("home", "is").contains(id)) {
            throw new CofferException(ErrorCode.LOCAL, "The transparency log names no such region.");
        }
        boolean changed = !id.equals(region);
        region = id;
        return changed;
    }

    @Override
    public long seen() {
        return 1;
    }

    @Override
    public LogReport auditLog(Progress progress) {
        progress.update("reading the log", 9, 9, Progress.Unit.ENTRIES);
        return new LogReport("coffer.example/tlog+00000000+key", 9, "ab".repeat(32), 1, 1, 2, 3, 2, List.of());
    }

    @Override
    public List<LogStatement> logStatements() {
        return List.of(
                new LogStatement(0, "region added", Optional.of(EPOCH), "home", "home; jurisdiction: not stated", false),
                new LogStatement(1, "account head", Optional.empty(), "", "your account's log grew", true));
    }

    @Override
    public CollectReport collect(Progress progress) {
        return new CollectReport(1, 4 << 20, 1);
    }

    @Override
    public long snapshot(Progress progress) {
        return 42;
    }

    @Override
    public synchronized Invitation invite() {
        waiting = new JoinRequest("new\tlaptop", "d3".repeat(32));
        return new Invitation(FakeSetup.CODE, EPOCH.plusSeconds(600));
    }

    @Override
    public synchronized Optional<JoinRequest> awaitJoinRequest(Progress progress) {
        return Optional.ofNullable(waiting);
    }

    @Override
    public synchronized void approve(JoinRequest request) throws CofferException {
        if (!request.equals(waiting)) {
            throw new CofferException(ErrorCode.ENROLMENT, "No device of that name waits.");
        }
        waiting = null;
        devices.add(new DeviceInfo(request.deviceId(), request.name(), "full", tick(), true, false));
    }

    @Override
    public synchronized List<DeviceInfo> devices() {
        return List.copyOf(devices);
    }

    @Override
    public synchronized void removeDevice(String device) throws CofferException {
        if (!devices.removeIf(info -> info.name().equals(device) && !info.self())) {
            throw new CofferException(ErrorCode.LOCAL, "No other device has that name.");
        }
    }

    @Override
    public long refresh() {
        return 0;
    }

    @Override
    public synchronized SyncInfo sync(Path folder, String path) {
        SyncInfo info = info(folder.toString(), path, SyncState.UP_TO_DATE);
        syncs.put(folder.toString(), info);
        return info;
    }

    private static SyncInfo info(String folder, String path, SyncState state) {
        return new SyncInfo(folder, path, state, 0, 0, 0, Optional.empty(), Optional.of(EPOCH), List.of(), List.of());
    }

    @Override
    public synchronized List<SyncInfo> syncs() {
        return List.copyOf(syncs.values());
    }

    @Override
    public synchronized List<PeerAgreement> peerAgreements() {
        return syncs.values().stream()
                .flatMap(sync -> java.util.stream.Stream.of(
                        new PeerAgreement(sync.folder(), "desktop", EPOCH, true),
                        new PeerAgreement(sync.folder(), "nas", EPOCH, false)))
                .toList();
    }

    @Override
    public synchronized void pauseSync(Path folder, boolean paused) throws CofferException {
        SyncInfo info = requireSync(folder);
        SyncState state = paused ? SyncState.PAUSED : SyncState.UP_TO_DATE;
        syncs.put(folder.toString(), info(info.folder(), info.path(), state));
    }

    private SyncInfo requireSync(Path folder) throws CofferException {
        SyncInfo info = syncs.get(folder.toString());
        if (info == null) {
            throw refusal("That folder is not synced.", "Nothing was changed. `coffer sync list` shows the folders that are.");
        }
        return info;
    }

    @Override
    public synchronized boolean approveSync(Path folder) throws CofferException {
        return requireSync(folder).question().isPresent();
    }

    @Override
    public synchronized List<SyncStep> previewSync(Path folder) throws CofferException {
        return List.of(new SyncStep("send", requireSync(folder).folder() + "/letter"));
    }

    @Override
    public synchronized SyncInfo chooseSync(Path folder, List<String> without, List<String> with, Progress progress) throws CofferException {
        SyncInfo info = requireSync(folder);
        List<LeftOut> leftOut = new ArrayList<>(info.leftOut());
        leftOut.removeIf(one -> with.contains(one.path()));
        without.forEach(path -> leftOut.add(new LeftOut(path, false)));
        SyncInfo chosen = new SyncInfo(
                info.folder(), info.path(), info.state(), 0, 0, 0, Optional.empty(), info.agreed(), leftOut, List.of());
        syncs.put(info.folder(), chosen);
        return chosen;
    }

    @Override
    public synchronized void removeSync(Path folder) throws CofferException {
        syncs.remove(requireSync(folder).folder());
    }

    @Override
    public synchronized List<ConflictInfo> conflicts() {
        return List.of(new ConflictInfo("/letter (conflict laptop)", "/letter", EPOCH));
    }

    @Override
    public void close() {
        closed.set(true);
    }

    private static String child(String folder, String name) {
        return folder.equals("/") ? "/" + name : folder + "/" + name;
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /// As a real device says it.
    private static CofferException refusal(String message, String advice) {
        return CofferException.withAdvice(ErrorCode.LOCAL, message, advice);
    }
}
