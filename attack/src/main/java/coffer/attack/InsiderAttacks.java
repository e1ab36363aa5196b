package coffer.attack;

import coffer.core.CborWriter;
import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import coffer.core.PackId;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.log.PackRef;
import coffer.device.Device;
import coffer.device.Progress;
import coffer.seal.ChunkCodec;
import coffer.seal.CommitBody;
import coffer.seal.Content;
import coffer.seal.DedupKeys;
import coffer.seal.Operation;
import coffer.seal.PackAdded;
import coffer.seal.PackBuilder;
import coffer.seal.RandomSource;
import coffer.seal.SealedPack;
import coffer.seal.Slice;
import coffer.seal.VaultKeys;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What somebody can try who holds the keys of a device, before and after it was removed.
final class InsiderAttacks {

    private static final List<String> NAMES = List.of(
            "", ".", "..", "a/b", "../outside/planted", "/etc/planted", "a\0b", "x".repeat(256), "x".repeat(10_000), "e\u0301");

    private InsiderAttacks() {}

    @Tries(entry = {"A53", "A60", "A33"}, what = "A member commits names that lead out of the folder, and names that no name can be.",
            holds = ErrorCode.PROTOCOL)
    static void namesThatLeadOut(World world) throws Exception {
        Insider insider = world.insider(world.two);
        for (String name : NAMES) {
            byte[] body = withName(name);
            world.holds(insider.append(insider.commit(body, List.of(), List.of()), world.vault()) == 201, "the service cannot know");
        }
        world.did("a member committed " + NAMES.size() + " impossible names");
        world.put(world.one, "beside them.txt");
        world.refused(() -> world.one.device().status());
        world.attempt(() -> world.one.device().get("/", world.one.fetched(), false, Progress.SILENT));
        world.holds(Files.exists(world.one.fetched().resolve(World.named("beside them.txt"))), "what is beside them is there");
    }

    /// A commit of a folder of that name, made by hand because no writer would make it.
    private static byte[] withName(String name) {
        byte[] node = RandomSource.secure().bytes(NodeId.SIZE);
        CborWriter out = new CborWriter();
        out.map(3).integer(1).array(1).array(8).integer(1);
        out.bytes(node).bytes(new byte[NodeId.SIZE]).text(name).integer(2).integer(0).integer(0);
        new Content.Folder().writeTo(out);
        return out.integer(2).array(0).integer(3).array(0).toByteArray();
    }

    private static NodeId node() {
        return NodeId.of(RandomSource.secure().bytes(NodeId.SIZE));
    }

    private static Operation.Put put(NodeId node, NodeId parent, String name, Content content) {
        return new Operation.Put(node, parent, name, 0, false, content);
    }

    @Tries(entry = {"A54", "A59"}, what = "A member commits a link out of the folder and then a file behind it.", also = ErrorCode.PROTOCOL)
    static void behindALink(World world) throws Exception {
        Insider insider = world.insider(world.two);
        NodeId link = node();
        insider.append(insider.commit(put(link, Operation.ROOT, "link", new Content.Symlink(world.outside().toString()))), world.vault());
        insider.append(insider.commit(put(node(), link, "planted", new Content.Folder())), world.vault());
        NodeId folder = node();
        insider.append(insider.commit(put(folder, Operation.ROOT, "LINK", new Content.Folder())), world.vault());
        insider.append(insider.commit(put(node(), folder, "planted", new Content.FileContent(0, 0, List.of()))), world.vault());
        world.did("a member committed a link, a node behind it, and a folder of nearly its name");
        world.attempt(() -> world.one.device().status());
        world.attempt(() -> world.one.device().get("/", world.one.fetched(), false, Progress.SILENT));
        world.attempt(() -> world.one.device().get("/", world.one.fetched(), true, Progress.SILENT));
        world.attempt(() -> world.one.device().export(world.one.fetched().resolve("export"), Progress.SILENT));
        world.holds(!Files.exists(world.outside().resolve("planted")), "nothing was written through the link");
    }

