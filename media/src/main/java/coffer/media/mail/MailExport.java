package coffer.media.mail;

import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Contents;
import coffer.device.Device.Problem;
import coffer.device.Progress;
import coffer.media.ContentStream;
import coffer.media.Frames;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Writes mail folders of the vault as files of other programs. What came from an mbox and is asked for as one has the bytes it
/// had; so have the files of a Maildir, with their names. Nothing that is there is written over.
public final class MailExport {

    /// What the files are to be.
    public enum Format {
        MBOX,
        MAILDIR,
        EML
    }

    /// @param messages that were written
    public record Report(long folders, long messages, long bytes, List<Problem> problems) {
        public Report {
            problems = List.copyOf(problems);
        }
    }

    /// What lies in one folder of the vault.
    private static final class Folder {
        final Map<String, Contents.Item> messages = new TreeMap<>();
        final List<Contents.Item> mailboxes = new ArrayList<>();
    }

    private static final DateTimeFormatter FROM_TIME =
            DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss uuuu", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Contents contents;
    private final String top;
    private final Path target;
    private final Progress progress;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<Path> made = new HashSet<>();
    private long messages;
    private long bytes;
    private long total;

    private MailExport(Contents contents, String top, Path target, Progress progress) {
        this.contents = contents;
        this.top = top;
        this.target = target;
        this.progress = progress;
    }

    public static Report run(Contents contents, String path, Path target, Format format, Progress progress) throws CofferException {
        MailExport export = new MailExport(contents, path, target, progress);
        Map<String, Folder> folders = export.folders();
        try {
            for (Map.Entry<String, Folder> entry : folders.entrySet()) {
                switch (format) {
                    case MBOX -> export.mbox(entry.getKey(), entry.getValue());
                    case MAILDIR -> export.maildir(entry.getKey(), entry.getValue());
                    case EML -> export.files(entry.getKey(), entry.getValue());
                }
            }
        } catch (ContentStream.Failure e) {
            throw e.failure();
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The mail cannot be written there.", e);
        }
        return new Report(folders.size(), export.messages, export.bytes, export.problems);
    }

    private Map<String, Folder> folders() throws CofferException {
        Map<String, Folder> folders = new TreeMap<>();
        contents.files(top, item -> {
            int slash = item.path().lastIndexOf('/');
            String name = item.path().substring(slash + 1);
            String folder = item.path().substring(0, slash);
            boolean isMailbox = MailboxFile.isOne(name);
            if (folder.startsWith("/" + Contents.RESERVED + "/") || (!isMailbox && !MailFolders.isMessage(name))) {
                return;
            }
            Folder in = folders.computeIfAbsent(folder, _ -> new Folder());
            if (isMailbox) {
                in.mailboxes.add(item);
            } else {
                in.messages.put(name, item);
                total += item.size();
            }
        });
        return folders;
    }

    /// What the messages of a folder go into: first each mailbox as it came, then what came otherwise.
    private interface Writer {
        void entry(MailboxFile.Entry entry, Contents.Item message) throws IOException, CofferException;
    }

    /// Gives the messages of one mailbox in its order.
    private void entries(Contents.Item mailbox, Folder folder, Set<String> written, HeadedWriter writer)
            throws IOException, CofferException {
        List<byte[]> items = items(mailbox);
        try {
            if (items.isEmpty()) {
                throw new CborException("no mailbox");
            }
            Writer to = writer.begin(MailboxFile.head(items.getFirst()));
            for (byte[] item : items.subList(1, items.size())) {
                MailboxFile.Entry entry = MailboxFile.entry(item);
                Contents.Item message = folder.messages.get(entry.file());
                if (message == null) {
                    problem(mailbox.path(), "A message of this mailbox is not there any more; it was left out.");
                } else {
                    written.add(entry.file());
                    to.entry(entry, message);
                }
            }
        } catch (CborException e) {
            problem(mailbox.path(), "What was kept of this mailbox cannot be read; its messages are written in the order of their names.");
        }
    }

    /// What is kept of a mailbox, as far as it can be read.
    private List<byte[]> items(Contents.Item mailbox) throws CofferException {
        List<byte[]> items = new ArrayList<>();
        Frames.Reader reader = new Frames.Reader((_, item) -> items.add(item));
        try {
            contents.read(mailbox.node(), 0, Long.MAX_VALUE, reader);
            reader.close();
        } catch (IOException e) {
            problem(mailbox.path(), "What was kept of this mailbox is cut short.");
        } catch (CofferException e) {
            if (!(e.getCause() instanceof IOException)) {
                throw e;
            }
            problem(mailbox.path(), "What was kept of this mailbox is damaged.");
        }
        return items;
    }

    @FunctionalInterface
    private interface HeadedWriter {
        Writer begin(MailboxFile.Head head) throws IOException;
    }

    private void mbox(String path, Folder folder) throws IOException, CofferException {
        Set<String> written = new HashSet<>();
        Path directory = directory(parent(path), ".sbd");
        for (Contents.Item mailbox : folder.mailboxes) {
            OutputStream[] out = {null};
            try {
                entries(mailbox, folder, written, head -> {
                    boolean isMbox = head.kind() == MailboxFile.Kind.MBOX;
                    OutputStream file = mailbox(directory, isMbox ? plain(head.name()) : last(path));
                    out[0] = file;
                    return (entry, message) -> mboxMessage(file, entry, message, isMbox);
                });
            } finally {
                if (out[0] != null) {
                    out[0].close();
                }
            }
        }
        List<Contents.Item> others = others(folder, written);
        if (!others.isEmpty()) {
            String name = folder.mailboxes.isEmpty() ? last(path) : last(path) + ".more";
            try (OutputStream file = mailbox(directory, name)) {
                for (Contents.Item message : others) {
                    mboxMessage(file, entry(message), message, false);
                }
            }
        }
    }

