package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.Hash;
import coffer.core.NodeId;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What devices tell each other of their synced folders.
class AgreementsTest extends OnWorkbench {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final DeviceId OTHER = DeviceId.of(filled(3, DeviceId.SIZE));
    private static final NodeId FOLDER = NodeId.of(filled(4, NodeId.SIZE));
    private static final Hash STATE = Hash.of(new byte[] {1});
    private static final int TRIES = 400;

    @SuppressWarnings("NullAway.Init")
    private Contents contents;

    @SuppressWarnings("NullAway.Init")
    private Agreements own;

    @SuppressWarnings("NullAway.Init")
    private Agreements reader;

    private boolean othersTakePart = true;

    @BeforeEach
    void open() {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        contents = new VaultContents(home, replica, vault, packs, ingest, clock);
        own = new Agreements(contents, replica, vault.id(), FakeVault.DEVICE, _ -> true, clock);
        reader = new Agreements(contents, replica, vault.id(), OTHER, _ -> othersTakePart, clock);
    }

    @AfterEach
    void close() {
        own.close();
        reader.close();
    }

    private static byte[] filled(int value, int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private void awaitTold(Hash fingerprint) throws CofferException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            if (reader.of(FOLDER).stream().anyMatch(said -> said.agreement().fingerprint().equals(fingerprint))) {
                return;
            }
            Thread.sleep(25);
        }
        throw new AssertionError("nothing was told");
    }

    private void store(String path, byte[] bytes) throws CofferException {
        contents.deposit(
                deposit -> deposit.put(path, NOW, bytes.length, () -> new ByteArrayInputStream(bytes)), Progress.SILENT);
    }

    @Test
    void whatADeviceTells_othersRead_andItselfNot() throws Exception {
        own.rests(FOLDER, STATE);
        awaitTold(STATE);
        assertThat(reader.of(FOLDER))
                .containsExactly(new Agreements.Said(FakeVault.DEVICE, new AgreementNote.Agreement(STATE, NOW)));
        assertThat(own.of(FOLDER)).isEmpty();
        assertThat(reader.of(NodeId.of(filled(5, NodeId.SIZE)))).isEmpty();
    }

    @Test
    void theSame_isToldOnce_andAnotherStateReplacesIt() throws Exception {
        own.rests(FOLDER, STATE);
        awaitTold(STATE);
        long entries = contents.position();
        own.rests(FOLDER, STATE);
        Hash later = Hash.of(new byte[] {2});
        own.rests(FOLDER, later);
        awaitTold(later);
        assertThat(contents.position()).isEqualTo(entries + 1);
        assertThat(reader.of(FOLDER)).hasSize(1);
    }

    @Test
    void aNoteThatAnotherDeviceWrote_isNotBelieved() throws Exception {
        AgreementNote note = new AgreementNote(java.util.Map.of(FOLDER, new AgreementNote.Agreement(STATE, NOW)));
        DeviceId absent = DeviceId.of(filled(7, DeviceId.SIZE));
        store("/.coffer/agreed/" + absent.hex(), note.encode());
        assertThat(reader.of(FOLDER)).isEmpty();
    }

    @Test
    void aDeviceThatWasRemoved_andNotesThatAreNone_arePassedOver() throws Exception {
        own.rests(FOLDER, STATE);
        awaitTold(STATE);
        othersTakePart = false;
        assertThat(reader.of(FOLDER)).isEmpty();
        othersTakePart = true;
        store("/.coffer/agreed/readme", new byte[] {1, 2, 3});
        assertThat(reader.of(FOLDER)).hasSize(1);
        store("/.coffer/agreed/" + FakeVault.DEVICE.hex(), new byte[] {1, 2, 3});
        assertThat(reader.of(FOLDER)).isEmpty();
    }
}
