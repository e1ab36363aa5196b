package coffer.media;

import coffer.core.CofferException;
import coffer.core.Hash;
import coffer.device.Contents;
import coffer.media.mail.MailFolders;
import coffer.media.mail.MailHead;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/// What this device knows of the mail and pictures of the vault, in a database of its home that follows the vault and can be made
/// again from it (docs/spec/derived.md, "Index").
final class MediaIndex implements AutoCloseable {

    static final int MAIL = 1;
    static final int PICTURE = 2;
    static final int VIDEO = 3;

    private static final List<String> SCHEMA = List.of(
            "CREATE TABLE state(one INTEGER PRIMARY KEY CHECK(one = 1), position INTEGER NOT NULL, zone TEXT NOT NULL)",
            """
            CREATE TABLE item(
                node TEXT PRIMARY KEY, kind INTEGER NOT NULL, folder TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL,
                modified INTEGER NOT NULL, version INTEGER NOT NULL, content BLOB NOT NULL, stem TEXT NOT NULL,
                shown INTEGER NOT NULL
            ) WITHOUT ROWID""",
            "CREATE INDEX item_shown ON item(shown, node) WHERE kind IN (2, 3)",
            "CREATE INDEX item_folder ON item(kind, folder, stem)",
            "CREATE INDEX item_content ON item(content)",
            "CREATE TABLE segment(node TEXT PRIMARY KEY, content BLOB NOT NULL, read INTEGER NOT NULL) WITHOUT ROWID",
            """
            CREATE TABLE mail(
                content BLOB PRIMARY KEY, date INTEGER, sender TEXT NOT NULL, recipients TEXT NOT NULL, subject TEXT NOT NULL,
                mixed INTEGER NOT NULL, size INTEGER NOT NULL, thread INTEGER NOT NULL, words TEXT NOT NULL
            ) WITHOUT ROWID""",
            "CREATE INDEX mail_thread ON mail(thread, date)",
            """
            CREATE TABLE picture(
                content BLOB PRIMARY KEY, width INTEGER NOT NULL, height INTEGER NOT NULL, taken INTEGER,
                zoned INTEGER NOT NULL, latitude INTEGER, longitude INTEGER, camera TEXT NOT NULL, pair TEXT NOT NULL, hash INTEGER NOT NULL,
                small_segment TEXT, small_offset INTEGER, small_length INTEGER,
                large_segment TEXT, large_offset INTEGER, large_length INTEGER
            ) WITHOUT ROWID""",
            "CREATE TABLE reference(id TEXT PRIMARY KEY, thread INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE INDEX reference_thread ON reference(thread)",
            "CREATE TABLE thread(num INTEGER PRIMARY KEY AUTOINCREMENT)");

    private final Contents contents;
    private final IndexDb db;
    private final ReentrantLock following = new ReentrantLock();

    MediaIndex(Contents contents) {
        this.contents = contents;
        this.db = new IndexDb(contents.home().resolve("media.db"), SCHEMA);
    }

    IndexDb db() {
        return db;
    }

    /// Brings the index to the state of the vault. Reads segments of derived records that are new.
    void follow() throws CofferException {
        following.lock();
        try {
            // Whoever has come to another zone sees the days of that one.
            String zone = ZoneId.systemDefault().getId();
            long known = db.run(index -> index.number(-1, "SELECT position FROM state WHERE zone = ?", zone));
            if (known == contents.position() && known >= 0) {
                return;
            }
            Optional<Contents.News> news = known < 0 ? Optional.empty() : contents.since(known);
            long position = news.isPresent() ? apply(news.get()) : everything();
            readSegments();
            db.run(index -> index.write("INSERT OR REPLACE INTO state VALUES (1, ?, ?)", position, zone));
        } finally {
            following.unlock();
        }
    }

