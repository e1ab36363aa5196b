package coffer.core.log;

import static coffer.core.log.LogFixture.device;
import static coffer.core.log.LogFixture.epoch;
import static coffer.core.log.LogFixture.generation;
import static coffer.core.log.LogFixture.resolver;
import static coffer.core.log.LogFixture.wrap;
import static coffer.core.log.LogFixture.wrappedToAccount;
import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborItem;
import coffer.core.CborWriter;
import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.DeviceRecord;
import coffer.core.Hash;
import coffer.core.PackId;
import coffer.core.SignatureLabel;
import coffer.core.VectorFile;
import coffer.core.log.LogFixture.TestDevice;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Makes the vectors of both logs (docs/spec/log.md, "Vectors"), compares them with those checked in, and applies
/// those to the code: entries that follow from one another, and one that must be refused for each rule.
class LogVectorsTest {

    private static final String FORMAT = "log";
    private static final String VALID = "valid";
    private static final String MALFORMED = "malformed";
    private static final String CHAIN = "CHAIN";
    private static final String NOT_AUTHORISED = "NOT_AUTHORISED";

    private static final TestDevice LAPTOP = device(1);
    private static final TestDevice PHONE = device(2);
    private static final TestDevice CAMERA = device(3);
    private static final TestDevice VIEWER = device(4);
    private static final TestDevice TABLET = device(5);
    private static final TestDevice STRANGER = device(6);
    private static final TestDevice PAPER = device(9);
    private static final PackId PACK = new PackId(Hash.of(new byte[] {7}).value());

    private static final int KEY_SUITE = 1;
    private static final int KEY_LOG = 2;
    private static final int KEY_SEQUENCE = 3;
    private static final int KEY_PREVIOUS = 4;
    private static final int KEY_KIND = 5;
    private static final int KEY_AUTHOR = 6;
    private static final int KEY_ACCOUNT = 7;
    private static final int KEY_PERIOD = 9;
    private static final int KEY_TIME = 10;
    private static final int KEY_BODY_HASH = 11;
    private static final int KEY_ADDED = 12;
    private static final int KEY_RELEASED = 13;
    private static final int KEY_CONTROL = 14;

    private final LogFixture log = new LogFixture();
    private final List<ObjectNode> cases = new ArrayList<>();
    private final Map<String, AccountState> accountsAfter = new LinkedHashMap<>();
    private AccountHistory account;
    private AccountResolver accounts;
    private VaultState vault;
    private String accountAt = "";
    private String vaultAt = "";

    @BeforeEach
    void begin() throws CofferException {
        Entry genesis = log.accountGenesis(LAPTOP, PAPER);
        account = new AccountHistory(genesis);
        accounts = resolver(account);
        accountAt = "account_genesis";
        accountsAfter.put(accountAt, account.latest());
        addCase(accountAt, VALID, "account", "", genesis.encode());
        // Another fixture, so that no time is taken from the vectors; begun anew when the account has its devices.
        vault = VaultState.begin(new LogFixture().vaultGenesis(account.latest(), LAPTOP), accounts);
    }

    @Test
    void vectors_areCurrent() throws CofferException {
        account();
        vault();
        VectorFile.requireCurrent(FORMAT, "entries.json", "docs/spec/log.md", cases);
    }

    /// Each case is judged by what the file itself says came before it.
    @Test
    void vectors_meanWhatTheySay() throws CofferException, CborException {
        Map<String, AccountHistory> histories = new HashMap<>();
        Map<String, VaultState> vaults = new HashMap<>();
        Map<String, Integer> results = new TreeMap<>();
        for (JsonNode vector : VectorFile.cases(FORMAT)) {
            String name = vector.get("name").asText();
            String result = vector.get("result").asText();
            byte[] encoded = Bytes.ofHex(vector.get("encoded").asText()).toArray();
            assertThat(judge(vector, encoded, histories, vaults)).as(name).isEqualTo(result);
            if (result.equals(VALID)) {
                Entry entry = Entry.decode(encoded);
                assertThat(entry.encode()).as(name).isEqualTo(encoded);
                assertThat(entry.id().value().hex()).as(name).isEqualTo(vector.get("id").asText());
            }
            results.merge(result, 1, Integer::sum);
        }
        assertThat(results.keySet()).containsExactlyInAnyOrder(VALID, MALFORMED, "DOWNGRADE", CHAIN, NOT_AUTHORISED);
        assertThat(results.get(VALID)).isGreaterThanOrEqualTo(17);
    }

