package coffer.service.evaluation;

import coffer.store.ObjectInfo;
import coffer.store.ObjectName;
import coffer.store.StoreException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Compares a listing of everything under the evaluation's prefix with what it wrote and deleted.
final class ListingProbe {

    /// Small, so that a listing of few objects already has several pages.
    private static final int PAGE = 100;

    /// What others have under the prefix ends somewhere; beyond this nothing is judged.
    private static final int PAGES_MAX = 100;

    /// Objects of others whose existence one listing proves by reading them.
    private static final int PROOFS_MAX = 4;

    private final Session session;
    private final String prefix;
    private final Set<ObjectName> others = new HashSet<>();

    ListingProbe(Session session, String prefix) {
        this.session = session;
        this.prefix = prefix;
    }

    void run() {
        long from = session.time().nanos();
        // What is older than this must show.
        long settled = session.at() - session.criteria().listingLag().toMillis();
        var listed = new TreeMap<ObjectName, Long>();
        Result result = session.judged(() -> pages(listed));
        long micros = session.microsSince(from);
        Tally tally = new Tally();
        if (!result.isOutage()) {
            boolean whole = listed.size() < PAGE * PAGES_MAX;
            session.measured().ledger().outstanding().forEach(entry -> expect(entry, listed, settled, whole, tally));
            listed.keySet().forEach(name -> judge(name, settled, tally));
        }
        boolean wrong = tally.absent + tally.undeleted + tally.phantoms > 0;
        session.record(new Measurement.Listed(
                session.at(),
                micros,
                wrong ? Result.WRONG : result,
                listed.size(),
                tally.absent,
                tally.undeleted,
                tally.phantoms,
                tally.foreign));
    }

    private static final class Tally {
        private int absent;
        private int undeleted;
        private int phantoms;
        private int foreign;
        private int proofs;
    }

    private Result pages(Map<ObjectName, Long> listed) throws StoreException {
        String after = "";
        for (int i = 0; i < PAGES_MAX; i++) {
            List<ObjectInfo> page = session.store().list(prefix, after, PAGE);
            for (ObjectInfo object : page) {
                String text = object.name().text();
                if (!text.startsWith(prefix) || text.compareTo(after) <= 0) {
                    return Result.WRONG;
                }
                listed.put(object.name(), object.size());
                after = text;
            }
            if (page.size() < PAGE) {
                break;
            }
        }
        return Result.RIGHT;
    }

    private void expect(Ledger.Entry entry, SortedMap<ObjectName, Long> listed, long settled, boolean whole, Tally tally) {
        boolean due = entry.storedAt().filter(at -> at <= settled).isPresent();
        boolean within = whole || entry.name().compareTo(listed.lastKey()) <= 0;
        if (due && within && entry.name().text().startsWith(prefix)) {
            Long size = listed.get(entry.name());
            tally.absent += size == null || size != entry.size() ? 1 : 0;
        }
    }

    private void judge(ObjectName name, long settled, Tally tally) {
        Ledger ledger = session.measured().ledger();
        if (ledger.find(name) != null) {
            return;
        }
        Long deleted = ledger.deleted().get(name);
        if (deleted != null) {
            tally.undeleted += deleted <= settled ? 1 : 0;
        } else if (others.contains(name)) {
            tally.foreign++;
        } else if (tally.proofs < PROOFS_MAX) {
            tally.proofs++;
            prove(name, tally);
        }
    }

    /// Nobody can make up an object of a given SHA-256, so one that reads right was written by somebody.
    private void prove(ObjectName name, Tally tally) {
        Result result = session.judged(() -> session.read(name));
        switch (result) {
            case RIGHT -> {
                others.add(name);
                tally.foreign++;
            }
            case WRONG -> tally.phantoms++;
            case MISSING -> tally.phantoms += isStillListed(name) ? 1 : 0;
            case UNAVAILABLE, REFUSED, FULL -> {
                // Judged at the next listing.
            }
        }
    }

    /// Its owner may have deleted it meanwhile, so the same is asked once more.
    private boolean isStillListed(ObjectName name) {
        var again = new TreeMap<ObjectName, Long>();
        session.judged(() -> pages(again));
        return again.containsKey(name);
    }
}
