package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Bytes;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.api.CopiesAnswer;
import coffer.core.api.CopyCount;
import coffer.core.api.DownloadAnswer;
import coffer.core.api.DownloadCopy;
import coffer.core.api.DownloadRequest;
import coffer.core.api.UploadAnswer;
import coffer.core.api.UploadCopy;
import coffer.core.api.UploadRequest;
import coffer.core.log.Entry;
import coffer.core.log.PackRef;
import coffer.core.tlog.ProviderState;
import coffer.service.CopyStorage.Amount;
import coffer.service.CopyStorage.CopyState;
import coffer.store.ObjectName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Providers come, fill, fail and go while packs are stored; a device reads every byte at every step.
class ProviderLifeTest extends ServiceHarness {

    private static final int PACKS = 24;

    private final Map<PackRef, byte[]> stored = new LinkedHashMap<>();
    private TestAccount account;
    private String token;
    private LogId vault;

    @BeforeEach
    void storeSome() throws Exception {
        account = account(1);
        token = account.token();
        vault = account.beginVault(token);
        for (int i = 0; i < PACKS; i++) {
            store(bytes(2_000 + i, i));
        }
    }

    @Test
    void aProviderThatIsAdmitted_isFilledInStages_andNothingIsUnreadableMeanwhile() throws Exception {
        add("near", "Near hf.");
        assertThat(state("near")).isEqualTo(ProviderState.CANDIDATE);
        service.care().mover().round();
        assertThat(copies("near")).as("a candidate gets nothing").isZero();

        service.care().registry().admit("near", 100, "a tenth", true);
        service.care().mover().round();
        long tenth = copies("near");
        assertThat(tenth).isLessThan(PACKS / 2);
        assertAllReadable();

        service.care().registry().admit("near", 1_000, "all of it", true);
        service.care().mover().round();
        assertThat(copies("near")).isBetween(PACKS / 4L, PACKS * 3L / 4);
        assertThat(copies("near") + copies("local")).isEqualTo(PACKS);
        assertAllReadable();
        assertThat(objects("local")).as("grants given before still hold").isEqualTo(PACKS);

        clock.advance(Duration.ofHours(1));
        service.care().mover().round();
        assertThat(objects("local")).isEqualTo(copies("local"));
        assertAllReadable();

        service.care().registry().admit("near", 1, "back again", true);
        service.care().mover().round();
        assertThat(copies("near")).isLessThan(PACKS / 4L);
        assertAllReadable();
    }

    @Test
    void aProviderThatDrains_isEmptied_andMayThenRetire() throws Exception {
        add("near", "Near hf.");
        service.care().registry().admit("near", 1_000, "in", true);
        service.care().registry().drain("local", "out");
        assertThatThrownBy(() -> service.care().registry().retire("local", "too early", false))
                .isInstanceOfSatisfying(Problem.class, e -> assertThat(e.type()).isEqualTo(ProblemType.NOT_SO));
        service.care().mover().round();
        assertAllReadable();
        store(bytes(5_000, 99));
        assertThat(copies("near")).isEqualTo(PACKS + 1);
        restart();
        clock.advance(Duration.ofHours(1));
        service.care().mover().round();
        assertThat(objects("local")).isZero();
        assertThat(service.care().registry().retire("local", "done", false)).isZero();
        restart();
        assertThat(state("local")).isEqualTo(ProviderState.RETIRED);
        assertAllReadable();
    }

    @Test
    void theOnlyProvider_cannotBeDrainedOfAnything() throws Exception {
        service.care().registry().drain("local", "nowhere to go");
        service.care().mover().round();
        assertThat(copies("local")).isEqualTo(PACKS);
        assertAllReadable();
    }

