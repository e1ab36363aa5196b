package coffer.service;

import coffer.core.Bytes;
import coffer.core.CofferException;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.SignatureLabel;
import coffer.core.api.ChallengeAnswer;
import coffer.core.api.ChallengeRequest;
import coffer.core.api.SessionAnswer;
import coffer.core.api.SessionRequest;
import coffer.core.api.SessionStatement;
import coffer.core.log.AccountHistory;
import coffer.core.log.AccountState;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.LogFixture;
import coffer.core.log.LogFixture.TestDevice;
import coffer.core.log.PackRef;
import coffer.core.log.Role;
import coffer.core.log.VaultState;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A person with a device, a recovery key and a vault, as a client of a service sees them.
final class TestAccount {

    private final LogFixture fixture = new LogFixture();
    private TestClient client;
    final TestDevice device;
    final TestDevice recovery;
    private final AccountHistory history;
    private final Entry genesis;
    private Optional<VaultState> vault = Optional.empty();

    /// @param number picks the keys: device `number`, recovery key `number + 100`
    TestAccount(TestClient client, int number) throws CofferException {
        this.client = client;
        this.device = LogFixture.device(number);
        this.recovery = LogFixture.device(number + 100);
        this.genesis = fixture.accountGenesis(device, recovery);
        this.history = new AccountHistory(genesis);
    }

    /// The service has another address now.
    void use(TestClient other) {
        client = other;
    }

    LogId id() {
        return history.latest().id();
    }

    AccountState state() {
        return history.latest();
    }

    Entry genesis() {
        return genesis;
    }

    LogFixture fixture() {
        return fixture;
    }

    /// Registers the account.
    TestAccount begun() throws Exception {
        client.put(null, genesis).expect(201);
        return this;
    }

    /// Makes the next entry of the account's log without sending it.
    Entry next(TestDevice author, long generation, Control control) {
        return fixture.next(state(), author, generation, control);
    }

    void applied(Entry entry) throws CofferException {
        history.append(entry);
    }

    Entry addDevice(TestDevice added, Role role) throws Exception {
        Entry entry = next(
                device,
                state().generation().number(),
                new Control.DeviceAdded(added.record(), role, LogFixture.wrap(added.id())));
        return entry;
    }

    String token() throws Exception {
        return token(device);
    }

    String token(TestDevice as) throws Exception {
        return signIn(as, client.origin()).json(SessionAnswer.class).token();
    }

    TestClient.Answer signIn(TestDevice as, String origin) throws Exception {
        String challenge = client.post(
                        null, "/v1/sessions/challenge", new ChallengeRequest(id().hex(), as.id().hex()))
                .json(ChallengeAnswer.class)
                .challenge();
        return client.post(null, "/v1/sessions", answer(as, origin, challenge));
    }

    SessionRequest answer(TestDevice as, String origin, String challenge) {
        byte[] statement = new SessionStatement(
                        origin, id(), as.id(), Bytes.of(Base64.getDecoder().decode(challenge)))
                .encode();
        String signature = Base64.getEncoder()
                .encodeToString(as.key().sign(SignatureLabel.SESSION, statement).toArray());
        return new SessionRequest(id().hex(), as.id().hex(), challenge, signature);
    }

    /// Begins a vault in the region "home" and returns its id.
    LogId beginVault(String token) throws Exception {
        Entry entry = fixture.vaultGenesis(state(), device);
        client.put(token, entry).expect(201);
        vault = Optional.of(VaultState.begin(entry, LogFixture.resolver(history)));
        return vault().id();
    }

    /// Makes the genesis of a vault without sending it.
    Entry makeVault() throws CofferException {
        Entry entry = fixture.vaultGenesis(state(), device);
        vault = Optional.of(VaultState.begin(entry, LogFixture.resolver(history)));
        return entry;
    }

    VaultState vault() {
        return vault.orElseThrow();
    }

    Entry commit() {
        return commit(List.of(), List.of());
    }

    Entry commit(List<PackRef> added, List<PackId> released) {
        return fixture.next(
                vault(), state(), device, vault().epoch().number(), added, released, new Control.Commit());
    }

    /// Chooses a region for the vault, without sending it.
    Entry residency(String region) {
        return fixture.next(
                vault(), state(), device, vault().epoch().number(), List.of(), List.of(), new Control.Residency(region));
    }

    void vaultApplied(Entry entry) throws CofferException {
        vault = Optional.of(vault().apply(entry, LogFixture.resolver(history)));
    }
}
