package coffer.core.log;

import static coffer.core.log.LogFixture.device;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.Hash;
import coffer.core.PackId;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EntryTest {

    private final LogFixture log = new LogFixture();
    private AccountHistory account;
    private VaultState vault;

    @BeforeEach
    void begin() throws CofferException {
        account = new AccountHistory(log.accountGenesis(device(1), device(9)));
        vault = VaultState.begin(log.vaultGenesis(account.latest(), device(1)), LogFixture.resolver(account));
    }

    private Entry commitWithPacks() {
        TreeSet<PackId> ids = new TreeSet<>();
        for (byte i = 0; i < 5; i++) {
            ids.add(new PackId(Hash.of(new byte[] {i}).value()));
        }
        List<PackRef> added = ids.stream().map(id -> new PackRef(id, 1_000_000)).toList();
        return log.next(
                vault, account.latest(), device(1), 1, added, List.copyOf(ids), new Control.Commit());
    }

    @Test
    void decode_givesBackWhatEncodeWrote() throws CborException {
        for (Entry entry : List.of(
                log.accountGenesis(device(1), device(9)),
                log.vaultGenesis(account.latest(), device(1)),
                commitWithPacks())) {
            Entry decoded = Entry.decode(entry.encode());
            assertThat(decoded.encode()).isEqualTo(entry.encode());
            assertThat(decoded.id()).isEqualTo(entry.id());
            assertThat(decoded.header()).isEqualTo(entry.header());
        }
    }

    @Test
    void decode_refusesAnotherBodyAndWithoutBodyKeepsTheId() throws CborException {
        Entry entry = commitWithPacks();
        Entry bare = entry.withoutBody();
        assertThat(bare.id()).isEqualTo(entry.id());
        assertThat(Entry.decodePerhapsWithoutBody(bare.encode()).id()).isEqualTo(entry.id());
        assertThatThrownBy(() -> Entry.decode(bare.encode())).isInstanceOf(CborException.class);
        Entry genesis = log.accountGenesis(device(1), device(9)).withoutBody();
        assertThatThrownBy(() -> Entry.decodePerhapsWithoutBody(genesis.encode()))
                .isInstanceOf(CborException.class);
    }

    @Test
    void decode_namesAnUnknownSuite() {
        Entry entry = commitWithPacks();
        byte[] encoded = entry.encode();
        int suiteValue = indexOf(encoded, new byte[] {1, 1, 2, 0x58, 0x20}) + 1;
        encoded[suiteValue] = 2;
        assertThatThrownBy(() -> Entry.decode(encoded)).isInstanceOf(UnknownSuiteException.class);
    }

    /// Whatever is changed, the result is refused by the decoder or by the chain, or is the same entry.
    @Test
    void anyChangedByteIsRefused() throws CofferException {
        Entry entry = commitWithPacks();
        byte[] original = entry.encode();
        long seed = 20_260_101L;
        Random random = new Random(seed);
        for (int at = 0; at < original.length; at++) {
            byte[] changed = original.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            assertThat(isAccepted(changed)).as("seed %d, byte %d", seed, at).isFalse();
        }
        for (int size = 0; size < original.length; size++) {
            assertThat(isAccepted(Arrays.copyOf(original, size))).as("cut to %d", size).isFalse();
        }
        assertThat(isAccepted(Arrays.copyOf(original, original.length + 1))).isFalse();
        assertThat(isAccepted(original)).isTrue();
    }

    private boolean isAccepted(byte[] encoded) {
        try {
            vault.apply(Entry.decode(encoded), LogFixture.resolver(account));
            return true;
        } catch (CborException | CofferException e) {
            return false;
        }
    }

    private static int indexOf(byte[] in, byte[] what) {
        for (int i = 0; i + what.length <= in.length; i++) {
            if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }
}
