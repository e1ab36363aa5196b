package coffer.bench;

import coffer.core.Bytes;
import coffer.core.CofferException;
import coffer.core.DeviceRecord;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.SignatureLabel;
import coffer.core.SigningKey;
import coffer.core.api.ChallengeAnswer;
import coffer.core.api.ChallengeRequest;
import coffer.core.api.HeadInfo;
import coffer.core.api.SessionAnswer;
import coffer.core.api.SessionRequest;
import coffer.core.api.SessionStatement;
import coffer.core.log.AccountHistory;
import coffer.core.log.AccountState;
import coffer.core.log.AuthorAccount;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.log.LogFixture;
import coffer.core.log.LogFixture.TestDevice;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;

/// An account with one device, and vaults of its own, that appends valid entries as fast as it is told to.
final class LoadAccount {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CBOR = "application/cbor";

    private final LogFixture fixture = new LogFixture();
    private final TestDevice device;
    private final AccountState state;
    private final Entry genesis;
    private String token = "";

    LoadAccount(int number) throws CofferException {
        device = device(2 * number);
        genesis = fixture.accountGenesis(device, device(2 * number + 1));
        state = new AccountHistory(genesis).latest();
    }

    private static TestDevice device(int number) {
        byte[] seed = ByteBuffer.allocate(SigningKey.SEED_SIZE).putInt(number).array();
        SigningKey key = SigningKey.ofSeed(seed);
        return new TestDevice(
                key, new DeviceRecord(key.verifyKey(), Bytes.of(new byte[DeviceRecord.WRAP_KEY_SIZE])));
    }

    String token() {
        return token;
    }

    void register(LoopbackHttp http) throws IOException {
        put(http, state.id(), genesis);
    }

    void signIn(LoopbackHttp http, String origin) throws IOException {
        String account = state.id().hex();
        String challenge = post(
                        http, "/v1/sessions/challenge", new ChallengeRequest(account, device.id().hex()), ChallengeAnswer.class)
                .challenge();
        byte[] statement = new SessionStatement(
                        origin, state.id(), device.id(), Bytes.of(Base64.getDecoder().decode(challenge)))
                .encode();
        String signature = Base64.getEncoder()
                .encodeToString(device.key().sign(SignatureLabel.SESSION, statement).toArray());
        token = post(
                        http,
                        "/v1/sessions",
                        new SessionRequest(account, device.id().hex(), challenge, signature),
                        SessionAnswer.class)
                .token();
    }

    /// A vault of this account as the service has it.
    final class Vault {
        private final LogId id;
        private volatile Head head;

        private Vault(Entry genesis) {
            id = new LogId(genesis.id().value());
            head = genesis.head();
        }

        Head head() {
            return head;
        }

        /// An empty commit on top of a head.
        Entry commit(Head on) {
            return fixture.sign(
                    id,
                    on,
                    device,
                    new AuthorAccount(state.id(), state.head()),
                    1,
                    List.of(),
                    List.of(),
                    new Control.Commit(),
                    device);
        }

        /// Appends one commit, starting over from the service's head as often as another writer was faster.
        ///
        /// @return how often that was
        int append(LoopbackHttp http) throws IOException {
            int lost = 0;
            Head on = head;
            while (true) {
                Entry entry = commit(on);
                LoopbackHttp.Answer answer = send(http, id, entry);
                if (answer.status() == 201) {
                    head = entry.head();
                    return lost;
                }
                if (answer.status() != 409) {
                    throw new IOException(answer.status() + " " + answer.text());
                }
                HeadInfo info = JSON.readValue(answer.body().toArray(), HeadInfo.class);
                on = new Head(info.sequence(), new Hash(Bytes.ofHex(info.id())));
                lost++;
            }
        }
    }

    Vault beginVault(LoopbackHttp http) throws IOException {
        Entry entry = fixture.vaultGenesis(state, device);
        put(http, new LogId(entry.id().value()), entry);
        return new Vault(entry);
    }

    private void put(LoopbackHttp http, LogId log, Entry entry) throws IOException {
        LoopbackHttp.Answer answer = send(http, log, entry);
        if (answer.status() != 201) {
            throw new IOException(answer.status() + " " + answer.text());
        }
    }

    private LoopbackHttp.Answer send(LoopbackHttp http, LogId log, Entry entry) throws IOException {
        String path = "/v1/logs/" + log.hex() + "/entries/" + entry.header().sequence();
        return http.send("PUT", path, token, CBOR, entry.encode());
    }

    private static <T> T post(LoopbackHttp http, String path, Object body, Class<T> type) throws IOException {
        LoopbackHttp.Answer answer = http.send("POST", path, "", "application/json", JSON.writeValueAsBytes(body));
        if (answer.status() != 200 && answer.status() != 201) {
            throw new IOException(answer.status() + " " + answer.text());
        }
        return JSON.readValue(answer.body().toArray(), type);
    }
}
