package coffer.agent;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One HTTP/1.1 request to the agent and its answer, over a plain socket.
///
/// The JDK's clients cost a fresh process more than the whole command may take; the agent is the only server this
/// speaks to. Closing it is how a caller cancels.
final class LoopbackCall implements Closeable {

    private static final int CONNECT_MS = 5_000;
    /// The agent says something every half second while it works; a machine that sleeps or swaps may be slower.
    private static final int SILENCE_MS = 120_000;

    private static final int HEADER_LINE_MAX = 8192;

    private final Socket socket;
    private final InputStream in;
    private int status;
    private InputStream body = InputStream.nullInputStream();

    private LoopbackCall(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 32 * 1024);
    }

    /// Connects; fails at once if nobody listens.
    static LoopbackCall connect(AgentInfo agent) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), agent.port()), CONNECT_MS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(SILENCE_MS);
            return new LoopbackCall(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// Sends the request and reads the answer's head. The connection is not announced to close: the server would then
    /// let the end of the connection be the end of the answer, and a broken answer would look whole.
    void send(String method, String path, AgentInfo agent, String json) throws IOException {
        byte[] content = json.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + path + " HTTP/1.1\r\n"
                + "Host: 127.0.0.1:" + agent.port() + "\r\n"
                + "Authorization: Bearer " + agent.token() + "\r\n"
                + "Content-Type: application/json\r\n"
                + "Content-Length: " + content.length + "\r\n\r\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream(head.length() + content.length);
        request.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        request.writeBytes(content);
        request.writeTo(socket.getOutputStream());
        readHead();
    }

    private void readHead() throws IOException {
        String line = headerLine();
        if (!line.startsWith("HTTP/1.1 ") || line.length() < 12) {
            throw new IOException("not an HTTP answer");
        }
        status = Integer.parseInt(line.substring(9, 12));
        long length = -1;
        boolean chunked = false;
        for (line = headerLine(); !line.isEmpty(); line = headerLine()) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = Long.parseLong(header.substring(15).strip());
            } else if (header.startsWith("transfer-encoding:")) {
                chunked = header.substring(18).strip().equals("chunked");
            }
        }
        if (!chunked && length < 0) {
            throw new IOException("an answer without length");
        }
        body = new BufferedInputStream(chunked ? new Chunked() : new Counted(length));
    }

    int status() {
        return status;
    }

    /// The answer's content; an end before the whole content is an [EOFException].
    InputStream body() {
        return body;
    }

    private String headerLine() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the agent ended the connection");
            }
            if (b == '\n') {
                return line.toString();
            }
            if (b != '\r') {
                line.append((char) b);
            }
            if (line.length() > HEADER_LINE_MAX) {
                throw new IOException("a header is too long");
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /// A body whose length is known.
    private class Counted extends InputStream {
        long left;

        Counted(long length) {
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(bytes, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the answer ended early");
            }
            left -= count;
            return count;
        }
    }

    /// A body in chunks, which ends with an empty one.
    private final class Chunked extends Counted {
        private boolean first = true;
        private boolean ended;

        Chunked() {
            super(0);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0 && !ended) {
                next();
            }
            return ended ? -1 : super.read(bytes, offset, length);
        }

        private void next() throws IOException {
            if (!first && !headerLine().isEmpty()) {
                throw new IOException("a chunk has no end");
            }
            first = false;
            left = Long.parseLong(headerLine().strip(), 16);
            ended = left == 0;
        }
    }
}
