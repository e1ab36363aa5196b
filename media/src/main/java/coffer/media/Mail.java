package coffer.media;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Contents;
import coffer.device.Progress;
import coffer.media.mail.FromQuoting;
import coffer.media.mail.Headers;
import coffer.media.mail.MailExport;
import coffer.media.mail.MailHead;
import coffer.media.mail.MailImport;
import coffer.media.mail.MailReport;
import coffer.media.mail.Message;
import coffer.media.mail.MessageReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The mail in a vault: brought in and out, listed and read.
public final class Mail {

    /// Messages whose heads are made in one go.
    private static final int BATCH = 500;

    /// Words that one search looks for; nobody types more.
    private static final int WORDS_MAX = 20;

    /// One message of a list.
    ///
    /// @param mixed whether it has attachments, most likely
    public record Entry(
            String node,
            String path,
            Optional<Instant> date,
            String sender,
            String to,
            String subject,
            boolean mixed,
            long size,
            long thread) {}

    /// A folder with messages right in it.
    public record Folder(String path, long messages) {}

    /// A conversation, shown by its latest message.
    public record MailThread(long thread, long messages, Entry latest) {}

    /// @param next where the next page begins; empty at the end
    public record Threads(List<MailThread> threads, String next) {}

    private final Contents contents;
    private final MediaIndex index;

    Mail(Contents contents, MediaIndex index) {
        this.contents = contents;
        this.index = index;
    }

    /// Brings mailboxes of this machine in, below `base`. As [MailImport].
    public MailReport bring(List<Path> sources, String base, FromQuoting quoting, Progress progress) throws CofferException {
        MailReport report = MailImport.run(contents, sources, base, quoting, progress);
        derive(true, progress);
        return report;
    }

    /// Writes the messages at or below `path` into `directory`. As [MailExport].
    public MailExport.Report export(String path, Path directory, MailExport.Format format, Progress progress)
            throws CofferException {
        return MailExport.run(contents, path, directory, format, progress);
    }

    /// Learns what there is to know of messages that nothing is known of, because they came as files.
    ///
    /// @param sealed whether it is kept in the vault for every device, or here alone
    long derive(boolean sealed, Progress progress) throws CofferException {
        index.follow();
        long made = 0;
        while (true) {
            List<Contents.Item> items = index.messagesWithoutHead(BATCH);
            if (items.isEmpty()) {
                return made;
            }
            List<MailHead> heads = new ArrayList<>();
            for (Contents.Item item : items) {
                heads.add(head(item));
                progress.update("mail", ++made, -1, Progress.Unit.FILES);
            }
            if (sealed) {
                contents.deposit(deposit -> {
                    DerivedWriter writer = new DerivedWriter(deposit, Derived.Kind.MAIL);
                    for (MailHead head : heads) {
                        writer.add(Derived.MAIL_HEAD, head.encode());
                    }
                    writer.flush();
                }, progress);
            }
            index.db().run(db -> {
                for (MailHead head : heads) {
                    MediaIndex.add(db, head);
                }
                return null;
            });
        }
    }

    private MailHead head(Contents.Item item) throws CofferException {
        return MailHead.of(item.content(), headers(item), item.size(), Optional.of(item.modified()));
    }

