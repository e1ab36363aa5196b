package coffer.bench;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// Makes letters of what people really wrote: each entry of a change log (its author, date and words) becomes one message
/// to a list, and some of them carry a real picture or document.
///
/// Nobody publishes a mailbox of several hundred megabytes as a package, so this is the nearest thing whose text no program
/// invented. The same input gives the same bytes. Runs alone too: `java MailMaker.java OUT LETTERS MEGABYTES LOGS [ATTACHMENTS]`.
///
/// With attachments, the first third lies in monthly mailbox files, the rest one letter a file; without, one letter a file.
public final class MailMaker {

    /// `2016-01-01  Given Family  <mail@example.org>`, as GNU change logs begin an entry.
    private static final Pattern GNU = Pattern.compile("(\\d{4}-\\d{2}-\\d{2})\\s+(\\S.*?)\\s+<([^>]+)>\\s*");
    /// ` -- Given Family <mail@example.org>  Fri, 01 Jan 2016 10:00:00 +0100`, as Debian change logs end one.
    private static final Pattern DEBIAN = Pattern.compile(" -- (\\S.*?)\\s*<([^>]+)>\\s+(.*)");
    private static final DateTimeFormatter MAIL_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT);
    private static final int PER_FOLDER = 500;
    private static final int BODY_MAX = 64 << 10;
    /// Every so manieth letter carries something, as long as the set has not its size.
    private static final int ATTACH_EVERY = 12;

    private record Letter(String name, String mail, ZonedDateTime date, String subject, String body) {}

    private final Path out;
    private final List<Path> attachments;
    private final long bytesMax;
    private long bytes;
    private int attached;

    private MailMaker(Path out, List<Path> attachments, long bytesMax) {
        this.out = out;
        this.attachments = attachments;
        this.bytesMax = bytesMax;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 4) {
            System.err.println("usage: MailMaker OUT LETTERS MEGABYTES LOGS [ATTACHMENTS]");
            System.exit(64);
        }
        List<Letter> letters = new ArrayList<>();
        for (Path log : files(Path.of(arguments[3]), MailMaker::isLog)) {
            read(log, letters);
        }
        List<Path> attachments = arguments.length > 4
                ? files(Path.of(arguments[4]), path -> path.toString().matches(".*\\.(jpg|jpeg|png|pdf)"))
                : List.of();
        int letterCount = Math.min(Integer.parseInt(arguments[1]), letters.size());
        new MailMaker(Path.of(arguments[0]), attachments, Long.parseLong(arguments[2]) * 1_000_000L)
                .write(letters, letterCount);
    }

    private static boolean isLog(Path path) {
        return path.getFileName().toString().toLowerCase(Locale.ROOT).contains("changelog");
    }

    private static List<Path> files(Path folder, java.util.function.Predicate<Path> wanted) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile).filter(wanted).sorted().toList();
        }
    }

    private static void read(Path log, List<Letter> letters) throws IOException {
        try (InputStream raw = Files.newInputStream(log);
                InputStream in = log.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            StringBuilder body = new StringBuilder();
            Matcher begun = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher gnu = GNU.matcher(line);
                Matcher debian = DEBIAN.matcher(line);
                if (gnu.matches()) {
                    if (begun != null) {
                        add(letters, begun.group(2), begun.group(3), gnuDate(begun.group(1), letters.size()), body);
                    }
                    begun = gnu;
                    body.setLength(0);
                } else if (debian.matches()) {
                    add(letters, debian.group(1), debian.group(2), debianDate(debian.group(3)), body);
                    begun = null;
                    body.setLength(0);
                } else if (body.length() < BODY_MAX) {
                    body.append(line).append("\r\n");
                }
            }
            if (begun != null) {
                add(letters, begun.group(2), begun.group(3), gnuDate(begun.group(1), letters.size()), body);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static ZonedDateTime gnuDate(String day, int number) {
        try {
            return LocalDate.parse(day).atTime(8 + number % 12, number % 60, number * 7 % 60).atZone(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            return ZonedDateTime.of(2000, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
        }
    }

    private static ZonedDateTime debianDate(String text) {
        try {
            return ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
        } catch (DateTimeParseException e) {
            return ZonedDateTime.of(2000, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
        }
    }

    private static void add(List<Letter> letters, String name, String mail, ZonedDateTime date, StringBuilder body) {
        String text = body.toString();
        if (!text.isBlank()) {
            String subject = text.strip().lines().findFirst().orElse("").strip();
            letters.add(new Letter(name, mail, date, subject.substring(0, Math.min(120, subject.length())), text));
        }
    }

    private void write(List<Letter> letters, int count) throws IOException {
        int boxed = attachments.isEmpty() ? 0 : count / 3;
        for (int i = 0; i < count; i++) {
            Letter letter = letters.get(i);
            byte[] message = message(letter, i);
            bytes += message.length;
            if (i < boxed) {
                Path box = out.resolve("archive").resolve(String.format(Locale.ROOT, "%tY-%<tm.mbox", letter.date()));
                Files.createDirectories(out.resolve("archive"));
                try (OutputStream stream = new BufferedOutputStream(
                        Files.newOutputStream(box, StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
                    stream.write(("From " + letter.mail() + " " + letter.date() + "\r\n").getBytes(StandardCharsets.UTF_8));
                    stream.write(message);
                    stream.write("\r\n".getBytes(StandardCharsets.UTF_8));
                }
            } else {
                Path folder = out.resolve(String.format(Locale.ROOT, "letters-%03d", i / PER_FOLDER));
                Files.createDirectories(folder);
                Files.write(folder.resolve(String.format(Locale.ROOT, "%06d.eml", i)), message);
            }
        }
        System.err.println(count + " letters, " + bytes / 1_000_000 + " MB, " + attached + " attachments");
    }

    private byte[] message(Letter letter, int number) throws IOException {
        boolean carries = !attachments.isEmpty() && number % ATTACH_EVERY == 0 && bytes < bytesMax;
        String head = "Return-Path: <" + letter.mail() + ">\r\nDate: " + letter.date().format(MAIL_DATE) + "\r\nFrom: "
                + letter.name() + " <" + letter.mail() + ">\r\nTo: changes@lists.example.org\r\nMessage-ID: <" + number + "."
                + letter.date().toEpochSecond() + "@lists.example.org>\r\nSubject: " + letter.subject()
                + "\r\nMIME-Version: 1.0\r\n";
        if (!carries) {
            return (head + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + letter.body()).getBytes(StandardCharsets.UTF_8);
        }
        Path file = attachments.get(attached++ % attachments.size());
        String name = file.getFileName().toString();
        String encoded = Base64.getMimeEncoder().encodeToString(Files.readAllBytes(file));
        String boundary = "=_part_" + number;
        return (head + "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary
                        + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + letter.body() + "\r\n--" + boundary
                        + "\r\nContent-Type: application/octet-stream; name=\"" + name
                        + "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded + "\r\n--" + boundary + "--\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
