package coffer.store;

import coffer.core.Hash;
import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// The right to store one object with one request.
///
/// @param method  of the request
/// @param headers to send as they are; besides, the request carries `Host` and `Content-Length: size`, which HTTP
///                clients write themselves
/// @param size    of the body, exactly; the store refuses another one
/// @param sha256  of the body; the store refuses another one
/// @param expires when the store stops accepting it
public record UploadGrant(
        String method, URI url, Map<String, String> headers, long size, Hash sha256, Instant expires) {
    public UploadGrant {
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
    }

    /// Names no part of the grant: whoever has the headers or the URL can use it.
    @Override
    public String toString() {
        return "UploadGrant[redacted]";
    }
}
