package coffer.agent;

import coffer.core.CofferException;
import coffer.device.Device.Problem;
import coffer.media.Mail;
import coffer.media.Media;
import coffer.media.mail.FromQuoting;
import coffer.media.mail.MailExport;
import coffer.media.mail.MailReport;
import coffer.media.mail.Message;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the local API can do with mail and pictures, by name, and how it says what came of it.
final class MediaOperations {

    /// An operation on the mail and pictures of the device that is there.
    interface OnMedia {
        Json.Fields run(Media media, Json.Fields arguments, Operations.Call call) throws CofferException;
    }

    private MediaOperations() {}

    static Map<String, OnMedia> all() {
        return Map.of(
                "mail-import", MediaOperations::mailImport,
                "mail-export", MediaOperations::mailExport,
                "mail-list", MediaOperations::mailList,
                "mail-folders", MediaOperations::mailFolders,
                "mail-read", MediaOperations::mailRead);
    }

    private static Json.Fields mailImport(Media media, Json.Fields arguments, Operations.Call call) throws CofferException {
        List<Path> sources = new ArrayList<>();
        for (String source : arguments.texts("sources")) {
            sources.add(Operations.local(source));
        }
        FromQuoting quoting = constant(FromQuoting.class, arguments.text("quoting"));
        MailReport report = media.mail().bring(sources, arguments.text("path"), quoting, call);
        return Json.object()
                .put("mailboxes", report.mailboxes())
                .put("messages", report.messages())
                .put("imported", report.imported())
                .put("alreadyThere", report.alreadyThere())
                .put("duplicates", report.duplicates())
                .put("bytes", report.bytes())
                .put("otherFiles", report.otherFiles())
                .put("problems", problems(report.problems()))
                .build();
    }

    private static Json.Fields mailExport(Media media, Json.Fields arguments, Operations.Call call) throws CofferException {
        MailExport.Report report = media.mail().export(
                arguments.text("path"),
                Operations.local(arguments.text("directory")),
                constant(MailExport.Format.class, arguments.text("format")),
                call);
        return Json.object()
                .put("folders", report.folders())
                .put("messages", report.messages())
                .put("bytes", report.bytes())
                .put("problems", problems(report.problems()))
                .build();
    }

    private static Json.Fields mailList(Media media, Json.Fields arguments, Operations.Call call) throws CofferException {
        media.mail().list(arguments.text("path"), entry -> call.item(entry(entry)));
        return Json.object().build();
    }

    static Json.Fields entry(Mail.Entry entry) {
        return Json.object()
                .put("node", entry.node())
                .put("path", entry.path())
                .put("date", entry.date().map(Instant::toString))
                .put("sender", entry.sender())
                .put("to", entry.to())
                .put("subject", entry.subject())
                .put("attachments", entry.mixed())
                .put("size", entry.size())
                .put("thread", entry.thread())
                .build();
    }

    private static Json.Fields mailFolders(Media media, Json.Fields arguments, Operations.Call call) throws CofferException {
        List<Json.Fields> items = Wire.all(
                media.mail().folders(),
                folder -> Json.object().put("path", folder.path()).put("messages", folder.messages()).build());
        return Json.object().put("items", items).build();
    }

    private static Json.Fields mailRead(Media media, Json.Fields arguments, Operations.Call call) throws CofferException {
        Message message = media.mail().read(arguments.text("path"));
        return Json.object()
                .put("headers", Wire.all(message.headers(), field -> Json.object()
                        .put("name", field.name())
                        .put("value", coffer.media.mail.Headers.decoded(field.value()))
                        .build()))
                .put("text", message.text())
                .put("html", !message.html().isEmpty())
                .put("parts", Wire.all(message.parts(), MediaOperations::part))
                .put("whole", message.whole())
                .build();
    }

    static Json.Fields part(Message.Part part) {
        return Json.object()
                .put("index", part.index())
                .put("type", part.type())
                .put("name", part.name())
                .put("size", part.size())
                .put("attached", part.attached())
                .build();
    }

    private static List<Json.Fields> problems(List<Problem> problems) {
        return Wire.all(problems, Wire::problem);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String word) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(word.toUpperCase(Locale.ROOT))) {
                return constant;
            }
        }
        throw new Json.JsonException("an unknown word");
    }
}
