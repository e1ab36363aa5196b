package coffer.attack;

import coffer.core.ErrorCode;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.device.Progress;
import coffer.seal.CommitBody;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a service can try with the order and the content of logs.
final class LogAttacks {

    private LogAttacks() {}

    @Tries(entry = "A20", what = "The service shows the vault as it was before the newest file.", holds = ErrorCode.ROLLBACK)
    static void anOlderVault(World world) throws Exception {
        List<Entry> old = world.insider(world.one).entries(world.vault());
        world.put(world.one, "later.txt");
        world.front.shows(world.one, world.vault(), old);
        world.refused(() -> world.one.device().refresh());
        world.refused(() -> world.one.device().put(
                List.of(world.write(world.one, "more.txt", World.content("more"))), "/", Progress.SILENT));
        world.holds(new String(world.read(world.one, "later.txt"), StandardCharsets.UTF_8).contains(World.CANARY), "it still reads");
        world.one.restarts();
        world.refused(() -> world.one.device().refresh());
        world.front.behaves();
        world.put(world.one, "when the right log is back.txt");
    }

    @Tries(entry = "A21", what = "The service shows one device another valid successor than the other one.", holds = ErrorCode.FORK)
    static void twoSuccessors(World world) throws Exception {
        Insider insider = world.insider(world.two);
        List<Entry> before = insider.entries(world.vault());
        Head account = insider.entries(world.account()).getLast().head();
        byte[] nothing = new CommitBody(List.of(), List.of(), List.of()).encode();
        world.put(world.one, "on the one branch.txt");
        List<Entry> other = new ArrayList<>(before);
        while (other.size() < insider.entries(world.vault()).size()) {
            other.add(insider.commitAfter(other, account, nothing, List.of(), List.of()));
        }
        world.front.shows(world.one, world.vault(), other);
        world.refused(() -> world.one.device().refresh());
    }

    @Tries(entry = {"A24", "A26"}, what = "The service leaves out, swaps, repeats, mixes in and replays entries of the vault's log.",
            holds = ErrorCode.CHAIN)
    static void anotherOrder(World world) throws Exception {
        List<Entry> before = world.insider(world.two).entries(world.vault());
        Entry foreign = world.insider(world.one).entries(world.account()).getLast();
        List<Front.PageChange> changes = List.of(
                page -> Front.page(page.subList(1, page.size())),
                page -> Front.page(page.reversed()),
                page -> Front.page(List.of(page.getFirst(), page.getFirst(), page.get(1))),
                page -> Front.page(List.of(foreign, page.getFirst(), page.get(1))),
                page -> Front.page(List.of(before.getLast(), page.getFirst(), page.get(1))));
        world.front.withholds(world.two, world.vault());
        world.put(world.one, "first of two.txt");
        world.put(world.one, "second of two.txt");
        for (Front.PageChange change : changes) {
            world.front.only(world.front.changesPages(world.two, world.vault(), 2, change));
            world.refused(() -> world.two.device().refresh());
        }
    }

    @Tries(entry = {"A24", "A51"}, what = "The service cuts a page of the vault's log anywhere, and answers with a web page.",
            holds = ErrorCode.PROTOCOL)
    static void aPageThatIsCut(World world) throws Exception {
        world.front.withholds(world.two, world.vault());
        world.put(world.one, "cut.txt");
        for (int part = 3; part < 40; part += 9) {
            int parts = part;
            world.front.only(world.front.changesPages(world.two, world.vault(), 1, page -> cut(page, parts)));
            world.refused(() -> world.two.device().refresh());
        }
        world.front.only(world.front.answers(
                "a web page answers everything",
                asked -> asked.device().equals(world.two.id()),
                (_, _) -> Front.Answer.text(200, "<html><body>Welcome to this hotel</body></html>")));
        world.refused(() -> world.two.device().refresh());
        world.holds(world.asked("PUT", "/v1/logs/.*") == 1, "only the one file was committed");
    }

    private static byte[] cut(List<Entry> page, int parts) {
        byte[] whole = Front.page(page);
        return Arrays.copyOf(whole, whole.length - Math.max(1, whole.length / parts));
    }

