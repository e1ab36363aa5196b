package coffer.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Objects in a bucket of any service that speaks the S3 protocol.
///
/// Relies on very little of it, because services differ: PUT, GET with a range, HEAD, DELETE and ListObjectsV2, all
/// signed by headers. A PUT signs the size and the SHA-256 of its body, which services check before they store it;
/// entity tags, conditional writes, checksum headers and multipart uploads are not used. Durable when the provider
/// says so: the device reads back what it cannot afford to lose.
///
/// HTTP/1.1 on purpose: it is faster for bulk, and its connections do not share one window. Redirects are never
/// followed, so that no signature reaches another host.
public final class S3Store implements ObjectStore {

    /// One PUT of the S3 protocol takes no more.
    static final long OBJECT_BYTES_MAX = 5L << 30;

    /// A million foreign keys between two of ours are taken for a listing without end.
    private static final int LIST_PAGES_MAX = 1_000;

    private final S3Location location;
    private final SigV4 signer;
    private final S3Limits limits;
    private final Clock clock;
    private final RandomGenerator random;
    private final Ticks ticks;
    private final HttpClient client;
    private final Semaphore turns;
    private final Watchdog watchdog = new Watchdog();

    public S3Store(S3Location location, S3Credentials credentials) {
        this(location, credentials, S3Limits.DEFAULT, Clock.systemUTC(), RandomGenerator.getDefault(), Ticks.SYSTEM);
    }

