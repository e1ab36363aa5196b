package coffer.attack;

import coffer.core.Bytes;
import coffer.core.CborReader;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.SignatureLabel;
import coffer.core.api.SessionStatement;
import coffer.core.log.AuthorAccount;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.EntryHeader;
import coffer.core.log.Epoch;
import coffer.core.log.Generation;
import coffer.core.log.Head;
import coffer.core.log.Member;
import coffer.core.log.PackRef;
import coffer.core.log.Wrap;
import coffer.seal.AccountKeys;
import coffer.seal.CommitBody;
import coffer.seal.DedupKeys;
import coffer.seal.DeviceKeys;
import coffer.seal.Label;
import coffer.seal.Operation;
import coffer.seal.Secret;
import coffer.seal.VaultGenesisBody;
import coffer.seal.VaultKeys;
import coffer.seal.WrapContext;
import coffer.seal.Wrapping;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Whoever has the keys of a device, be it stolen or its owner hostile: reads what they open, and signs whatever they like.
///
/// Speaks with the real service directly. Shares no code with a device but the formats.
final class Insider implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Hash UNKNOWN = Hash.of(new byte[0]);
    private static final int SECRETS = 64;

    private final URI service;
    private final HttpClient http = HttpClient.newHttpClient();
    private final DeviceKeys keys;
    private final LogId account;
    private final LogId vault;
    private @Nullable String token;

    /// @param home of the device whose keys these are
    Insider(Path home, URI service) throws Exception {
        CborReader in = new CborReader(Files.readAllBytes(home.resolve("device.key")));
        in.arrayOf(6);
        in.integer();
        this.keys = DeviceKeys.decodeSecrets(in.bytes(SECRETS));
        this.account = new LogId(in.bytesOf(LogId.SIZE));
        this.vault = new LogId(in.bytesOf(LogId.SIZE));
        this.service = service;
    }

    DeviceKeys keys() {
        return keys;
    }

    LogId account() {
        return account;
    }

    LogId vault() {
        return vault;
    }

    /// Makes a request in the device's name; returns status and body.
    HttpResponse<byte[]> send(String method, String path, byte[] body) throws Exception {
        String type = path.contains("/entries") ? "application/cbor" : "application/json";
        return send(method, path, type, body, "Bearer " + token());
    }

    HttpResponse<byte[]> send(String method, String path, String type, byte[] body, String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(path))
                .header("Authorization", authorization)
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (body.length > 0) {
            request.header("Content-Type", type);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    String token() throws Exception {
        if (token == null) {
            token = signIn();
        }
        return Objects.requireNonNull(token);
    }

    private String signIn() throws Exception {
        String device = keys.record().id().hex();
        String who = "{\"account\":\"" + account.hex() + "\",\"device\":\"" + device + "\"";
        String challenge = json(post("/v1/sessions/challenge", who + "}")).get("challenge").asText();
        byte[] statement = new SessionStatement(
                        service.toString(), account, keys.record().id(), Bytes.of(Base64.getDecoder().decode(challenge)))
                .encode();
        String signature = Base64.getEncoder()
                .encodeToString(keys.signingKey().sign(SignatureLabel.SESSION, statement).toArray());
        return json(post("/v1/sessions", who + ",\"challenge\":\"" + challenge + "\",\"signature\":\"" + signature + "\"}"))
                .get("token")
                .asText();
    }

    HttpResponse<byte[]> post(String path, String body) throws Exception {
        return send("POST", path, "application/json", body.getBytes(StandardCharsets.UTF_8), "none");
    }

    private static JsonNode json(HttpResponse<byte[]> answer) throws Exception {
        if (answer.statusCode() != 200) {
            throw new Fell("the service does not serve the insider: " + answer.statusCode());
        }
        return JSON.readTree(answer.body());
    }

    /// The log as the real service has it.
    List<Entry> entries(LogId log) throws Exception {
        List<Entry> entries = new ArrayList<>();
        while (true) {
            byte[] page = send("GET", "/v1/logs/" + log.hex() + "/entries?from=" + entries.size() + "&bodies=true", new byte[0])
                    .body();
            if (page.length == 0) {
                return entries;
            }
            entries.addAll(entries(page));
        }
    }

    /// The entries of a page.
    static List<Entry> entries(byte[] page) throws Exception {
        List<Entry> entries = new ArrayList<>();
        CborReader in = new CborReader(page);
        while (!in.atEnd()) {
            int start = in.position();
            in.arrayOf(3);
            in.bytes(Integer.MAX_VALUE);
            in.bytes(Integer.MAX_VALUE);
            for (int left = in.array(2); left > 0; left--) {
                in.bytes(SECRETS);
            }
            entries.add(Entry.decode(Arrays.copyOfRange(page, start, in.position())));
        }
        return entries;
    }

    /// Appends as a device would; returns the service's status.
    int append(Entry entry, LogId log) throws Exception {
        return send("PUT", "/v1/logs/" + log.hex() + "/entries/" + entry.header().sequence(), entry.encode())
                .statusCode();
    }

    /// Seals a body for the header it gets.
    interface Body {
        byte[] seal(byte[] context) throws Exception;
    }

    static final Body NO_BODY = _ -> new byte[0];

    /// Signs an entry that follows `head`, true or not.
    Entry sign(LogId log, Head head, @Nullable AuthorAccount author, long period, List<PackRef> added, List<PackId> released,
            Control control, Body body) throws Exception {
        return signAs(keys, log, head, author, period, added, released, control, body);
    }

    static Entry signAs(DeviceKeys signer, LogId log, Head head, @Nullable AuthorAccount author, long period, List<PackRef> added,
            List<PackId> released, Control control, Body body) throws Exception {
        EntryHeader unsealed = new EntryHeader(
                EntryHeader.SUITE, log, head.sequence() + 1, head.id(), signer.record().id(), author, period,
                System.currentTimeMillis(), UNKNOWN, added, released, control);
        byte[] sealed = body.seal(unsealed.sealContext());
        EntryHeader header = new EntryHeader(
                unsealed.suite(), log, unsealed.sequence(), head.id(), unsealed.author(), author, period, unsealed.timeMs(),
                Hash.of(sealed), added, released, control);
        return Entry.sign(header, sealed, signer.signingKey());
    }

    /// A commit with these operations, right in every respect but what they say.
    Entry commit(Operation... operations) throws Exception {
        return commit(new CommitBody(List.of(operations), List.of(), List.of()).encode(), List.of(), List.of());
    }

    /// A commit with any bytes as its body.
    Entry commit(byte[] body, List<PackRef> added, List<PackId> released) throws Exception {
        List<Entry> log = entries(vault);
        return commitAfter(log, entries(account).getLast().head(), body, added, released);
    }

    Entry commitAfter(List<Entry> log, Head accountHead, byte[] body, List<PackRef> added, List<PackId> released) throws Exception {
        try (VaultKeys epoch = vaultKeys(log)) {
            return sign(
                    vault, log.getLast().head(), new AuthorAccount(account, accountHead), epoch.epoch(), added, released,
                    new Control.Commit(), context -> epoch.sealBody(context, body));
        }
    }

    /// The newest epoch's keys, as this device can open them.
    VaultKeys vaultKeys() throws Exception {
        return vaultKeys(entries(vault));
    }

    VaultKeys vaultKeys(List<Entry> log) throws Exception {
        return vaultKeys(entries(account), log);
    }

    /// The keys of the newest epoch in `log`, with what the account's entries give.
    VaultKeys vaultKeys(List<Entry> accountLog, List<Entry> log) throws Exception {
        Entry start = log.reversed().stream().filter(entry -> epoch(entry) != null).findFirst().orElseThrow();
        Epoch epoch = Objects.requireNonNull(epoch(start));
        Member member = epoch.member(account).orElseThrow();
        LogId named = start.header().log();
        WrapContext context = new WrapContext(
                Label.WRAP_EPOCH, named == null ? Bytes.EMPTY : named.value(), start.header().sequence(), start.header().author(),
                account.value(), member.generation(), epoch.number());
        try (AccountKeys mine = accountKeys(accountLog);
                Secret secret = Wrapping.unwrapSecret(mine.wrapKeys(), context, member.wrapped().toArray())) {
            return VaultKeys.of(secret, epoch.number());
        }
    }

    /// The keys that stay through all epochs; the vault must be in its first one.
    DedupKeys dedup() throws Exception {
        Entry genesis = entries(vault).getFirst();
        try (VaultKeys first = vaultKeysOf(1);
                VaultGenesisBody body = VaultGenesisBody.decode(first.openBody(genesis.header().sealContext(), genesis.body()))) {
            return DedupKeys.of(body.dedupSecret());
        }
    }

    private VaultKeys vaultKeysOf(long number) throws Exception {
        List<Entry> log = entries(vault);
        VaultKeys keys = vaultKeys(log);
        while (keys.epoch() > number) {
            Epoch epoch = null;
            for (Entry entry : log) {
                Epoch started = epoch(entry);
                epoch = started != null && started.number() == keys.epoch() ? started : epoch;
            }
            try (Secret before = keys.openPrevious(vault, Objects.requireNonNull(epoch).previous().toArray())) {
                long older = keys.epoch() - 1;
                keys.close();
                keys = VaultKeys.of(before, older);
            }
        }
        return keys;
    }

    static @Nullable Epoch epoch(Entry entry) {
        return switch (entry.header().control()) {
            case Control.VaultGenesis genesis -> genesis.epoch();
            case Control.EpochStarted started -> started.epoch();
            default -> null;
        };
    }

    /// The newest generation's keys that are wrapped to this device.
    AccountKeys accountKeys(List<Entry> accountLog) throws Exception {
        for (Entry entry : accountLog.reversed()) {
            Wrap wrap = wrap(entry);
            if (wrap != null) {
                LogId named = entry.header().log();
                WrapContext context = new WrapContext(
                        Label.WRAP_GENERATION, named == null ? Bytes.EMPTY : named.value(), entry.header().sequence(),
                        entry.header().author(), keys.record().id().value(), 0, entry.header().period());
                try (Secret secret = Wrapping.unwrapSecret(keys.wrapKeys(), context, wrap.wrapped().toArray())) {
                    return AccountKeys.of(secret, entry.header().period());
                }
            }
        }
        throw new Fell("nothing is wrapped to the insider");
    }

    private @Nullable Wrap wrap(Entry entry) {
        List<Wrap> wraps = entry.header().control() instanceof Control.DeviceAdded added
                ? List.of(added.wrap())
                : generation(entry) == null ? List.of() : Objects.requireNonNull(generation(entry)).wraps();
        return wraps.stream().filter(wrap -> wrap.recipient().equals(keys.record().id())).findFirst().orElse(null);
    }

    static @Nullable Generation generation(Entry entry) {
        return switch (entry.header().control()) {
            case Control.AccountGenesis genesis -> genesis.generation();
            case Control.DeviceRemoved removed -> removed.generation();
            case Control.GenerationStarted started -> started.generation();
            case Control.Recovered recovered -> recovered.generation();
            default -> null;
        };
    }

    @Override
    public void close() {
        keys.close();
        http.shutdownNow();
    }
}
