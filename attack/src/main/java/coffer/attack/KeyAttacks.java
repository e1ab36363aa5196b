package coffer.attack;

import coffer.core.ErrorCode;
import coffer.core.log.Entry;
import coffer.device.DeviceSetup;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a service can try to come by keys, or to have content sent open or elsewhere.
final class KeyAttacks {

    private static final ObjectMapper JSON = new ObjectMapper();

    private KeyAttacks() {}

    @Tries(entry = "A4", what = "The service says that there is nothing of the account's and the vault's logs, to have keys made anew.",
            holds = {ErrorCode.CHAIN, ErrorCode.UNAVAILABLE})
    static void nothingThere(World world) throws Exception {
        world.front.forgets();
        world.front.answers("an empty log to whoever recovers", asked -> !world.isKnown(asked) && asked.isFor("GET", "/v1/logs/.*"),
                (_, _) -> Front.Answer.of(200, new byte[0]));
        world.refused(() -> recover(world));
        world.front.behaves();
        world.front.answers("nothing there", asked -> asked.path().startsWith("/v1/logs/"), (_, _) -> Front.Answer.text(404, "{}"));
        world.refused(() -> world.one.device().refresh());
        world.one.restarts();
        world.refused(() -> world.one.device().refresh());
        world.holds(world.asked("PUT", ".*") == 0, "nothing was made or sent anew");
    }

    private static Object recover(World world) throws Exception {
        Path home = world.folder("three").resolve("home");
        new LocalDeviceSetup()
                .recover(home, world.front.address(), world.words(), "third", new DeviceSetup.Keep.All(), Progress.SILENT)
                .close();
        return home;
    }

    @Tries(entry = {"A4", "A19"}, what = "The service gives somebody else's account to whoever recovers with the words.",
            holds = {ErrorCode.CHAIN, ErrorCode.NOT_AUTHORISED, ErrorCode.ENROLMENT})
    static void anothersAccount(World world) throws Exception {
        Insider stranger = world.insider(world.stranger);
        List<Entry> theirs = stranger.entries(stranger.account());
        world.front.changes("another account is found", "POST", "/v1/accounts/find",
                _ -> ("{\"account\":\"" + stranger.account().hex() + "\"}").getBytes(StandardCharsets.UTF_8));
        world.refused(() -> recover(world));
        world.front.answers("the session is granted", asked -> asked.isFor("POST", "/v1/sessions"),
                (_, _) -> Front.Answer.text(200, "{\"token\":\"any\",\"expires\":9999999999999}"));
        world.front.shows(asked -> true, stranger.account(), theirs);
        world.refused(() -> recover(world));
        world.front.behaves();
        world.front.shows(asked -> !world.isKnown(asked), world.account(), theirs);
        world.refused(() -> recover(world));
    }

    @Tries(entry = {"A5", "A17"}, what = "The service puts a key that it knows, or another vault's, into an entry that starts an epoch.",
            holds = ErrorCode.CHAIN)
    static void aKeyOfItsOwn(World world) throws Exception {
        Insider one = world.insider(world.one);
        Insider stranger = world.insider(world.stranger);
        List<Entry> log = one.entries(world.vault());
        List<Entry> other = stranger.entries(stranger.vault());
        byte[] wrap = firstEpoch(log).members().getFirst().wrapped().toArray();
        byte[] theirs = firstEpoch(other).members().getFirst().wrapped().toArray();
        List<Entry> replaced = new ArrayList<>(log);
        replaced.set(0, Entry.decode(replace(log.getFirst().encode(), wrap, theirs)));
        world.front.shows(asked -> !world.isKnown(asked), world.vault(), replaced);
        world.refused(() -> recover(world));
        world.front.behaves();
        try (Ghost ghost = new Ghost()) {
            List<Entry> forged = new ArrayList<>(log);
            forged.add(Insider.signAs(
                    ghost.keys(), world.vault(), log.getLast().head(), log.getLast().header().account(), 2, List.of(), List.of(),
                    new coffer.core.log.Control.EpochStarted(epochTwo(log)), Insider.NO_BODY));
            world.front.shows(world.one, world.vault(), forged);
            world.front.forgets();
            world.refused(() -> world.one.device().refresh());
            world.refused(() -> world.one.device().put(
                    List.of(world.write(world.one, "for the service.txt", World.content("x"))), "/", Progress.SILENT));
            world.holds(world.asked("PUT", "/v1/logs/.*") == 0, "nothing was committed under a foreign key");
        }
    }

    private static coffer.core.log.Epoch firstEpoch(List<Entry> log) {
        return java.util.Objects.requireNonNull(Insider.epoch(log.getFirst()));
    }

    private static coffer.core.log.Epoch epochTwo(List<Entry> log) {
        coffer.core.log.Epoch first = firstEpoch(log);
        return new coffer.core.log.Epoch(2, first.commitment(), first.members(), coffer.core.Bytes.of(new byte[96]));
    }

