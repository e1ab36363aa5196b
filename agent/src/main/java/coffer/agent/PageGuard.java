package coffer.agent;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which requests of browsers come from the agent's own pages.
///
/// The host keeps out pages whose name was bound to the agent's address after they were loaded; the origin, and what a browser says
/// of where a request comes from, keep out pages of other sites and ports. Who has no session gets nothing but the pages' own files.
///
/// @param host   the only one that is answered: address and port
/// @param origin of the pages
record PageGuard(String host, String origin) {

    /// The parts of a request that decide.
    ///
    /// @param site the header `Sec-Fetch-Site`, which no page can set
    record Caller(String method, @Nullable String host, @Nullable String origin, @Nullable String site) {}

    /// For browsers of this machine.
    static PageGuard local(int port) {
        return new PageGuard("127.0.0.1:" + port, "http://127.0.0.1:" + port);
    }

    /// For phones, at an address of the home network.
    static PageGuard secure(String host) {
        return new PageGuard(host, "https://" + host);
    }

    /// Whether the pages' own files may be given: everybody may read them, under the agent's name.
    Optional<Guard.Refusal> checkFile(Caller caller) {
        if (caller.host() == null || !caller.host().equals(host)) {
            return refuse(421, "The host is not this agent.");
        }
        return Optional.empty();
    }

    /// Whether the agent's own pages ask. A browser names the origin of everything that is no plain reading.
    Optional<Guard.Refusal> checkCall(Caller caller) {
        Optional<Guard.Refusal> refusal = checkFile(caller);
        if (refusal.isPresent()) {
            return refusal;
        }
        boolean reads = caller.method().equals("GET");
        if (caller.origin() == null ? !reads : !caller.origin().equals(origin)) {
            return refuse(403, "The origin is not this agent.");
        }
        if (caller.site() != null && !caller.site().equals("same-origin")) {
            return refuse(403, "Another site asks.");
        }
        return Optional.empty();
    }

    private static Optional<Guard.Refusal> refuse(int status, String reason) {
        return Optional.of(new Guard.Refusal(status, reason));
    }
}