    @Tries(entry = {"A2", "A9", "A63"}, what = "The service adds a device of its own to the account, and lets it write to the vault.",
            holds = ErrorCode.CHAIN)
    static void aGhostDevice(World world) throws Exception {
        Insider one = world.insider(world.one);
        List<Entry> account = new ArrayList<>(one.entries(world.account()));
        List<Entry> vault = new ArrayList<>(one.entries(world.vault()));
        try (Ghost ghost = new Ghost()) {
            Entry added = ghost.addsItself(world.account(), account);
            account.add(added);
            vault.add(ghost.commits(world.vault(), vault, world.account(), account.getFirst().head()));
        }
        List<String> before = names(world);
        world.front.shows((Party) null, world.vault(), vault);
        world.refused(() -> world.one.device().refresh());
        world.front.shows((Party) null, world.account(), account);
        world.refused(() -> world.two.device().refresh());
        world.front.behaves();
        world.holds(world.one.device().devices().size() == 2, "the account has two devices");
        world.holds(world.one.device().who().size() == 3, "two devices and the words hold keys");
        world.holds(names(world).equals(before), "nothing was planted in the vault");
    }

    private static List<String> names(World world) throws Exception {
        return world.one.device().list("/", true).stream().map(node -> node.path() + node.version()).toList();
    }

    @Tries(entry = "A6", what = "After a device was removed, the service shows the others the state before, to have them use the old keys.",
            holds = ErrorCode.ROLLBACK)
    static void theKeysOfBefore(World world) throws Exception {
        Insider one = world.insider(world.one);
        List<Entry> vault = one.entries(world.vault());
        List<Entry> account = one.entries(world.account());
        world.one.device().removeDevice("second " + World.CANARY);
        world.two.isRemoved();
        world.front.forgets();
        world.front.shows(world.one, world.account(), account);
        world.refused(() -> world.one.device().put(
                List.of(world.write(world.one, "under old keys.txt", World.content("x"))), "/", Progress.SILENT));
        world.holds(world.asked("PUT", "/v1/logs/" + world.vault().hex() + "/.*") == 0, "nothing was committed");
        world.front.behaves();
        world.front.shows(world.one, world.vault(), vault);
        world.refused(() -> world.one.device().refresh());
    }

    @Tries(entry = "A12", what = "The service marks entries as of another suite.", holds = ErrorCode.DOWNGRADE, also = ErrorCode.PROTOCOL)
    static void anotherSuite(World world) throws Exception {
        world.front.withholds(world.two, world.vault());
        world.put(world.one, "in another suite.txt");
        for (int suite : new int[] {0, 2, 23}) {
            world.front.only(world.front.changesPages(world.two, world.vault(), 1, page -> suite(page, suite)));
            world.refused(() -> world.two.device().refresh());
        }
    }

    /// An entry is an array of header, body and signatures; the suite is the first thing in the header's map.
    private static byte[] suite(List<Entry> page, int suite) {
        byte[] bytes = Front.page(page);
        int header = 1 + (bytes[1] == 0x58 ? 2 : 3);
        bytes[header + 2] = (byte) suite;
        return bytes;
    }

    @Tries(entry = {"A14", "A33"}, what = "The service answers with something signed that is of another kind, or of another log.",
            holds = {ErrorCode.CHAIN, ErrorCode.PROTOCOL})
    static void anotherKind(World world) throws Exception {
        Insider one = world.insider(world.one);
        Insider stranger = world.insider(world.stranger);
        List<byte[]> others = List.of(
                Front.page(one.entries(world.account())),
                Front.page(stranger.entries(stranger.vault())),
                Front.page(stranger.entries(stranger.account())),
                java.nio.file.Files.readAllBytes(world.objects().getLast()),
                one.send("GET", "/tlog/checkpoint", new byte[0]).body(),
                one.send("GET", "/v1/service", new byte[0]).body());
        world.front.withholds(world.two, world.vault());
        world.put(world.one, "of another kind.txt");
        for (byte[] other : others) {
            world.front.only(world.front.changesPages(world.two, world.vault(), 1, _ -> other));
            world.refused(() -> world.two.device().refresh());
        }
    }

    @Tries(entry = "A25", what = "The service says that an append was not taken when it was, and that it was when it was not.",
            also = {ErrorCode.ROLLBACK, ErrorCode.UNAVAILABLE})
    static void liesAboutAppends(World world) throws Exception {
        String append = "/v1/logs/" + world.vault().hex() + "/entries/\\d+";
        Insider one = world.insider(world.one);
        world.front.changes("stored, and said to be a conflict", asked -> asked.isFor("PUT", append), (_, _) ->
                Front.Answer.text(409, head(one, world))).times(1);
        world.put(world.one, "stored once.txt");
        world.front.changes("stored, and no answer", asked -> asked.isFor("PUT", append), (_, _) -> Front.Answer.text(500, "{}")).times(1);
        world.put(world.one, "answered never.txt");
        world.front.answers("said to be stored", asked -> asked.isFor("PUT", append), (_, _) -> Front.Answer.of(201, new byte[0])).times(1);
        world.put(world.one, "stored by name only.txt");
        world.attempt(() -> world.one.device().refresh());
        world.put(world.two, "of the other one.txt");
        world.one.device().refresh();
        List<String> names = world.one.device().list("/", true).stream().map(node -> node.path()).toList();
        world.holds(names.stream().distinct().count() == names.size() && names.size() == 6, "each file is there once: " + names);
    }

