package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.Progress;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;

/// Calls one agent. One connection per call; may be used from many threads.
public final class AgentClient {

    /// A line holds a couple of hundred items, whose paths are at most 64 KiB.
    private static final int LINE_MAX = 64 << 20;

    /// Finds the agent again, or starts one, when nobody listens any more.
    interface Renewal {
        AgentInfo renew() throws CofferException;
    }

    private final Renewal renewal;
    private volatile AgentInfo agent;

    AgentClient(AgentInfo agent) {
        this(agent, () -> agent);
    }

    AgentClient(AgentInfo agent, Renewal renewal) {
        this.agent = agent;
        this.renewal = renewal;
    }

    public long pid() {
        return agent.pid();
    }

    /// Does one operation. `progress` hears how far it is, and ends it when cancelled; `items` gets the parts of the
    /// answer that come before its end.
    public Json.Fields call(String operation, Json.Fields arguments, Progress progress, Consumer<Json.Fields> items)
            throws CofferException {
        try (LoopbackCall call = connect()) {
            call.send("POST", "/v1/" + operation, agent, arguments.line());
            if (call.status() != 200) {
                throw refused(call);
            }
            return result(call.body(), progress, items);
        } catch (IOException | Json.JsonException | NumberFormatException e) {
            throw lost(e);
        }
    }

    /// An operation without parts that ends by itself.
    public Json.Fields call(String operation, Json.Fields arguments) throws CofferException {
        return call(operation, arguments, Progress.SILENT, _ -> {});
    }

    private static Json.Fields result(InputStream body, Progress progress, Consumer<Json.Fields> items)
            throws IOException, CofferException {
        while (true) {
            String line = line(body);
            if (progress.cancelled()) {
                throw AgentLauncher.stopped();
            }
            if (line.isEmpty()) {
                continue;
            }
            Json.Fields json = Json.parseObject(line);
            if (json.find("progress").isPresent()) {
                report(json.fields("progress"), progress);
            } else if (json.find("items").isPresent()) {
                json.list("items").forEach(items);
            } else if (json.find("problem").isPresent()) {
                throw Wire.error(json.fields("problem"));
            } else {
                return json.fields("result");
            }
        }
    }

    private static void report(Json.Fields json, Progress progress) {
        Progress.Unit unit = Progress.Unit.valueOf(json.text("unit").toUpperCase(Locale.ROOT));
        progress.update(json.text("label"), json.whole("done"), json.whole("total"), unit);
    }

    /// Writes a piece of a file's content to `out`.
    void content(String path, Device.Piece piece, OutputStream out) throws CofferException {
        String id = agent.pid() + "-" + System.nanoTime();
        Json.Fields arguments = Wire.piece(Json.object().put("path", path).put("request", id), piece).build();
        byte[] buffer = new byte[64 * 1024];
        try (LoopbackCall call = connect()) {
            call.send("POST", "/v1/content", agent, arguments.line());
            if (call.status() != 200) {
                throw refused(call);
            }
            while (true) {
                int count;
                try {
                    count = call.body().read(buffer);
                } catch (EOFException e) {
                    throw brokenOff(id, e);
                }
                if (count < 0) {
                    return;
                }
                write(out, buffer, count);
            }
        } catch (IOException | Json.JsonException | NumberFormatException e) {
            throw lost(e);
        }
    }

    private static void write(OutputStream out, byte[] bytes, int count) throws CofferException {
        try {
            out.write(bytes, 0, count);
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The output cannot be written.", e);
        }
    }

    /// Asks why a stream of content ended early.
    private CofferException brokenOff(String id, IOException cause) throws CofferException {
        try (LoopbackCall call = connect()) {
            call.send("GET", "/v1/outcome?request=" + id, agent, "");
            Json.Fields outcome = Json.parseObject(line(call.body()));
            return outcome.find("problem").isPresent() ? Wire.error(outcome.fields("problem")) : lost(cause);
        } catch (IOException | Json.JsonException e) {
            return lost(cause);
        }
    }

    /// What the agent says of itself.
    public Json.Fields about() throws CofferException {
        return plain("GET", "/v1/agent");
    }

    /// The address of the pages, which opens them once.
    public String pages() throws CofferException {
        return plain("POST", "/v1/ticket").text("address");
    }

    /// Asks the agent to stop; it does so after it has answered.
    public void stop() throws CofferException {
        plain("POST", "/v1/stop");
    }

    private Json.Fields plain(String method, String path) throws CofferException {
        try (LoopbackCall call = connect()) {
            call.send(method, path, agent, "");
            if (call.status() != 200) {
                throw refused(call);
            }
            return Json.parseObject(line(call.body()));
        } catch (IOException | Json.JsonException | NumberFormatException e) {
            throw lost(e);
        }
    }

    /// Where nobody listens nothing was carried out, so another agent may be asked instead.
    private LoopbackCall connect() throws CofferException {
        try {
            return LoopbackCall.connect(agent);
        } catch (IOException e) {
            agent = renewal.renew();
        }
        try {
            return LoopbackCall.connect(agent);
        } catch (IOException e) {
            throw new CofferException(ErrorCode.UNAVAILABLE, "The agent does not listen.", e);
        }
    }

    private static CofferException refused(LoopbackCall call) throws IOException {
        Json.Fields answer = Json.parseObject(line(call.body()));
        if (answer.find("problem").isPresent()) {
            return Wire.error(answer.fields("problem"));
        }
        return new CofferException(
                ErrorCode.PROTOCOL,
                "The agent refused the request.",
                java.util.Map.of("status", Integer.toString(call.status())));
    }

    private static CofferException lost(Exception cause) {
        if (cause instanceof Json.JsonException || cause instanceof NumberFormatException) {
            return new CofferException(ErrorCode.PROTOCOL, "The agent's answer cannot be understood.", cause);
        }
        return new CofferException(ErrorCode.UNAVAILABLE, "The agent ended before it answered.", cause);
    }

    /// One line; an end without one is an [EOFException].
    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("no answer");
            }
            if (b == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            if (line.size() >= LINE_MAX) {
                throw new IOException("a line is too long");
            }
            line.write(b);
        }
    }
}