    private static MailboxFile.Entry entry(Contents.Item message) {
        coffer.core.Bytes none = coffer.core.Bytes.EMPTY;
        return new MailboxFile.Entry(last(message.path()), none, none, FromQuoting.NONE, "");
    }

    private void mboxMessage(OutputStream out, MailboxFile.Entry entry, Contents.Item message, boolean asItWas)
            throws IOException {
        if (asItWas) {
            out.write(entry.line().toArray());
            copy(entry.quoting(), message, out);
            out.write(entry.tail().toArray());
            return;
        }
        String line = "From MAILER-DAEMON " + FROM_TIME.format(message.modified()) + "\n";
        out.write(line.getBytes(StandardCharsets.US_ASCII));
        int last = copy(FromQuoting.RD, message, out);
        out.write((last == '\n' ? "\n" : "\n\n").getBytes(StandardCharsets.US_ASCII));
    }

    /// Returns the last byte, -1 if there was none.
    private int copy(FromQuoting quoting, Contents.Item message, OutputStream out) throws IOException {
        messages++;
        int last = -1;
        try (InputStream in = quoting.quoted(new BufferedInputStream(new ContentStream(contents, message), 64 << 10))) {
            byte[] buffer = new byte[64 << 10];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                last = buffer[count - 1];
            }
        }
        bytes += message.size();
        progress.update("mail", bytes, total, Progress.Unit.BYTES);
        return last;
    }

    private static List<Contents.Item> others(Folder folder, Set<String> written) {
        return folder.messages.entrySet().stream()
                .filter(entry -> !written.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private void maildir(String path, Folder folder) throws IOException, CofferException {
        Path directory = maildirOf(path);
        for (String part : List.of("cur", "new", "tmp")) {
            Files.createDirectories(directory.resolve(part));
        }
        each(path, folder, (entry, message) -> {
            String name = entry.name();
            int slash = name.indexOf('/');
            boolean isOfMaildir = slash == 3 && (name.startsWith("cur") || name.startsWith("new"));
            String made = message.modified().getEpochSecond() + "." + last(message.path()) + ".coffer:2,S";
            file(isOfMaildir ? directory.resolve(name.substring(0, 3)) : directory.resolve("cur"),
                    isOfMaildir ? plain(name.substring(4)) : made, message);
        });
    }

    /// The top folder is a Maildir, and those below it lie in it as `.Lists.Java`.
    private Path maildirOf(String path) {
        Path directory = target.resolve(last(top.equals("/") ? "/mail" : top));
        String below = path.substring(Math.min(path.length(), top.equals("/") ? 1 : top.length() + 1));
        return below.isEmpty() ? directory : directory.resolve("." + below.replace('.', '_').replace('/', '.'));
    }

    private void files(String path, Folder folder) throws IOException, CofferException {
        Path directory = directory(path, "");
        each(path, folder, (entry, message) -> {
            String name = entry.name();
            boolean isFile = !name.isEmpty() && name.indexOf('/') < 0;
            file(directory, isFile ? plain(name) : last(message.path()), message);
        });
    }

    private void each(String path, Folder folder, Writer writer) throws IOException, CofferException {
        Set<String> written = new HashSet<>();
        for (Contents.Item mailbox : folder.mailboxes) {
            entries(mailbox, folder, written, _ -> writer);
        }
        for (Contents.Item message : others(folder, written)) {
            writer.entry(entry(message), message);
        }
        if (folder.messages.isEmpty()) {
            problem(path, "There are no messages in this folder any more.");
        }
    }

    private void file(Path directory, String name, Contents.Item message) throws IOException {
        try (OutputStream out = create(directory.resolve(name))) {
            copy(FromQuoting.NONE, message, out);
        } catch (FileAlreadyExistsException e) {
            problem(directory.resolve(name).toString(), "A file of that name is there already; it was left as it is.");
        }
    }

    /// A mailbox of its own for each source, also where two had one name.
    private OutputStream mailbox(Path directory, String name) throws IOException {
        Path file = directory.resolve(name);
        for (int number = 2; !made.add(file); number++) {
            file = directory.resolve(name + " (" + number + ")");
        }
        try {
            return create(file);
        } catch (FileAlreadyExistsException e) {
            problem(file.toString(), "A file of that name is there already; it was left as it is, and this mailbox was left out.");
            return OutputStream.nullOutputStream();
        }
    }

    private OutputStream create(Path file) throws IOException {
        return new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), 64 << 10);
    }

    /// The local folder for one of the vault, made; `ending` goes to each name on the way.
    private Path directory(String path, String ending) throws IOException {
        String base = top.equals("/") ? "" : parent(top);
        String below = path.length() > base.length() ? path.substring(base.length() + 1) : "";
        Path directory = target;
        for (String name : below.split("/", -1)) {
            directory = name.isEmpty() ? directory : directory.resolve(plain(name) + ending);
        }
        if (made.add(directory)) {
            Files.createDirectories(directory);
        }
        return directory;
    }

    /// A name that stays in its folder, whatever it came from.
    private static String plain(String name) {
        String plain = name.replace('/', '_').replace('\0', '_').replace('\\', '_');
        return plain.equals(".") || plain.equals("..") || plain.isEmpty() ? "_" : plain;
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    private static String last(String path) {
        return plain(path.substring(path.lastIndexOf('/') + 1));
    }

    private void problem(String where, String message) {
        if (problems.size() < 1_000) {
            problems.add(new Problem(where, ErrorCode.LOCAL.name(), message));
        }
    }
}
