package coffer.service;

import coffer.service.EventHub.Listener;
import coffer.service.EventHub.Notice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.util.Callback;

/// Server-sent events: first the head of every log of the account, then each new one; a comment as a sign of life; the end
/// when the token ends, the device is removed or the service stops.
final class EventApi {

    private static final byte[] OPENING = "retry: 1000\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PING = "event: ping\ndata: {}\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final Duration PING_EVERY = Duration.ofSeconds(15);

    private final EventHub hub;
    private final LogService logs;
    private final Clock clock;
    private final Metrics metrics;
    private final long pingMillis;

    EventApi(EventHub hub, LogService logs, Clock clock, Metrics metrics, Duration idleTimeout) {
        this.hub = hub;
        this.logs = logs;
        this.clock = clock;
        this.metrics = metrics;
        this.pingMillis = Math.min(PING_EVERY.toMillis(), idleTimeout.toMillis() / 2);
    }

    void listen(Exchange exchange) throws Problem, StorageException {
        Caller caller = exchange.caller();
        Listener listener = hub.listen(caller)
                .orElseThrow(() -> Problem.later(ProblemType.TOO_MANY_REQUESTS, Duration.ofSeconds(5)));
        try {
            for (LogService.HeadOf head : logs.heads(caller)) {
                listener.tell(head.log(), Notice.of(head.log(), head.head()));
            }
        } catch (StorageException | RuntimeException e) {
            hub.leave(listener);
            throw e;
        }
        exchange.startStream("text/event-stream");
        Callback callback = exchange.detach();
        Thread.ofVirtual().name("events").start(() -> serve(exchange, listener, callback));
    }

    private void serve(Exchange exchange, Listener listener, Callback callback) {
        try {
            exchange.push(OPENING);
            Optional<List<Notice>> news = listener.await(0);
            while (news.isPresent() && clock.millis() < listener.caller().expires()) {
                exchange.push(news.get().isEmpty() ? PING : events(news.get()));
                news = listener.await(Math.min(
                        pingMillis, Math.max(1, listener.caller().expires() - clock.millis())));
            }
            callback.succeeded();
        } catch (IOException e) {
            // The listener went away.
            callback.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
        } finally {
            hub.leave(listener);
        }
    }

    private byte[] events(List<Notice> notices) {
        metrics.add("coffer_events_sent_total", "", notices.size());
        StringBuilder out = new StringBuilder();
        notices.forEach(notice -> out.append(notice.text()));
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }
}
