package coffer.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/// An HTTP server that sends exactly what a test tells it, right or wrong: one reply per connection, in order; then it
/// closes connections without a word.
final class ScriptedServer implements AutoCloseable {

    /// Writes an answer.
    interface Reply {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *([0-9]+)");

    private final ServerSocket socket;
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    ScriptedServer(Reply... replies) throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.replies.addAll(List.of(replies));
        Thread.ofVirtual().start(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /// The heads of all requests so far.
    List<String> requests() {
        return List.copyOf(requests);
    }

    /// An answer with a body of the length it has.
    static Reply answer(int status, String headers, byte[] body) {
        return answer(status, headers + "Content-Length: " + body.length + "\r\n", body, body.length);
    }

    static Reply answer(int status, String headers, String body) {
        return answer(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /// An answer of which only `sent` bytes of the body go out.
    static Reply answer(int status, String headers, byte[] body, int sent) {
        return out -> {
            out.write(("HTTP/1.1 " + status + " Any\r\nConnection: close\r\n" + headers + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body, 0, sent);
            out.flush();
        };
    }

    /// An answer that stops after `sent` bytes of its body and never goes on.
    static Reply stalling(int status, byte[] body, int sent) {
        return out -> {
            answer(status, "Content-Length: " + body.length + "\r\n", body, sent).write(out);
            Thread.sleep(60_000);
        };
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException e) {
            // The test is over.
            return;
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = connection.getInputStream();
            String head = head(in);
            if (head.isEmpty()) {
                return;
            }
            requests.add(head);
            var length = LENGTH.matcher(head);
            if (length.find()) {
                in.skipNBytes(Long.parseLong(length.group(1)));
            }
            Reply reply = replies.poll();
            if (reply != null) {
                reply.write(connection.getOutputStream());
            }
        } catch (IOException | InterruptedException e) {
            // The client left; what it makes of that is what the test looks at.
            return;
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