    @Test
    void twoCopies_goToTwoOwners_andDamageHealsFromTheOther() throws Exception {
        add("near", "Near hf.");
        add("sister", "Near hf.");
        service.care().registry().admit("near", 1_000, "in", true);
        service.care().registry().admit("sister", 1_000, "in", true);
        service.care().registry().setCopies(REGION, 2);
        service.care().mover().round();
        assertThat(copies("local")).isEqualTo(PACKS);
        assertThat(copies("near") + copies("sister")).isEqualTo(PACKS);

        List<Path> files = files("local");
        Files.delete(files.get(0));
        Files.write(files.get(1), new byte[] {1, 2, 3});
        byte[] flipped = Files.readAllBytes(files.get(2));
        flipped[17] ^= 1;
        Files.write(files.get(2), flipped);
        service.care().prover().round();
        assertThat(amount("local", CopyState.DAMAGED)).isEqualTo(3);
        assertAllReadable();
        service.care().mover().round();
        assertThat(amount("local", CopyState.DAMAGED)).isZero();
        assertThat(copies("local")).isEqualTo(PACKS);
        clock.advance(Duration.ofDays(31));
        service.care().prover().round();
        assertThat(service.metrics().value("coffer_copies_damaged_total", "")).as("and none since").isEqualTo(3);
    }

    @Test
    void aProviderThatIsGoneForGood_isSurvivedWithTwoCopies_andWhatOnlyItHadIsCounted() throws Exception {
        add("near", "Near hf.");
        add("third", "Third hf.");
        service.care().registry().admit("near", 1_000, "in", true);
        service.care().registry().setCopies(REGION, 2);
        service.care().mover().round();
        wipe("local");
        service.care().registry().admit("third", 1_000, "in", true);
        service.care().registry().suspend("local", "its building burnt down");
        service.care().registry().drain("local", "its building burnt down");
        service.care().mover().round();
        assertAllReadable();
        assertThat(copies("near")).isEqualTo(PACKS);
        assertThat(copies("third")).isEqualTo(PACKS);
        assertThat(service.care().registry().retire("local", "gone", true)).isZero();
        assertAllReadable();
    }

    @Test
    void whatOnlyALostProviderHad_isSaid() throws Exception {
        wipe("local");
        add("near", "Near hf.");
        service.care().registry().admit("near", 1_000, "in", true);
        service.care().registry().suspend("local", "gone");
        assertThat(service.care().registry().retire("local", "gone", true)).isEqualTo(PACKS);
    }

    @Test
    void aSuspendedProvider_getsNothingNew_keepsWhatItHas_andIsReadFrom() throws Exception {
        add("near", "Near hf.");
        service.care().registry().admit("near", 1_000, "in", true);
        service.care().registry().suspend("local", "it is slow");
        service.care().mover().round();
        assertThat(copies("local") + copies("near")).isEqualTo(PACKS);
        long before = copies("local");
        for (int i = 0; i < 8; i++) {
            store(bytes(100 + i, 1_000 + i));
        }
        assertThat(copies("local")).isEqualTo(before);
        assertAllReadable();
    }

    @Test
    void aProviderThatFailsForTooLong_isSuspendedByItself_butNotTheLastOfItsRegion() throws Exception {
        add("near", "Near hf.");
        service.care().registry().admit("near", 1_000, "in", true);
        breakFolder("near");
        service.care().watch().round();
        clock.advance(Duration.ofMinutes(1));
        service.care().watch().round();
        assertThat(state("near")).isEqualTo(ProviderState.ACTIVE);
        clock.advance(Duration.ofMinutes(2));
        service.care().watch().round();
        assertThat(state("near")).isEqualTo(ProviderState.SUSPENDED);
        store(bytes(77, 77));

        breakFolder("local");
        for (int i = 0; i < 9; i++) {
            clock.advance(Duration.ofMinutes(5));
            service.care().watch().round();
        }
        assertThat(state("local")).isEqualTo(ProviderState.ACTIVE);
    }

    @Test
    void aPackWhoseProviderFailedBeforeTheCommit_goesElsewhereOnTheNextTry() throws Exception {
        add("near", "Near hf.");
        service.care().registry().admit("near", 1_000, "in", true);
        byte[] bytes = bytes(3_000, 4_711);
        PackRef pack = pack(bytes);
        String first = providerOf(grants(pack).getFirst());
        service.care().registry().suspend(first, "it failed");
        String second = providerOf(grants(pack).getFirst());
        assertThat(second).isNotEqualTo(first);
        store(bytes);
        assertAllReadable();
    }

