package coffer.world;

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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A TCP proxy on loopback that keeps what clients send, so that a test sees who talked to a server and how.
final class TcpRecorder implements AutoCloseable {

    private static final Pattern REQUEST =
            Pattern.compile("(PUT|GET|HEAD) (/\\S*) HTTP/1\\.1\r\n((?:[^\r\n]+\r\n)+)\r\n");

    /// One request without its body.
    record Request(String method, String target, List<String> headers) {

        /// The value of a header; empty if there is none.
        String header(String name) {
            for (String header : headers) {
                if (header.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                    return header.substring(name.length() + 1).strip();
                }
            }
            return "";
        }
    }

    private final ServerSocket listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    private final URI target;
    private final List<ByteArrayOutputStream> sent = new CopyOnWriteArrayList<>();

    TcpRecorder(URI target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /// How much clients have sent so far.
    long bytes() {
        return sent.stream().mapToLong(ByteArrayOutputStream::size).sum();
    }

    /// What was asked of the server so far.
    List<Request> requests() {
        return sent.stream()
                .map(bytes -> bytes.toString(StandardCharsets.ISO_8859_1))
                .flatMap(text -> REQUEST.matcher(text).results())
                .map(TcpRecorder::request)
                .toList();
    }

    private static Request request(MatchResult match) {
        return new Request(match.group(1), match.group(2), List.of(match.group(3).split("\r\n")));
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(target.getHost(), target.getPort());
                ByteArrayOutputStream kept = new ByteArrayOutputStream();
                sent.add(kept);
                Thread.ofVirtual().start(() -> copy(client, server, kept));
                Thread.ofVirtual().start(() -> copy(server, client, OutputStream.nullOutputStream()));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void copy(Socket from, Socket to, OutputStream kept) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            byte[] buffer = new byte[64 << 10];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                kept.write(buffer, 0, count);
                to.getOutputStream().write(buffer, 0, count);
            }
        } catch (IOException e) {
            // A connection that breaks is one that ended.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
