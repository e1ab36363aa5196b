package coffer.store;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/// Where objects lie in an S3 service.
///
/// @param endpoint  `http` or `https` address of the service, without a path
/// @param region    as the provider names it; part of every signature
/// @param bucket    exists already
/// @param prefix    stands before every object name, so that a bucket can hold other things too; may be empty
/// @param pathStyle true for `endpoint/bucket/key`, false for `bucket.endpoint/key`
public record S3Location(URI endpoint, String region, String bucket, String prefix, boolean pathStyle) {

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern PREFIX = Pattern.compile("([a-z0-9-]{1,64}/)*");
    private static final Pattern REGION = Pattern.compile("[A-Za-z0-9-]{1,64}");

    public S3Location {
        String scheme = endpoint.getScheme() == null ? "" : endpoint.getScheme().toLowerCase(Locale.ROOT);
        String path = endpoint.getRawPath();
        if (!(scheme.equals("http") || scheme.equals("https"))
                || endpoint.getHost() == null
                || !(path.isEmpty() || path.equals("/"))
                || endpoint.getRawQuery() != null
                || endpoint.getRawUserInfo() != null) {
            throw new IllegalArgumentException("an S3 endpoint is http(s)://host[:port]");
        }
        if (!BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException("not a bucket name");
        }
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("a prefix is of lower-case segments that each end in a slash");
        }
        if (!REGION.matcher(region).matches()) {
            throw new IllegalArgumentException("not a region name");
        }
    }

    /// Scheme, host and port that transfers go to.
    public String origin() {
        String host = pathStyle ? endpoint.getHost() : bucket + "." + endpoint.getHost();
        return endpoint.getScheme().toLowerCase(Locale.ROOT) + "://" + authority(host);
    }

    URI object(ObjectName name) {
        return URI.create(base() + prefix + name.text());
    }

    /// @param query already encoded
    URI bucket(String query) {
        return URI.create(base() + "?" + query);
    }

    private String base() {
        return origin() + (pathStyle ? "/" + bucket + "/" : "/");
    }

    private String authority(String host) {
        return endpoint.getPort() < 0 ? host : host + ":" + endpoint.getPort();
    }
}
