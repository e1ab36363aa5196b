package coffer.store;

import coffer.core.Hash;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// AWS Signature Version 4 for S3 ("Authenticating Requests: Using the Authorization Header" and "Using Query
/// Parameters" of the Amazon S3 API Reference). Pure: the time is an argument.
final class SigV4 {

    /// The payload hash of a request without a body.
    static final String EMPTY_SHA256 = Hash.of(new byte[0]).hex();

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int DATE_LENGTH = 8;

    private final S3Credentials credentials;
    private final String region;

    SigV4(S3Credentials credentials, String region) {
        this.credentials = credentials;
        this.region = region;
    }

    /// Signs a request by headers and returns all headers to send, in lower case, except `host` and `content-length`:
    /// those are signed too, but an HTTP client writes them itself.
    ///
    /// @param headers       further headers to sign, in lower case; `content-length` among them binds the size
    /// @param payloadSha256 lower-case hex; binds the body
    SortedMap<String, String> sign(
            String method, URI uri, Map<String, String> headers, String payloadSha256, Instant now) {
        String time = TIME.format(now);
        var signed = new TreeMap<String, String>(headers);
        signed.put("host", hostHeader(uri));
        signed.put("x-amz-date", time);
        signed.put("x-amz-content-sha256", payloadSha256);
        credentials.sessionToken().ifPresent(token -> signed.put("x-amz-security-token", token));
        String names = String.join(";", signed.keySet());
        String signature = signature(time, canonicalRequest(method, uri, canonicalQuery(uri), signed, payloadSha256));
        var sent = new TreeMap<String, String>(signed);
        sent.remove("host");
        sent.remove("content-length");
        sent.put("authorization", ALGORITHM + " Credential=" + credentials.accessKey() + "/" + scope(time)
                + ",SignedHeaders=" + names + ",Signature=" + signature);
        return sent;
    }

    /// A URL that anyone may use for one method until it expires. It binds neither body nor other headers.
    URI presign(String method, URI uri, Duration lifetime, Instant now) {
        String time = TIME.format(now);
        var query = new TreeMap<String, String>();
        query.put("X-Amz-Algorithm", ALGORITHM);
        query.put("X-Amz-Credential", credentials.accessKey() + "/" + scope(time));
        query.put("X-Amz-Date", time);
        query.put("X-Amz-Expires", Long.toString(lifetime.toSeconds()));
        query.put("X-Amz-SignedHeaders", "host");
        credentials.sessionToken().ifPresent(token -> query.put("X-Amz-Security-Token", token));
        String canonical = query.entrySet().stream()
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
        var headers = new TreeMap<String, String>(Map.of("host", hostHeader(uri)));
        String signature = signature(time, canonicalRequest(method, uri, canonical, headers, UNSIGNED));
        return URI.create(uri + "?" + canonical + "&X-Amz-Signature=" + signature);
    }

    private String signature(String time, String canonicalRequest) {
        String text = ALGORITHM + "\n" + time + "\n" + scope(time) + "\n"
                + Hash.of(canonicalRequest.getBytes(StandardCharsets.UTF_8)).hex();
        byte[] key = ("AWS4" + credentials.secretKey()).getBytes(StandardCharsets.UTF_8);
        for (String part : scope(time).split("/", -1)) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, text));
    }

    private String scope(String time) {
        return time.substring(0, DATE_LENGTH) + "/" + region + "/s3/aws4_request";
    }

    private static String canonicalRequest(
            String method, URI uri, String query, SortedMap<String, String> headers, String payloadSha256) {
        String lines = headers.entrySet().stream()
                .map(e -> e.getKey() + ":" + e.getValue().strip().replaceAll(" +", " ") + "\n")
                .collect(Collectors.joining());
        String path = uri.getPath().isEmpty() ? "/" : encodePath(uri.getPath());
        return String.join(
                "\n", method, path, query, lines, String.join(";", headers.keySet()), payloadSha256);
    }

    private static String canonicalQuery(URI uri) {
        if (uri.getRawQuery() == null) {
            return "";
        }
        return Stream.of(uri.getRawQuery().split("&", -1))
                .map(pair -> pair.split("=", 2))
                .map(pair -> Map.entry(encode(decode(pair[0])), pair.length == 1 ? "" : encode(decode(pair[1]))))
                .sorted(Map.Entry.<String, String>comparingByKey().thenComparing(Map.Entry::getValue,
                        Comparator.naturalOrder()))
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining("&"));
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encodePath(String path) {
        return Stream.of(path.split("/", -1)).map(SigV4::encode).collect(Collectors.joining("/"));
    }

    /// Percent-encodes all but the unreserved characters of RFC 3986, as the specification asks.
    static String encode(String text) {
        var out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "-_.~".indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return out.toString();
    }

    /// As HTTP clients send it: without the port where the scheme implies it.
    private static String hostHeader(URI uri) {
        int implied = uri.getScheme().equals("https") ? 443 : 80;
        return uri.getPort() < 0 || uri.getPort() == implied ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }
}