    private static byte[] replace(byte[] in, byte[] part, byte[] by) throws Fell {
        for (int at = 0; at + part.length <= in.length; at++) {
            if (java.util.Arrays.equals(in, at, at + part.length, part, 0, part.length)) {
                System.arraycopy(by, 0, in, at, by.length);
                return in;
            }
        }
        throw new Fell("the wrapped key is not where it was looked for");
    }

    @Tries(entry = {"A7", "A8"}, what = "The service flips bytes all over the entries and watches whether the device's next requests tell which.",
            holds = ErrorCode.CHAIN, also = {ErrorCode.PROTOCOL, ErrorCode.DOWNGRADE})
    static void anOracle(World world) throws Exception {
        world.front.withholds(world.two, world.vault());
        world.put(world.one, "for the oracle.txt");
        Set<List<String>> shapes = new HashSet<>();
        for (int part = 1; part <= 24; part++) {
            int parts = part;
            world.front.only(world.front.changesPages(world.two, world.vault(), 1, page -> flipped(Front.page(page), parts)));
            world.front.forgets();
            world.refused(() -> world.two.device().refresh());
            shapes.add(world.front.crossed().stream()
                    .filter(crossed -> crossed.asked().device().equals(world.two.id()))
                    .map(crossed -> crossed.asked().method() + crossed.asked().path() + crossed.asked().query() + crossed.asked().body().length)
                    // The device looks by itself as well, when it has heard of news: that may be at the same time.
                    .distinct()
                    .sorted()
                    .toList());
        }
        world.holds(shapes.size() == 1, "the requests are the same whatever was wrong: " + shapes);
    }

    private static byte[] flipped(byte[] page, int part) {
        page[page.length * part / 25] ^= 0x20;
        return page;
    }

    @Tries(entry = "A13", what = "The service leaves out or turns round every field of its answers, to have content sent open.",
            also = {ErrorCode.PROTOCOL, ErrorCode.UNAVAILABLE, ErrorCode.RESIDENCY, ErrorCode.NOT_AUTHORISED, ErrorCode.INTEGRITY, ErrorCode.LIMIT})
    static void everyField(World world) throws Exception {
        List<String> paths = List.of("/v1/packs/uploads", "/v1/packs/downloads");
        int tried = 0;
        for (String path : paths) {
            for (int field = 0; field < 4; field++) {
                int number = field;
                world.front.behaves();
                world.front.changes("a field of " + path + " is not as it should be", asked -> asked.path().equals(path),
                        (_, truth) -> truth.with(without(truth.body(), number))).times(2);
                Path file = world.write(world.one, "field " + tried++, World.content("field " + tried));
                world.attempt(() -> world.one.device().put(List.of(file), "/", Progress.SILENT));
                world.attempt(() -> world.one.device().verify(true, Progress.SILENT));
            }
        }
    }

    private static byte[] without(byte[] json, int number) {
        try {
            ObjectNode object = (ObjectNode) JSON.readTree(json);
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            ObjectNode at = object;
            if (number >= names.size() && object.path("grants").path(0).path("copies") instanceof ArrayNode copies && copies.size() > 0) {
                at = (ObjectNode) copies.get(0);
                names.clear();
                at.fieldNames().forEachRemaining(names::add);
            }
            at.remove(names.get(number % names.size()));
            return JSON.writeValueAsBytes(object);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Tries(entry = "A31", what = "The service sends packs to other hosts, to files, to this machine and along redirects.",
            holds = ErrorCode.RESIDENCY, also = ErrorCode.PROTOCOL)
    static void otherPlaces(World world) throws Exception {
        Path lure = Files.writeString(world.outside().resolve("lure"), "lure");
        List<String> places = List.of(
                "http://127.0.0.1:9/v1/blobs/x", "http://169.254.169.254/latest/meta-data", "http://[::1]:9/x", lure.toUri().toString(),
                "https://evil.example/x", "http://user:password@127.0.0.1:9/", "http://2130706433:9/x", "ftp://127.0.0.1/x", "//x", "");
        int number = 0;
        for (String place : places) {
            world.front.behaves();
            world.front.changes("packs are sent to " + place, "POST", "/v1/packs/uploads", body -> withUrl(body, place));
            Path file = world.write(world.one, "elsewhere " + number++, World.content("elsewhere " + number));
            world.refused(() -> world.one.device().put(List.of(file), "/", Progress.SILENT));
        }
        Files.delete(lure);
    }

    private static byte[] withUrl(byte[] body, String url) {
        return new String(body, StandardCharsets.UTF_8)
                .replaceAll("\"url\":\"[^\"]*\"", "\"url\":\"" + java.util.regex.Matcher.quoteReplacement(url) + "\"")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Tries(entry = {"A22", "A20"}, what = "The service shows a device that joins the vault as it was before the newest file.",
            holds = ErrorCode.ROLLBACK, stays = false)
    static void anOlderVaultToANewDevice(World world) throws Exception {
        List<Entry> old = world.insider(world.one).entries(world.vault());
        world.put(world.one, "that the new one must see.txt");
        world.front.shows(asked -> !world.isKnown(asked), world.vault(), old);
        world.refused(() -> JoinAttacks.join(world, "four"));
    }
}