    private static String judge(
            JsonNode vector, byte[] encoded, Map<String, AccountHistory> histories, Map<String, VaultState> vaults) {
        String name = vector.get("name").asText();
        String after = vector.get("after").asText();
        try {
            Entry entry = Entry.decode(encoded);
            if (vector.get("log").asText().equals("account")) {
                // A history for each entry: valid cases come in the order of the log, so the one before is known.
                AccountHistory history = after.isEmpty() ? new AccountHistory(entry) : known(histories, after);
                if (after.isEmpty()) {
                    histories.put(name, history);
                } else if (vector.get("result").asText().equals(VALID)) {
                    history.append(entry);
                    histories.put(name, history);
                } else {
                    history.latest().apply(entry);
                }
                return VALID;
            }
            AccountResolver resolver = resolver(known(histories, vector.get("account").asText()));
            VaultState next = after.isEmpty()
                    ? VaultState.begin(entry, resolver)
                    : known(vaults, after).apply(entry, resolver);
            vaults.put(name, next);
            return VALID;
        } catch (UnknownSuiteException e) {
            return "DOWNGRADE";
        } catch (CborException e) {
            return MALFORMED;
        } catch (CofferException e) {
            return e.code().name();
        }
    }

    private static <T> T known(Map<String, T> before, String name) {
        return Objects.requireNonNull(before.get(name), name);
    }

    // Building.

    private void addCase(String name, String result, String logKind, String after, byte[] encoded) {
        ObjectNode node = VectorFile.object().put("name", name).put("result", result).put("log", logKind).put("after", after);
        if (logKind.equals("vault")) {
            node.put("account", accountAt);
        }
        node.put("encoded", Bytes.of(encoded).hex());
        if (result.equals(VALID)) {
            try {
                node.put("id", Entry.decode(encoded).id().value().hex());
            } catch (CborException e) {
                throw new AssertionError(name, e);
            }
        }
        cases.add(node);
    }

    private void accountGoesOn(String name, TestDevice author, long generation, Control control) throws CofferException {
        Entry entry = log.next(account.latest(), author, generation, control);
        account.append(entry);
        addCase(name, VALID, "account", accountAt, entry.encode());
        accountAt = name;
        accountsAfter.put(name, account.latest());
    }

    private void badInAccount(String name, String result, byte[] encoded) {
        addCase(name, result, "account", accountAt, encoded);
    }

    private void badInAccount(String name, String result, TestDevice author, long generation, Control control) {
        badInAccount(name, result, log.next(account.latest(), author, generation, control).encode());
    }

    private void vaultGoesOn(String name, Entry entry) throws CofferException {
        vault = vault.apply(entry, accounts);
        addCase(name, VALID, "vault", vaultAt, entry.encode());
        vaultAt = name;
    }

    private void badInVault(String name, String result, Entry entry) {
        addCase(name, result, "vault", vaultAt, entry.encode());
    }

    private Entry inVault(TestDevice author, long epoch, List<PackRef> added, List<PackId> released, Control control) {
        return log.next(vault, account.latest(), author, epoch, added, released, control);
    }

    private Entry inVault(TestDevice author, long epoch, Control control) {
        return inVault(author, epoch, List.of(), List.of(), control);
    }

    private static List<CborItem> control(Map<Long, CborItem> fields) {
        return new ArrayList<>(((CborItem.Array) Objects.requireNonNull(fields.get((long) KEY_CONTROL))).items());
    }

