package coffer.agent;

import coffer.core.CofferException;
import coffer.device.Device.Problem;
import coffer.media.Mail;
import coffer.media.MailView;
import coffer.media.Media;
import coffer.media.PictureImport;
import coffer.media.Pictures;
import coffer.media.mail.FromQuoting;
import coffer.media.mail.Headers;
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
        return Map.ofEntries(
                Map.entry("mail-import", MediaOperations::mailImport),
                Map.entry("mail-export", MediaOperations::mailExport),
                Map.entry("mail-list", MediaOperations::mailList),
                Map.entry("mail-folders", MediaOperations::mailFolders),
                Map.entry("mail-threads", MediaOperations::mailThreads),
                Map.entry("mail-thread", MediaOperations::mailThread),
                Map.entry("mail-search", MediaOperations::mailSearch),
                Map.entry("mail-view", MediaOperations::mailView),
                Map.entry("mail-read", MediaOperations::mailRead),
                Map.entry("pictures-import", MediaOperations::picturesImport),
                Map.entry("pictures-scan", MediaOperations::picturesScan),
                Map.entry("pictures-days", MediaOperations::picturesDays),
                Map.entry("pictures-page", MediaOperations::picturesPage),
                Map.entry("pictures-list", MediaOperations::picturesList),
                Map.entry("pictures-duplicates", MediaOperations::picturesDuplicates),
                Map.entry("media-rebuild", MediaOperations::rebuild));
    }

    private static Json.Fields mailThreads(Media media, Json.Fields arguments, Operations.Call call) throws CofferException {
        Mail.Threads threads = media.mail().threads(
                arguments.text("path"), arguments.findText("cursor").orElse(""), (int) arguments.whole("limit"));
        return Json.object()
                .put("items", Wire.all(threads.threads(), thread -> Json.object()
                        .put("thread", thread.thread())
                        .put("messages", thread.messages())
                        .put("latest", entry(thread.latest()))
                        .build()))
                .put("next", threads.next())
                .build();
    }

    private static Json.Fields mailThread(Media media, Json.Fields arguments, Operations.Call call) throws CofferException {
        List<Mail.Entry> entries = media.mail().thread(arguments.whole("thread"));
        return Json.object().put("items", Wire.all(entries, MediaOperations::entry)).build();
    }

    private static Json.Fields mailSearch(Media media, Json.Fields arguments, Operations.Call call) throws CofferException {
        List<Mail.Entry> found = media.mail().search(arguments.text("words"), Math.clamp(arguments.whole("max"), 0, 10_000));
        return Json.object().put("items", Wire.all(found, MediaOperations::entry)).build();
    }

    private static Json.Fields mailView(Media media, Json.Fields arguments, Operations.Call call) throws CofferException {
        MailView view = media.mail().view(arguments.text("node"));
        return Json.object()
                .put("headers", Wire.all(view.headers(), MediaOperations::field))
                .put("text", view.text())
                .put("html", !view.html().isEmpty())
                .put("lines", view.lines())
                .put("blocked", view.blocked())
                .put("parts", Wire.all(view.parts(), MediaOperations::part))
                .put("whole", view.whole())
                .build();
    }

    private static Json.Fields field(Headers.Field field) {
        return Json.object().put("name", field.name()).put("value", field.value()).build();
    }

    private static Json.Fields picturesImport(Media media, Json.Fields arguments, Operations.Call call) throws CofferException {
        PictureImport.Report report = media.pictures().bring(sources(arguments), arguments.text("path"), call);
        return report(report, report.problems());
    }

    static Json.Fields report(PictureImport.Report report, List<Problem> problems) {
        return Json.object()
                .put("files", report.files())
                .put("imported", report.imported())
                .put("alreadyThere", report.alreadyThere())
                .put("dated", report.dated())
                .put("bytes", report.bytes())
                .put("problems", problems(problems))
                .build();
    }

    private static Json.Fields picturesScan(Media media, Json.Fields arguments, Operations.Call call) throws CofferException {
        Pictures.ScanReport report = media.pictures().scan(arguments.flagOrNo("again"), call);
        return Json.object()
                .put("made", report.made())
                .put("undecoded", report.undecoded())
                .put("known", report.known())
                .build();
    }

    private static Json.Fields picturesDays(Media media, Json.Fields arguments, Operations.Call call) throws CofferException {
        List<Pictures.Day> days = media.pictures().days(arguments.text("path"));
        return Json.object()
                .put("items", Wire.all(days, day ->
                        Json.object().put("day", day.day().toString()).put("count", day.count()).build()))
                .put("unseen", media.pictures().unseenCount())
                .build();
    }

    private static Json.Fields picturesPage(Media media, Json.Fields arguments, Operations.Call call) throws CofferException {
        List<Pictures.Entry> page = media.pictures().page(
                arguments.text("path"), arguments.whole("from"), Math.clamp(arguments.whole("limit"), 1, 1_000));
        return Json.object().put("items", Wire.all(page, MediaOperations::picture)).build();
    }

    private static Json.Fields picturesList(Media media, Json.Fields arguments, Operations.Call call) throws CofferException {
        media.pictures().list(arguments.text("path"), entry -> call.item(picture(entry)));
        return Json.object().build();
    }

    static Json.Fields picture(Pictures.Entry entry) {
        return Json.object()
                .put("node", entry.node())
                .put("path", entry.path())
                .put("film", entry.film())
                .put("time", entry.time().toString())
                .put("shown", entry.shown().toString())
                .put("width", entry.width())
                .put("height", entry.height())
                .put("size", entry.size())
                .put("preview", entry.preview())
                .put("latitude", entry.latitude().map(String::valueOf))
                .put("longitude", entry.longitude().map(String::valueOf))
                .put("camera", entry.camera())
                .put("liveWith", entry.live().map(Pictures.Film::node))
                .put("livePath", entry.live().map(Pictures.Film::path))
                .build();
    }

    private static Json.Fields picturesDuplicates(Media media, Json.Fields arguments, Operations.Call call)
            throws CofferException {
        for (Pictures.Group group : media.pictures().duplicates()) {
            call.item(Json.object()
                    .put("exact", group.exact())
                    .put("pictures", Wire.all(group.entries(), MediaOperations::picture))
                    .build());
        }
        return Json.object().build();
    }

    private static Json.Fields rebuild(Media media, Json.Fields arguments, Operations.Call call) throws CofferException {
        media.rebuild(call);
        return Json.object().build();
    }

    private static List<Path> sources(Json.Fields arguments) throws CofferException {
        List<Path> sources = new ArrayList<>();
        for (String source : arguments.texts("sources")) {
            sources.add(Operations.local(source));
        }
        return sources;
    }

    private static Json.Fields mailImport(Media media, Json.Fields arguments, Operations.Call call) throws CofferException {
        FromQuoting quoting = constant(FromQuoting.class, arguments.text("quoting"));
        MailReport report = media.mail().bring(sources(arguments), arguments.text("path"), quoting, call);
        return report(report, report.problems());
    }

    static Json.Fields report(MailReport report, List<Problem> problems) {
        return Json.object()
                .put("mailboxes", report.mailboxes())
                .put("messages", report.messages())
                .put("imported", report.imported())
                .put("alreadyThere", report.alreadyThere())
                .put("duplicates", report.duplicates())
                .put("bytes", report.bytes())
                .put("otherFiles", report.otherFiles())
                .put("problems", problems(problems))
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
                .put("headers", Wire.all(
                        message.headers(), field -> field(new Headers.Field(field.name(), Headers.decoded(field.value())))))
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
