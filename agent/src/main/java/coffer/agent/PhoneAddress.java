package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// At which addresses of this machine phones may be served: those that no router sends on to the internet.
///
/// A link-local IPv6 address is left out, because browsers take none in an address.
final class PhoneAddress {

    /// For documentation alone (RFC 5737): nothing is sent there, but the system says from where it would be.
    private static final byte[] ELSEWHERE = {(byte) 192, 0, 2, 1};

    private PhoneAddress() {}

    /// RFC 1918, RFC 3927 and RFC 4193: private, link-local and unique local addresses.
    static boolean isPrivate(InetAddress address) {
        if (address instanceof Inet6Address) {
            return (address.getAddress()[0] & 0xfe) == 0xfc;
        }
        return address.isSiteLocalAddress() || address.isLinkLocalAddress();
    }

    /// The address that a person names. This machine's own is taken too: it reaches nobody, so that one can try.
    static InetAddress parse(String text) throws CofferException {
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw refused("That is no address of a network.", e);
        }
        if (!isPrivate(address) && !address.equals(InetAddress.ofLiteral("127.0.0.1"))) {
            throw refused("That address is not one of a home network.", null);
        }
        return address;
    }

    /// The address that the home network most likely knows this machine by.
    static InetAddress find() throws CofferException {
        List<InetAddress> all = all();
        Optional<InetAddress> way = outgoing().filter(all::contains);
        return way.or(() -> all.stream().findFirst())
                .orElseThrow(() -> CofferException.withAdvice(
                        ErrorCode.LOCAL,
                        "This machine has no address of a home network.",
                        "Nothing was changed. Connect it to the network that the phone is in; then try again."));
    }

    /// All private addresses of this machine's networks; not those of tunnels, whose other end is elsewhere.
    static List<InetAddress> all() throws CofferException {
        List<InetAddress> all = new ArrayList<>();
        try {
            for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
                if (network.isUp() && !network.isLoopback() && !network.isPointToPoint()) {
                    network.inetAddresses().filter(PhoneAddress::isPrivate).forEach(all::add);
                }
            }
        } catch (SocketException e) {
            throw new CofferException(ErrorCode.LOCAL, "The networks of this machine cannot be read.", e);
        }
        return all;
    }

    /// Whether this machine has that address now.
    static boolean isHere(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    private static Optional<InetAddress> outgoing() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(ELSEWHERE), 9));
            return Optional.of(socket.getLocalAddress());
        } catch (IOException | java.io.UncheckedIOException e) {
            return Optional.empty(); // no way out of here
        }
    }

    /// As browsers write it (RFC 5952 for IPv6, in brackets).
    static String text(InetAddress address) {
        return address instanceof Inet6Address ? "[" + compressed(address.getAddress()) + "]" : address.getHostAddress();
    }

    /// The longest run of two or more zero groups, the first of equals, becomes `::`.
    private static String compressed(byte[] bytes) {
        int[] groups = new int[8];
        int from = 8;
        int length = 1;
        for (int i = 0, run = 0; i < 8; i++) {
            groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
            run = groups[i] == 0 ? run + 1 : 0;
            if (run > length) {
                length = run;
                from = i - run + 1;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; ) {
            if (i == from) {
                text.append("::");
                i += length;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":").append(Integer.toHexString(groups[i++]));
            }
        }
        return text.toString();
    }

    private static CofferException refused(String message, @org.jspecify.annotations.Nullable Exception cause) {
        String advice = "Nothing was changed. Phones are served at private addresses only (10.…, 172.16.… to 172.31.…, 192.168.…,"
                + " 169.254.…, fd…), so that nobody on the internet can knock.";
        return cause == null
                ? CofferException.withAdvice(ErrorCode.LOCAL, message, advice)
                : CofferException.withAdvice(ErrorCode.LOCAL, message, advice, cause);
    }
}
