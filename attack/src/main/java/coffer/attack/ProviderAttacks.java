package coffer.attack;

import coffer.core.ErrorCode;
import coffer.device.Progress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a provider can try with the packs it holds.
final class ProviderAttacks {

    private ProviderAttacks() {}

    @Tries(entry = {"A34", "A92"}, what = "The provider flips, cuts, extends and empties a pack.", holds = ErrorCode.INTEGRITY,
            also = ErrorCode.UNAVAILABLE)
    static void aChangedPack(World world) throws Exception {
        Path pack = packOf(world, "letter.txt");
        byte[] whole = Files.readAllBytes(pack);
        List<World.Change> changes = List.of(
                bytes -> flip(bytes, 0), bytes -> flip(bytes, 40), bytes -> flip(bytes, 90),
                bytes -> new byte[bytes.length]);
        for (World.Change change : changes) {
            world.tampers(pack, change);
            world.refused(() -> world.read(world.two, "letter.txt").length);
            Files.write(pack, whole);
        }
        world.tampers(pack, bytes -> Arrays.copyOf(bytes, bytes.length - 1));
        world.refused(() -> world.two.device().verify(true, Progress.SILENT));
        Files.write(pack, whole);
        world.tampers(pack, bytes -> Arrays.copyOf(bytes, bytes.length + 1));
        world.attempt(() -> world.two.device().verify(true, Progress.SILENT));
        Files.write(pack, whole);
        Path got = world.two.fetched();
        world.tampers(pack, bytes -> flip(bytes, 60));
        world.refused(() -> world.two.device().get(World.path("letter.txt"), got, false, Progress.SILENT));
        world.holds(!Files.exists(got.resolve(World.named("letter.txt"))), "no damaged file was written");
    }

    private static byte[] flip(byte[] bytes, int at) {
        bytes[at] ^= 1;
        return bytes;
    }

    /// The object that came with a file: the only one that changes when it is damaged and whose name the device asks for.
    private static Path packOf(World world, String name) throws Exception {
        world.front.forgets();
        world.read(world.two, name);
        String asked = world.front.crossed().stream()
                .filter(crossed -> crossed.asked().isFor("GET", "/v1/blobs/.*"))
                .map(crossed -> crossed.asked().path().substring("/v1/blobs/".length()))
                .findFirst()
                .orElseThrow();
        return world.objects().stream()
                .filter(path -> path.getFileName().toString().equals(asked))
                .findFirst()
                .orElseThrow();
    }

    @Tries(entry = {"A35", "A36", "A13"}, what = "The provider gives one pack for another, a stranger's, and open text of the right length.",
            holds = ErrorCode.INTEGRITY, also = ErrorCode.UNAVAILABLE)
    static void anotherPack(World world) throws Exception {
        Path first = packOf(world, "letter.txt");
        byte[] own = Files.readAllBytes(first);
        byte[] other = Files.readAllBytes(packOf(world, "second letter.txt"));
        byte[] open = Arrays.copyOf("open text ".repeat(own.length).getBytes(StandardCharsets.UTF_8), own.length);
        for (byte[] instead : List.of(other, open)) {
            world.tampers(first, _ -> Arrays.copyOf(instead, own.length));
            world.refused(() -> world.read(world.two, "letter.txt").length);
            world.refused(() -> world.two.device().verify(true, Progress.SILENT));
            Files.write(first, own);
        }
    }

    @Tries(entry = {"A37", "A38"}, what = "The provider loses a pack, and says that it took one which it did not keep.",
            holds = ErrorCode.INTEGRITY, also = {ErrorCode.PROTOCOL, ErrorCode.UNAVAILABLE})
    static void aLostPack(World world) throws Exception {
        Path pack = packOf(world, "letter.txt");
        byte[] whole = Files.readAllBytes(pack);
        Files.delete(pack);
        world.did("the provider lost " + pack.getFileName());
        world.afterwards(() -> Files.write(pack, whole));
        world.refused(() -> world.two.device().verify(false, Progress.SILENT));
        world.refused(() -> world.read(world.two, "letter.txt").length);
        world.front.answers("a pack is taken and thrown away", asked -> asked.isFor("PUT", "/v1/blobs/.*"),
                (_, _) -> Front.Answer.of(200, new byte[0])).times(1);
        Path file = world.write(world.one, "thrown away", World.content("thrown away"));
        world.attempt(() -> world.one.device().put(List.of(file), "/", Progress.SILENT));
        world.front.behaves();
        world.put(world.one, "thrown away", World.content("thrown away"));
    }