    @Tries(entry = {"A54", "A75"}, what = "Somebody puts a link to private files where a device writes to and reads from.", also = ErrorCode.LOCAL)
    static void aLinkOnTheDisk(World world) throws Exception {
        world.one.device().makeFolder("/" + World.CANARY + " folder", false);
        Path file = world.write(world.one, "in the folder.txt", World.content("in the folder"));
        world.one.device().put(List.of(file), "/" + World.CANARY + " folder", Progress.SILENT);
        Files.createDirectories(world.one.fetched());
        Files.createSymbolicLink(world.one.fetched().resolve(World.CANARY + " folder"), world.outside());
        world.did("a link to private files lies where a folder is to be written");
        world.attempt(() -> world.one.device().get("/", world.one.fetched(), true, Progress.SILENT));
        Path link = Files.createSymbolicLink(world.one.files().resolve("a link"), world.outside());
        world.one.device().put(List.of(link), "/", Progress.SILENT);
        Device.NodeInfo kept = world.one.device().list("/a link", false).getFirst();
        world.holds(kept.kind() == Device.NodeKind.SYMLINK, "the link was kept as a link");
        Files.delete(link);
    }

    @Tries(entry = {"A55", "A56", "A58"}, what = "A member commits names that are one on some disks, act on a terminal, or are reserved elsewhere.",
            also = {ErrorCode.PROTOCOL, ErrorCode.UNSAFE_NAME, ErrorCode.LOCAL})
    static void namesThatCollide(World world) throws Exception {
        Insider insider = world.insider(world.two);
        List<Operation> operations = new ArrayList<>();
        List<String> names = List.of("Readme", "README", "stra\u00dfe", "strasse", "CON", "nul.txt", "a:b", "dot.", "space ", "\u202egnp.exe", "\u001b[2J");
        names.forEach(name -> operations.add(put(node(), Operation.ROOT, name, new Content.FileContent(0, 0, List.of()))));
        insider.append(insider.commit(operations.toArray(Operation[]::new)), world.vault());
        world.did("a member committed " + names.size() + " names that collide or act");
        world.one.device().refresh();
        world.attempt(() -> world.one.device().get("/", world.one.fetched(), false, Progress.SILENT));
        world.holds(world.one.device().list("/", true).stream().map(Device.NodeInfo::path).toList()
                .containsAll(names.stream().map(name -> "/" + name).toList()), "every name is in the vault as it was committed");
    }

    @Tries(entry = {"A65", "A6"}, what = "A removed device, with everything it ever had and all that service and providers hold, tries to read what came later.")
    static void readingAfterRemoval(World world) throws Exception {
        Insider removed = world.insider(world.two);
        String token = removed.token();
        List<VaultKeys> had = List.of(removed.vaultKeys());
        world.one.device().removeDevice("second " + World.CANARY);
        world.two.isRemoved();
        world.put(world.one, "after the removal.txt");
        world.did("a removed device tries every key it had on every entry and pack");
        Insider one = world.insider(world.one);
        List<Entry> account = one.entries(world.account());
        List<Entry> log = one.entries(world.vault());
        boolean opens = true;
        try {
            removed.vaultKeys(account, log).close();
        } catch (Exception e) {
            opens = false;
        }
        world.holds(!opens, "the new epoch's key does not open for it");
        Entry newest = log.getLast();
        for (VaultKeys keys : had) {
            boolean body = true;
            try {
                keys.openBody(newest.header().sealContext(), newest.body());
            } catch (Exception e) {
                body = false;
            }
            world.holds(!body, "no key that it had opens what came later");
            keys.close();
        }
        int status = removed.send("GET", "/v1/vaults", "application/json", new byte[0], "Bearer " + token).statusCode();
        world.holds(status == 401 || status == 403, "its session has ended: " + status);
    }

    @Tries(entry = {"A66", "A63", "A27"}, what = "A removed device writes under the state of before, and the service shows it.",
            holds = ErrorCode.FORK, also = {ErrorCode.NOT_AUTHORISED, ErrorCode.CHAIN})
    static void writingAfterRemoval(World world) throws Exception {
        Insider removed = world.insider(world.two);
        List<Entry> before = removed.entries(world.vault());
        Head account = removed.entries(world.account()).getLast().head();
        byte[] nothing = new CommitBody(List.of(), List.of(), List.of()).encode();
        Entry late = removed.commitAfter(before, account, nothing, List.of(), List.of());
        List<Entry> accountLog = removed.entries(world.account());
        world.one.device().removeDevice("second " + World.CANARY);
        world.two.isRemoved();
        int status = removed.append(late, world.vault());
        world.holds(status == 401 || status == 403 || status == 404 || status == 409, "the service refuses it: " + status);
        List<Entry> branch = new ArrayList<>(before);
        branch.add(late);
        Insider one = world.insider(world.one);
        List<Entry> truth = one.entries(world.vault());
        List<Entry> onTop = new ArrayList<>(truth);
        onTop.add(Insider.signAs(removed.keys(), world.vault(), truth.getLast().head(),
                truth.getLast().header().account(), truth.getLast().header().period(), List.of(), List.of(),
                new coffer.core.log.Control.Commit(), _ -> new byte[100]));
        world.holds(accountLog.size() < one.entries(world.account()).size(), "the account knows of the removal");
        world.front.shows(world.one, world.vault(), onTop);
        world.refused(() -> world.one.device().refresh());
        world.front.behaves();
        world.front.shows(world.one, world.vault(), branch);
        world.refused(() -> world.one.device().refresh());
    }

