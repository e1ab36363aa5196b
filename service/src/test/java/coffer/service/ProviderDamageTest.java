package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.api.DownloadAnswer;
import coffer.core.api.DownloadCopy;
import coffer.core.api.DownloadRequest;
import coffer.core.api.UploadAnswer;
import coffer.core.api.UploadCopy;
import coffer.core.api.UploadRequest;
import coffer.core.log.Entry;
import coffer.core.log.PackRef;
import coffer.service.CopyStorage.Amount;
import coffer.service.CopyStorage.CopyState;
import coffer.store.ObjectName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// One per cent of what a provider has is lost or changed while a device goes on storing and reading: nothing is lost, all of it is
/// healed from the other copy, and the ages of proof are those of what was really read.
class ProviderDamageTest extends ServiceHarness {

    private static final int PACKS = 300;
    private static final int DELETED = 2;
    private static final int CHANGED = 1;

    private final Map<PackRef, byte[]> stored = new ConcurrentHashMap<>();

    @SuppressWarnings("NullAway.Init")
    private TestAccount account;

    @SuppressWarnings("NullAway.Init")
    private String token;

    @SuppressWarnings("NullAway.Init")
    private LogId vault;

    @Test
    void onePerCentOfAProvidersObjects_isHealedFromTheOtherCopy_whileADeviceWorks() throws Exception {
        service.care()
                .registry()
                .addProvider("near", Map.of("region", REGION, "owner", "Near hf.", "path", near().toString()));
        service.care().registry().admit("near", 1_000, "in", true);
        service.care().registry().setCopies(REGION, 2);
        account = account(1);
        token = account.token();
        vault = account.beginVault(token);
        for (int i = 0; i < PACKS; i++) {
            store(bytes(1_000 + i, i));
        }
        service.care().prover().round();
        assertThat(oldestProof("local")).isEqualTo(clock.instant().toEpochMilli());

        clock.advance(Duration.ofDays(29));
        hurt(new Random(11));
        service.care().prover().round();
        assertThat(amount("local", CopyState.DAMAGED)).as("nothing is due yet").isZero();
        clock.advance(Duration.ofDays(2));
        token = account.token();
        List<Throwable> failures = new ArrayList<>();
        AtomicBoolean done = new AtomicBoolean();
        Thread person = Thread.ofPlatform().start(() -> work(done, failures));
        service.care().prover().round();
        service.care().mover().round();
        done.set(true);
        person.join();
        assertThat(failures).isEmpty();

        assertThat(service.metrics().value("coffer_copies_damaged_total", "")).isEqualTo(DELETED + CHANGED);
        assertThat(amount("local", CopyState.DAMAGED) + amount("near", CopyState.DAMAGED)).isZero();
        assertThat(amount("local", CopyState.HELD)).isEqualTo(stored.size());
        assertThat(amount("near", CopyState.HELD)).isEqualTo(stored.size());
        for (Path folder : List.of(near(), data.resolve("service/providers/local"))) {
            List<Path> files = files(folder);
            assertThat(files).hasSize(stored.size());
            for (Path file : files) {
                PackId id = PackId.ofHex(file.getFileName().toString());
                assertThat(pack(Files.readAllBytes(file)).id()).isEqualTo(id);
            }
        }
        clock.advance(Duration.ofDays(1));
        service.care().prover().round();
        long twoDaysAgo = clock.instant().minus(Duration.ofDays(2)).toEpochMilli();
        assertThat(oldestProof("local")).isGreaterThan(twoDaysAgo);
        assertThat(oldestProof("near")).isGreaterThan(twoDaysAgo);
        assertThat(service.metrics().value("coffer_copies_damaged_total", "")).as("and none since").isEqualTo(DELETED + CHANGED);
    }

    private Path near() {
        return data.resolve("elsewhere/near");
    }

    private void hurt(Random random) throws Exception {
        List<Path> files = new ArrayList<>(files(data.resolve("service/providers/local")));
        for (int i = 0; i < DELETED + CHANGED; i++) {
            Path file = files.remove(random.nextInt(files.size()));
            if (i < DELETED) {
                Files.delete(file);
            } else {
                byte[] content = Files.readAllBytes(file);
                content[random.nextInt(content.length)] ^= 1;
                Files.write(file, content);
            }
        }
    }

    private static List<Path> files(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> ObjectName.isName(file.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    /// Stores and reads, again and again; every pack must be right at one of the places that are given.
    private void work(AtomicBoolean done, List<Throwable> failures) {
        Random random = new Random(5);
        try {
            for (int i = 0; !done.get(); i++) {
                store(bytes(500 + i, 10_000 + i));
                List<PackRef> packs = List.copyOf(stored.keySet());
                assertReadable(packs.get(random.nextInt(packs.size())));
            }
            for (PackRef pack : stored.keySet()) {
                assertReadable(pack);
            }
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    private void assertReadable(PackRef pack) throws Exception {
        List<DownloadCopy> copies = client.post(
                        token, "/v1/packs/downloads", new DownloadRequest(vault.hex(), List.of(pack.id().hex())))
                .expect(200)
                .json(DownloadAnswer.class)
                .grants()
                .getFirst()
                .copies();
        boolean right = false;
        for (DownloadCopy copy : copies) {
            TestClient.Answer answer = client.get(null, copy.url());
            right |= answer.response().statusCode() == 200 && Arrays.equals(answer.body(), stored.get(pack));
        }
        assertThat(right).isTrue();
    }

    private void store(byte[] bytes) throws Exception {
        PackRef pack = pack(bytes);
        List<UploadCopy> copies = client.post(token, "/v1/packs/uploads", new UploadRequest(vault.hex(), sizes(pack), List.of()))
                .expect(200)
                .json(UploadAnswer.class)
                .grants()
                .getFirst()
                .copies();
        assertThat(copies).hasSize(2);
        for (UploadCopy copy : copies) {
            client.put(null, copy.url(), "application/octet-stream", bytes).expect(201);
        }
        Entry commit = account.commit(List.of(pack), List.<PackId>of());
        client.put(token, commit).expect(201);
        account.vaultApplied(commit);
        stored.put(pack, bytes);
    }

    private long amount(String id, CopyState state) throws StorageException {
        return amounts(id, state).mapToLong(Amount::copies).sum();
    }

    private long oldestProof(String id) throws StorageException {
        return amounts(id, CopyState.HELD).findFirst().orElseThrow().oldest().toEpochMilli();
    }

    private Stream<Amount> amounts(String id, CopyState state) throws StorageException {
        return service.care().copies().amounts().stream()
                .filter(amount -> amount.provider().equals(id) && amount.state() == state);
    }
}
