package coffer.service;

import coffer.core.Bytes;
import coffer.core.Limits;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/// One request and its answer, with everything read under a bound.
final class Exchange {

    static final String JSON = "application/json";
    static final String CBOR = "application/cbor";
    static final String BYTES = "application/octet-stream";
    private static final int BUFFER = 32 << 10;
    private static final int STRANGERS_BODY_MAX = 128 << 10;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Map<String, String> parameters;
    private final long uploadFloor;
    private @Nullable Fields query;
    private @Nullable Caller caller;
    private long drainedMax = STRANGERS_BODY_MAX;
    private boolean detached;

    Exchange(
            Request request,
            Response response,
            Callback callback,
            Map<String, String> parameters,
            long uploadFloor) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.parameters = parameters;
        this.uploadFloor = uploadFloor;
    }

    String method() {
        return request.getMethod();
    }

    /// A parameter of the path.
    String parameter(String name) {
        return Objects.requireNonNull(parameters.get(name), "the template has no such parameter");
    }

    /// A parameter of the path that is 32 bytes in lower-case hex; anything else is nothing that could be found.
    Bytes id(String name) throws Problem {
        return parseId(parameter(name)).orElseThrow(() -> Problem.of(ProblemType.NOT_FOUND));
    }

    /// 32 bytes in lower-case hex.
    static Optional<Bytes> parseId(String text) {
        boolean good = text.length() == 64
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        return good ? Optional.of(Bytes.ofHex(text)) : Optional.empty();
    }

    /// 32 bytes in lower-case hex, in a body.
    static Bytes requireId(String text) throws Problem {
        return parseId(text).orElseThrow(() -> Problem.of(ProblemType.MALFORMED, "An id is 64 lower-case hex characters."));
    }

    Optional<String> query(String name) throws Problem {
        try {
            if (query == null) {
                query = Request.extractQueryParameters(request);
            }
        } catch (RuntimeException e) {
            // Jetty reports what it cannot decode by various unchecked exceptions.
            throw Problem.of(ProblemType.MALFORMED);
        }
        return Optional.ofNullable(query.getValue(name));
    }

    String rawQuery() {
        return Objects.requireNonNullElse(request.getHttpURI().getQuery(), "");
    }

    /// A whole number in the query.
    long number(String name, long fallback, long min, long max) throws Problem {
        Optional<String> text = query(name);
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            long value = Long.parseLong(text.get());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw Problem.of(ProblemType.MALFORMED, "A number in the query is out of its range.");
    }

    Optional<String> header(HttpHeader name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    /// The address at the other end of the connection; null if it is not an Internet address.
    @Nullable InetAddress peer() {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress address
                ? address.getAddress()
                : null;
    }

    /// The address and port of this end of the connection.
    @Nullable InetSocketAddress local() {
        return request.getConnectionMetaData().getLocalSocketAddress() instanceof InetSocketAddress address
                ? address
                : null;
    }

    void signedInAs(Caller who) {
        caller = who;
        senderIsKnown();
    }

    /// To be called when the sender has shown that it may send: a refusal then waits for the rest of the body, however
    /// long a pack is. A sender that is cut off in the middle of its body as a rule never reads why.
    void senderIsKnown() {
        drainedMax = Limits.PACK_BYTES_MAX;
    }

    Caller caller() throws Problem {
        if (caller == null) {
            throw Problem.of(ProblemType.NOT_SIGNED_IN);
        }
        return caller;
    }

    Optional<Caller> perhapsCaller() {
        return Optional.ofNullable(caller);
    }

    void requireMediaType(String type) throws Problem {
        String given = header(HttpHeader.CONTENT_TYPE).orElse("").split(";", 2)[0].strip();
        if (!given.equalsIgnoreCase(type)) {
            throw Problem.of(ProblemType.WRONG_MEDIA_TYPE);
        }
    }

    long announcedLength() {
        return request.getLength();
    }

    <T> T json(Class<T> type, int sizeMax) throws Problem, IOException {
        requireMediaType(JSON);
        return Json.read(body(sizeMax), type);
    }

    /// The whole body, of at most `sizeMax` bytes. Memory grows with what came, not with what was announced.
    byte[] body(int sizeMax) throws Problem, IOException {
        if (request.getLength() > sizeMax) {
            throw Problem.of(ProblemType.TOO_LARGE);
        }
        try (InputStream in = stream()) {
            byte[] body = in.readNBytes(sizeMax);
            if (in.read() >= 0) {
                throw Problem.of(ProblemType.TOO_LARGE);
            }
            return body;
        } catch (SlowSender e) {
            throw Problem.of(ProblemType.TOO_SLOW);
        }
    }

    /// The body as it comes. Throws [SlowSender] at a sender that is slower than the floor.
    InputStream stream() {
        return new FlooredStream(Request.asInputStream(request), uploadFloor);
    }

    /// To be called before an answer that did not wait for the body. What is left of a short one is read, so that the
    /// connection stays good for the next request; with more to come the connection is announced to end, because a
    /// client that is not told would lose its next request on it (RFC 9112, section 9.6).
    void leaveBody() {
        // In this order: what Jetty cannot consume at once it gives up for good.
        if (!drained() && !request.consumeAvailable()) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
    }

    private boolean drained() {
        if (request.getLength() < 0 || request.getLength() > drainedMax) {
            return false;
        }
        try (InputStream in = stream()) {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    void send(int status, String type, byte[] body) throws IOException {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        Content.Sink.write(response, true, ByteBuffer.wrap(body));
    }

    void sendJson(int status, Object value) throws IOException {
        send(status, JSON, Json.write(value));
    }

    void sendNothing(int status) throws IOException {
        response.setStatus(status);
        if (status != 204) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
        }
        Content.Sink.write(response, true, ByteBuffer.allocate(0));
    }

    void setHeader(HttpHeader name, String value) {
        response.getHeaders().put(new HttpField(name, value));
    }

    /// Starts an answer whose body is written piece by piece; closing the stream ends it.
    OutputStream open(int status, String type) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        return new BufferedOutputStream(Content.Sink.asOutputStream(response), BUFFER);
    }

    /// Starts an answer without body, such as one to HEAD.
    void sendHead(int status, String type, long length) throws IOException {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
        Content.Sink.write(response, true, ByteBuffer.allocate(0));
    }

    /// Starts an answer that is sent by [#push].
    void startStream(String type) {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    }

    /// Sends a piece now.
    void push(byte[] piece) throws IOException {
        Content.Sink.write(response, false, ByteBuffer.wrap(piece));
    }

    /// Whether the answer has begun, so that no other can be sent.
    boolean isCommitted() {
        return response.isCommitted();
    }

    int status() {
        return response.getStatus();
    }

    /// Says that another thread goes on with the answer; it ends it by the callback.
    Callback detach() {
        detached = true;
        return callback;
    }

    boolean isDetached() {
        return detached;
    }

    /// A sender was slower than the configured floor.
    static final class SlowSender extends IOException {
        SlowSender() {
            super("the sender is too slow");
        }
    }

    /// Counts what comes and gives up on a drip.
    private static final class FlooredStream extends InputStream {
        private static final long PATIENCE_NANOS = 10_000_000_000L;
        private final InputStream in;
        private final long floor;
        private final long startNanos = System.nanoTime();
        private long count;

        FlooredStream(InputStream in, long floor) {
            this.in = in;
            this.floor = floor;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = in.read(buffer, offset, length);
            if (read > 0) {
                count += read;
                long elapsed = System.nanoTime() - startNanos;
                if (elapsed > PATIENCE_NANOS && count < floor * (elapsed / 1_000_000_000L)) {
                    throw new SlowSender();
                }
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

}