    @Tries(entry = {"A26", "A34", "A37"}, what = "Bytes flip anywhere in everything that service and provider keep, one at a time.",
            holds = ErrorCode.INTEGRITY, also = {ErrorCode.CHAIN, ErrorCode.PROTOCOL, ErrorCode.UNAVAILABLE, ErrorCode.DOWNGRADE,
                    ErrorCode.ROLLBACK, ErrorCode.NOT_AUTHORISED})
    static void anyStoredByte(World world) throws Exception {
        java.util.Random random = new java.util.Random(1);
        Path saved = world.savesService("whole");
        List<String> before = tree(world);
        for (int round = 0; round < 8; round++) {
            Path database = world.serviceFolder().resolve("service.db");
            long at = 4_096 + (long) (random.nextDouble() * (Files.size(database) - 4_096));
            try {
                world.restartsService(() -> World.flip(database, at));
                world.two.restarts();
                world.attempt(() -> world.two.device().refresh());
                world.attempt(() -> world.two.device().verify(false, Progress.SILENT));
            } catch (coffer.service.ConfigException | IllegalStateException e) {
                // The service itself finds it and does not start: nobody was told anything wrong.
                world.did("the service refused its own database");
            }
            world.holds(tree(world).equals(before), "the vault is what it was, with byte " + at + " of the database flipped");
            world.rollsBackTo(saved);
        }
        for (Path object : world.objects()) {
            byte[] whole = Files.readAllBytes(object);
            World.flip(object, random.nextInt(whole.length));
            world.attempt(() -> world.two.device().verify(true, Progress.SILENT));
            Files.write(object, whole);
        }
        world.did("a byte was flipped in each pack and in eight places of the service's database");
    }

    private static List<String> tree(World world) throws Exception {
        return world.two.device().list("/", true).stream().map(node -> node.path() + " " + node.size() + " " + node.version()).toList();
    }

    @Tries(entry = {"A39", "A51"}, what = "The provider answers ranges with other ranges, other lengths, other codings and redirects.",
            holds = ErrorCode.INTEGRITY, also = {ErrorCode.PROTOCOL, ErrorCode.UNAVAILABLE})
    static void wrongAnswers(World world) throws Exception {
        List<java.util.function.UnaryOperator<Front.Answer>> ways = List.of(
                truth -> new Front.Answer(302, java.util.Map.of("Location", "http://127.0.0.1:9/"), new byte[0], false),
                truth -> truth.with(Arrays.copyOf(truth.body(), truth.body().length / 2)),
                truth -> truth.with(new byte[truth.body().length]));
        for (java.util.function.UnaryOperator<Front.Answer> way : ways) {
            world.front.behaves();
            world.front.changes("a wrong answer of the provider", asked -> asked.isFor("GET", "/v1/blobs/.*"), (_, truth) -> way.apply(truth));
            world.refused(() -> world.two.device().verify(true, Progress.SILENT));
        }
    }

    @Tries(entry = {"A40", "A42", "A43", "A45"}, what = "Service and provider look for what two accounts and two files have in common.")
    static void whatIsTheSame(World world) throws Exception {
        byte[] same = World.content("the same everywhere");
        world.put(world.one, "same.txt", same);
        Set<String> before = names(world.objects());
        world.put(world.two, "same again.txt", same);
        world.holds(names(world.objects()).equals(before), "the same content in one vault is stored once");
        Path theirs = world.stranger.files().resolve("same.txt");
        Files.write(theirs, same);
        world.stranger.device().put(List.of(theirs), "/", Progress.SILENT);
        world.did("service and provider compare the objects of two accounts");
        Set<String> windows = new HashSet<>();
        for (Path object : world.objects()) {
            byte[] bytes = Files.readAllBytes(object);
            for (int at = 0; at + 32 <= bytes.length; at += 32) {
                String window = new String(bytes, at, 32, StandardCharsets.ISO_8859_1);
                world.holds(windows.add(window), "no two pieces of stored objects are equal");
            }
        }
        for (Front.Crossed crossed : world.front.crossed()) {
            String text = new String(crossed.asked().body(), StandardCharsets.ISO_8859_1) + crossed.asked().path();
            for (String algorithm : List.of("MD5", "SHA-1", "SHA-256")) {
                byte[] digest = java.security.MessageDigest.getInstance(algorithm).digest(same);
                world.holds(!text.contains(java.util.HexFormat.of().formatHex(digest)), "no digest of the content is sent");
            }
        }
    }

    private static Set<String> names(List<Path> objects) {
        Set<String> names = new HashSet<>();
        objects.forEach(path -> names.add(path.getFileName().toString()));
        return names;
    }

    @Tries(entry = {"A8", "A7"}, what = "The provider damages a pack in many ways and watches whether the device's requests tell which.",
            holds = ErrorCode.INTEGRITY, also = ErrorCode.UNAVAILABLE)
    static void anOracleOfPacks(World world) throws Exception {
        world.put(world.two, "noise", new java.util.Random(7).ints(4_000).mapToObj(Integer::toHexString)
                .collect(java.util.stream.Collectors.joining()).getBytes(StandardCharsets.UTF_8));
        Path pack = packOf(world, "noise");
        byte[] whole = Files.readAllBytes(pack);
        Set<List<String>> shapes = new HashSet<>();
        for (int at : new int[] {0, 5, 24, 33, 60, 500, 5_000, 10_000}) {
            world.tampers(pack, bytes -> flip(bytes, at));
            world.two.restarts();
            world.two.device().refresh();
            world.front.forgets();
            world.refused(() -> world.read(world.two, "noise").length);
            shapes.add(world.front.crossed().stream()
                    .filter(crossed -> crossed.asked().path().contains("packs") || crossed.asked().path().contains("blobs"))
                    .map(crossed -> crossed.asked().method() + crossed.asked().path() + crossed.asked().body().length)
                    .toList());
            Files.write(pack, whole);
        }
        world.holds(shapes.size() == 1, "the requests are the same wherever the pack was damaged: " + shapes);
    }
}
