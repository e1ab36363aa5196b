package coffer.media.mail;

import coffer.core.ErrorCode;
import coffer.device.Device.Problem;
import coffer.media.Text;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Finds mailboxes in files and folders of this machine, by what is in them. Links are not followed.
final class MailSources {

    /// Messages that lie together.
    ///
    /// @param folder absolute path in the vault
    /// @param name   of the source
    /// @param files  names in `path` of the messages, in order; for an mbox none, `path` is the file then
    record Mailbox(MailboxFile.Kind kind, String folder, String name, Path path, List<String> files) {}

    /// Enough of a file to see what it is.
    private static final int LOOK_SIZE = 16 << 10;

    private static final int DEPTH_MAX = 64;
    private static final int NAME_MAX = 200;

    private enum What {
        MBOX,
        MESSAGE,
        NO_MAIL
    }

    final List<Mailbox> mailboxes = new ArrayList<>();
    final List<Problem> problems = new ArrayList<>();
    long bytes;
    long otherFiles;

    /// Looks at a source, whose mailboxes are to lie below the vault's folder `base`.
    void find(Path source, String base) {
        Path path = source.toAbsolutePath().normalize();
        try {
            if (Files.isDirectory(path)) {
                folder(path, below(base, name(path)), 0);
            } else if (Files.isRegularFile(path)) {
                Path folder = path.resolveSibling("").normalize();
                file(path, base).ifPresent(message ->
                        mailboxes.add(new Mailbox(MailboxFile.Kind.FILES, base, name(folder), folder, List.of(message))));
            } else {
                unreadable(path, "It is no file and no folder.");
            }
        } catch (IOException e) {
            unreadable(path, "It cannot be read.");
        }
    }

    /// A single file: an mbox is noted, of a message the name is given.
    private Optional<String> file(Path path, String base) throws IOException {
        What what = look(path);
        if (what == What.NO_MAIL) {
            otherFiles++;
            return Optional.empty();
        }
        bytes += Files.size(path);
        if (what == What.MESSAGE) {
            return Optional.of(name(path));
        }
        Path parent = path.getParent();
        boolean isWhole = name(path).equals("mbox") && parent != null && name(parent).endsWith(".mbox");
        String folder = isWhole ? base : below(base, name(path));
        mailboxes.add(new Mailbox(MailboxFile.Kind.MBOX, folder, name(path), path, List.of()));
        return Optional.empty();
    }

    private void folder(Path path, String at, int depth) throws IOException {
        if (depth > DEPTH_MAX) {
            unreadable(path, "It lies too deep.");
            return;
        }
        boolean isMaildir = isMaildir(path);
        if (isMaildir) {
            maildir(path, at);
        }
        List<String> messages = new ArrayList<>();
        for (Path entry : entries(path)) {
            String name = name(entry);
            try {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    if (!isMaildir || !isPartOfMaildir(name)) {
                        folder(entry, inside(at, name, isMaildir), depth + 1);
                    }
                } else if (!isMaildir && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    file(entry, at).ifPresent(messages::add);
                }
            } catch (IOException e) {
                unreadable(entry, "It cannot be read.");
            }
        }
        if (!messages.isEmpty()) {
            mailboxes.add(new Mailbox(MailboxFile.Kind.FILES, at, name(path), path, messages));
        }
    }

    /// Where a folder in a folder goes; in a Maildir `.Lists.Java` lies below `Lists`.
    private static String inside(String at, String name, boolean isMaildir) {
        if (!isMaildir || !name.startsWith(".") || name.length() < 2) {
            return below(at, name);
        }
        String folder = at;
        for (String part : name.substring(1).split("\\.", -1)) {
            folder = part.isEmpty() ? folder : below(folder, part);
        }
        return folder;
    }

    private void maildir(Path path, String at) throws IOException {
        List<String> files = new ArrayList<>();
        for (String part : List.of("cur", "new")) {
            for (Path entry : entries(path.resolve(part))) {
                if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    bytes += Files.size(entry);
                    files.add(part + "/" + name(entry));
                }
            }
        }
        if (!files.isEmpty()) {
            mailboxes.add(new Mailbox(MailboxFile.Kind.MAILDIR, at, name(path), path, files));
        }
    }

    private static boolean isMaildir(Path path) {
        return Files.isDirectory(path.resolve("cur"), LinkOption.NOFOLLOW_LINKS)
                && Files.isDirectory(path.resolve("new"), LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isPartOfMaildir(String name) {
        return name.equals("cur") || name.equals("new") || name.equals("tmp");
    }

    private static List<Path> entries(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        }
        Collections.sort(entries);
        return entries;
    }

    private static What look(Path file) throws IOException {
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(LOOK_SIZE);
        }
        Optional<MboxScanner.Span> first = new MboxScanner(new ByteArrayInputStream(start)).next();
        if (first.isPresent() && first.get().start() == 0) {
            return What.MBOX;
        }
        boolean isNamedSo = name(file).toLowerCase(java.util.Locale.ROOT).endsWith(".eml");
        return start.length > 0 && (isNamedSo || Headers.look(start, start.length)) ? What.MESSAGE : What.NO_MAIL;
    }

    /// A folder of the vault for one of this machine; what programs add to names of mailboxes is left out.
    private static String below(String at, String name) {
        String plain = name;
        for (String ending : List.of(".sbd", ".mbox")) {
            if (plain.endsWith(ending) && plain.length() > ending.length()) {
                plain = plain.substring(0, plain.length() - ending.length());
            }
        }
        return (at.equals("/") ? "" : at) + "/" + Text.cut(plain, NAME_MAX);
    }

    private static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "mail" : name.toString();
    }

    private void unreadable(Path path, String message) {
        problems.add(new Problem(path.toString(), ErrorCode.LOCAL.name(), message));
    }
}