    @Test
    void anUnknownRegionASecondRegionOfThatNameAndAnotherRegion_areRefused() throws Exception {
        assertThatThrownBy(() -> service.care().registry().addProvider("x", Map.of("region", "mars")))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> service.care().registry().addRegion(REGION, "again", "nowhere")).isInstanceOf(Problem.class);
        service.care().registry().addRegion("mars", "Mars", "none");
        assertThatThrownBy(() -> service.care().registry().addProvider("local", Map.of("region", "mars")))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> service.care().registry().addProvider("x", Map.of("region", "mars", "regoin", "y")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("did you mean");
        assertThatThrownBy(() -> service.care().registry().admit("nobody", 1_000, "?", true)).isInstanceOf(Problem.class);
    }

    @Test
    void aVaultThatMoves_isReadableAtEveryStep_isWrittenInTheNewRegionAlone_andLeavesNothingBehind() throws Exception {
        service.care().registry().addRegion("is", "Iceland", "Icelandic law");
        addIn("is", "near", "Near hf.");
        service.care().registry().admit("near", 1_000, "in", true);
        service.care().mover().round();
        assertThat(copies("near")).as("nobody has chosen it").isZero();

        choose("is");
        // From here on the service moves by itself as well.
        byte[] fresh = bytes(5_000, 99);
        assertThat(grants(pack(fresh))).extracting(ProviderLifeTest::providerOf).containsExactly("near");
        store(fresh);
        assertThat(objects("local")).as("nothing new where it was").isEqualTo(PACKS);
        for (PackRef pack : stored.keySet()) {
            UploadRequest again = new UploadRequest(vault.hex(), sizes(pack), List.of());
            TestClient.Answer answer = client.post(token, "/v1/packs/uploads", again);
            assertThat(answer.response().statusCode() == 503
                            || answer.json(UploadAnswer.class).grants().getFirst().copies().stream()
                                    .allMatch(copy -> providerOf(copy).equals("near")))
                    .as("a copy that is on its way out is not written again")
                    .isTrue();
        }
        assertAllReadable();

        service.care().mover().round();
        assertAllReadable();
        assertThat(copies("near")).isEqualTo(PACKS + 1);
        assertThat(copies("local")).isZero();
        assertThat(counts()).extracting(CopyCount::leaving).containsExactly((long) PACKS, 0L);
        assertThat(objects("local")).as("grants given before still hold").isEqualTo(PACKS);
        restart();
        clock.advance(Duration.ofHours(1));
        token = account.token();
        service.care().mover().round();
        assertThat(objects("local")).isZero();
        assertThat(counts()).containsExactly(new CopyCount("near", PACKS + 1, 0, storedBytes()));
        assertAllReadable();
    }

    @Test
    void aVaultThatMovesBackOnTheWay_hasEverythingWhereItWas() throws Exception {
        service.care().registry().addRegion("is", "Iceland", "Icelandic law");
        addIn("is", "near", "Near hf.");
        service.care().registry().admit("near", 1_000, "in", true);
        choose("is");
        service.care().mover().round();
        choose(REGION);
        service.care().mover().round();
        assertThat(copies("local")).isEqualTo(PACKS);
        clock.advance(Duration.ofHours(1));
        service.care().mover().round();
        assertThat(files("near")).isEmpty();
        assertThat(objects("local")).isEqualTo(PACKS);
        assertAllReadable();
    }

    @Test
    void aRegionWithTooFewOwners_getsEverything_andTheFormerOneKeepsItsCopies() throws Exception {
        service.care().registry().addRegion("is", "Iceland", "Icelandic law");
        addIn("is", "near", "Near hf.");
        service.care().registry().admit("near", 1_000, "in", true);
        service.care().registry().setCopies("is", 2);
        choose("is");
        service.care().mover().round();
        clock.advance(Duration.ofHours(1));
        service.care().mover().round();
        assertThat(copies("near")).isEqualTo(PACKS);
        assertThat(objects("local")).isEqualTo(PACKS);
        addIn("is", "third", "Third hf.");
        service.care().registry().admit("third", 1_000, "in", true);
        service.care().mover().round();
        clock.advance(Duration.ofHours(1));
        service.care().mover().round();
        assertThat(objects("local")).isZero();
        assertAllReadable();
    }

