package coffer.agent;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who may call the agent.
///
/// The port is open to every process and, through a browser, to every web page on this machine. The token keeps out
/// other processes; the host keeps out pages whose name was bound to 127.0.0.1 after they were loaded; the origin keeps
/// out pages that call the port directly; the content type forces a browser to ask first.
record Guard(int port, String token) {

    /// The parts of a request that decide.
    record Caller(
            String method,
            @Nullable String host,
            @Nullable String origin,
            @Nullable String authorization,
            @Nullable String contentType) {}

    record Refusal(int status, String reason) {}

    Optional<Refusal> check(Caller caller) {
        if (!local(caller.host())) {
            return refuse(421, "The host is not this agent.");
        }
        if (caller.origin() != null && !caller.origin().equals("http://127.0.0.1:" + port)) {
            return refuse(403, "The origin is not this agent.");
        }
        if (!authorised(caller.authorization())) {
            return refuse(401, "The token is missing or wrong.");
        }
        if (caller.method().equals("POST") && !"application/json".equals(caller.contentType())) {
            return refuse(415, "The content type is not application/json.");
        }
        return Optional.empty();
    }

    private boolean local(@Nullable String host) {
        return host != null && (host.equals("127.0.0.1:" + port) || host.equals("localhost:" + port));
    }

    private boolean authorised(@Nullable String authorization) {
        String expected = "Bearer " + token;
        return authorization != null && MessageDigest.isEqual(ascii(expected), ascii(authorization));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<Refusal> refuse(int status, String reason) {
        return Optional.of(new Refusal(status, reason));
    }
}
