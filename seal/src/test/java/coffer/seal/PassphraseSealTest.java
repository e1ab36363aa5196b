package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.Test;

class PassphraseSealTest {

    private static final byte[] SECRETS = new FixedRandom(7).bytes(200);

    @Test
    void seal_opensWithThePassphraseAlone_howeverItsLettersWereComposed() throws OpenException {
        PassphraseSeal under = PassphraseSeal.seal("f\u00fcnf W\u00f6rter", SECRETS, new FixedRandom(1));
        assertThat(under.open("fu\u0308nf Wo\u0308rter")).isEqualTo(SECRETS);
        for (String other : new String[] {"", "funf Worter", "f\u00fcnf w\u00f6rter", "f\u00fcnf W\u00f6rter "}) {
            assertThatThrownBy(() -> under.open(other)).as(other).isInstanceOf(OpenException.class);
        }
    }

    @Test
    void open_refusesAnotherCostSaltOrByte_becauseAllAreBound() {
        PassphraseSeal good = PassphraseSeal.seal("passphrase", SECRETS, new FixedRandom(2));
        byte[] sealed = good.sealed().toArray();
        sealed[sealed.length - 1] ^= 1;
        Bytes salt = Bytes.of(new byte[PassphraseSeal.SALT_SIZE]);
        for (PassphraseSeal changed : new PassphraseSeal[] {
            new PassphraseSeal(good.memoryKib() + 8, good.passes(), good.lanes(), good.salt(), good.sealed()),
            new PassphraseSeal(good.memoryKib(), good.passes() + 1, good.lanes(), good.salt(), good.sealed()),
            new PassphraseSeal(good.memoryKib(), good.passes(), 1, good.salt(), good.sealed()),
            new PassphraseSeal(good.memoryKib(), good.passes(), good.lanes(), salt, good.sealed()),
            new PassphraseSeal(good.memoryKib(), good.passes(), good.lanes(), good.salt(), Bytes.of(sealed))
        }) {
            assertThatThrownBy(() -> changed.open("passphrase")).isInstanceOf(OpenException.class);
        }
    }

    @Test
    void read_refusesWhatIsCheapToTryAndWhatWouldKeepTheMachineBusy() throws CborException {
        assertThat(read(65_536, 3, 4).passes()).isEqualTo(3);
        assertThat(read(262_144, 10, 16).lanes()).isEqualTo(16);
        for (long[] cost : new long[][] {
            {65_535, 3, 4}, {8, 3, 4}, {262_145, 3, 4}, {1L << 40, 3, 4}, {65_536, 2, 4}, {65_536, 0, 4}, {65_536, 11, 4},
            {65_536, 3, 0}, {65_536, 3, 17}
        }) {
            assertThatThrownBy(() -> read(cost[0], cost[1], cost[2])).isInstanceOf(CborException.class);
        }
    }

    private static PassphraseSeal read(long memory, long passes, long lanes) throws CborException {
        byte[] encoded = new CborWriter()
                .integer(memory)
                .integer(passes)
                .integer(lanes)
                .bytes(new byte[PassphraseSeal.SALT_SIZE])
                .bytes(SECRETS)
                .toByteArray();
        return PassphraseSeal.read(new CborReader(encoded));
    }

    @Test
    void neverTwiceTheSame_forTheSamePassphraseAndSecrets() {
        PassphraseSeal one = PassphraseSeal.seal("passphrase", SECRETS, RandomSource.secure());
        PassphraseSeal other = PassphraseSeal.seal("passphrase", SECRETS, RandomSource.secure());
        assertThat(one.salt()).isNotEqualTo(other.salt());
        assertThat(one.sealed()).isNotEqualTo(other.sealed());
        assertThat(one.toString()).isEqualTo("[redacted]");
    }

    /// RFC 9106, section 5.3.
    @Test
    void theLibrarysArgon2id_isThePublishedOne() {
        Argon2BytesGenerator argon = new Argon2BytesGenerator();
        argon.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(32)
                .withIterations(3)
                .withParallelism(4)
                .withSalt(HexFormat.of().parseHex("02".repeat(16)))
                .withSecret(HexFormat.of().parseHex("03".repeat(8)))
                .withAdditional(HexFormat.of().parseHex("04".repeat(12)))
                .build());
        byte[] tag = new byte[32];
        argon.generateBytes(HexFormat.of().parseHex("01".repeat(32)), tag);
        assertThat(HexFormat.of().formatHex(tag)).isEqualTo("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    }
}