    private void choose(String region) throws Exception {
        token = account.token();
        Entry entry = account.residency(region);
        client.put(token, entry).expect(201);
        account.vaultApplied(entry);
    }

    private List<CopyCount> counts() throws Exception {
        return client.get(token, "/v1/logs/" + vault.hex() + "/copies").expect(200).json(CopiesAnswer.class).copies();
    }

    private long storedBytes() {
        return stored.keySet().stream().mapToLong(PackRef::size).sum();
    }

    private void restart() throws Exception {
        stop();
        start(Map.of());
        account.use(client);
        token = account.token();
    }

    private void add(String id, String owner) throws Exception {
        addIn(REGION, id, owner);
    }

    private void addIn(String region, String id, String owner) throws Exception {
        service.care()
                .registry()
                .addProvider(id, Map.of("region", region, "owner", owner, "path", folder(id).toString()));
    }

    private Path folder(String id) {
        return id.equals("local")
                ? data.resolve("service/providers/local")
                : data.resolve("elsewhere").resolve(id);
    }

    private List<Path> files(String id) throws IOException {
        try (Stream<Path> files = Files.walk(folder(id))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> ObjectName.isName(file.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    private long objects(String id) throws IOException {
        return files(id).size();
    }

    private void wipe(String id) throws IOException {
        for (Path file : files(id)) {
            Files.delete(file);
        }
    }

    /// Something else lies where the folder was.
    private void breakFolder(String id) throws IOException {
        Path folder = folder(id);
        Files.move(folder, folder.resolveSibling(id + "-gone"));
        Files.writeString(folder, "not a folder");
    }

    private ProviderState state(String id) {
        return Objects.requireNonNull(service.care().registry().directory().providers().get(id))
                .state();
    }

    private long copies(String id) throws StorageException {
        return amount(id, CopyState.HELD);
    }

    private long amount(String id, CopyState state) throws StorageException {
        return service.care().copies().amounts().stream()
                .filter(amount -> amount.provider().equals(id) && amount.state() == state)
                .mapToLong(Amount::copies)
                .sum();
    }

    private List<UploadCopy> grants(PackRef pack) throws Exception {
        return client.post(token, "/v1/packs/uploads", new UploadRequest(vault.hex(), sizes(pack), List.of()))
                .expect(200)
                .json(UploadAnswer.class)
                .grants()
                .getFirst()
                .copies();
    }

    private static String providerOf(UploadCopy copy) {
        return copy.url().replaceAll(".*provider=([a-z]+).*", "$1");
    }

    private void store(byte[] bytes) throws Exception {
        token = account.token();
        PackRef pack = pack(bytes);
        for (UploadCopy copy : grants(pack)) {
            client.put(null, copy.url(), "application/octet-stream", bytes).expect(201);
        }
        Entry commit = account.commit(List.of(pack), List.<PackId>of());
        client.put(token, commit).expect(201);
        account.vaultApplied(commit);
        stored.put(pack, bytes);
    }

    private void assertAllReadable() throws Exception {
        token = account.token();
        for (Map.Entry<PackRef, byte[]> one : stored.entrySet()) {
            List<DownloadCopy> copies = client.post(
                            token,
                            "/v1/packs/downloads",
                            new DownloadRequest(vault.hex(), List.of(one.getKey().id().hex())))
                    .expect(200)
                    .json(DownloadAnswer.class)
                    .grants()
                    .getFirst()
                    .copies();
            assertThat(copies).isNotEmpty();
            boolean right = false;
            for (DownloadCopy copy : copies) {
                TestClient.Answer answer = client.get(null, copy.url());
                right |= answer.response().statusCode() == 200
                        && Bytes.of(answer.body()).equals(Bytes.of(one.getValue()));
            }
            assertThat(right).as("some copy given to devices is right").isTrue();
        }
    }
}
