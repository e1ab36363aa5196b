package coffer.device;

import coffer.core.CofferException;
import coffer.core.api.HeadEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads the service's server-sent events until closed, and connects again after every break.
///
/// An event only says that looking is worth while; what is new comes from the log, verified. So a lost, invented or
/// malformed event does no harm.
final class EventListener implements AutoCloseable {

    /// Longer lines are not ours.
    private static final int LINE_CHARS_MAX = 4_096;

    /// Finds a token that is good now.
    interface TokenSource {
        String token() throws CofferException;
    }

    private final HttpExchange http;
    private final TokenSource tokens;
    private final Consumer<HeadEvent> listener;
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable InputStream open;

    EventListener(HttpExchange http, TokenSource tokens, Consumer<HeadEvent> listener) {
        this.http = http;
        this.tokens = tokens;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("events").start(this::run);
    }

    private void run() {
        int tries = 1;
        while (!closed) {
            try {
                if (readOnce()) {
                    tries = 1;
                }
                tries++;
                Pause.beforeTry(Math.min(tries, 8));
            } catch (CofferException e) {
                try {
                    tries++;
                    Pause.beforeTry(Math.min(tries, 8));
                } catch (CofferException interrupted) {
                    return;
                }
            }
        }
    }

    /// Whether anything came.
    private boolean readOnce() throws CofferException {
        boolean came = false;
        try {
            HttpRequest request = HttpRequest.newBuilder(http.resolve("/v1/events"))
                    .header("Accept", "text/event-stream")
                    .header("Authorization", "Bearer " + tokens.token())
                    .build();
            HttpResponse<InputStream> response = http.client().send(request, BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                if (response.statusCode() != 200) {
                    return false;
                }
                open = in;
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1024);
                StringBuilder line = new StringBuilder();
                for (int c = lines.read(); c >= 0 && !closed; c = lines.read()) {
                    if (c != '\n') {
                        if (line.length() < LINE_CHARS_MAX) {
                            line.append((char) c);
                        }
                        continue;
                    }
                    came = true;
                    HeadEvent event = event(line.toString());
                    if (event != null) {
                        listener.accept(event);
                    }
                    line.setLength(0);
                }
            }
        } catch (IOException e) {
            return came;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        } finally {
            open = null;
        }
        return came;
    }

    /// What a line of the stream says; null if that is nothing, or nonsense.
    static @Nullable HeadEvent event(String line) {
        if (!line.startsWith("data:") || !line.contains("\"log\"")) {
            return null;
        }
        try {
            return Json.read(line.substring("data:".length()).strip().getBytes(StandardCharsets.UTF_8), HeadEvent.class);
        } catch (CofferException e) {
            return null;
        }
    }

    @Override
    public void close() {
        closed = true;
        InputStream in = open;
        if (in != null) {
            try {
                in.close();
            } catch (IOException e) {
                // The stream is given up either way.
                thread.interrupt();
            }
        }
        thread.interrupt();
    }
}