    private long apply(Contents.News news) throws CofferException {
        return db.run(index -> {
            for (Contents.Item item : news.present()) {
                put(index, item);
            }
            for (String node : news.gone()) {
                index.write("DELETE FROM item WHERE node = ?", node);
                index.write("DELETE FROM segment WHERE node = ?", node);
            }
            return news.position();
        });
    }

    private long everything() throws CofferException {
        return db.run(index -> {
            index.write("DELETE FROM item");
            List<SQLException> failures = new ArrayList<>();
            long position = contents.files("/", item -> {
                try {
                    if (failures.isEmpty()) {
                        put(index, item);
                    }
                } catch (SQLException e) {
                    failures.add(e);
                }
            });
            if (!failures.isEmpty()) {
                throw failures.getFirst();
            }
            return position;
        });
    }

    private static void put(IndexDb index, Contents.Item item) throws SQLException {
        int slash = item.path().lastIndexOf('/');
        String folder = slash == 0 ? "/" : item.path().substring(0, slash);
        String name = item.path().substring(slash + 1);
        if (folder.equals(Derived.folder(Derived.Kind.MAIL)) || folder.equals(Derived.folder(Derived.Kind.PICTURES))) {
            putSegment(index, item);
            return;
        }
        int kind = kind(name);
        if (kind == 0 || folder.startsWith("/" + Contents.RESERVED)) {
            index.write("DELETE FROM item WHERE node = ?", item.node());
            return;
        }
        byte[] content = item.content().toArray();
        long modified = item.modified().toEpochMilli();
        index.write(
                "INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                item.node(), kind, folder, name, item.size(), modified, item.version(), content, PictureFiles.stem(name),
                kind == MAIL ? modified : shown(index, content, modified));
    }

    private static long shown(IndexDb index, byte[] content, long modified) throws SQLException {
        try (ResultSet row = index.query("SELECT taken, zoned FROM picture WHERE content = ? AND taken IS NOT NULL", content)) {
            boolean known = row.next();
            return Timeline.shown(
                    known ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty(), known && row.getInt(2) != 0, modified,
                    ZoneId.systemDefault());
        }
    }

    private static void putSegment(IndexDb index, Contents.Item item) throws SQLException {
        byte[] content = item.content().toArray();
        index.write("DELETE FROM segment WHERE node = ? AND content <> ?", item.node(), content);
        index.write("INSERT OR IGNORE INTO segment VALUES (?, ?, 0)", item.node(), content);
    }

    /// What a file is by its name; 0 for what this index has nothing to say of.
    static int kind(String name) {
        return MailFolders.isMessage(name) ? MAIL : PictureFiles.isPicture(name) ? PICTURE : PictureFiles.isFilm(name) ? VIDEO : 0;
    }

    private void readSegments() throws CofferException {
        List<String> unread = db.run(index -> {
            List<String> nodes = new ArrayList<>();
            try (ResultSet rows = index.query("SELECT node FROM segment WHERE read = 0")) {
                while (rows.next()) {
                    nodes.add(rows.getString(1));
                }
            }
            return nodes;
        });
        for (String node : unread) {
            List<MailHead> heads = new ArrayList<>();
            List<PictureHead> pictures = new ArrayList<>();
            Derived.read(contents, node, (type, _, record) -> {
                if (type == Derived.MAIL_HEAD) {
                    heads.add(MailHead.decode(record));
                } else if (type == Derived.PICTURE_HEAD) {
                    pictures.add(PictureHead.decode(record));
                }
            });
            db.run(index -> {
                for (MailHead head : heads) {
                    add(index, head);
                }
                for (PictureHead head : pictures) {
                    add(index, head);
                }
                return index.write("UPDATE segment SET read = 1 WHERE node = ?", node);
            });
        }
    }

