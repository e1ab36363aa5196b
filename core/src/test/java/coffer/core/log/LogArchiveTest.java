package coffer.core.log;

import static coffer.core.log.LogFixture.device;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.Hash;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogArchiveTest {

    private final LogFixture log = new LogFixture();

    private byte[] saved() throws IOException, CofferException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogArchive.Writer writer = new LogArchive.Writer(out);
        Entry genesis = log.accountGenesis(device(1), device(9));
        writer.write(genesis);
        writer.write(log.next(AccountState.begin(genesis), device(1), 1, new Control.Settings()));
        return out.toByteArray();
    }

    private static List<Hash> read(byte[] archive) throws IOException, CborException {
        LogArchive.Reader reader = new LogArchive.Reader(new ByteArrayInputStream(archive));
        List<Hash> ids = new ArrayList<>();
        for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
            ids.add(entry.id());
        }
        return ids;
    }

    @Test
    void read_givesBackWhatWasWritten() throws Exception {
        byte[] archive = saved();
        assertThat(read(archive)).hasSize(2).isEqualTo(read(archive));
        AccountHistory history = null;
        LogArchive.Reader reader = new LogArchive.Reader(new ByteArrayInputStream(archive));
        for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
            if (history == null) {
                history = new AccountHistory(entry);
            } else {
                history.append(entry);
            }
        }
        assertThat(java.util.Objects.requireNonNull(history).latest().head().sequence()).isEqualTo(1);
    }

    @Test
    void read_refusesAnyCutButBetweenEntries() throws Exception {
        byte[] archive = saved();
        int whole = 0;
        for (int size = 0; size < archive.length; size++) {
            byte[] cut = Arrays.copyOf(archive, size);
            try {
                read(cut);
                whole++;
            } catch (CborException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThat(whole).as("after the marker, and after the first entry").isEqualTo(2);
    }

    @Test
    void read_refusesALengthBeyondTheLimit() {
        byte[] huge = Arrays.copyOf("COFFERLOG1\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 20);
        Arrays.fill(huge, 11, 15, (byte) 0x7f);
        assertThatThrownBy(() -> read(huge)).isInstanceOf(CborException.class);
    }
}
