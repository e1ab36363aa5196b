package coffer.attack;

import coffer.core.ErrorCode;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.device.Progress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
    }

    @Tries(entry = "A21", what = "The service shows one device another valid successor than the other one.", holds = ErrorCode.FORK)
    static void twoSuccessors(World world) throws Exception {
        Insider insider = world.insider(world.two);
        List<Entry> before = insider.entries(world.vault());
        Head account = insider.entries(world.account()).getLast().head();
        byte[] nothing = new coffer.seal.CommitBody(List.of(), List.of(), List.of()).encode();
        world.put(world.one, "on the one branch.txt");
        List<Entry> other = new ArrayList<>(before);
        while (other.size() < insider.entries(world.vault()).size()) {
            other.add(insider.commitAfter(other, account, nothing, List.of(), List.of()));
        }
        world.front.shows(world.one, world.vault(), other);
        world.refused(() -> world.one.device().refresh());
    }

    @Tries(entry = "A24", what = "The service leaves out an entry of the vault's log.", holds = ErrorCode.CHAIN)
    static void anEntryLeftOut(World world) throws Exception {
        int known = world.insider(world.one).entries(world.vault()).size();
        world.front.changes(
                "a page without its first entry",
                asked -> asked.isFor("GET", "/v1/logs/.*/entries") && asked.device().equals(world.two.id())
                        && asked.query().contains("from=" + known),
                (_, truth) -> truth.with(withoutFirst(truth.body())));
        world.put(world.one, "left out.txt");
        world.put(world.one, "shown.txt");
        world.refused(() -> world.two.device().refresh());
    }

    private static byte[] withoutFirst(byte[] page) {
        try {
            java.io.ByteArrayOutputStream rest = new java.io.ByteArrayOutputStream();
            Insider.entries(page).stream().skip(1).forEach(entry -> rest.writeBytes(entry.encode()));
            return rest.toByteArray();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
