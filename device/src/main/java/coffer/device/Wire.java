package coffer.device;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/// Single requests to providers: no redirects, no cookies, answers of bounded size, and an end to every transfer that
/// stands still.
final class Wire implements AutoCloseable {

    /// Set by the client itself; a grant that names them says what the client does anyway.
    private static final Set<String> OWN_HEADERS = Set.of("host", "content-length", "connection", "expect", "upgrade");

    private static final Duration CONNECT = Duration.ofSeconds(10);

    /// The most that is read at once where the rate is limited.
    private static final int PACED_MAX = 16 << 10;

    private final HttpClient client;
    private final SSLSocketFactory sockets;
    private final Duration stillMax;
    private final Bandwidth bandwidth;

    /// @param stillMax  how long a transfer may stand still
    /// @param bandwidth what all transfers together may take
    Wire(SSLContext tls, Duration stillMax, Bandwidth bandwidth) {
        this.stillMax = stillMax;
        this.bandwidth = bandwidth;
        this.sockets = tls.getSocketFactory();
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
    ///
    /// By the JDK's blocking client, which reads from the socket straight into the array: the asynchronous one hands out
    /// what arrives in small buffers and copies each (docs/decisions/0008). Interrupting a virtual thread ends it at once,
    /// any other when the transfer is over or stands still.
    int receive(URI url, Map<String, String> headers, long size, int offset, int length, byte[] into, int intoOffset)
            throws IOException, InterruptedException {
        HttpURLConnection connection = open(url, headers);
        boolean whole = offset == 0 && length == size;
        if (!whole) {
            connection.setRequestProperty("Range", "bytes=" + offset + "-" + (offset + length - 1));
        }
        boolean reusable = false;
        try {
            int status = connection.getResponseCode();
            if (status < 0) {
                throw new IOException("no answer of HTTP");
            }
            if (status == (whole ? 200 : 206)) {
                fill(connection, into, intoOffset, length);
                reusable = true;
            }
            return status;
        } finally {
            if (!reusable) {
                connection.disconnect();
            }
        }
    }

    private HttpURLConnection open(URI url, Map<String, String> headers) throws IOException {
        if (!(url.toURL().openConnection() instanceof HttpURLConnection connection)) {
            throw new IOException("an address of another kind than HTTP");
        }
        if (connection instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(sockets);
        }
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setConnectTimeout((int) CONNECT.toMillis());
        connection.setReadTimeout((int) Math.min(Integer.MAX_VALUE, stillMax.toMillis()));
        connection.setRequestProperty("Accept", "*/*");
        connection.setRequestProperty("User-Agent", "coffer");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (!OWN_HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                try {
                    connection.setRequestProperty(header.getKey(), header.getValue());
                } catch (IllegalArgumentException e) {
                    throw new IOException("a grant with a header that cannot be sent", e);
                }
            }
        }
        return connection;
    }

    /// Reads exactly `length` bytes, and that there is no more.
    private void fill(HttpURLConnection connection, byte[] into, int offset, int length)
            throws IOException, InterruptedException {
        long announced = connection.getContentLengthLong();
        if (announced >= 0 && announced != length) {
            throw new IOException("answer of another length");
        }
        Throttle down = bandwidth.down;
        try (InputStream in = connection.getInputStream()) {
            int filled = 0;
            while (filled < length) {
                down.await();
                int wanted = down.rate() == Throttle.UNLIMITED ? length - filled : Math.min(PACED_MAX, length - filled);
                int read = in.read(into, offset + filled, wanted);
                if (read < 0) {
                    throw new IOException("answer of another length");
                }
                filled += read;
                down.spend(read);
            }
            if (in.read() >= 0) {
                throw new IOException("answer of another length");
            }
        }
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
}
