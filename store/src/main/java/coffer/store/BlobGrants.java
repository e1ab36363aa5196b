package coffer.store;

import coffer.core.CborWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Grants for stores that the service itself serves at its blob endpoint (docs/spec/store.md, section 5).
///
/// ```
/// PUT <base>/<name>?provider=<id>&size=<bytes>&expires=<seconds>&grant=<mac>
/// GET <base>/<name>?provider=<id>&expires=<seconds>&grant=<mac>
/// ```
///
/// The grant is an HMAC-SHA-256 over method, provider, name (which is the SHA-256 of the body), size and expiry, under
/// a key that only the service has. Stateless; a GET grant admits HEAD too. Safe for use by many threads.
public final class BlobGrants {

    /// Bytes of the service's key.
    public static final int KEY_SIZE = 32;

    private static final byte[] LABEL = "coffer/blob-grant/v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern PROVIDER = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final String NUMBER = "(0|[1-9][0-9]{0,17})";
    private static final Pattern QUERY = Pattern.compile("provider=([a-z0-9-]{1,63})(?:&size=" + NUMBER + ")?&expires="
            + NUMBER + "&grant=([A-Za-z0-9_-]{43})");

    private final SecretKeySpec key;
    private final URI base;
    private final Clock clock;

    /// @param key  32 secret random bytes; copied
    /// @param base address of the blob endpoint as devices reach it, without a final slash
    public BlobGrants(byte[] key, URI base, Clock clock) {
        if (key.length != KEY_SIZE) {
            throw new IllegalArgumentException("a blob grant key has 32 bytes");
        }
        if (base.getHost() == null || base.getRawQuery() != null || base.getRawPath().endsWith("/")) {
            throw new IllegalArgumentException("the base is http(s)://host[:port]/path");
        }
        this.key = new SecretKeySpec(key, "HmacSHA256");
        this.base = base;
        this.clock = clock;
    }

    /// The grants of one provider's store.
    ///
    /// @param provider its id: lower-case letters, digits and hyphens
    public TransferGrants forProvider(String provider) {
        if (!PROVIDER.matcher(provider).matches()) {
            throw new IllegalArgumentException("not a provider id");
        }
        return new ForProvider(provider);
    }

    /// Judges a request to the blob endpoint.
    ///
    /// @param method   `PUT`, `GET` or `HEAD`; nothing else is ever granted
    /// @param name     last segment of its path
    /// @param rawQuery as received; empty if there is none
    public BlobAccess verify(String method, String name, String rawQuery) {
        Matcher query = QUERY.matcher(rawQuery);
        if (!ObjectName.isName(name) || !query.matches()) {
            return new BlobAccess.Refused();
        }
        String granted = method.equals("HEAD") ? "GET" : method;
        String sizeText = query.group(2);
        if (!granted.equals(sizeText == null ? "GET" : "PUT")) {
            return new BlobAccess.Refused();
        }
        long size = sizeText == null ? 0 : Long.parseLong(sizeText);
        long expires = Long.parseLong(query.group(3));
        var object = ObjectName.parse(name);
        String mac = mac(granted, query.group(1), object, size, expires);
        byte[] given = query.group(4).getBytes(StandardCharsets.US_ASCII);
        // The texts are compared, not the bytes they decode to, so that a grant has exactly one spelling.
        if (!MessageDigest.isEqual(mac.getBytes(StandardCharsets.US_ASCII), given)) {
            return new BlobAccess.Refused();
        }
        return clock.instant().getEpochSecond() >= expires
                ? new BlobAccess.Expired()
                : new BlobAccess.Granted(query.group(1), object, size);
    }

    private String mac(String method, String provider, ObjectName name, long size, long expires) {
        byte[] message = new CborWriter()
                .array(5)
                .text(method)
                .text(provider)
                .bytes(name.sha256().value())
                .integer(size)
                .integer(expires)
                .toByteArray();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(LABEL);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(message));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }

    private final class ForProvider implements TransferGrants {
        private final String provider;

        ForProvider(String provider) {
            this.provider = provider;
        }

        @Override
        public String origin() {
            return base.getScheme() + "://" + base.getRawAuthority();
        }

        @Override
        public UploadGrant upload(ObjectName name, long size, Duration lifetime) {
            if (size < 0) {
                throw new IllegalArgumentException("negative size");
            }
            Instant expires = expires(lifetime);
            String mac = mac("PUT", provider, name, size, expires.getEpochSecond());
            URI url = url(name, "&size=" + size, expires, mac);
            return new UploadGrant("PUT", url, Map.of(), size, name.sha256(), expires);
        }

        @Override
        public DownloadGrant download(ObjectName name, Duration lifetime) {
            Instant expires = expires(lifetime);
            String mac = mac("GET", provider, name, 0, expires.getEpochSecond());
            return new DownloadGrant(url(name, "", expires, mac), Map.of(), expires);
        }

        private Instant expires(Duration lifetime) {
            if (lifetime.toSeconds() < 1) {
                throw new IllegalArgumentException("a grant lives at least a second");
            }
            return clock.instant().plus(lifetime).truncatedTo(ChronoUnit.SECONDS);
        }

        private URI url(ObjectName name, String size, Instant expires, String mac) {
            return URI.create(base + "/" + name.text() + "?provider=" + provider + size + "&expires="
                    + expires.getEpochSecond() + "&grant=" + mac);
        }
    }
}