    /// A message belongs to the thread of everything that it names, and joins threads that it names several of; so the threads are
    /// the same in whatever order messages are learnt.
    static void add(IndexDb index, MailHead head) throws SQLException {
        byte[] content = head.content().toArray();
        if (index.number(0, "SELECT count(*) FROM mail WHERE content = ?", content) > 0) {
            return;
        }
        List<String> ids = new ArrayList<>(head.references());
        if (!head.messageId().isEmpty()) {
            ids.add(head.messageId());
        }
        long thread = -1;
        for (String id : ids) {
            long of = index.number(-1, "SELECT thread FROM reference WHERE id = ?", id);
            if (of >= 0 && thread >= 0 && of != thread) {
                index.write("UPDATE mail SET thread = ? WHERE thread = ?", thread, of);
                index.write("UPDATE reference SET thread = ? WHERE thread = ?", thread, of);
            } else if (of >= 0) {
                thread = of;
            }
        }
        if (thread < 0) {
            index.write("INSERT INTO thread DEFAULT VALUES");
            thread = index.number(0, "SELECT last_insert_rowid()");
        }
        for (String id : ids) {
            index.write("INSERT OR IGNORE INTO reference VALUES (?, ?)", id, thread);
        }
        index.write(
                "INSERT INTO mail VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                content, head.date().map(java.time.Instant::toEpochMilli).orElse(null), head.sender(), head.to(), head.subject(),
                head.mixed() ? 1 : 0, head.size(), thread,
                (head.sender() + "\n" + head.to() + "\n" + head.subject()).toLowerCase(Locale.ROOT));
    }

    /// What a decoder saw stands against what another could not see.
    static void add(IndexDb index, PictureHead head) throws SQLException {
        byte[] content = head.content().toArray();
        if (index.number(-1, "SELECT width FROM picture WHERE content = ?", content) > 0) {
            return;
        }
        PictureHead.Preview small = head.small().orElse(null);
        PictureHead.Preview large = head.large().orElse(null);
        index.write(
                "INSERT OR REPLACE INTO picture VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                content, head.width(), head.height(), head.taken().isPresent() ? head.taken().getAsLong() : null, head.zoned() ? 1 : 0,
                head.place().map(PictureHead.Place::latitude).orElse(null),
                head.place().map(PictureHead.Place::longitude).orElse(null), head.camera(), head.pair(), head.hash(),
                small == null ? null : small.segment(), small == null ? null : small.offset(), small == null ? null : small.length(),
                large == null ? null : large.segment(), large == null ? null : large.offset(), large == null ? null : large.length());
        if (head.taken().isPresent()) {
            index.write(
                    "UPDATE item SET shown = ? WHERE content = ?",
                    Timeline.shown(head.taken(), head.zoned(), 0, ZoneId.systemDefault()), content);
        }
    }

    /// Messages that nothing is known of, at most `limit`.
    List<Contents.Item> messagesWithoutHead(int limit) throws CofferException {
        return db.run(index -> {
            List<Contents.Item> items = new ArrayList<>();
            try (ResultSet rows = index.query(
                    "SELECT node, folder, name, size, modified, version, content FROM item i WHERE kind = 1"
                            + " AND NOT EXISTS (SELECT 1 FROM mail m WHERE m.content = i.content) LIMIT ?",
                    limit)) {
                while (rows.next()) {
                    items.add(item(rows));
                }
            }
            return items;
        });
    }

    /// The columns node, folder, name, size, modified, version, content.
    static Contents.Item item(ResultSet row) throws SQLException {
        String folder = row.getString(2);
        return new Contents.Item(
                row.getString(1),
                (folder.equals("/") ? "" : folder) + "/" + row.getString(3),
                row.getLong(4),
                java.time.Instant.ofEpochMilli(row.getLong(5)),
                row.getLong(6),
                new Hash(coffer.core.Bytes.of(row.getBytes(7))));
    }

    /// Begins anew.
    void clear() throws CofferException {
        following.lock();
        try {
            db.clear();
        } finally {
            following.unlock();
        }
    }

    @Override
    public void close() {
        db.close();
    }
}
