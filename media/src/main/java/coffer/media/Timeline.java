package coffer.media;

import coffer.core.CofferException;
import coffer.media.Pictures.Entry;
import coffer.media.Pictures.Group;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// Pictures and films in the order in which they are shown, as the index has them.
final class Timeline {

    private static final long DAY_MS = 86_400_000;

    /// The years 1000 to 9998: what says another one is shown there, because every program can say these.
    private static final long EARLIEST_MS = -30_610_224_000_000L;
    private static final long LATEST_MS = 253_370_764_800_000L;

    /// Of the pictures and films of a folder and what is below it, without the films that are parts of live photos. The
    /// three parameters are the folder, and the first and last of what is below; of the root everything is below.
    private static final String LISTED = " FROM item i INDEXED BY item_shown WHERE i.kind IN (2, 3)"
            + " AND (?1 = '/' OR i.folder = ?1 OR i.folder >= ?2 AND i.folder < ?3)"
            + " AND NOT (i.kind = 3 AND EXISTS (SELECT 1 FROM item s WHERE s.kind = 2 AND s.folder = i.folder AND s.stem = i.stem))";

    private static final String ENTRIES = "SELECT i.node, i.folder, i.name, i.kind, coalesce(p.taken, i.modified), p.width, p.height,"
            + " i.size, p.small_segment, p.latitude, p.longitude, p.camera, i.shown, hex(i.content), p.hash,"
            + " CASE i.kind WHEN 2 THEN (SELECT f.node || '/' || f.name FROM item f WHERE f.kind = 3 AND f.folder = i.folder"
            + " AND f.stem = i.stem LIMIT 1) END FROM item i LEFT JOIN picture p ON p.content = i.content";

    private final MediaIndex index;

    Timeline(MediaIndex index) {
        this.index = index;
    }

    /// Gives everything, latest first, in one state.
    void list(String folder, Consumer<Entry> each) throws CofferException {
        rows(folder, 0, -1, each);
    }

    List<Entry> page(String folder, long from, int limit) throws CofferException {
        List<Entry> entries = new ArrayList<>();
        rows(folder, Math.max(0, from), Math.clamp(limit, 1, 1_000), entries::add);
        return entries;
    }

    private void rows(String folder, long from, int limit, Consumer<Entry> each) throws CofferException {
        index.follow();
        index.db().run(db -> {
            // The index of times gives the order; what is passed over is not looked at.
            try (ResultSet rows = db.query(
                    ENTRIES + " WHERE i.node IN (SELECT i.node" + LISTED + " ORDER BY i.shown DESC, i.node DESC LIMIT ?4 OFFSET ?5)"
                            + " ORDER BY i.shown DESC, i.node DESC",
                    folder, below(folder) + "/", below(folder) + "0", limit, from)) {
                while (rows.next()) {
                    each.accept(entry(rows));
                }
            }
            return null;
        });
    }

    /// How many there are of each day that has some, latest first.
    List<Pictures.Day> days(String folder) throws CofferException {
        index.follow();
        return index.db().run(db -> {
            List<Pictures.Day> days = new ArrayList<>();
            // Divided towards the earlier day also before 1970.
            try (ResultSet rows = db.query(
                    "SELECT (i.shown - ((i.shown % ?4) + ?4) % ?4) / ?4 AS day, count(*)" + LISTED + " GROUP BY day ORDER BY day DESC",
                    folder, below(folder) + "/", below(folder) + "0", DAY_MS)) {
                while (rows.next()) {
                    days.add(new Pictures.Day(LocalDate.ofEpochDay(rows.getLong(1)), rows.getLong(2)));
                }
            }
            return days;
        });
    }

    private static String below(String folder) {
        return folder.equals("/") ? "" : folder;
    }

    private static Entry entry(ResultSet row) throws SQLException {
        String folder = below(row.getString(2)) + "/";
        int latitude = row.getInt(10);
        boolean placed = !row.wasNull();
        String camera = row.getString(12);
        String film = row.getString(16);
        int slash = film == null ? 0 : film.indexOf('/');
        return new Entry(
                row.getString(1),
                folder + row.getString(3),
                row.getInt(4) == MediaIndex.VIDEO,
                Instant.ofEpochMilli(row.getLong(5)),
                LocalDateTime.ofInstant(Instant.ofEpochMilli(row.getLong(13)), ZoneOffset.UTC),
                row.getInt(6),
                row.getInt(7),
                row.getLong(8),
                row.getString(9) != null,
                placed ? Optional.of(latitude / 1e7) : Optional.empty(),
                placed ? Optional.of(row.getInt(11) / 1e7) : Optional.empty(),
                camera == null ? "" : camera,
                film == null
                        ? Optional.empty()
                        : Optional.of(new Pictures.Film(film.substring(0, slash), folder + film.substring(slash + 1))));
    }

    /// Groups of what is the same, by content and then to the eye.
    List<Group> duplicates(int bits) throws CofferException {
        index.follow();
        List<Near.Picture<Entry>> all = index.db().run(db -> {
            List<Near.Picture<Entry>> pictures = new ArrayList<>();
            try (ResultSet rows = db.query(ENTRIES + " WHERE i.kind IN (2, 3) ORDER BY i.shown, i.node")) {
                while (rows.next()) {
                    boolean hashed = rows.getInt(6) > 0;
                    pictures.add(new Near.Picture<>(entry(rows), rows.getString(14), hashed, rows.getLong(15)));
                }
            }
            return pictures;
        });
        List<Group> groups = new ArrayList<>();
        Near.equal(all).forEach(group -> groups.add(new Group(true, group)));
        Near.similar(all, bits).forEach(group -> groups.add(new Group(false, group)));
        return groups;
    }

    /// When something shows, as the clock on the wall that a person goes by, counted as if it were UTC: the camera's where it
    /// names no zone, else this device's.
    static long shown(OptionalLong taken, boolean zoned, long modified, java.time.ZoneId here) {
        long time = Math.clamp(taken.orElse(modified), EARLIEST_MS, LATEST_MS);
        if (taken.isPresent() && !zoned) {
            return time;
        }
        return time + here.getRules().getOffset(Instant.ofEpochMilli(time)).getTotalSeconds() * 1_000L;
    }
}
