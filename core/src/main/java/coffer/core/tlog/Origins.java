package coffer.core.tlog;

import java.net.URI;
import java.util.Locale;

/// Scheme, host and port of an address, in the one form that statements have: lower case, without the port that the
/// scheme implies.
public final class Origins {

    private Origins() {}

    /// The origin of an address; the empty text where there is no such thing.
    public static String of(URI address) {
        String scheme = address.getScheme();
        String host = address.getHost();
        if (scheme == null || host == null || address.getUserInfo() != null) {
            return "";
        }
        scheme = scheme.toLowerCase(Locale.ROOT);
        int implied = scheme.equals("https") ? 443 : 80;
        int port = address.getPort();
        return scheme + "://" + host.toLowerCase(Locale.ROOT) + (port < 0 || port == implied ? "" : ":" + port);
    }
}
