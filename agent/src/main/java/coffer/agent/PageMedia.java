package coffer.agent;

import coffer.core.CofferException;
import coffer.device.Device.Problem;
import coffer.device.Progress;
import coffer.media.Media;
import coffer.media.mail.MailExport;
import coffer.media.mail.Message;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/// Previews of pictures, messages, their parts, and whole mailboxes for browsers.
///
/// What it gives is treated as [PageContent] treats files: types come from a short list, and everything stands in a sandbox.
final class PageMedia {

    /// A message may look as it likes and can do nothing: no script, no network, not even the agent's. What it shows is in it.
    /// Its links open in tabs of their own, when a person follows one.
    private static final String MESSAGE_POLICY = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:;"
            + " style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private final DeviceSlot slot;
    private final PageUploads temporary;

    PageMedia(DeviceSlot slot, PageUploads temporary) {
        this.slot = slot;
        this.temporary = temporary;
    }

    /// The preview of a picture: a JPEG that a device of the account has made.
    void preview(boolean large, Request request, Response response, Callback callback) throws CofferException {
        String node = node(Request.extractQueryParameters(request));
        Media media = slot.requireMedia();
        byte[] jpeg = large ? media.pictures().large(node) : media.pictures().small(node);
        response.getHeaders().put("Content-Security-Policy", PageContent.SANDBOX);
        if (jpeg.length == 0) {
            Calls.answer(response, callback, HttpStatus.NOT_FOUND_404, Calls.message("There is no preview of it."));
            return;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "image/jpeg");
        response.write(true, ByteBuffer.wrap(jpeg), callback);
    }

    /// The HTML of a message, made harmless.
    void message(Request request, Response response, Callback callback) throws CofferException {
        String node = node(Request.extractQueryParameters(request));
        byte[] html = slot.requireMedia().mail().document(node).getBytes(StandardCharsets.UTF_8);
        response.getHeaders().put("Content-Security-Policy", MESSAGE_POLICY);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html; charset=utf-8");
        response.write(true, ByteBuffer.wrap(html), callback);
    }

    /// A part of a message: to be shown if its name, or else its type, is one in which nothing can run.
    void part(Request request, Response response, Callback callback) throws CofferException {
        Fields query = Request.extractQueryParameters(request);
        String node = node(query);
        int number = number(PageContent.require(query, "part"));
        Media media = slot.requireMedia();
        List<Message.Part> parts = media.mail().view(node).parts();
        if (number < 0 || number >= parts.size()) {
            Calls.answer(response, callback, HttpStatus.NOT_FOUND_404, Calls.message("There is no such part."));
            return;
        }
        Message.Part part = parts.get(number);
        String type = PageTypes.of(part.name(), part.type());
        boolean shown = PageTypes.isShown(type) && query.getValue("download") == null;
        String name = part.name().isEmpty() ? "part " + (number + 1) : part.name();
        response.getHeaders()
                .put("Content-Security-Policy", type.equals(PageTypes.PDF) ? PageContent.VIEWER : PageContent.SANDBOX);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_DISPOSITION, PageContent.disposition(shown, name));
        PageContent.stream(response, callback, out -> media.mail().part(node, number, out));
    }

    private static String node(Fields query) {
        String node = PageContent.require(query, "node");
        if (!node.matches("[0-9a-f]{32}")) {
            throw new Json.JsonException("not a node");
        }
        return node;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new Json.JsonException("not a number");
        }
    }

    /// A folder's mail as mbox files: one as it is, several in an archive. They are written to the home first, because only then
    /// is it known how many there are, and removed when they are sent.
    void mailbox(Request request, Response response, Callback callback) throws IOException, CofferException {
        String path = PageContent.require(Request.extractQueryParameters(request), "path");
        Media media = slot.requireMedia();
        Path folder = temporary.makeFolder(UUID.randomUUID().toString());
        try {
            MailExport.Report report = media.mail().export(path, folder, MailExport.Format.MBOX, Progress.SILENT);
            List<Path> files;
            try (Stream<Path> all = Files.walk(folder)) {
                files = all.filter(Files::isRegularFile).sorted().toList();
            }
            String name = path.equals("/") ? "Mail" : PageContent.name(path);
            boolean single = files.size() == 1 && report.problems().isEmpty();
            response.getHeaders().put("Content-Security-Policy", PageContent.SANDBOX);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, single ? "application/mbox" : "application/zip");
            response.getHeaders()
                    .put(HttpHeader.CONTENT_DISPOSITION, PageContent.disposition(false, name + (single ? ".mbox" : ".zip")));
            PageContent.stream(response, callback, out -> {
                if (single) {
                    Files.copy(files.getFirst(), out);
                } else {
                    zip(folder, files, report.problems(), out);
                }
            });
        } finally {
            PageUploads.remove(folder);
        }
    }

    private static void zip(Path folder, List<Path> files, List<Problem> problems, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        zip.setLevel(Deflater.NO_COMPRESSION);
        for (Path file : files) {
            zip.putNextEntry(new ZipEntry(folder.relativize(file).toString().replace('\\', '/')));
            Files.copy(file, zip);
            zip.closeEntry();
        }
        if (!problems.isEmpty()) {
            zip.putNextEntry(new ZipEntry("What was left out.txt"));
            for (Problem problem : problems) {
                zip.write((problem.where() + ": " + problem.message() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            zip.closeEntry();
        }
        zip.finish();
    }
}