    /// The entry with its header changed field by field and signed again, so that the fault is the field alone.
    private static byte[] changed(Entry entry, TestDevice signer, Consumer<Map<Long, CborItem>> change) {
        try {
            CborItem.Mapping header = (CborItem.Mapping) CborItem.decode(entry.header().encode());
            Map<Long, CborItem> fields = new TreeMap<>(header.entries());
            change.accept(fields);
            byte[] bytes = new CborItem.Mapping(fields).encode();
            return signed(bytes, entry.body(), signer);
        } catch (CborException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] signed(byte[] header, byte[] body, TestDevice... signers) {
        CborWriter out = new CborWriter().array(3).bytes(header).bytes(body).array(signers.length);
        for (TestDevice signer : signers) {
            out.bytes(signer.key().sign(SignatureLabel.ENTRY, header));
        }
        return out.toByteArray();
    }

    private static CborItem integer(long value) {
        return new CborItem.Int(value);
    }

    private static CborItem bytes(int size) {
        return new CborItem.ByteString(Bytes.of(new byte[size]));
    }

    private static CborItem array(CborItem... items) {
        return new CborItem.Array(List.of(items));
    }

    // Account log.

    private void account() throws CofferException {
        genesisFaults();
        accountGoesOn("device_added", LAPTOP, 1, added(PHONE, Role.FULL));
        accountGoesOn("device_added_append_only", PHONE, 1, added(CAMERA, Role.APPEND_ONLY));
        accountGoesOn("device_added_read_only", LAPTOP, 1, added(VIEWER, Role.READ_ONLY));
        accountGoesOn("settings", LAPTOP, 1, new Control.Settings());
        headerFaults();
        envelopeFaults();
        accountRules();
    }

    private static Control.DeviceAdded added(TestDevice added, Role role) {
        return new Control.DeviceAdded(added.record(), role, wrap(added.id()));
    }

    private Entry genesis(TestDevice first, TestDevice recovery, Generation generation, TestDevice... signers) {
        return log.sign(null, null, first, null, generation.number(), List.of(), List.of(),
                new Control.AccountGenesis(first.record(), recovery.record(), generation), signers);
    }

    private void badGenesis(String name, String result, byte[] encoded) {
        addCase(name, result, "account", "", encoded);
    }

    private void genesisFaults() {
        Generation first = generation(1, LAPTOP, PAPER);
        badGenesis("genesis_not_signed_by_the_recovery_key", CHAIN, genesis(LAPTOP, PAPER, first, LAPTOP, LAPTOP).encode());
        badGenesis("genesis_signed_in_the_other_order", CHAIN, genesis(LAPTOP, PAPER, first, PAPER, LAPTOP).encode());
        badGenesis("genesis_with_one_signature", MALFORMED, genesis(LAPTOP, PAPER, first, LAPTOP).encode());
        badGenesis("genesis_whose_device_is_the_recovery_key", CHAIN,
                genesis(LAPTOP, LAPTOP, generation(1, LAPTOP), LAPTOP, LAPTOP).encode());
        badGenesis("genesis_without_a_wrap_for_the_recovery_key", CHAIN,
                genesis(LAPTOP, PAPER, generation(1, LAPTOP), LAPTOP, PAPER).encode());
        badGenesis("genesis_with_a_wrap_for_a_stranger", CHAIN,
                genesis(LAPTOP, PAPER, generation(1, LAPTOP, PAPER, STRANGER), LAPTOP, PAPER).encode());
        badGenesis("genesis_of_generation_two", CHAIN,
                genesis(LAPTOP, PAPER, generation(2, LAPTOP, PAPER), LAPTOP, PAPER).encode());
        badGenesis("genesis_by_another_device_than_it_names", CHAIN, log.sign(
                null, null, STRANGER, null, 1, List.of(), List.of(),
                new Control.AccountGenesis(LAPTOP.record(), PAPER.record(), first), STRANGER, PAPER).encode());
        badGenesis("log_that_begins_with_settings", CHAIN,
                log.next(account.latest(), LAPTOP, 1, new Control.Settings()).encode());
        badGenesis("genesis_whose_device_has_a_key_of_small_order", MALFORMED, genesisWithKey(
                "0100000000000000000000000000000000000000000000000000000000000000"));
        badGenesis("genesis_whose_device_has_a_key_that_is_not_canonical", MALFORMED, genesisWithKey(
                "efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"));
    }

    private byte[] genesisWithKey(String key) {
        Entry entry = genesis(LAPTOP, PAPER, generation(1, LAPTOP, PAPER), LAPTOP, PAPER);
        try {
            Map<Long, CborItem> fields =
                    new TreeMap<>(((CborItem.Mapping) CborItem.decode(entry.header().encode())).entries());
            List<CborItem> control = control(fields);
            control.set(0, array(new CborItem.ByteString(Bytes.ofHex(key)), bytes(DeviceRecord.WRAP_KEY_SIZE)));
            fields.put((long) KEY_CONTROL, new CborItem.Array(control));
            return signed(new CborItem.Mapping(fields).encode(), entry.body(), LAPTOP, PAPER);
        } catch (CborException e) {
            throw new AssertionError(e);
        }
    }

    private void headerFault(String name, String result, Consumer<Map<Long, CborItem>> change) {
        Entry settings = log.next(account.latest(), LAPTOP, 1, new Control.Settings());
        badInAccount("header_" + name, result, changed(settings, LAPTOP, change));
    }

    private void headerFaults() {
        headerFault("of_another_suite", "DOWNGRADE", fields -> fields.put((long) KEY_SUITE, integer(2)));
        headerFault("without_suite", MALFORMED, fields -> fields.remove((long) KEY_SUITE));
        headerFault("without_log", MALFORMED, fields -> fields.remove((long) KEY_LOG));
        headerFault("with_log_of_31_bytes", MALFORMED, fields -> fields.put((long) KEY_LOG, bytes(31)));
        headerFault("of_another_log", CHAIN, fields -> fields.put((long) KEY_LOG, bytes(32)));
        headerFault("without_sequence", MALFORMED, fields -> fields.remove((long) KEY_SEQUENCE));
        headerFault("of_sequence_zero", MALFORMED, fields -> fields.put((long) KEY_SEQUENCE, integer(0)));
        headerFault("that_repeats_a_sequence", CHAIN, fields -> fields.put((long) KEY_SEQUENCE, integer(4)));
        headerFault("that_skips_a_sequence", CHAIN, fields -> fields.put((long) KEY_SEQUENCE, integer(6)));
        headerFault("of_negative_sequence", MALFORMED, fields -> fields.put((long) KEY_SEQUENCE, integer(-1)));
        headerFault("without_previous", MALFORMED, fields -> fields.remove((long) KEY_PREVIOUS));
        headerFault("of_another_previous", CHAIN, fields -> fields.put((long) KEY_PREVIOUS, bytes(32)));
        headerFault("of_unknown_kind", MALFORMED, fields -> fields.put((long) KEY_KIND, integer(7)));
        headerFault("of_a_kind_with_other_control", MALFORMED, fields -> fields.put((long) KEY_KIND, integer(4)));
        headerFault("of_a_kind_of_the_other_log", MALFORMED, fields -> fields.put((long) KEY_KIND, integer(17)));
        headerFault("without_author", MALFORMED, fields -> fields.remove((long) KEY_AUTHOR));
        headerFault("with_an_account", MALFORMED, fields -> fields.put((long) KEY_ACCOUNT, bytes(32)));
        headerFault("of_generation_zero", MALFORMED, fields -> fields.put((long) KEY_PERIOD, integer(0)));
        headerFault("of_another_generation", CHAIN, fields -> fields.put((long) KEY_PERIOD, integer(2)));
        headerFault("of_negative_time", MALFORMED, fields -> fields.put((long) KEY_TIME, integer(-1)));
        headerFault("of_another_body", MALFORMED, fields -> fields.put((long) KEY_BODY_HASH, bytes(32)));
        headerFault("with_packs", CHAIN, fields -> fields.put((long) KEY_ADDED, array(array(bytes(32), integer(1)))));
        headerFault("with_an_empty_list_of_packs", MALFORMED, fields -> fields.put((long) KEY_ADDED, array()));
        headerFault("that_releases_an_empty_list", MALFORMED, fields -> fields.put((long) KEY_RELEASED, array()));
        headerFault("without_control", MALFORMED, fields -> fields.remove((long) KEY_CONTROL));
        headerFault("with_longer_control", MALFORMED, fields -> fields.put((long) KEY_CONTROL, array(integer(0))));
        headerFault("with_an_unknown_field", MALFORMED, fields -> fields.put(15L, integer(0)));
    }

    private void envelopeFaults() {
        Entry settings = log.next(account.latest(), LAPTOP, 1, new Control.Settings());
        byte[] header = settings.header().encode();
        byte[] good = settings.encode();
        badInAccount("entry_nothing", MALFORMED, new byte[0]);
        badInAccount("entry_cut", MALFORMED, java.util.Arrays.copyOf(good, good.length - 1));
        badInAccount("entry_with_a_trailing_byte", MALFORMED, java.util.Arrays.copyOf(good, good.length + 1));
        badInAccount("entry_of_two_parts", MALFORMED, new CborWriter().array(2).bytes(header).bytes(settings.body()).toByteArray());
        badInAccount("entry_without_signature", MALFORMED, signed(header, settings.body()));
        badInAccount("entry_with_two_signatures", MALFORMED, signed(header, settings.body(), LAPTOP, LAPTOP));
        badInAccount("entry_with_another_body", MALFORMED, signed(header, new byte[] {1, 2, 4}, LAPTOP));
        badInAccount("entry_without_body", MALFORMED, signed(header, new byte[0], LAPTOP));
        badInAccount("entry_signed_by_another_device", CHAIN, signed(header, settings.body(), PHONE));
        badInAccount("entry_signed_under_another_label", CHAIN, new CborWriter()
                .array(3).bytes(header).bytes(settings.body()).array(1)
                .bytes(LAPTOP.key().sign(SignatureLabel.SESSION, header)).toByteArray());
        badInAccount("signature_of_63_bytes", MALFORMED, new CborWriter()
                .array(3).bytes(header).bytes(settings.body()).array(1).bytes(new byte[63]).toByteArray());
        byte[] longer = new byte[header.length + 1];
        longer[0] = (byte) 0xb8;
        longer[1] = (byte) (header[0] & 0x1f);
        System.arraycopy(header, 1, longer, 2, header.length - 1);
        badInAccount("header_whose_count_is_not_shortest", MALFORMED, signed(longer, settings.body(), LAPTOP));
    }

    private void accountRules() throws CofferException {
        badInAccount("account_genesis_again", CHAIN, log.accountGenesis(LAPTOP, PAPER).encode());
        badInAccount("device_added_by_a_stranger", CHAIN, STRANGER, 1, added(STRANGER, Role.FULL));
        badInAccount("device_added_by_the_recovery_key", CHAIN, PAPER, 1, added(TABLET, Role.FULL));
        badInAccount("device_added_by_a_read_only_device", NOT_AUTHORISED, VIEWER, 1, added(TABLET, Role.FULL));
        badInAccount("device_added_by_an_append_only_device", NOT_AUTHORISED, CAMERA, 1, added(TABLET, Role.FULL));
        badInAccount("device_added_twice", CHAIN, LAPTOP, 1, added(PHONE, Role.FULL));
        badInAccount("device_added_with_the_recovery_key", CHAIN, LAPTOP, 1, added(PAPER, Role.FULL));
        badInAccount("device_added_with_a_wrap_for_another", CHAIN, LAPTOP, 1,
                new Control.DeviceAdded(TABLET.record(), Role.FULL, wrap(STRANGER.id())));
        badInAccount("device_added_in_another_generation", CHAIN, LAPTOP, 2, added(TABLET, Role.FULL));
        badInAccount("device_added_with_role_four", MALFORMED, changed(
                log.next(account.latest(), LAPTOP, 1, added(TABLET, Role.FULL)), LAPTOP, LogVectorsTest::roleFour));
        badInAccount("removal_of_nobody", CHAIN, LAPTOP, 2, removed(generation(2, LAPTOP, PHONE, CAMERA, VIEWER, PAPER)));
        badInAccount("removal_of_oneself", CHAIN, LAPTOP, 2, removed(generation(2, PHONE, CAMERA, VIEWER, PAPER), LAPTOP));
        badInAccount("removal_of_a_stranger", CHAIN, LAPTOP, 2, removed(generation(2, LAPTOP, PHONE, CAMERA, VIEWER, PAPER), STRANGER));
        badInAccount("removal_with_a_wrap_for_the_removed", CHAIN, LAPTOP, 2,
                removed(generation(2, LAPTOP, PHONE, CAMERA, VIEWER, PAPER), PHONE));
        badInAccount("removal_without_a_wrap_for_one_who_stays", CHAIN, LAPTOP, 2,
                removed(generation(2, LAPTOP, VIEWER, PAPER), PHONE));
        badInAccount("removal_that_starts_no_generation", CHAIN, LAPTOP, 1,
                removed(generation(1, LAPTOP, CAMERA, VIEWER, PAPER), PHONE));
        badInAccount("generation_that_skips_one", CHAIN, LAPTOP, 3,
                new Control.GenerationStarted(generation(3, LAPTOP, PHONE, CAMERA, VIEWER, PAPER)));
        badInAccount("generation_without_the_one_before", CHAIN, LAPTOP, 2, new Control.GenerationStarted(
                withoutPrevious(generation(2, LAPTOP, PHONE, CAMERA, VIEWER, PAPER))));
        badInAccount("generation_whose_wraps_are_out_of_order", CHAIN, LAPTOP, 2, new Control.GenerationStarted(
                reversed(generation(2, LAPTOP, PHONE, CAMERA, VIEWER, PAPER))));
        badInAccount("recovery_by_a_device", NOT_AUTHORISED, LAPTOP, 2,
                new Control.Recovered(TABLET.record(), List.of(), generation(2, LAPTOP, PHONE, CAMERA, VIEWER, TABLET, PAPER)));
        badInAccount("recovery_that_removes_whom_it_lets_in", CHAIN, PAPER, 2, new Control.Recovered(
                TABLET.record(), List.of(TABLET.id()), generation(2, LAPTOP, PHONE, CAMERA, VIEWER, PAPER)));
    }

    private static void roleFour(Map<Long, CborItem> fields) {
        List<CborItem> control = control(fields);
        control.set(1, integer(4));
        fields.put((long) KEY_CONTROL, new CborItem.Array(control));
    }

    private static Control.DeviceRemoved removed(Generation next, TestDevice... who) {
        List<DeviceId> ids = new ArrayList<>();
        for (TestDevice one : who) {
            ids.add(one.id());
        }
        return new Control.DeviceRemoved(ids, next);
    }

    private static Generation withoutPrevious(Generation g) {
        return new Generation(g.number(), g.commitment(), g.wrapKey(), g.wraps(), Bytes.EMPTY);
    }

    private static Generation reversed(Generation g) {
        return new Generation(g.number(), g.commitment(), g.wrapKey(), g.wraps().reversed(), g.previous());
    }

    // Vault log.

    private void vault() throws CofferException {
        Entry genesis = log.vaultGenesis(account.latest(), LAPTOP);
        vault = VaultState.begin(genesis, accounts);
        vaultGenesisFaults();
        addCase("vault_genesis", VALID, "vault", "", genesis.encode());
        vaultAt = "vault_genesis";
        vaultGoesOn("commit", inVault(LAPTOP, 1, new Control.Commit()));
        vaultGoesOn("commit_with_packs", inVault(PHONE, 1, List.of(new PackRef(PACK, 1_048_576)), List.of(), new Control.Commit()));
        vaultGoesOn("commit_by_an_append_only_device", inVault(CAMERA, 1, new Control.Commit()));
        vaultGoesOn("commit_that_releases", inVault(LAPTOP, 1, List.of(), List.of(PACK), new Control.Commit()));
        vaultGoesOn("snapshot", inVault(LAPTOP, 1, new Control.Snapshot()));
        vaultGoesOn("residency", inVault(LAPTOP, 1, new Control.Residency("eu-west")));
        vaultRules();
        packFaults();
        afterARemoval();
    }

    private void vaultGenesisFaults() {
        AccountState now = account.latest();
        badVaultGenesis("vault_genesis_by_a_read_only_device", NOT_AUTHORISED, VIEWER, "home", epoch(1, now));
        badVaultGenesis("vault_genesis_by_a_stranger", CHAIN, STRANGER, "home", epoch(1, now));
        badVaultGenesis("vault_genesis_in_no_region", CHAIN, LAPTOP, "", epoch(1, now));
        badVaultGenesis("vault_genesis_in_a_region_with_capitals", CHAIN, LAPTOP, "Home", epoch(1, now));
        badVaultGenesis("vault_genesis_of_epoch_two", CHAIN, LAPTOP, "home", epoch(2, now));
        badVaultGenesis("vault_genesis_without_owner", CHAIN, LAPTOP, "home", epoch(1, member(now, MemberRole.WRITER, 1)));
        badVaultGenesis("vault_genesis_for_another_generation", CHAIN, LAPTOP, "home", epoch(1, member(now, MemberRole.OWNER, 2)));
    }

    private static Member member(AccountState of, MemberRole role, long generation) {
        return new Member(of.id(), of.head(), role, generation, wrappedToAccount());
    }

    private void badVaultGenesis(String name, String result, TestDevice author, String region, Epoch first) {
        AccountState now = account.latest();
        Entry entry = log.sign(null, null, author, new AuthorAccount(now.id(), now.head()), first.number(), List.of(),
                List.of(), new Control.VaultGenesis(now.id(), region, first), author);
        addCase(name, result, "vault", "", entry.encode());
    }

    private void vaultRules() {
        AccountState older = known(accountsAfter, "device_added_read_only");
        badInVault("vault_genesis_again", CHAIN, log.vaultGenesis(account.latest(), LAPTOP));
        badInVault("commit_by_a_stranger", CHAIN, inVault(STRANGER, 1, new Control.Commit()));
        badInVault("commit_by_the_recovery_key", CHAIN, inVault(PAPER, 1, new Control.Commit()));
        badInVault("commit_by_a_read_only_device", NOT_AUTHORISED, inVault(VIEWER, 1, new Control.Commit()));
        badInVault("commit_of_another_epoch", CHAIN, inVault(LAPTOP, 2, new Control.Commit()));
        badInVault("commit_under_an_older_account_head", CHAIN, log.commit(vault, older, LAPTOP));
        badInVault("release_by_an_append_only_device", NOT_AUTHORISED,
                inVault(CAMERA, 1, List.of(), List.of(PACK), new Control.Commit()));
        badInVault("snapshot_by_an_append_only_device", NOT_AUTHORISED, inVault(CAMERA, 1, new Control.Snapshot()));
        badInVault("snapshot_that_releases", CHAIN, inVault(LAPTOP, 1, List.of(), List.of(PACK), new Control.Snapshot()));
        badInVault("residency_by_an_append_only_device", NOT_AUTHORISED, inVault(CAMERA, 1, new Control.Residency("is")));
        badInVault("residency_with_packs", CHAIN,
                inVault(LAPTOP, 1, List.of(new PackRef(PACK, 1)), List.of(), new Control.Residency("is")));
        badInVault("residency_that_leads_out", CHAIN, inVault(LAPTOP, 1, new Control.Residency("../is")));
        badInVault("residency_that_begins_with_a_hyphen", CHAIN, inVault(LAPTOP, 1, new Control.Residency("-is")));
        badInVault("epoch_by_an_append_only_device", NOT_AUTHORISED,
                inVault(CAMERA, 2, new Control.EpochStarted(epoch(2, account.latest()))));
        badInVault("epoch_that_skips_one", CHAIN, inVault(LAPTOP, 3, new Control.EpochStarted(epoch(3, account.latest()))));
        badInVault("epoch_without_the_one_before", CHAIN, inVault(LAPTOP, 2, new Control.EpochStarted(new Epoch(
                2, Hash.of(new byte[] {2, 1}), List.of(member(account.latest(), MemberRole.OWNER, 1)), Bytes.EMPTY))));
        badInVault("epoch_without_members", CHAIN, inVault(LAPTOP, 2, new Control.EpochStarted(epoch(2, new Member[0]))));
    }

    private void packFaults() {
        Entry commit = inVault(LAPTOP, 1, new Control.Commit());
        CborItem one = new CborItem.ByteString(Bytes.of(new byte[32]));
        badPacks("packs_out_of_order", commit, KEY_ADDED, array(array(bytesOf(2), integer(1)), array(bytesOf(1), integer(1))));
        badPacks("pack_twice", commit, KEY_ADDED, array(array(one, integer(1)), array(one, integer(1))));
        badPacks("pack_of_no_bytes", commit, KEY_ADDED, array(array(one, integer(0))));
        badPacks("pack_of_more_than_64_MiB", commit, KEY_ADDED, array(array(one, integer((64L << 20) + 1))));
        badPacks("pack_without_size", commit, KEY_ADDED, array(array(one)));
        badPacks("pack_id_of_31_bytes", commit, KEY_ADDED, array(array(bytes(31), integer(1))));
        badPacks("released_out_of_order", commit, KEY_RELEASED, array(bytesOf(2), bytesOf(1)));
        badPacks("released_twice", commit, KEY_RELEASED, array(one, one));
        addCase("commit_without_account", MALFORMED, "vault", vaultAt,
                changed(commit, LAPTOP, fields -> fields.remove((long) KEY_ACCOUNT)));
    }

    private static CborItem bytesOf(int first) {
        byte[] value = new byte[32];
        value[0] = (byte) first;
        return new CborItem.ByteString(Bytes.of(value));
    }

    private void badPacks(String name, Entry commit, long key, CborItem packs) {
        addCase(name, MALFORMED, "vault", vaultAt, changed(commit, LAPTOP, fields -> fields.put(key, packs)));
    }

    private void afterARemoval() throws CofferException {
        AccountState before = account.latest();
        accountGoesOn("device_removed", LAPTOP, 2, removed(generation(2, LAPTOP, CAMERA, VIEWER, PAPER), PHONE));
        badInAccount("settings_by_the_removed_device", NOT_AUTHORISED, PHONE, 2, new Control.Settings());
        badInAccount("removed_device_added_again", CHAIN, LAPTOP, 2, added(PHONE, Role.FULL));
        badInAccount("removal_of_one_already_removed", CHAIN, LAPTOP, 3,
                removed(generation(3, LAPTOP, CAMERA, VIEWER, PAPER), PHONE));
        badInVault("commit_before_the_epoch_that_a_removal_asks_for", CHAIN, inVault(LAPTOP, 1, new Control.Commit()));
        badInVault("epoch_for_the_generation_before_the_removal", CHAIN, inVault(LAPTOP, 2,
                new Control.EpochStarted(epoch(2, new Member(before.id(), account.latest().head(), MemberRole.OWNER, 1, wrappedToAccount())))));
        vaultGoesOn("epoch", inVault(LAPTOP, 2, new Control.EpochStarted(epoch(2, account.latest()))));
        vaultGoesOn("commit_in_the_new_epoch", inVault(LAPTOP, 2, new Control.Commit()));
        badInVault("commit_by_the_removed_device", NOT_AUTHORISED, inVault(PHONE, 2, new Control.Commit()));
        badInVault("commit_by_the_removed_device_under_its_old_head", CHAIN, log.commit(vault, before, PHONE));
        badInVault("commit_of_the_epoch_before", CHAIN, inVault(LAPTOP, 1, new Control.Commit()));
        accountGoesOn("generation", LAPTOP, 3, new Control.GenerationStarted(generation(3, LAPTOP, CAMERA, VIEWER, PAPER)));
        accountGoesOn("recovered", PAPER, 4, new Control.Recovered(
                TABLET.record(), List.of(LAPTOP.id()), generation(4, CAMERA, VIEWER, TABLET, PAPER)));
    }
}