    private Headers headers(Contents.Item item) throws CofferException {
        try (ContentStream in = new ContentStream(contents, item)) {
            byte[] start = in.readNBytes(Headers.SIZE_MAX);
            return Headers.read(start, start.length);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /// Gives the messages at or below a path, oldest first; those without a time come before all.
    public void list(String path, Consumer<Entry> each) throws CofferException {
        derive(false, Progress.SILENT);
        String folder = path.equals("/") ? "" : path;
        index.db().run(db -> {
            try (ResultSet rows = db.query(
                    ENTRIES + " WHERE i.kind = 1 AND (i.folder = ? OR i.folder >= ? AND i.folder < ?) ORDER BY m.date, i.name",
                    path, folder + "/", folder + "0")) {
                while (rows.next()) {
                    each.accept(entry(rows));
                }
            }
            return null;
        });
    }

    /// Messages whose sender, recipients or subject hold each of the words, latest first, at most `max`.
    public List<Entry> search(String words, int max) throws CofferException {
        derive(false, Progress.SILENT);
        List<String> all = List.of(words.strip().toLowerCase(Locale.ROOT).split("\\s+"));
        if (words.isBlank() || all.size() > WORDS_MAX) {
            return List.of();
        }
        List<Object> arguments = new ArrayList<>(all);
        arguments.add(max);
        return index.db().run(db -> {
            List<Entry> found = new ArrayList<>();
            try (ResultSet rows = db.query(
                    ENTRIES + " WHERE i.kind = 1" + " AND instr(m.words, ?) > 0".repeat(all.size())
                            + " GROUP BY m.content ORDER BY m.date DESC LIMIT ?",
                    arguments.toArray())) {
                while (rows.next()) {
                    found.add(entry(rows));
                }
            }
            return found;
        });
    }

    static final String ENTRIES = "SELECT i.node, i.folder, i.name, m.date, m.sender, m.recipients, m.subject, m.mixed, m.size,"
            + " m.thread FROM item i JOIN mail m ON m.content = i.content";

    static Entry entry(ResultSet row) throws SQLException {
        String folder = row.getString(2);
        long date = row.getLong(4);
        Optional<Instant> time = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(date));
        return new Entry(
                row.getString(1),
                (folder.equals("/") ? "" : folder) + "/" + row.getString(3),
                time,
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getInt(8) != 0,
                row.getLong(9),
                row.getLong(10));
    }

    /// Every folder that holds messages.
    public List<Folder> folders() throws CofferException {
        index.follow();
        return index.db().run(db -> {
            List<Folder> folders = new ArrayList<>();
            try (ResultSet rows =
                    db.query("SELECT folder, count(*) FROM item WHERE kind = 1 GROUP BY folder ORDER BY folder")) {
                while (rows.next()) {
                    folders.add(new Folder(rows.getString(1), rows.getLong(2)));
                }
            }
            return folders;
        });
    }

    /// The message at a path.
    public Message read(String path) throws CofferException {
        return read(require(contents.find(path)));
    }

    private Message read(Contents.Item item) throws CofferException {
        Headers headers = headers(item);
        try {
            return MessageReader.read(new ContentStream(contents, item), headers);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /// A message as a page may show it.
    public MailView view(String node) throws CofferException {
        return MailView.of(read(require(contents.findNode(node))));
    }

    /// Conversations of a folder and below it, latest first, from `cursor` on (empty for the latest), at most `limit`.
    public Threads threads(String folder, String cursor, int limit) throws CofferException {
        derive(false, Progress.SILENT);
        String[] from = cursor.split("~", 2);
        long time = from.length == 2 ? number(from[0]) : Long.MAX_VALUE;
        long thread = from.length == 2 ? number(from[1]) : Long.MAX_VALUE;
        String below = folder.equals("/") ? "" : folder;
        return index.db().run(db -> {
            List<MailThread> threads = new ArrayList<>();
            String next = "";
            try (ResultSet rows = db.query(
                    "SELECT m.thread, max(coalesce(m.date, 0)) AS latest, count(DISTINCT m.content) FROM item i JOIN mail m ON m.content = i.content"
                            + " WHERE i.kind = 1 AND (i.folder = ? OR i.folder >= ? AND i.folder < ?) GROUP BY m.thread"
                            + " HAVING latest < ? OR latest = ? AND m.thread < ? ORDER BY latest DESC, m.thread DESC LIMIT ?",
                    folder, below + "/", below + "0", time, time, thread, Math.clamp(limit, 1, 1_000))) {
                while (rows.next()) {
                    long number = rows.getLong(1);
                    threads.add(new MailThread(number, rows.getLong(3), latest(db, number)));
                    next = rows.getLong(2) + "~" + number;
                }
            }
            return new Threads(threads, threads.size() < limit ? "" : next);
        });
    }

    private static Entry latest(IndexDb db, long thread) throws SQLException {
        try (ResultSet row = db.query(ENTRIES + " WHERE m.thread = ? ORDER BY coalesce(m.date, 0) DESC LIMIT 1", thread)) {
            row.next();
            return entry(row);
        }
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /// The messages of a conversation, oldest first; of equal ones one.
    public List<Entry> thread(long thread) throws CofferException {
        index.follow();
        return index.db().run(db -> {
            List<Entry> entries = new ArrayList<>();
            try (ResultSet rows = db.query(
                    ENTRIES + " WHERE m.thread = ? GROUP BY m.content ORDER BY coalesce(m.date, 0), i.name LIMIT 1000", thread)) {
                while (rows.next()) {
                    entries.add(entry(rows));
                }
            }
            return entries;
        });
    }

    /// A message's HTML as a document of its own, with its own pictures in it ([MailDocument]).
    public String document(String node) throws CofferException {
        Contents.Item item = require(contents.findNode(node));
        MailView view = MailView.of(read(item));
        try {
            return MailDocument.of(view, pictures -> MessageReader.parts(new ContentStream(contents, item), pictures));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /// Writes one part of a message, decoded.
    public void part(String node, int number, OutputStream out) throws CofferException {
        Contents.Item item = require(contents.findNode(node));
        try {
            if (!MessageReader.parts(new ContentStream(contents, item), Map.of(number, out))) {
                throw nothing();
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    static Contents.Item require(Optional<Contents.Item> item) throws CofferException {
        return item.orElseThrow(Mail::nothing);
    }

    private static CofferException nothing() {
        return CofferException.withAdvice(
                ErrorCode.LOCAL,
                "There is no such message in the vault.",
                "Nothing was changed. `coffer mail ls` shows what there is.");
    }

    private static CofferException failure(IOException e) {
        return e instanceof ContentStream.Failure failure
                ? failure.failure()
                : new CofferException(ErrorCode.LOCAL, "The message cannot be read on.", e);
    }
}
