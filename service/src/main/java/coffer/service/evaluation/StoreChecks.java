package coffer.service.evaluation;

import coffer.service.evaluation.Material.Piece;
import coffer.store.ByteRange;
import coffer.store.ObjectInfo;
import coffer.store.ObjectMissing;
import coffer.store.ObjectName;
import coffer.store.ObjectStore;
import coffer.store.StoreException;
import coffer.store.StoreRefused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Checks of the store itself. Each returns whether it holds, and throws what the store throws.
final class StoreChecks {

    private static final List<Integer> SIZES = List.of(16, 4_097, (1 << 20) + 1);
    private static final int RANGED = 100_000;
    private static final List<ByteRange> RANGES = List.of(
            new ByteRange(0, 1), new ByteRange(0, RANGED), new ByteRange(RANGED - 1, 1), new ByteRange(12_345, 54_321));
    private static final List<ByteRange> OUTSIDE =
            List.of(new ByteRange(0, RANGED + 1), new ByteRange(RANGED, 1), new ByteRange(5_000_000_000L, 7));
    private static final int LISTED = 12;
    private static final int PAGE = 5;
    private static final int PAGES_MAX = 2_000;

    private final Session session;

    StoreChecks(Session session) {
        this.session = session;
    }

    private ObjectStore store() {
        return session.store();
    }

    boolean roundTrip(Trials trials) throws StoreException {
        boolean holds = true;
        for (int size : SIZES) {
            Piece piece = trials.stored(size);
            holds &= trials.isIntact(piece)
                    && store().stat(piece.name()).filter(info -> info.size() == size).isPresent();
        }
        return holds;
    }

    boolean storeAgain(Trials trials) throws StoreException {
        Piece piece = trials.stored(5_000);
        store().put(piece.name(), piece.bytes());
        return trials.isIntact(piece);
    }

    boolean ranges(Trials trials) throws StoreException {
        Piece piece = trials.stored(RANGED);
        for (ByteRange range : RANGES) {
            byte[] expected = Arrays.copyOfRange(piece.bytes(), (int) range.offset(), (int) range.end());
            if (!Arrays.equals(store().read(piece.name(), range), expected)) {
                return false;
            }
        }
        for (ByteRange range : OUTSIDE) {
            if (!isRefused(piece.name(), range)) {
                return false;
            }
        }
        return true;
    }

    private boolean isRefused(ObjectName name, ByteRange range) throws StoreException {
        try {
            store().read(name, range);
            return false;
        } catch (StoreRefused e) {
            if (e.reason() == StoreRefused.Reason.RANGE) {
                return true;
            }
            throw e;
        }
    }

    boolean absent() throws StoreException {
        return isAbsent(session.material().absent());
    }

    private boolean isAbsent(ObjectName name) throws StoreException {
        try {
            session.read(name);
            return false;
        } catch (ObjectMissing e) {
            return store().stat(name).isEmpty();
        }
    }

    boolean delete(Trials trials) throws StoreException {
        Piece piece = trials.stored(1_000);
        store().delete(piece.name());
        store().delete(piece.name());
        return isAbsent(piece.name());
    }

    boolean listPages(Trials trials) throws StoreException {
        var expected = new TreeMap<ObjectName, ObjectInfo>();
        for (int i = 0; i < LISTED; i++) {
            Piece piece = trials.plannedUnderPrefix(100 + i);
            store().put(piece.name(), piece.bytes());
            expected.put(piece.name(), new ObjectInfo(piece.name(), 100 + i));
        }
        Duration step = session.criteria().listingLag().dividedBy(5);
        for (int tries = 0; tries < 5; tries++) {
            if (shows(expected)) {
                return true;
            }
            session.sleep(step);
        }
        return shows(expected);
    }

    /// Whether a listing in small pages shows each object once and in order.
    private boolean shows(SortedMap<ObjectName, ObjectInfo> expected) throws StoreException {
        String prefix = expected.firstKey().text().substring(0, Runner.PREFIX_DIGITS);
        var found = new ArrayList<ObjectInfo>();
        String after = "";
        for (int pages = 0; pages < PAGES_MAX; pages++) {
            List<ObjectInfo> page = store().list(prefix, after, PAGE);
            for (ObjectInfo object : page) {
                if (object.name().text().compareTo(after) <= 0) {
                    return false;
                }
                after = object.name().text();
                if (expected.containsKey(object.name())) {
                    found.add(object);
                }
            }
            if (page.size() < PAGE) {
                break;
            }
        }
        return found.equals(List.copyOf(expected.values()));
    }
}
