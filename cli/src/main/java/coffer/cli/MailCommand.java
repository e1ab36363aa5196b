package coffer.cli;

import coffer.agent.Json;
import coffer.agent.RemoteMedia;
import coffer.core.CofferException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/// Mail: brought in, listed, read and given back.
final class MailCommand implements Group {

    private final Coffer coffer;

    MailCommand(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                        this,
                        "mail",
                        "Keep mail: bring it in from other programs, list and read it, and give it back byte for byte.")
                .parts("COMMAND")
                .build();
    }

    @Override
    public Map<String, Action> parts() {
        Map<String, Action> parts = new LinkedHashMap<>();
        parts.put("import", new ImportMail(coffer));
        parts.put("export", new ExportMail(coffer));
        parts.put("ls", new ListMail(coffer));
        parts.put("show", new ShowMail(coffer));
        return parts;
    }

    @Override
    public Integer call() {
        throw new UsageException("Which part? `coffer mail --help` lists them.");
    }

    static final class ImportMail extends OnMedia {

        private static final String DEFAULT_PATH = "/Mail";

        private List<String> arguments = List.of();
        private String quoting = "mboxrd";

        ImportMail(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "import",
                            "Keep mail from mbox files, Maildirs, .eml files, and folders of these.",
                            "",
                            "What a file is shows in its content. Each message becomes a file with exactly its bytes, in a folder named as its"
                                    + " mailbox; one that is there already is not stored again. After an interruption the same command goes on"
                                    + " where it stopped.")
                    .many("1..*", values -> arguments = values, "SOURCE… [/PATH]", "What to read, and where in Coffer (default: /Mail).")
                    .option(
                            value -> quoting = value,
                            "RULE",
                            "How the mbox files mark lines that begin with \"From \": mboxrd (default), mboxo or none.",
                            "--quoting")
                    .examples(
                            "coffer mail import ~/Mail                     below /Mail/Mail",
                            "coffer mail import takeout.mbox /Mail         one mailbox, as /Mail/takeout",
                            "coffer mail import ~/.thunderbird/x/Mail /    as /Mail")
                    .build();
        }

        @Override
        int run(RemoteMedia media) throws CofferException {
            if (arguments.isEmpty()) {
                throw new UsageException("Say what to read: coffer mail import SOURCE… [/PATH].");
            }
            boolean hasPath = arguments.size() > 1 && arguments.getLast().startsWith("/");
            if (hasPath && arguments.getLast().length() > 1 && isHere(arguments.getLast())) {
                throw new UsageException("The last argument is the place in Coffer; " + arguments.getLast()
                        + " is on this machine. Name the place after it: coffer mail import SOURCE… /PATH.");
            }
            String path = hasPath ? VaultPath.parseAbsolute(arguments.getLast()) : DEFAULT_PATH;
            List<Path> sources = new ArrayList<>();
            for (String source : hasPath ? arguments.subList(0, arguments.size() - 1) : arguments) {
                sources.add(coffer().terminal().resolve(source));
            }
            Json.Fields report;
            try (Bar bar = coffer().bar()) {
                report = media.mailImport(sources, path, word(quoting), bar);
            }
            output().result(sentence(report), report);
            return output().problems(RemoteMedia.problems(report));
        }

        private boolean isHere(String argument) {
            return Files.exists(coffer().terminal().resolve(argument), LinkOption.NOFOLLOW_LINKS);
        }

        private static String word(String quoting) {
            return switch (quoting) {
                case "mboxrd" -> "rd";
                case "mboxo" -> "o";
                case "none" -> "none";
                default -> throw new UsageException("--quoting is mboxrd, mboxo or none.");
            };
        }

        private static String sentence(Json.Fields report) {
            StringBuilder sentence = new StringBuilder()
                    .append(Shown.count(report.whole("messages"), "message"))
                    .append(" in ")
                    .append(Shown.count(report.whole("mailboxes"), "mailbox", "mailboxes"))
                    .append(", ")
                    .append(Shown.bytes(report.whole("bytes")))
                    .append(": ")
                    .append(Shown.count(report.whole("imported"), "message"))
                    .append(" new");
            add(sentence, report.whole("alreadyThere"), " there already");
            add(sentence, report.whole("duplicates"), " twice in what was read");
            if (report.whole("otherFiles") > 0) {
                sentence.append("; ").append(Shown.count(report.whole("otherFiles"), "file")).append(" not mail, left out");
            }
            return sentence.toString();
        }

        private static void add(StringBuilder sentence, long count, String what) {
            if (count > 0) {
                sentence.append(", ").append(count).append(what);
            }
        }
    }

    static final class ExportMail extends OnMedia {

        private static final Set<String> FORMATS = Set.of("mbox", "maildir", "eml");

        private String path = "";
        private String directory = "";
        private String format = "mbox";

        ExportMail(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "export",
                            "Write mail as mbox files, a Maildir, or .eml files.",
                            "",
                            "A mailbox that came as an mbox file and goes out as one has the bytes it had; files of a Maildir have their bytes and"
                                    + " names. Nothing that is there is written over.")
                    .one(0, value -> path = value, "/PATH", "A folder with mail.")
                    .one(1, value -> directory = value, "DIR", "The folder to write into; made if needed.")
                    .option(value -> format = value, "FORMAT", "mbox (default), maildir or eml.", "--format")
                    .examples("coffer mail export /Mail ~/mail-back", "coffer mail export /Mail/INBOX . --format maildir")
                    .build();
        }

        @Override
        int run(RemoteMedia media) throws CofferException {
            if (!FORMATS.contains(format.toLowerCase(Locale.ROOT))) {
                throw new UsageException("--format is mbox, maildir or eml.");
            }
            Json.Fields report;
            try (Bar bar = coffer().bar()) {
                report = media.mailExport(VaultPath.parse(path), coffer().terminal().resolve(directory), format, bar);
            }
            output().result(
                    Shown.count(report.whole("messages"), "message") + " of " + Shown.count(report.whole("folders"), "folder")
                            + ", " + Shown.bytes(report.whole("bytes")),
                    report);
            return output().problems(RemoteMedia.problems(report));
        }
    }

    static final class ListMail extends OnMedia {

        private static final int SENDER_COLUMNS = 28;

        private String path = "/";

        ListMail(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "ls", "List mail: time, sender and subject, oldest first.")
                    .maybe(0, value -> path = value, "/PATH", "A folder; with what is below it (default: all mail).")
                    .examples("coffer mail ls", "coffer mail ls /Mail/INBOX --json")
                    .build();
        }

        @Override
        int run(RemoteMedia media) throws CofferException {
            String folder = VaultPath.parse(path);
            if (output().isJson()) {
                return new JsonList(coffer().terminal().out(), "messages").print(each -> media.mailList(folder, each));
            }
            media.mailList(folder, this::show);
            return Exit.OK;
        }

        private void show(Json.Fields message) {
            String time = message.findText("date")
                    .map(date -> Shown.time(Instant.parse(date), coffer().terminal().zone()))
                    .orElse("");
            String sender = Width.cut(Shown.name(message.text("sender")), SENDER_COLUMNS);
            output().line(Width.padded(time, 16) + "  " + Width.padded(sender, SENDER_COLUMNS) + "  "
                    + Shown.name(message.text("subject")) + (message.flag("attachments") ? "  [+]" : ""));
        }
    }

    static final class ShowMail extends OnMedia {

        private static final Set<String> SHOWN =
                Set.of("date", "from", "to", "cc", "reply-to", "subject", "message-id");

        private String path = "";
        private boolean raw;
        private boolean headers;

        ShowMail(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "show", "Print a message: its main headers, its text, and the names of its attachments.")
                    .one(0, value -> path = value, "/PATH", "A message.")
                    .flag(value -> raw = value, "The message's own bytes.", "--raw")
                    .flag(value -> headers = value, "With every header.", "--headers")
                    .examples("coffer mail show /Mail/INBOX/2019-03-04T11-22-33Z-….eml")
                    .build();
        }

        @Override
        int run(RemoteMedia media) throws CofferException {
            String message = VaultPath.parse(path);
            if (raw) {
                coffer().device().read(message, coffer().terminal().out());
                return Exit.OK;
            }
            Json.Fields read = media.mailRead(message);
            if (output().isJson()) {
                output().json(read);
            } else {
                show(read);
            }
            return Exit.OK;
        }

        private void show(Json.Fields message) {
            for (Json.Fields field : message.list("headers")) {
                if (headers || SHOWN.contains(field.text("name").toLowerCase(Locale.ROOT))) {
                    output().line(Shown.name(field.text("name")) + ": " + Shown.name(field.text("value")));
                }
            }
            output().line("");
            message.text("text").lines().forEach(line -> output().line(Shown.name(line).replace("\\\\", "\\")));
            if (message.text("text").isEmpty() && message.flag("html")) {
                output().note("This message has no plain text; `coffer open` shows it in pages.");
            }
            for (Json.Fields part : message.list("parts")) {
                if (part.flag("attached")) {
                    output().line("[" + part.whole("index") + "] " + Shown.name(part.text("name")) + "  " + Shown.name(part.text("type"))
                            + ", " + Shown.bytes(part.whole("size")));
                }
            }
            if (!message.flag("whole")) {
                output().note("The message is broken, or too deep or long; what could be read is shown.");
            }
        }
    }
}
