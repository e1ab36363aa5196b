package coffer.agent;

import coffer.device.Device.Limits;
import coffer.device.Device.LogStatus;
import coffer.device.Device.NodeInfo;
import coffer.device.Device.NodeKind;
import coffer.device.Device.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An agent in this process that says the same to everybody, so that commands can be run for the sake of the classes
/// that they load. It keeps nothing and knows nothing.
public final class CannedAgent implements AutoCloseable {

    private static final Instant TIME = Instant.ofEpochSecond(1_767_225_600);

    private final ServerSocket socket;

    private CannedAgent(ServerSocket socket) {
        this.socket = socket;
    }

    /// Answers for `home` until closed.
    public static CannedAgent start(Path home) throws IOException {
        ServerSocket socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        ProcessHandle self = ProcessHandle.current();
        new AgentInfo(socket.getLocalPort(), "canned", self.pid(), AgentInfo.startOf(self), Build.id()).write(home);
        CannedAgent agent = new CannedAgent(socket);
        Thread.ofPlatform().daemon().start(agent::answerAll);
        return agent;
    }

    private void answerAll() {
        while (!socket.isClosed()) {
            try (Socket caller = socket.accept()) {
                answer(caller);
            } catch (IOException e) {
                // The caller has gone, or this was closed.
            }
        }
    }

    private static void answer(Socket caller) throws IOException {
        InputStream in = caller.getInputStream();
        byte[] request = new byte[8192];
        int length = in.read(request);
        String head = new String(request, 0, Math.max(0, length), StandardCharsets.UTF_8);
        String body = head.startsWith("POST /v1/list ") ? list() : head.startsWith("POST /v1/status ") ? status() : problem();
        String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(body.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + body + "\r\n0\r\n\r\n";
        caller.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
    }

    private static String list() {
        List<Json.Fields> nodes = List.of(
                Wire.node(new NodeInfo("/ordner", NodeKind.FOLDER, 0, TIME, false, "00", 1, "laptop")),
                Wire.node(new NodeInfo("/ü\n日本", NodeKind.FILE, 123_456_789, TIME, true, "01", 2, "laptop")));
        return progress() + Json.object().put("items", nodes).build().line() + "\n{\"result\":{}}\n";
    }

    private static String progress() {
        return "\n{\"progress\":{\"label\":\"x\",\"done\":1,\"total\":2,\"unit\":\"bytes\"}}\n";
    }

    private static String status() {
        List<LogStatus> logs = List.of(new LogStatus("00", "vault", 1, "01", Optional.empty()));
        Status status = new Status(
                "00", "laptop", "01", "http://localhost", true, logs, 1, 2, 3, 4, 0, false, new Limits(0, 0), List.of(), List.of());
        return Json.object().put("result", Wire.status(status)).build().line() + "\n";
    }

    private static String problem() {
        return "{\"problem\":{\"code\":\"LOCAL\",\"message\":\"x\",\"advice\":\"y\",\"details\":{\"a\":\"b\"}}}\n";
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
