package coffer.service;

import coffer.core.Bytes;
import coffer.core.DeviceId;
import coffer.core.LogId;
import coffer.core.VerifyKey;
import coffer.core.api.ChallengeAnswer;
import coffer.core.api.ChallengeRequest;
import coffer.core.api.FindAccountAnswer;
import coffer.core.api.FindAccountRequest;
import coffer.core.api.SessionAnswer;
import coffer.core.api.SessionRequest;
import coffer.core.api.SessionStatement;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Signing in.
final class SessionApi {

    private static final int BODY_MAX = 4 << 10;

    private final Sessions sessions;
    private final LogStates states;
    private final LogStorage storage;
    private final List<String> origins;
    private final String scheme;

    /// @param origins how devices may address this service, besides by the address that a connection reached
    /// @param scheme  of that address
    SessionApi(Sessions sessions, LogStates states, LogStorage storage, List<String> origins, String scheme) {
        this.sessions = sessions;
        this.states = states;
        this.storage = storage;
        this.origins = List.copyOf(origins);
        this.scheme = scheme;
    }

    void challenge(Exchange exchange) throws Problem, IOException {
        ChallengeRequest request = exchange.json(ChallengeRequest.class, BODY_MAX);
        var challenge = sessions.challenge(account(request.account()), device(request.device()));
        exchange.sendJson(
                200,
                new ChallengeAnswer(
                        Base64.getEncoder().encodeToString(challenge.bytes().toArray()), challenge.expires()));
    }

    void open(Exchange exchange) throws Problem, StorageException, IOException {
        SessionRequest request = exchange.json(SessionRequest.class, BODY_MAX);
        LogId account = account(request.account());
        DeviceId device = device(request.device());
        Bytes challenge = base64(request.challenge(), SessionStatement.CHALLENGE_SIZE);
        Bytes signature = base64(request.signature(), VerifyKey.SIGNATURE_SIZE);
        var record = states.signer(account, device);
        var token = sessions.open(account, device, record, challenge, signature, acceptable(exchange))
                .orElseThrow(() -> Problem.of(ProblemType.SIGN_IN_REFUSED));
        exchange.sendJson(200, new SessionAnswer(token.text(), token.expires()));
    }

    void find(Exchange exchange) throws Problem, StorageException, IOException {
        FindAccountRequest request = exchange.json(FindAccountRequest.class, BODY_MAX);
        LogId account = storage.accountOf(device(request.recovery())).orElseThrow(() -> Problem.of(ProblemType.NOT_FOUND));
        exchange.sendJson(200, new FindAccountAnswer(account.hex()));
    }

    /// Whom a token names, if that device is still active in its account.
    Optional<Caller> authenticate(String token) throws StorageException {
        Optional<Caller> caller = sessions.caller(token);
        return caller.isPresent()
                        && states.signer(caller.get().account(), caller.get().device())
                                .isPresent()
                ? caller
                : Optional.empty();
    }

    /// The origins a device may have signed. The address the connection reached is one of them: who passes a signature on
    /// from elsewhere cannot have been addressed by it. The Host header is not, since whoever passes on writes it.
    private List<String> acceptable(Exchange exchange) {
        List<String> all = new ArrayList<>(origins);
        InetSocketAddress local = exchange.local();
        if (local != null && local.getAddress() != null) {
            String host = local.getAddress().getHostAddress();
            String literal = local.getAddress() instanceof Inet6Address ? "[" + host + "]" : host;
            all.add(scheme + "://" + literal + ":" + local.getPort());
            if (local.getAddress().isLoopbackAddress()) {
                all.add(scheme + "://localhost:" + local.getPort());
            }
        }
        return all.stream().distinct().toList();
    }

    private static LogId account(String hex) throws Problem {
        return new LogId(Exchange.requireId(hex));
    }

    private static DeviceId device(String hex) throws Problem {
        return new DeviceId(Exchange.requireId(hex));
    }

    private static Bytes base64(String text, int size) throws Problem {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length == size) {
                return Bytes.of(bytes);
            }
        } catch (IllegalArgumentException e) {
            // Said below, as for another length.
        }
        throw Problem.of(ProblemType.MALFORMED, "A field is not base64 of the right length.");
    }
}
