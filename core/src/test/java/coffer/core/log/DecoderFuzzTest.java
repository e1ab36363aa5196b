package coffer.core.log;

import static coffer.core.log.LogFixture.device;
import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.CofferException;
import coffer.core.DeviceRecord;
import coffer.core.Fuzz;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Every decoder of core, on bytes that anybody may have sent.
class DecoderFuzzTest {

    private final LogFixture log = new LogFixture();
    private byte[][] entries = {};
    private byte[] state = {};

    @BeforeEach
    void makeEntries() throws CofferException {
        Entry genesis = log.accountGenesis(device(1), device(9));
        AccountHistory account = new AccountHistory(genesis);
        Entry settings = log.next(account.latest(), device(1), 1, new Control.Settings());
        Entry vaultGenesis = log.vaultGenesis(account.latest(), device(1));
        VaultState vault = VaultState.begin(vaultGenesis, LogFixture.resolver(account));
        Entry commit = log.commit(vault, account.latest(), device(1));
        state = vault.apply(commit, LogFixture.resolver(account)).encode();
        entries = new byte[][] {genesis.encode(), settings.encode(), vaultGenesis.encode(), commit.encode()};
    }

    @Test
    void entry() {
        Fuzz.of("entry", bytes -> Entry.decode(bytes).encode(), CborException.class)
                .from(entries)
                .run();
    }

    @Test
    void entryPerhapsWithoutBody() throws CborException {
        byte[] bare = Entry.decode(entries[3]).withoutBody().encode();
        Fuzz.Result result = Fuzz.of(
                        "bare entry", bytes -> Entry.decodePerhapsWithoutBody(bytes).encode(), CborException.class)
                .from(bare)
                .from(entries)
                .run();
        assertThat(result.accepted()).as("signatures are not the decoder's").isPositive();
    }

    @Test
    void vaultState() {
        Fuzz.of("vault state", bytes -> VaultState.restore(bytes).encode(), CborException.class)
                .from(state)
                .run();
    }

    @Test
    void deviceRecord() {
        Fuzz.of("device record", bytes -> DeviceRecord.decode(bytes).encode(), CborException.class)
                .from(device(1).record().encode())
                .run();
    }

    /// Not a decoder but what stands behind it: the rules, tried by somebody with every key.
    @Test
    void rulesOfLogs() throws CofferException {
        byte[] life = {
            0, 0, 1, 0, 0, // a second device
            1, 1, 2, 1, 0, // it commits
            2, 0, 1, 1, 0, // and is removed
            1, 0, 2, 1, 0, // nothing is written before
            3, 0, 0, 1, 0, // the new epoch
            1, 0, 3, 1, 0, //
            6, 5, 2, 1, 0, // recovery lets a third in
            5, 0, 0, 4, 0, // another region
        };
        assertThat(LogProgram.run(life)).isEqualTo(7);
        Fuzz.of(
                        "rules of logs",
                        bytes -> {
                            LogProgram.run(bytes);
                            return null;
                        })
                .from(life, new byte[0])
                .within(64 << 20)
                .slow()
                .run();
    }

    @Test
    void archive() throws IOException, CborException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogArchive.Writer writer = new LogArchive.Writer(out);
        for (byte[] entry : entries) {
            writer.write(Entry.decode(entry));
        }
        Fuzz.of("log archive", DecoderFuzzTest::archived, CborException.class)
                .from(out.toByteArray())
                .run();
    }

    private static byte[] archived(byte[] bytes) throws IOException, CborException {
        LogArchive.Reader reader = new LogArchive.Reader(new ByteArrayInputStream(bytes));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogArchive.Writer writer = new LogArchive.Writer(out);
        for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
            writer.write(entry);
        }
        return out.toByteArray();
    }

    /// What every format is read with.
    @Test
    void cbor() {
        byte[] good = new CborWriter().array(3).integer(-500).text("caf\u00e9").bytes(new byte[40]).toByteArray();
        Fuzz.of("CBOR", DecoderFuzzTest::items, CborException.class).from(good, new byte[] {0}).run();
    }

    /// Reads integers, texts, byte strings and arrays of them, whatever comes.
    private static byte[] items(byte[] bytes) throws CborException {
        CborReader in = new CborReader(bytes);
        CborWriter out = new CborWriter();
        while (!in.atEnd()) {
            switch ((bytes[in.position()] & 0xff) >> 5) {
                case 0, 1 -> out.integer(in.integer());
                case 2 -> out.bytes(in.bytes(1 << 20));
                case 3 -> out.text(in.text(1 << 20));
                case 4 -> out.array(in.array(1 << 20));
                default -> out.bool(in.bool());
            }
        }
        return out.toByteArray();
    }
}
