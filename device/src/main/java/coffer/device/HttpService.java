package coffer.device;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.Limits;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.SignatureLabel;
import coffer.core.SigningKey;
import coffer.core.api.ChallengeAnswer;
import coffer.core.api.ChallengeRequest;
import coffer.core.api.CheckAnswer;
import coffer.core.api.CheckRequest;
import coffer.core.api.CopiesAnswer;
import coffer.core.api.CopyCount;
import coffer.core.api.DownloadAnswer;
import coffer.core.api.DownloadPlan;
import coffer.core.api.DownloadRequest;
import coffer.core.api.FindAccountAnswer;
import coffer.core.api.FindAccountRequest;
import coffer.core.api.HeadEvent;
import coffer.core.api.HeadInfo;
import coffer.core.api.PackSize;
import coffer.core.api.ServiceInfo;
import coffer.core.api.SessionAnswer;
import coffer.core.api.SessionRequest;
import coffer.core.api.SessionStatement;
import coffer.core.api.UploadAnswer;
import coffer.core.api.UploadPlan;
import coffer.core.api.UploadRequest;
import coffer.core.api.VaultList;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.log.PackRef;
import coffer.core.log.UnknownSuiteException;
import coffer.core.tlog.TileId;
import coffer.device.HttpExchange.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The service over HTTP (docs/spec/service-api.yaml).
///
/// Signs in by itself when a call needs it, and again when its token has ended. Safe for all threads.
final class HttpService implements ServiceApi, LogTiles {

    private static final String JSON = "application/json";
    private static final String CBOR = "application/cbor";

    /// Who signs in. The key stays the caller's.
    record Identity(LogId account, DeviceId device, SigningKey key) {}

    private final HttpExchange http;
    private final URI address;
    private final ServiceTrust trust;
    private volatile @Nullable Identity identity;
    private @Nullable String token;

    /// @param identity null to make only the calls that need no session, until [#signInAs]
    HttpService(URI address, ServiceTrust trust, @Nullable Identity identity) {
        this.address = address;
        this.trust = trust;
        this.identity = identity;
        this.http = new HttpExchange(address, trust);
    }

    /// From now on acts in that name.
    synchronized void signInAs(Identity newIdentity) {
        identity = newIdentity;
        token = null;
    }

    /// The account whose genesis names this recovery key, as the service says; the caller verifies it.
    Optional<LogId> findAccount(DeviceId recovery) throws CofferException {
        Answer answer = http.send(
                "POST", "/v1/accounts/find", Map.of(), JSON, Json.bytes(new FindAccountRequest(recovery.hex())));
        if (answer.status() == 404) {
            return Optional.empty();
        }
        return Optional.of(logId(Json.read(expect(answer, 200), FindAccountAnswer.class).account()));
    }

    @Override
    public byte[] checkpoint() throws CofferException {
        return expect(http.send("GET", "/tlog/checkpoint", Map.of(), null, null), 200);
    }

    @Override
    public byte[] tile(TileId tile) throws CofferException {
        return expect(http.send("GET", "/tlog/" + tile.path(), Map.of(), null, null), 200);
    }

    @Override
    public ServiceInfo info() throws CofferException {
        return Json.read(expect(http.send("GET", "/v1/service", Map.of(), null, null), 200), ServiceInfo.class);
    }

    @Override
    public Appended append(LogId log, Entry entry) throws CofferException {
        String path = "/v1/logs/" + log.hex() + "/entries/" + entry.header().sequence();
        Answer answer = identity == null
                ? http.send("PUT", path, Map.of(), CBOR, entry.encode())
                : signedIn("PUT", path, CBOR, entry.encode());
        if (answer.status() == 409) {
            return new Appended.Conflict(head(Json.read(answer.body(), HeadInfo.class)));
        }
        if (answer.status() != 200) {
            expect(answer, 201);
        }
        return new Appended.Accepted();
    }

    @Override
    public Head head(LogId log) throws CofferException {
        Answer answer = signedIn("GET", "/v1/logs/" + log.hex() + "/head", null, null);
        return head(Json.read(expect(answer, 200), HeadInfo.class));
    }

    @Override
    public List<Entry> entries(LogId log, long from, boolean bodies) throws CofferException {
        String path = "/v1/logs/" + log.hex() + "/entries?from=" + from + "&bodies=" + bodies;
        byte[] page = expect(signedIn("GET", path, null, null), 200);
        try {
            return EntryPage.decode(page, bodies);
        } catch (UnknownSuiteException e) {
            throw new CofferException(ErrorCode.DOWNGRADE, "the service serves an entry of a suite that is not known here", e);
        } catch (CborException e) {
            throw protocol("a page of entries is malformed", e);
        }
    }

    @Override
    public List<LogId> vaults() throws CofferException {
        VaultList list = Json.read(expect(signedIn("GET", "/v1/vaults", null, null), 200), VaultList.class);
        List<LogId> ids = new ArrayList<>();
        for (String id : list.vaults()) {
            ids.add(logId(id));
        }
        return ids;
    }

    @Override
    public List<UploadPlan> uploads(LogId vault, List<PackRef> packs, Set<String> avoid) throws CofferException {
        byte[] request = Json.bytes(new UploadRequest(vault.hex(), sizes(packs), List.copyOf(avoid)));
        return Json.read(expect(signedIn("POST", "/v1/packs/uploads", JSON, request), 200), UploadAnswer.class)
                .grants();
    }