    @Tries(entry = {"A70", "A69", "A61"}, what = "A member says that a pack of nonsense is the content of a file that somebody is about to keep.",
            holds = ErrorCode.INTEGRITY)
    static void nonsenseUnderAGoodName(World world) throws Exception {
        byte[] victim = World.content("that everybody has");
        Path file = world.write(world.one, "that everybody has", victim);
        commitNonsense(world, victim);
        world.one.device().refresh();
        world.one.device().put(List.of(file), "/", Progress.SILENT);
        world.two.device().refresh();
        world.attempt(() -> world.read(world.two, "that everybody has").length);
        world.refused(() -> world.one.device().verify(true, Progress.SILENT));
        world.put(world.one, "that everybody has", victim);
    }

    @Tries(entry = "A70", what = "A member says that a pack of nonsense is the content of a file; its person, who keeps it in a synced folder, lets go of the local copy.",
            holds = ErrorCode.INTEGRITY)
    static void lettingGoForNonsense(World world) throws Exception {
        byte[] victim = World.content("that everybody has");
        commitNonsense(world, victim);
        world.one.device().refresh();
        Path file = Files.createDirectories(world.one.synced().resolve("sub")).resolve(World.named("that everybody has"));
        Files.write(file, victim);
        world.local().put(file, victim);
        world.one.device().sync(world.one.synced(), "/synced");
        upToDate(world);
        world.refused(() -> world.one.device().chooseSync(world.one.synced(), List.of("sub"), List.of(), Progress.SILENT));
        world.holds(Files.exists(file), "the only copy of the file is still here");
        world.refused(() -> world.one.device().verify(true, Progress.SILENT));
        world.put(world.one, "that everybody has", victim);
        world.one.device().verify(true, Progress.SILENT);
        world.one.device().removeSync(world.one.synced());
    }

    private static void upToDate(World world) throws Exception {
        for (int tries = 0; tries < 600; tries++) {
            if (world.one.device().syncs().getFirst().state() == Device.SyncState.UP_TO_DATE) {
                return;
            }
            Thread.sleep(50);
        }
        throw new Fell("the synced folder does not come to rest");
    }

    /// A pack whose one chunk says that it is `victim` and holds something else.
    private static void commitNonsense(World world, byte[] victim) throws Exception {
        Insider insider = world.insider(world.two);
        try (VaultKeys keys = insider.vaultKeys(); DedupKeys dedup = insider.dedup()) {
            ChunkId id = dedup.id(victim);
            byte[] nonsense = "nonsense".repeat(100).getBytes(StandardCharsets.UTF_8);
            byte[] sealed = new byte[ChunkCodec.sealedSizeMax(nonsense.length)];
            int size = new ChunkCodec(keys, dedup, world.vault()).seal(id, Slice.of(nonsense), sealed, 0);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            PackBuilder builder = new PackBuilder(bytes, keys, world.vault(), RandomSource.secure());
            builder.append(id, victim.length, new Slice(sealed, 0, size));
            SealedPack pack = builder.finish();
            upload(world, insider, pack.id(), bytes.toByteArray());
            CommitBody body = new CommitBody(List.of(), List.of(new PackAdded(pack.id(), pack.size(), pack.contents())), List.of());
            insider.append(insider.commit(body.encode(), List.of(new PackRef(pack.id(), pack.size())), List.of()), world.vault());
        }
        world.did("a member committed a pack of nonsense under another content's name");
    }

