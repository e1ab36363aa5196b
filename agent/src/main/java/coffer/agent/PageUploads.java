package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device.Problem;
import coffer.device.Device.PutReport;
import coffer.media.PictureImport;
import coffer.media.mail.FromQuoting;
import coffer.media.mail.MailReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/// Files on their way from a browser into the vault.
///
/// A batch of them gathers in a folder of the home that is its owner's alone, and is then put like any other folder, in one
/// go: so a browser that is slow holds up nobody, a thousand small files are one commit, and a file that was broken off goes on
/// where it was. A batch is removed when it has been put or given up, and everything when the agent starts or ends.
final class PageUploads implements AutoCloseable {

    private static final int BUFFER = 256 << 10;

    private final Path folder;
    private final DeviceSlot slot;

    PageUploads(Path home, DeviceSlot slot) {
        this.folder = home.resolve("uploads");
        this.slot = slot;
        close();
    }

    void serve(String batch, Calls calls, Request request, Response response, Callback callback)
            throws IOException, CofferException {
        Path top = folder.resolve(batch);
        switch (request.getMethod()) {
            case "PUT" -> size(store(top, request), response, callback);
            case "GET" -> size(sizeOf(file(top, query(request, "path"))), response, callback);
            case "POST" -> calls.serve("upload", (arguments, call) -> put(top, arguments, call), request, response, callback);
            case "DELETE" -> {
                remove(top);
                size(0, response, callback);
            }
            default -> Calls.answer(response, callback, HttpStatus.NOT_FOUND_404, Calls.message("There is nothing of that name."));
        }
    }

    private static void size(long size, Response response, Callback callback) {
        Calls.answer(response, callback, HttpStatus.OK_200, Json.object().put("size", size).build());
    }

    /// Writes what the request carries at its place in the file; returns how long the file is then. A place that is not the
    /// file's end is refused: the browser asks for the size and goes on there.
    private long store(Path top, Request request) throws IOException, CofferException {
        Path file = file(top, query(request, "path"));
        long offset = number(query(request, "offset"));
        try {
            OwnerOnly.makeFolder(folder);
            OwnerOnly.makeFolder(top);
            Files.createDirectories(parent(file));
            try (FileChannel channel = OwnerOnly.open(file)) {
                if (channel.size() != offset) {
                    throw CofferException.withAdvice(ErrorCode.LOCAL, "The upload does not go on where it was.", "Nothing was changed. Upload the file again.");
                }
                channel.position(offset);
                copy(request, channel);
            }
            Files.setLastModifiedTime(file, FileTime.fromMillis(number(query(request, "modified"))));
            return Files.size(file);
        } catch (IOException e) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL,
                    "A file on its way into Coffer cannot be written.",
                    "What was there before is safe. The name may be too long for this machine, or its disk full; then try again.",
                    e);
        }
    }

    private static void copy(Request request, FileChannel channel) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Content.Source.asInputStream(request)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
        }
    }

    /// Puts the batch into a folder of the vault, and removes it if that was done; else it can be put again.
    private Json.Fields put(Path top, Json.Fields arguments, Operations.Call call) throws CofferException {
        try {
            OwnerOnly.makeFolder(folder);
            OwnerOnly.makeFolder(top);
            for (String empty : arguments.texts("folders")) {
                Files.createDirectories(file(top, empty));
            }
            Json.Fields report = put(top, children(top), arguments, call);
            remove(top);
            return report;
        } catch (IOException e) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL, "Files on their way into Coffer cannot be read.", "What was there before is safe. Upload them again.", e);
        }
    }

    /// As files, or as what they are said to be: then mail and pictures are brought in as the command does it.
    private Json.Fields put(Path top, List<Path> sources, Json.Fields arguments, Operations.Call call) throws CofferException {
        String destination = arguments.text("destination");
        return switch (arguments.findText("as").orElse("files")) {
            case "mail" -> {
                MailReport report = slot.requireMedia().mail().bring(sources, destination, FromQuoting.RD, call);
                yield MediaOperations.report(report, relative(report.problems(), top));
            }
            case "pictures" -> {
                PictureImport.Report report = slot.requireMedia().pictures().bring(sources, destination, call);
                yield MediaOperations.report(report, relative(report.problems(), top));
            }
            default -> {
                PutReport report = slot.require().put(sources, destination, call);
                yield Wire.put(new PutReport(
                        report.files(), report.folders(), report.bytes(), report.newBytes(), report.sentBytes(), report.unchanged(),
                        relative(report.problems(), top)));
            }
        };
    }

    /// A person knows the files by the names they came with.
    static List<Problem> relative(List<Problem> problems, Path top) {
        String prefix = top + top.getFileSystem().getSeparator();
        return problems.stream()
                .map(problem -> problem.where().startsWith(prefix)
                        ? new Problem(problem.where().substring(prefix.length()), problem.code(), problem.message())
                        : problem)
                .toList();
    }

    /// A folder of its own for what is read at once and removed again.
    Path makeFolder(String name) throws IOException {
        OwnerOnly.makeFolder(folder);
        OwnerOnly.makeFolder(folder.resolve(name));
        return folder.resolve(name);
    }

    private static List<Path> children(Path top) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(top)) {
            paths.forEach(children::add);
        }
        return children;
    }

    private static long sizeOf(Path file) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
    }

    /// A place in the batch: each part of the path is a name, and none leads out.
    static Path file(Path top, String path) throws CofferException {
        Path at = top;
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
                throw unsafe(null);
            }
            try {
                Path child = at.resolve(name);
                if (!at.equals(child.getParent())) {
                    throw unsafe(null);
                }
                at = child;
            } catch (InvalidPathException e) {
                throw unsafe(e);
            }
        }
        return at;
    }

    private static CofferException unsafe(@org.jspecify.annotations.Nullable Exception cause) {
        String advice = "Nothing was changed. Give the file another name and upload it again.";
        return cause == null
                ? CofferException.withAdvice(ErrorCode.UNSAFE_NAME, "A file's name cannot be kept.", advice)
                : CofferException.withAdvice(ErrorCode.UNSAFE_NAME, "A file's name cannot be kept.", advice, cause);
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    private static String query(Request request, String name) {
        Fields query = Request.extractQueryParameters(request);
        String value = query.getValue(name);
        if (value == null) {
            throw new Json.JsonException("the request does not say: " + name);
        }
        return value;
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new Json.JsonException("not a number");
        }
    }

    static void remove(Path top) throws IOException {
        if (!Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(top)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /// Removes what no browser will go on with.
    @Override
    public void close() {
        try {
            remove(folder);
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(PageUploads.class).warn("uploads cannot be removed: {}", e.getClass().getSimpleName());
        }
    }
}