    @Override
    public List<DownloadPlan> downloads(LogId vault, List<PackId> packs) throws CofferException {
        byte[] request = Json.bytes(
                new DownloadRequest(vault.hex(), packs.stream().map(PackId::hex).toList()));
        return Json.read(expect(signedIn("POST", "/v1/packs/downloads", JSON, request), 200), DownloadAnswer.class)
                .grants();
    }

    @Override
    public Set<PackId> stored(LogId vault, List<PackRef> packs) throws CofferException {
        byte[] request = Json.bytes(new CheckRequest(vault.hex(), sizes(packs)));
        CheckAnswer answer =
                Json.read(expect(signedIn("POST", "/v1/packs/check", JSON, request), 200), CheckAnswer.class);
        Set<PackId> stored = new HashSet<>();
        for (String id : answer.present()) {
            stored.add(packId(id));
        }
        return stored;
    }

    @Override
    public List<CopyCount> copies(LogId vault) throws CofferException {
        byte[] answer = expect(signedIn("GET", "/v1/logs/" + vault.hex() + "/copies", null, null), 200);
        return Json.read(answer, CopiesAnswer.class).copies();
    }

    @Override
    public void putMail(String mailbox, int slot, byte[] message) throws CofferException {
        Answer answer = http.send(
                "PUT", "/v1/mailboxes/" + mailbox + "/" + slot, Map.of(), "application/octet-stream", message);
        if (answer.status() == 409) {
            throw new CofferException(ErrorCode.ENROLMENT, "the code was used already");
        }
        if (answer.status() != 204) {
            expect(answer, 201);
        }
    }

    @Override
    public Optional<byte[]> mail(String mailbox, int slot, Duration wait) throws CofferException {
        String path = "/v1/mailboxes/" + mailbox + "/" + slot + "?wait=" + wait.toSeconds();
        Answer answer = http.send("GET", path, Map.of(), null, null);
        if (answer.status() == 404 || answer.status() == 204) {
            return Optional.empty();
        }
        return Optional.of(expect(answer, 200));
    }

    @Override
    public AutoCloseable listen(Consumer<HeadEvent> listener) {
        return new EventListener(http, this::currentToken, listener);
    }

    @Override
    public ServiceTrust trust() {
        return trust;
    }

    private Answer signedIn(String method, String path, @Nullable String type, byte @Nullable [] body)
            throws CofferException {
        String used = currentToken();
        Answer answer = http.send(method, path, bearer(used), type, body);
        if (answer.status() == 401) {
            forget(used);
            answer = http.send(method, path, bearer(currentToken()), type, body);
        }
        return answer;
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    private synchronized void forget(String used) {
        if (used.equals(token)) {
            token = null;
        }
    }

    private synchronized String currentToken() throws CofferException {
        if (token == null) {
            token = signIn();
        }
        return token;
    }

    private String signIn() throws CofferException {
        Identity self = identity;
        if (self == null) {
            throw new IllegalStateException("no identity to sign in with");
        }
        String account = self.account().hex();
        String device = self.device().hex();
        ChallengeAnswer challenge = Json.read(
                expect(
                        http.send(
                                "POST",
                                "/v1/sessions/challenge",
                                Map.of(),
                                JSON,
                                Json.bytes(new ChallengeRequest(account, device))),
                        200),
                ChallengeAnswer.class);
        byte[] statement = new SessionStatement(
                        origin(), self.account(), self.device(), Bytes.of(base64(challenge.challenge())))
                .encode();
        String signature = Base64.getEncoder()
                .encodeToString(self.key().sign(SignatureLabel.SESSION, statement).toArray());
        Answer answer = http.send(
                "POST",
                "/v1/sessions",
                Map.of(),
                JSON,
                Json.bytes(new SessionRequest(account, device, challenge.challenge(), signature)));
        if (answer.status() == 401 || answer.status() == 403) {
            throw new CofferException(ErrorCode.NOT_AUTHORISED, "the service does not let this device in");
        }
        return Json.read(expect(answer, 200), SessionAnswer.class).token();
    }

    private String origin() {
        int port = address.getPort();
        return address.getScheme() + "://" + address.getHost() + (port < 0 ? "" : ":" + port);
    }

    private static byte[] expect(Answer answer, int status) throws CofferException {
        if (answer.status() != status) {
            throw ServiceProblems.of(answer);
        }
        return answer.body();
    }

    private static List<PackSize> sizes(List<PackRef> packs) {
        return packs.stream().map(pack -> new PackSize(pack.id().hex(), pack.size())).toList();
    }

    private static Head head(HeadInfo info) throws CofferException {
        try {
            return new Head(info.sequence(), Hash.ofHex(info.id()));
        } catch (IllegalArgumentException e) {
            throw protocol("a head is malformed", e);
        }
    }

    private static LogId logId(String hex) throws CofferException {
        try {
            return LogId.ofHex(hex);
        } catch (IllegalArgumentException e) {
            throw protocol("an id is malformed", e);
        }
    }

    private static PackId packId(String hex) throws CofferException {
        try {
            return PackId.ofHex(hex);
        } catch (IllegalArgumentException e) {
            throw protocol("an id is malformed", e);
        }
    }

    private static byte[] base64(String text) throws CofferException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw protocol("a challenge is malformed", e);
        }
    }

    private static CofferException protocol(String message, Exception cause) {
        return new CofferException(ErrorCode.PROTOCOL, message, cause);
    }

    @Override
    public void close() {
        http.close();
    }

    /// The largest answer that is read: a page of entries, or one entry beyond it.
    static final int ANSWER_BYTES_MAX = Limits.PAGE_BYTES_MAX + 2 * Limits.ENTRY_BYTES_MAX;
}