    private static void upload(World world, Insider insider, PackId id, byte[] pack) throws Exception {
        String request = "{\"vault\":\"" + world.vault().hex() + "\",\"packs\":[{\"id\":\"" + id.hex() + "\",\"size\":" + pack.length
                + "}],\"avoid\":[]}";
        var grant = new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(insider.send("POST", "/v1/packs/uploads", request.getBytes(StandardCharsets.UTF_8)).body())
                .path("grants").path(0).path("copies").path(0);
        HttpRequest.Builder put = HttpRequest.newBuilder(URI.create(grant.path("url").asText()))
                .method(grant.path("method").asText("PUT"), HttpRequest.BodyPublishers.ofByteArray(pack));
        grant.path("headers").properties().forEach(header -> {
            if (!header.getKey().equalsIgnoreCase("content-length")) {
                put.header(header.getKey(), header.getValue().asText());
            }
        });
        int status = java.net.http.HttpClient.newHttpClient().send(put.build(), BodyHandlers.discarding()).statusCode();
        world.holds(status / 100 == 2, "the provider takes the pack: " + status);
    }

    @Tries(entry = "A72", what = "A stolen device removes everything, and another one collects.")
    static void everythingGone(World world) throws Exception {
        Insider thief = world.insider(world.two);
        List<Device.NodeInfo> nodes = world.one.device().list("/", true);
        Operation[] removals = nodes.stream().map(node -> new Operation.Remove(NodeId.ofHex(node.nodeId()))).toArray(Operation[]::new);
        world.holds(thief.append(thief.commit(removals), world.vault()) == 201, "a device may remove");
        world.did("a stolen device removed everything");
        world.one.device().refresh();
        world.holds(world.one.device().list("/", true).isEmpty(), "everything is in the trash");
        world.one.device().collect(Progress.SILENT);
        for (Device.TrashItem item : world.one.device().trash()) {
            world.one.device().restoreTrashed(item.nodeId());
        }
    }

    @Tries(entry = "A79", what = "A device's state is put back to an older copy, and then lost but for its key.", also = {ErrorCode.LOCAL, ErrorCode.ROLLBACK})
    static void anOlderHome(World world) throws Exception {
        Path copy = world.two.home().resolveSibling("copy");
        world.two.restartsAfter(() -> World.copy(world.two.home(), copy));
        world.put(world.two, "after the copy.txt");
        world.put(world.one, "by the other.txt");
        world.two.restartsAfter(() -> World.copy(copy, world.two.home()));
        world.did("a device's home was put back to an older copy");
        world.front.forgets();
        world.two.device().refresh();
        world.holds(world.asked("PUT", "/v1/logs/.*") == 0, "it tells the service of no removal");
        world.put(world.two, "and goes on.txt");
        world.holds(world.two.device().list("/", true).size() == 5, "nothing is missing");
        Path now = world.two.home().resolveSibling("now");
        boolean opens = true;
        try {
            world.two.restartsAfter(() -> {
                World.copy(world.two.home(), now);
                Files.delete(world.two.home().resolve("replica.db"));
            });
        } catch (CofferException e) {
            opens = e.code() != ErrorCode.LOCAL;
        }
        world.holds(!opens, "a device that lost what it had verified does not begin anew by itself");
        world.two.restartsAfter(() -> World.copy(now, world.two.home()));
    }

    @Tries(entry = {"A78", "A89"}, what = "Two copies of one device are at work at the same time.", holds = ErrorCode.LOCAL, also = ErrorCode.FORK)
    static void twins(World world) throws Exception {
        Path twin = world.folder("twin").resolve("home");
        world.two.restartsAfter(() -> World.copy(world.two.home(), twin));
        world.did("a device's home was copied and both are open");
        try (Device other = new coffer.device.LocalDeviceSetup().open(twin)) {
            world.put(world.two, "of the first twin.txt");
            world.holds(!tellsOfATwin(world, world.two.device()), "what a device wrote itself is no sign of a copy");
            Path file = world.write(world.one, "of the second twin.txt", World.content("of the second twin.txt"));
            other.put(List.of(file), "/", Progress.SILENT);
            world.expects("of the second twin.txt", World.content("of the second twin.txt"));
            world.holds(tellsOfATwin(world, other), "the copy says that there are two");
            world.two.device().refresh();
        }
        world.two.restarts();
        world.holds(tellsOfATwin(world, world.two.device()), "the device says that there are two, also after a restart");
        world.one.device().refresh();
        world.holds(!tellsOfATwin(world, world.one.device()), "another device has no copy");
        world.holds(world.objects().stream().map(Path::getFileName).distinct().count() == world.objects().size(), "no object is there twice");
    }

    private static boolean tellsOfATwin(World world, Device device) throws Exception {
        world.attempt(device::status);
        return device.status().problems().stream().anyMatch(problem -> problem.where().equals("this device"));
    }
}