    /// @param clock  for signatures, which providers refuse when it is some minutes off
    /// @param random spreads retries; nothing secret
    public S3Store(
            S3Location location,
            S3Credentials credentials,
            S3Limits limits,
            Clock clock,
            RandomGenerator random,
            Ticks ticks) {
        this.location = location;
        this.signer = new SigV4(credentials, location.region());
        this.limits = limits;
        this.clock = clock;
        this.random = random;
        this.ticks = ticks;
        this.turns = new Semaphore(limits.concurrentMax(), true);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limits.connectTimeout())
                .build();
    }

    @Override
    public void put(ObjectName name, long size, Content content) throws StoreException, IOException {
        if (size > OBJECT_BYTES_MAX) {
            throw new StoreRefused(StoreRefused.Reason.REQUEST);
        }
        RetryPolicy policy = content.repeatable() ? limits.retry() : RetryPolicy.NONE;
        policy.<Boolean, IOException>run(ticks, random, () -> {
            putOnce(name, size, content);
            return true;
        });
    }

    private void putOnce(ObjectName name, long size, Content content) throws StoreException, IOException {
        try (var in = new ContentStream(content, name, size)) {
            if (size == 0 && in.read() >= 0) {
                throw new AssertionError("an empty content stream ends or throws");
            }
            BodyPublisher body = size == 0
                    ? BodyPublishers.noBody()
                    : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> in), size);
            var headers = Map.of("content-length", Long.toString(size));
            try (Answer answer = send(
                    "PUT", location.object(name), headers, Map.of(), name.text(), body, limits.uploadTimeout(size))) {
                answer.require(200);
            } catch (StoreException e) {
                IOException cause = in.failure();
                throw cause == null ? e : cause;
            }
        }
    }

    @Override
    public StoredStream get(ObjectName name) throws StoreException {
        return retrying(() -> {
            Answer answer = send("GET", location.object(name), Map.of());
            try {
                answer.require(200);
                long size = answer.length().orElseThrow(() -> new StoreCorrupt("the answer has no length"));
                return CheckedStream.whole(answer.body(), name, size);
            } catch (StoreException e) {
                answer.close();
                throw e;
            }
        });
    }

    @Override
    public StoredStream get(ObjectName name, ByteRange range) throws StoreException {
        return retrying(() -> {
            String asked = "bytes=" + range.offset() + "-" + (range.end() - 1);
            Answer answer = send("GET", location.object(name), Map.of("range", asked));
            try {
                answer.require(206);
                long total = ContentRange.parse(answer.header("content-range")).requireAsked(range);
                long length = answer.length().orElse(range.length());
                if (length != range.length()) {
                    throw new StoreCorrupt("the answer is of another length than its range");
                }
                return CheckedStream.range(answer.body(), range.length(), total);
            } catch (StoreException e) {
                answer.close();
                throw e;
            }
        });
    }

    @Override
    public Optional<ObjectInfo> stat(ObjectName name) throws StoreException {
        return retrying(() -> {
            try (Answer answer = send("HEAD", location.object(name), Map.of())) {
                if (answer.status() == 404) {
                    return Optional.empty();
                }
                answer.require(200);
                long size = answer.length().orElseThrow(() -> new StoreCorrupt("the answer has no length"));
                return Optional.of(new ObjectInfo(name, size));
            }
        });
    }

    @Override
    public void delete(ObjectName name) throws StoreException {
        retrying(() -> {
            try (Answer answer = send("DELETE", location.object(name), Map.of())) {
                if (answer.status() == 200 || answer.status() == 204) {
                    return true;
                }
                StoreException failure = answer.failure();
                if (failure instanceof ObjectMissing) {
                    return false;
                }
                throw failure;
            }
        });
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) throws StoreException {
        Listing.requireArguments(prefix, after, limit);
        var found = new ArrayList<ObjectInfo>();
        @Nullable String token = null;
        int pages = 0;
        do {
            if (++pages > LIST_PAGES_MAX) {
                throw new StoreCorrupt("the provider's listing does not end");
            }
            // Further pages are needed where keys of others lie between ours: then ask for as many as there can be.
            S3Listing page = page(prefix, after, pages == 1 ? limit : LIST_MAX, token);
            for (ObjectInfo object : page.objects()) {
                boolean inOrder = found.isEmpty() || found.getLast().name().compareTo(object.name()) < 0;
                String text = object.name().text();
                if (!inOrder || !text.startsWith(prefix) || text.compareTo(after) <= 0) {
                    throw new StoreCorrupt("the provider's listing is not what was asked for");
                }
                if (found.size() < limit) {
                    found.add(object);
                }
            }
            token = page.next();
        } while (token != null && found.size() < limit);
        return List.copyOf(found);
    }

    private S3Listing page(String prefix, String after, int limit, @Nullable String token) throws StoreException {
        var query = new StringBuilder("list-type=2&max-keys=" + limit);
        query.append("&prefix=").append(SigV4.encode(location.prefix() + prefix));
        if (!after.isEmpty()) {
            query.append("&start-after=").append(SigV4.encode(location.prefix() + after));
        }
        if (token != null) {
            query.append("&continuation-token=").append(SigV4.encode(token));
        }
        return retrying(() -> {
            try (Answer answer = send("GET", location.bucket(query.toString()), Map.of())) {
                if (answer.status() == 404) {
                    throw new StoreRefused(StoreRefused.Reason.PLACE);
                }
                answer.require(200);
                return S3Listing.parse(answer.bytes(S3Listing.PAGE_BYTES_MAX), location.prefix());
            }
        });
    }

    @Override
    public void close() {
        // Not `close`, which waits for transfers to finish: a provider that stalls would hold the process.
        client.shutdownNow();
        watchdog.close();
    }

    private <T> T retrying(RetryPolicy.Call<T, StoreException> call) throws StoreException {
        return limits.retry().run(ticks, random, call);
    }

    private Answer send(String method, URI uri, Map<String, String> headers) throws StoreException {
        return send(method, uri, Map.of(), headers, SigV4.EMPTY_SHA256, BodyPublishers.noBody(), limits.answerTimeout());
    }

    private Answer send(
            String method,
            URI uri,
            Map<String, String> signedHeaders,
            Map<String, String> otherHeaders,
            String payloadSha256,
            BodyPublisher body,
            Duration timeout)
            throws StoreException {
        var request = HttpRequest.newBuilder(uri).method(method, body).timeout(timeout);
        otherHeaders.forEach(request::header);
        takeTurn();
        boolean answered = false;
        try {
            // Signed after the wait, because a signature lives only minutes.
            signer.sign(method, uri, signedHeaders, payloadSha256, clock.instant()).forEach(request::header);
            var answer = new Answer(client.send(request.build(), BodyHandlers.ofInputStream()));
            answered = true;
            return answer;
        } catch (IOException e) {
            throw new StoreUnavailable("the provider cannot be reached", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("interrupted while waiting for the provider", e);
        } finally {
            if (!answered) {
                turns.release();
            }
        }
    }

    private void takeTurn() throws StoreUnavailable {
        try {
            if (!turns.tryAcquire(limits.turnTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new StoreUnavailable("too many requests wait for the provider");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("interrupted while waiting for the provider", e);
        }
    }

    /// One answer. Holds a turn until it, or the body taken from it, is closed.
    private final class Answer implements AutoCloseable {
        private final HttpResponse<InputStream> response;
        private final InputStream body;

        Answer(HttpResponse<InputStream> response) {
            this.response = response;
            this.body = new WatchedStream(response.body(), watchdog, limits.answerTimeout(), turns::release);
        }

        int status() {
            return response.statusCode();
        }

        InputStream body() {
            return body;
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        OptionalLong length() throws StoreCorrupt {
            try {
                return response.headers().firstValueAsLong("content-length");
            } catch (NumberFormatException e) {
                throw new StoreCorrupt("the answer has no readable length", e);
            }
        }

        void require(int status) throws StoreException {
            if (status() != status) {
                throw status() >= 200 && status() < 300
                        ? new StoreCorrupt("the answer is of another kind than was asked for")
                        : failure();
            }
            String encoding = header("content-encoding");
            if (!encoding.isEmpty() && !encoding.equals("identity") && !encoding.equals("aws-chunked")) {
                throw new StoreCorrupt("the answer is encoded");
            }
        }

        StoreException failure() {
            try {
                String text = new String(body.readNBytes(S3Answers.ERROR_BYTES_MAX), StandardCharsets.UTF_8);
                return S3Answers.failure(status(), text);
            } catch (IOException e) {
                return S3Answers.failure(status(), "");
            }
        }

        byte[] bytes(int sizeMax) throws StoreException {
            try {
                byte[] bytes = body.readNBytes(sizeMax + 1);
                if (bytes.length > sizeMax) {
                    throw new StoreCorrupt("the answer is too long");
                }
                return bytes;
            } catch (StoreException e) {
                throw e;
            } catch (IOException e) {
                throw new StoreUnavailable("reading from the provider failed", e);
            }
        }

        @Override
        public void close() {
            try {
                body.close();
            } catch (IOException e) {
                // The connection is given up; whatever was read has been checked.
                return;
            }
        }
    }
}
