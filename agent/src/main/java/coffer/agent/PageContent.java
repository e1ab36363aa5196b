package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.Device.NodeInfo;
import coffer.device.Device.NodeKind;
import coffer.device.Device.Piece;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Content of the vault for browsers: files whole or in part, and folders as archives.
///
/// What a file says of itself is never believed: only types in which nothing can run are shown, by the end of the name; all
/// else is a download. Even what is shown stands in a sandbox without scripts, without an origin and without a network.
final class PageContent {

    /// Without the origin of the pages: what would run despite everything could reach nothing.
    static final String SANDBOX =
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";

    /// A browser's own viewer shows these in a process of its own, which it does not start in a sandbox.
    static final String VIEWER = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'";

    private static final Logger LOG = LoggerFactory.getLogger(PageContent.class);

    private final DeviceSlot slot;

    PageContent(DeviceSlot slot) {
        this.slot = slot;
    }

    /// A piece of one file that does not change meanwhile.
    private record Wanted(String path, String name, long version, long size) {}

    void serve(Request request, Response response, Callback callback) throws IOException, CofferException {
        Fields query = Request.extractQueryParameters(request);
        Device device = slot.require();
        Wanted file = wanted(device, query);
        String type = PageTypes.of(file.name);
        boolean shown = PageTypes.isShown(type) && query.getValue("download") == null;
        response.getHeaders().put("Content-Security-Policy", type.equals(PageTypes.PDF) ? VIEWER : SANDBOX);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_DISPOSITION, disposition(shown, file.name));
        response.getHeaders().put(HttpHeader.ACCEPT_RANGES, "bytes");
        Optional<ByteRange> range = ByteRange.of(request.getHeaders().get(HttpHeader.RANGE), file.size);
        if (range.isPresent() && range.get().isEmpty()) {
            response.setStatus(HttpStatus.RANGE_NOT_SATISFIABLE_416);
            response.getHeaders().put(HttpHeader.CONTENT_RANGE, "bytes */" + file.size);
            callback.succeeded();
            return;
        }
        ByteRange all = range.orElse(new ByteRange(0, file.size));
        if (range.isPresent()) {
            response.setStatus(HttpStatus.PARTIAL_CONTENT_206);
            response.getHeaders()
                    .put(HttpHeader.CONTENT_RANGE, "bytes " + all.from() + "-" + (all.to() - 1) + "/" + file.size);
        }
        response.getHeaders().put(new HttpField(HttpHeader.CONTENT_LENGTH, Long.toString(all.length())));
        Piece piece = new Piece(Optional.of(file.version), all.from(), all.length());
        stream(response, callback, out -> device.read(file.path, piece, out));
    }

    private static Wanted wanted(Device device, Fields query) throws CofferException {
        String path = require(query, "path");
        NodeInfo node = device.node(path);
        if (node.kind() != NodeKind.FILE) {
            throw CofferException.withAdvice(ErrorCode.LOCAL, "That is not a file.", "Nothing was changed. A folder has no content of its own.");
        }
        String version = query.getValue("version");
        if (version == null || version.equals(Long.toString(node.version()))) {
            return new Wanted(path, name(path), node.version(), node.size());
        }
        for (Device.Version past : device.history(path)) {
            if (Long.toString(past.version()).equals(version)) {
                return new Wanted(path, name(past.path()), past.version(), past.size());
            }
        }
        throw CofferException.withAdvice(ErrorCode.LOCAL, "There is no such version of it.", "Nothing was changed. Its versions are listed beside it.");
    }

    /// A folder, or one file, as an archive; of names alone where the folder is the whole vault.
    void serveZip(Request request, Response response, Callback callback) throws IOException, CofferException {
        String path = require(Request.extractQueryParameters(request), "path");
        Device device = slot.require();
        NodeInfo node = device.node(path);
        String name = path.equals("/") ? "Coffer" : name(node.path());
        response.getHeaders().put("Content-Security-Policy", SANDBOX);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/zip");
        response.getHeaders().put(HttpHeader.CONTENT_DISPOSITION, disposition(false, name + ".zip"));
        stream(response, callback, out -> PageZip.write(device, node, out));
    }

    interface Source {
        void write(OutputStream out) throws CofferException, IOException;
    }

    /// Before the first byte an error is an answer; after it the connection breaks off, so that no browser takes a part for
    /// the whole.
    static void stream(Response response, Callback callback, Source source) throws CofferException {
        // Not closed here: closing would end the answer as if it were whole, and that is the callback's part.
        OutputStream out = Content.Sink.asOutputStream(response);
        try {
            source.write(out);
            callback.succeeded();
        } catch (CofferException e) {
            if (!response.isCommitted()) {
                response.getHeaders().remove(HttpHeader.CONTENT_LENGTH);
                response.getHeaders().remove(HttpHeader.CONTENT_DISPOSITION);
                throw e;
            }
            LOG.info("content ended early code={} reason={}", e.code(), e.reason());
            callback.failed(new IOException("the content ended early"));
        } catch (IOException e) {
            callback.failed(e);
        }
    }

    static String require(Fields query, String name) {
        String value = query.getValue(name);
        if (value == null) {
            throw new Json.JsonException("the request does not say: " + name);
        }
        return value;
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /// The name in a form that cannot end the header, begin another, or show itself in another direction.
    static String disposition(boolean shown, String name) {
        StringBuilder encoded = new StringBuilder(shown ? "inline" : "attachment").append("; filename*=UTF-8''");
        for (byte b : name.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            boolean plain = b == '.' || b == '-' || b == '_' || (b > 0 && Character.isLetterOrDigit(b));
            encoded.append(plain ? String.valueOf((char) b) : String.format("%%%02X", b & 0xff));
        }
        return encoded.toString();
    }
}
