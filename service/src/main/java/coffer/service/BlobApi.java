package coffer.service;

import coffer.store.BlobAccess;
import coffer.store.BlobGrants;
import coffer.store.ByteRange;
import coffer.store.Content;
import coffer.store.ObjectMissing;
import coffer.store.ObjectName;
import coffer.store.ObjectStore;
import coffer.store.StoreCorrupt;
import coffer.store.StoreException;
import coffer.store.StoreFull;
import coffer.store.StoreRefused;
import coffer.store.StoreUnavailable;
import coffer.store.StoredStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;

/// The blob endpoint: what devices do with grants of providers that are folders of this service.
final class BlobApi {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
    private static final int COPY_BUFFER = 32 << 10;

    private final BlobGrants grants;
    private final Providers providers;
    private final Metrics metrics;

    BlobApi(BlobGrants grants, Providers providers, Metrics metrics) {
        this.grants = grants;
        this.providers = providers;
        this.metrics = metrics;
    }

    /// Stores the body if it is the object that was granted. Until the store has checked and kept all of it, nobody can read
    /// any of it.
    void put(Exchange exchange) throws Problem, IOException {
        BlobAccess.Granted granted = require(exchange);
        exchange.senderIsKnown();
        long length = exchange.announcedLength();
        if (length < 0) {
            throw Problem.of(ProblemType.LENGTH_NEEDED);
        }
        if (length != granted.size()) {
            throw Problem.of(ProblemType.WRONG_CONTENT, "The body has another length than was granted.");
        }
        try {
            store(granted).put(granted.name(), granted.size(), Content.once(exchange.stream()));
        } catch (StoreException e) {
            throw problem(e);
        }
        metrics.add("coffer_blob_bytes_total", "direction=\"in\"", granted.size());
        exchange.sendNothing(201);
    }

    void get(Exchange exchange) throws Problem, IOException {
        BlobAccess.Granted granted = require(exchange);
        ObjectStore store = store(granted);
        try {
            long size = size(store, granted.name());
            exchange.setHeader(HttpHeader.ACCEPT_RANGES, "bytes");
            exchange.setHeader(HttpHeader.ETAG, "\"" + granted.name().text() + "\"");
            Optional<ByteRange> range = range(exchange, size);
            if (exchange.method().equals("HEAD")) {
                exchange.sendHead(200, Exchange.BYTES, size);
            } else if (range.isPresent()) {
                ByteRange part = range.get();
                exchange.setHeader(
                        HttpHeader.CONTENT_RANGE, "bytes " + part.offset() + "-" + (part.end() - 1) + "/" + size);
                try (StoredStream in = store.get(granted.name(), part)) {
                    copy(exchange, 206, in);
                }
            } else {
                // As a range, which the store does not verify: a provider hands out what it has, and the device
                // judges it. Cutting a damaged object off would look like a broken connection.
                try (StoredStream in = store.get(granted.name(), new ByteRange(0, size))) {
                    copy(exchange, 200, in);
                }
            }
        } catch (StoreException e) {
            throw problem(e);
        }
    }

    /// A failure after the first byte cuts the connection, so that nobody takes a part for the whole.
    private void copy(Exchange exchange, int status, StoredStream in) throws IOException {
        exchange.setHeader(HttpHeader.CONTENT_LENGTH, Long.toString(in.length()));
        byte[] buffer = new byte[COPY_BUFFER];
        // The first read comes before the answer begins, so that a damaged small object is still a proper problem.
        int count = in.readNBytes(buffer, 0, buffer.length);
        OutputStream out = exchange.open(status, Exchange.BYTES);
        while (count > 0) {
            out.write(buffer, 0, count);
            count = in.read(buffer, 0, buffer.length);
        }
        out.close();
        metrics.add("coffer_blob_bytes_total", "direction=\"out\"", in.length());
    }

    private BlobAccess.Granted require(Exchange exchange) throws Problem {
        return switch (grants.verify(exchange.method(), exchange.parameter("name"), exchange.rawQuery())) {
            case BlobAccess.Granted granted -> granted;
            case BlobAccess.Expired _ -> throw Problem.of(ProblemType.GRANT_EXPIRED);
            case BlobAccess.Refused _ -> throw Problem.of(ProblemType.GRANT_REFUSED);
        };
    }

    private ObjectStore store(BlobAccess.Granted granted) throws Problem {
        return providers.find(granted.provider())
                .filter(provider -> !provider.direct())
                .map(PackProvider::store)
                .orElseThrow(() -> Problem.of(ProblemType.GRANT_REFUSED));
    }

    private static long size(ObjectStore store, ObjectName name) throws StoreException, Problem {
        return store.stat(name).orElseThrow(() -> Problem.of(ProblemType.NOT_FOUND)).size();
    }

    /// The one range asked for. Other units and several ranges are passed over, as RFC 9110 allows.
    private static Optional<ByteRange> range(Exchange exchange, long size) throws Problem {
        Matcher matcher = RANGE.matcher(exchange.header(HttpHeader.RANGE).orElse(""));
        if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return Optional.empty();
        }
        long first;
        long last;
        if (matcher.group(1).isEmpty()) {
            first = Math.max(0, size - Long.parseLong(matcher.group(2)));
            last = size - 1;
        } else {
            first = Long.parseLong(matcher.group(1));
            last = matcher.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(matcher.group(2)));
            if (!matcher.group(2).isEmpty() && Long.parseLong(matcher.group(2)) < first) {
                return Optional.empty();
            }
        }
        if (first > last) {
            exchange.setHeader(HttpHeader.CONTENT_RANGE, "bytes */" + size);
            throw Problem.of(ProblemType.RANGE_NOT_SATISFIABLE);
        }
        return Optional.of(new ByteRange(first, last - first + 1));
    }

    private static Problem problem(StoreException e) {
        return switch (e) {
            case ObjectMissing _ -> Problem.of(ProblemType.NOT_FOUND);
            case StoreUnavailable _ -> Problem.of(ProblemType.UNAVAILABLE);
            case StoreRefused refused ->
                Problem.of(refused.reason() == StoreRefused.Reason.CONTENT ? ProblemType.WRONG_CONTENT : ProblemType.UNAVAILABLE);
            case StoreCorrupt _ -> Problem.of(ProblemType.STORED_BYTES_DAMAGED);
            case StoreFull _ -> Problem.of(ProblemType.DISK_FULL);
        };
    }
}
