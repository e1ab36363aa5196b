package coffer.service.evaluation;

import coffer.store.BlobAccess;
import coffer.store.BlobGrants;
import coffer.store.ByteRange;
import coffer.store.Content;
import coffer.store.DownloadGrant;
import coffer.store.ObjectMissing;
import coffer.store.ObjectName;
import coffer.store.ObjectStore;
import coffer.store.StoreException;
import coffer.store.StoreRefused;
import coffer.store.StoreUnavailable;
import coffer.store.TransferGrants;
import coffer.store.UploadGrant;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The endpoint that blob grants point to, over a store, without a network. Can be told what not to enforce.
final class FakeWire implements Wire {

    /// What an endpoint may fail to do.
    enum Lapse {
        /// Stores whatever comes under an upload grant.
        TAKES_ANY_BODY,
        /// Takes any signature.
        TAKES_ANY_SIGNATURE,
        /// Takes a grant for any object.
        TAKES_ANY_OBJECT,
        /// Takes a grant for any method.
        TAKES_ANY_METHOD,
        /// Takes a grant for ever.
        TAKES_EXPIRED,
        /// Gives everything to everybody.
        IS_PUBLIC,
        /// Answers with the whole object where a range was asked for.
        IGNORES_RANGES,
        /// Says "later" to everything.
        THROTTLES
    }

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private final ObjectStore store;
    private final BlobGrants grants;
    private final Set<Lapse> lapses = EnumSet.noneOf(Lapse.class);
    private final List<String> issued = new ArrayList<>();
    private boolean conditional;

    FakeWire(ObjectStore store, BlobGrants grants) {
        this.store = store;
        this.grants = grants;
    }

    FakeWire with(Lapse lapse) {
        lapses.add(lapse);
        return this;
    }

    FakeWire conditional() {
        conditional = true;
        return this;
    }

    @Override
    public Answer send(String method, URI url, Map<String, String> headers, byte[] body) throws IOException {
        if (lapses.contains(Lapse.THROTTLES)) {
            return status(503);
        }
        String name = url.getPath().substring(url.getPath().lastIndexOf('/') + 1);
        String query = url.getRawQuery() == null ? "" : url.getRawQuery();
        if (!isAdmitted(method, name, query)) {
            return status(403);
        }
        try {
            return serve(method, ObjectName.parse(name), headers, body);
        } catch (ObjectMissing e) {
            return status(404);
        } catch (StoreRefused e) {
            return status(400);
        } catch (StoreUnavailable e) {
            return status(503);
        } catch (StoreException e) {
            return status(500);
        }
    }

    private boolean isAdmitted(String method, String name, String query) {
        if (query.isEmpty()) {
            return lapses.contains(Lapse.IS_PUBLIC);
        }
        return switch (grants.verify(method, name, query)) {
            case BlobAccess.Granted _ -> true;
            case BlobAccess.Expired _ -> lapses.contains(Lapse.TAKES_EXPIRED);
            case BlobAccess.Refused _ -> isLapse(method, query);
        };
    }

    /// Of what a sound endpoint refuses, tells apart by what is wrong with it.
    private boolean isLapse(String method, String query) {
        boolean put = query.contains("size=");
        boolean otherMethod = !method.equals(put ? "PUT" : "GET");
        if (otherMethod) {
            return lapses.contains(Lapse.TAKES_ANY_METHOD);
        }
        boolean ofAnother = issued.stream().anyMatch(query::equals);
        return lapses.contains(ofAnother ? Lapse.TAKES_ANY_OBJECT : Lapse.TAKES_ANY_SIGNATURE);
    }

    /// Grants of this endpoint, remembered so that misuse of one can be told from a forged one.
    TransferGrants grants(String provider) {
        TransferGrants inner = grants.forProvider(provider);
        return new TransferGrants() {
            @Override
            public String origin() {
                return inner.origin();
            }

            @Override
            public UploadGrant upload(ObjectName name, long size, Duration lifetime) {
                var grant = inner.upload(name, size, lifetime);
                issued.add(grant.url().getRawQuery());
                return grant;
            }

            @Override
            public DownloadGrant download(ObjectName name, Duration lifetime) {
                var grant = inner.download(name, lifetime);
                issued.add(grant.url().getRawQuery());
                return grant;
            }
        };
    }

    private Answer serve(String method, ObjectName name, Map<String, String> headers, byte[] body) throws IOException {
        return switch (method) {
            case "PUT" -> put(name, headers, body);
            case "GET" -> get(name, headers);
            case "DELETE" -> {
                store.delete(name);
                yield status(204);
            }
            default -> status(405);
        };
    }

    private Answer put(ObjectName name, Map<String, String> headers, byte[] body) throws IOException {
        if (conditional && headers.containsKey("if-none-match") && store.stat(name).isPresent()) {
            return status(412);
        }
        if (lapses.contains(Lapse.TAKES_ANY_BODY)) {
            return status(200);
        }
        store.put(name, body.length, Content.of(body));
        return status(201);
    }

    private Answer get(ObjectName name, Map<String, String> headers) throws StoreException {
        Matcher range = RANGE.matcher(headers.getOrDefault("range", ""));
        if (range.matches() && !lapses.contains(Lapse.IGNORES_RANGES)) {
            long first = Long.parseLong(range.group(1));
            long last = Long.parseLong(range.group(2));
            return new Answer(206, store.read(name, new ByteRange(first, last - first + 1)));
        }
        return new Answer(200, store.read(name, 1 << 20));
    }

    private static Answer status(int status) {
        return new Answer(status, new byte[0]);
    }
}
