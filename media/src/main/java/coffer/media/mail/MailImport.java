package coffer.media.mail;

import coffer.core.Bytes;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.device.Contents;
import coffer.device.Contents.Source;
import coffer.device.Device.Problem;
import coffer.device.Progress;
import coffer.media.Derived;
import coffer.media.DerivedWriter;
import coffer.media.Frames;
import coffer.media.mail.MailSources.Mailbox;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Brings mailboxes into the vault: each message a file of its own with exactly its bytes, and beside them what is needed to
/// make the mailbox again ([MailboxFile]).
///
/// Interrupted and repeated it goes on: a message that is in its folder is not stored again.
public final class MailImport {

    private static final String LABEL = "mail";

    private final Contents contents;
    private final MailSources sources;
    private final FromQuoting wanted;
    private final Progress progress;

    /// Which messages were stored, by path, over all starts of the work.
    private final IdSet brought = new IdSet();

    // Of one start of the work:
    private Contents.Deposit deposit;
    private DerivedWriter heads;
    private IdSet seen = new IdSet();
    private IdSet seenInFolder = new IdSet();
    private final List<Problem> problems = new ArrayList<>();
    private long messages;
    private long imported;
    private long alreadyThere;
    private long duplicates;
    private long bytes;

    @SuppressWarnings("NullAway.Init") // what one start works with
    private MailImport(Contents contents, MailSources sources, FromQuoting wanted, Progress progress) {
        this.contents = contents;
        this.sources = sources;
        this.wanted = wanted;
        this.progress = progress;
    }

    /// @param base   folder of the vault below which the mailboxes' folders lie
    /// @param wanted how the sources quote, if they are mbox files
    public static MailReport run(Contents contents, List<Path> paths, String base, FromQuoting wanted, Progress progress)
            throws CofferException {
        MailSources sources = new MailSources();
        for (Path path : paths) {
            sources.find(path, base);
        }
        MailImport run = new MailImport(contents, sources, wanted, progress);
        contents.deposit(run::start, progress);
        List<Problem> problems = new ArrayList<>(sources.problems);
        problems.addAll(run.problems);
        return new MailReport(
                sources.mailboxes.size(), run.messages, run.imported, run.alreadyThere, run.duplicates, run.bytes,
                sources.otherFiles, problems);
    }

    private void start(Contents.Deposit into) throws CofferException {
        deposit = into;
        heads = new DerivedWriter(into, Derived.Kind.MAIL);
        seen = new IdSet();
        seenInFolder = new IdSet();
        problems.clear();
        messages = 0;
        alreadyThere = 0;
        duplicates = 0;
        bytes = 0;
        progress.update(LABEL, 0, sources.bytes, Progress.Unit.BYTES);
        for (Mailbox mailbox : sources.mailboxes) {
            try {
                bring(mailbox);
            } catch (IOException e) {
                problem(mailbox.path(), "It cannot be read to its end.");
            }
        }
        heads.flush();
    }

    private void bring(Mailbox mailbox) throws IOException, CofferException {
        MailboxFile.Head head = new MailboxFile.Head(mailbox.kind(), mailbox.name());
        Path file = Files.createTempFile(contents.temporary(), "mailbox-", ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                Frames.write(out, MailboxFile.encode(head));
                switch (mailbox.kind()) {
                    case MBOX -> mbox(mailbox, out);
                    case MAILDIR, FILES -> files(mailbox, out);
                }
            }
            keep(mailbox.folder() + "/" + MailboxFile.name(head), file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /// Keeps what makes the mailbox again, unless it is there as it is.
    private void keep(String path, Path file) throws IOException, CofferException {
        long size = Files.size(file);
        Optional<Contents.Item> there = contents.find(path);
        if (there.isPresent() && there.get().size() == size) {
            Comparison comparison = new Comparison(file);
            contents.read(there.get().node(), 0, Long.MAX_VALUE, comparison);
            comparison.close();
            if (comparison.isEqual()) {
                return;
            }
        }
        deposit.put(path, Instant.now(), size, () -> Files.newInputStream(file));
    }

    private void mbox(Mailbox mailbox, OutputStream out) throws IOException, CofferException {
        try (InputStream in = Files.newInputStream(mailbox.path())) {
            MboxScanner scanner = new MboxScanner(in);
            for (Optional<MboxScanner.Span> span = scanner.next(); span.isPresent(); span = scanner.next()) {
                mboxMessage(mailbox, span.get(), out);
            }
        }
    }

    private void mboxMessage(Mailbox mailbox, MboxScanner.Span span, OutputStream out) throws IOException, CofferException {
        FromQuoting quoting = span.quoting(wanted);
        Source source = () -> quoting.unquoted(FileRange.open(mailbox.path(), span.body(), span.end() - span.body()));
        Bytes line = FileRange.bytes(mailbox.path(), span.start(), span.body() - span.start(), MailboxFile.LINE_MAX);
        Bytes tail = FileRange.bytes(mailbox.path(), span.end(), span.next() - span.end(), MailboxFile.LINE_MAX);
        Optional<Instant> otherwise = MailDate.parse(Headers.text(line.toArray(), 0, line.size()).replaceFirst("^From \\S*", ""));
        String name = store(mailbox, Letter.read(source), otherwise);
        Frames.write(out, MailboxFile.encode(new MailboxFile.Entry(name, line, tail, quoting, "")));
        advance(span.next() - span.start());
    }

    private void files(Mailbox mailbox, OutputStream out) throws IOException, CofferException {
        for (String file : mailbox.files()) {
            Path path = mailbox.path().resolve(file);
            try {
                Letter letter = Letter.read(() -> Files.newInputStream(path));
                Optional<Instant> otherwise =
                        Optional.of(Files.getLastModifiedTime(path).toInstant());
                String stored = store(mailbox, letter, otherwise);
                Frames.write(out, MailboxFile.encode(
                        new MailboxFile.Entry(stored, Bytes.EMPTY, Bytes.EMPTY, FromQuoting.NONE, /* name= */ file)));
                advance(letter.size());
            } catch (java.nio.file.FileSystemException e) {
                problem(path, "It cannot be read.");
            }
        }
    }

    /// Stores a message unless it is in the folder; returns its name there.
    private String store(Mailbox mailbox, Letter letter, Optional<Instant> otherwise) throws IOException, CofferException {
        messages++;
        Optional<Instant> date = MailHead.date(letter.headers()).or(() -> otherwise);
        String name = letter.fileName(date);
        String path = mailbox.folder() + "/" + name;
        if (!seen.add(letter.hash())) {
            duplicates++;
        }
        byte[] place = Hash.of(path.getBytes(StandardCharsets.UTF_8)).toArray();
        if (!seenInFolder.add(place)) {
            return name;
        }
        if (deposit.exists(path)) {
            alreadyThere += brought.contains(place) ? 0 : 1;
            return name;
        }
        Hash content = deposit.put(path, date.orElse(Instant.EPOCH), letter.size(), letter.source());
        imported += brought.add(place) ? 1 : 0;
        heads.add(Derived.MAIL_HEAD, MailHead.of(content, letter.headers(), letter.size(), otherwise).encode());
        return name;
    }

    private void advance(long count) {
        bytes += count;
        progress.update(LABEL, bytes, sources.bytes, Progress.Unit.BYTES);
    }

    private void problem(Path path, String message) {
        problems.add(new Problem(path.toString(), ErrorCode.LOCAL.name(), message));
    }
}