    private static String head(Insider insider, World world) {
        try {
            return Front.headJson(insider.entries(world.vault()).getLast());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Tries(entry = {"A29", "A23"}, what = "The service hides the newest entries from the device that collects, to have it release packs in use.",
            holds = ErrorCode.ROLLBACK)
    static void collectingWhatIsHidden(World world) throws Exception {
        List<Entry> old = world.insider(world.one).entries(world.vault());
        world.put(world.one, "new and hidden.txt");
        world.front.shows(world.one, world.vault(), old);
        world.front.forgets();
        world.refused(() -> world.one.device().collect(Progress.SILENT));
        world.front.behaves();
        world.front.withholds(world.two, world.vault());
        world.put(world.one, "new and withheld.txt");
        world.two.device().collect(Progress.SILENT);
        world.holds(world.one.device().verify(true, Progress.SILENT).problems().isEmpty(), "every chunk is there");
    }

    @Tries(entry = {"A23", "A18"}, what = "The service says for a month that there is nothing new.", holds = ErrorCode.UNAVAILABLE)
    static void nothingNewForEver(World world) throws Exception {
        world.two.device().refresh();
        world.front.shows(world.two, world.vault(), world.insider(world.two).entries(world.vault()));
        world.front.shows(world.two, world.account(), world.insider(world.two).entries(world.account()));
        world.put(world.one, "withheld.txt");
        world.two.isLater(Duration.ofDays(20));
        world.two.device().refresh();
        world.holds(!saysThatNewsIsOld(world.two), "twenty quiet days are nothing special");
        world.two.isLater(Duration.ofDays(40));
        world.two.device().refresh();
        world.attempt(() -> world.two.device().status());
        world.holds(saysThatNewsIsOld(world.two), "the device says that nothing has come for long");
        world.holds(!world.two.device().list("/", true).isEmpty(), "nothing was deleted on that ground");
        world.front.behaves();
        world.two.isLater(Duration.ZERO);
        world.two.device().refresh();
        world.holds(!saysThatNewsIsOld(world.two), "news ends the message");
    }

    private static boolean saysThatNewsIsOld(Party party) throws Exception {
        return party.device().status().problems().stream().anyMatch(problem -> problem.where().equals("news"));
    }

    @Tries(entry = "A88", what = "The service is restored from a backup, with one device there and one away.", holds = ErrorCode.ROLLBACK)
    static void aRestore(World world) throws Exception {
        Path backup = world.savesService("yesterday");
        world.one.restarts();
        world.put(world.one, "after the backup.txt");
        world.put(world.one, "and another.txt");
        world.two.device().refresh();
        world.rollsBackTo(backup);
        world.one.restarts();
        world.attempt(() -> world.one.device().refresh());
        world.two.restarts();
        world.put(world.two, "when all is back.txt");
        world.one.device().refresh();
        world.holds(world.one.device().list("/", true).size() == 5, "all five files are there");
    }

    @Tries(entry = "A32", what = "The service answers with far too much, far too deep, and without end.",
            holds = {ErrorCode.LIMIT, ErrorCode.PROTOCOL}, also = ErrorCode.CHAIN)
    static void tooMuch(World world) throws Exception {
        String logs = "/v1/logs/.*";
        world.front.answers("forty million bytes", asked -> asked.isFor("GET", logs) && asked.device().equals(world.one.id()), (_, _) ->
                Front.Answer.of(200, new byte[40 << 20]));
        world.refused(() -> world.one.device().refresh());
        world.front.behaves();
        world.front.answers("a hundred thousand brackets", asked -> asked.isFor("GET", logs) && asked.device().equals(world.one.id()),
                (_, _) -> Front.Answer.text(200, "[".repeat(100_000)));
        world.refused(() -> world.one.device().refresh());
        world.front.behaves();
        List<Entry> log = world.insider(world.one).entries(world.vault());
        String vault = "/v1/logs/" + world.vault().hex() + "/";
        world.front.answers(
                "the same page again and again",
                asked -> asked.isFor("GET", vault + ".*") && asked.device().equals(world.two.id()),
                (asked, _) -> asked.path().endsWith("/head")
                        ? Front.Answer.text(200, "{\"sequence\":1000000,\"id\":\"" + "ab".repeat(32) + "\"}")
                        : Front.Answer.of(200, Front.page(log)));
        world.refused(() -> world.two.device().refresh());
    }
}
