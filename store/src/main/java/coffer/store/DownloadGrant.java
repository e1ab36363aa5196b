package coffer.store;

import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// The right to read one object by GET, whole or with a `Range` header, until it expires.
///
/// @param headers to send as they are
/// @param expires when the store stops accepting it
public record DownloadGrant(URI url, Map<String, String> headers, Instant expires) {
    public DownloadGrant {
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
    }

    /// Names no part of the grant: whoever has the URL can use it.
    @Override
    public String toString() {
        return "DownloadGrant[redacted]";
    }
}
