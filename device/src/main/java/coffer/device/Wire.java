package coffer.device;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Single requests to providers: no redirects, no cookies, answers of bounded size, and an end to every transfer that
/// stands still.
final class Wire implements AutoCloseable {

    /// Set by the client itself; a grant that names them says what the client does anyway.
    private static final Set<String> OWN_HEADERS = Set.of("host", "content-length", "connection", "expect", "upgrade");

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final HttpClient client;
    private final Duration stillMax;
    private final Bandwidth bandwidth;

    /// @param stillMax  how long a transfer may stand still
    /// @param bandwidth what all transfers together may take
    Wire(SSLContext tls, Duration stillMax, Bandwidth bandwidth) {
        this.stillMax = stillMax;
        this.bandwidth = bandwidth;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .sslContext(tls)
                .build();
    }

    /// What is sent; asked for anew for each attempt.
    @FunctionalInterface
    interface Body {
        HttpRequest.BodyPublisher publisher() throws IOException;
    }

    /// Sends a body and returns the status of the answer.
    int send(String method, URI url, Map<String, String> headers, Body body) throws IOException, InterruptedException {
        AtomicLong steps = new AtomicLong();
        HttpRequest.BodyPublisher bytes = body.publisher();
        HttpRequest request = request(url, headers).method(method, new Counted(bytes, bandwidth.up, steps)).build();
        return await(client.sendAsync(request, HttpResponse.BodyHandlers.discarding()), steps).statusCode();
    }

    /// Reads `length` bytes from `offset` of what is at `url` and has `size` bytes in all; returns the status.
    /// Anything but a full answer of exactly that length is an [IOException] or another status than 200 and 206.
    int receive(URI url, Map<String, String> headers, long size, int offset, int length, byte[] into, int intoOffset)
            throws IOException, InterruptedException {
        AtomicLong steps = new AtomicLong();
        HttpRequest.Builder request = request(url, headers);
        boolean whole = offset == 0 && length == size;
        if (!whole) {
            request.header("Range", "bytes=" + offset + "-" + (offset + length - 1));
        }
        HttpResponse<Long> response = await(
                client.sendAsync(request.GET().build(), answer -> {
                    boolean expected = answer.statusCode() == (whole ? 200 : 206);
                    OptionalLong announced = answer.headers().firstValueAsLong("Content-Length");
                    boolean fits = announced.isEmpty() || announced.getAsLong() == length;
                    return new Filler(into, intoOffset, expected && fits ? length : 0, bandwidth.down, steps);
                }),
                steps);
        boolean expected = response.statusCode() == (whole ? 200 : 206);
        if (expected && response.body() != length) {
            throw new IOException("answer of another length");
        }
        return response.statusCode();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private static HttpRequest.Builder request(URI url, Map<String, String> headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (!OWN_HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                try {
                    request.header(header.getKey(), header.getValue());
                } catch (IllegalArgumentException e) {
                    throw new IOException("a grant with a header that cannot be sent", e);
                }
            }
        }
        return request;
    }

    /// Waits as long as there are steps.
    private <T> HttpResponse<T> await(CompletableFuture<HttpResponse<T>> answer, AtomicLong steps)
            throws IOException, InterruptedException {
        long seen = -1;
        while (true) {
            try {
                return answer.get(stillMax.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long now = steps.get();
                if (now == seen) {
                    answer.cancel(true);
                    throw new IOException("a transfer stood still", e);
                }
                seen = now;
            } catch (InterruptedException e) {
                answer.cancel(true);
                throw e;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException io ? io : new IOException("a transfer failed", e.getCause());
            }
        }
    }

    /// Counts and paces what is sent.
    private record Counted(HttpRequest.BodyPublisher bytes, Throttle throttle, AtomicLong steps) implements HttpRequest.BodyPublisher {

        @Override
        public long contentLength() {
            return bytes.contentLength();
        }

        @Override
        public void subscribe(Flow.Subscriber<? super ByteBuffer> to) {
            bytes.subscribe(new Flow.Subscriber<ByteBuffer>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    to.onSubscribe(throttle.pace(subscription, steps::incrementAndGet));
                }

                @Override
                public void onNext(ByteBuffer item) {
                    steps.incrementAndGet();
                    throttle.spend(item.remaining());
                    to.onNext(item);
                }

                @Override
                public void onError(Throwable error) {
                    to.onError(error);
                }

                @Override
                public void onComplete() {
                    to.onComplete();
                }
            });
        }
    }

    /// Fills a range of an array and drops what is more.
    private static final class Filler implements HttpResponse.BodySubscriber<Long> {

        private final byte[] into;
        private final int offset;
        private final int length;
        private final Throttle throttle;
        private final AtomicLong steps;
        private final CompletableFuture<Long> done = new CompletableFuture<>();
        private long received;
        private Flow.@Nullable Subscription paced;

        Filler(byte[] into, int offset, int length, Throttle throttle, AtomicLong steps) {
            this.into = into;
            this.offset = offset;
            this.length = length;
            this.throttle = throttle;
            this.steps = steps;
        }

        @Override
        public CompletionStage<Long> getBody() {
            return done;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            paced = throttle.rate() == Throttle.UNLIMITED ? null : throttle.pace(subscription, steps::incrementAndGet);
            if (paced == null) {
                subscription.request(Long.MAX_VALUE);
            } else {
                paced.request(1);
            }
        }

        @Override
        public void onNext(List<ByteBuffer> items) {
            steps.incrementAndGet();
            for (ByteBuffer item : items) {
                int arrived = item.remaining();
                int wanted = (int) Math.min(arrived, Math.max(0, length - received));
                item.get(into, offset + (int) Math.min(received, length), wanted);
                received += arrived;
                throttle.spend(arrived);
            }
            if (paced != null) {
                paced.request(1);
            }
        }

        @Override
        public void onError(Throwable error) {
            done.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            done.complete(received);
        }
    }
}
