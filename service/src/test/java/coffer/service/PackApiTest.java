package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Hash;
import coffer.core.Limits;
import coffer.core.LogId;
import coffer.core.api.CheckAnswer;
import coffer.core.api.CheckRequest;
import coffer.core.api.DownloadAnswer;
import coffer.core.api.DownloadPlan;
import coffer.core.api.DownloadRequest;
import coffer.core.api.PackSize;
import coffer.core.api.UploadAnswer;
import coffer.core.api.UploadCopy;
import coffer.core.api.UploadRequest;
import coffer.core.log.Entry;
import coffer.core.log.LogFixture;
import coffer.core.log.LogFixture.TestDevice;
import coffer.core.log.PackRef;
import coffer.core.log.Role;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Packs over HTTP: grants, blobs, deletion, and what is refused.
class PackApiTest extends ServiceHarness {

    private TestAccount account;
    private String token;
    private LogId vault;

    @BeforeEach
    void vault() throws Exception {
        account = account(1);
        token = account.token();
        vault = account.beginVault(token);
    }

    @Test
    void aPack_isUploadedCheckedCommittedAndDownloaded() throws Exception {
        byte[] bytes = bytes(300_000, 1);
        PackRef pack = pack(bytes);
        assertThat(present(pack)).isEmpty();
        upload(pack, bytes).expect(201);
        assertThat(present(pack)).containsExactly(pack.id().hex());
        Entry commit = account.commit(List.of(pack), List.of());
        client.put(token, commit).expect(201);
        assertThat(client.get(null, download(pack)).expect(200).body()).isEqualTo(bytes);
    }

    @Test
    void aCommitOfAPackThatIsNotStored_is422AndNamesIt() throws Exception {
        byte[] bytes = bytes(1_000, 1);
        PackRef pack = pack(bytes);
        Entry commit = account.commit(List.of(pack), List.of());
        assertThat(client.put(token, commit).problem(422, "packs-missing").packs()).containsExactly(pack.id().hex());
        grant(pack);
        client.put(token, commit).problem(422, "packs-missing");
        upload(pack, bytes).expect(201);
        client.put(token, account.commit(List.of(new PackRef(pack.id(), 999)), List.of()))
                .problem(422, "packs-missing");
        client.put(token, commit).expect(201);
    }

    @Test
    void anUploadOfOtherBytes_isRefusedAndLeavesNothing() throws Exception {
        byte[] bytes = bytes(100_000, 1);
        PackRef pack = pack(bytes);
        byte[] other = bytes.clone();
        other[50_000] ^= 1;
        upload(pack, other).problem(422, "wrong-content");
        upload(pack, Arrays.copyOf(bytes, 99_999)).problem(422, "wrong-content");
        upload(pack, Arrays.copyOf(bytes, 100_001)).problem(422, "wrong-content");
        assertThat(present(pack)).isEmpty();
        client.get(null, download(pack)).problem(404, "not-found");
        upload(pack, bytes).expect(201);
        upload(pack, bytes).expect(201);
    }

    @Test
    void grants_areForOneObjectMethodSizeAndTime() throws Exception {
        byte[] bytes = bytes(1_000, 1);
        PackRef pack = pack(bytes);
        String upload = grant(pack).url();
        upload(pack, bytes).expect(201);
        String download = download(pack);
        PackRef other = pack(bytes(1_000, 2));
        for (String tampered : List.of(
                upload.replace("size=1000", "size=999"),
                upload.replace("expires=", "expires=9"),
                upload.replace(pack.id().hex(), other.id().hex()),
                upload.replace("provider=local", "provider=other"),
                upload + "&x=1",
                upload.replaceAll("grant=.*", "grant="),
                upload.replaceAll("\\?.*", ""),
                download)) {
            client.put(null, tampered, "application/octet-stream", bytes).problem(403, "grant-refused");
        }
        client.get(null, upload).problem(403, "grant-refused");
        client.with(null, "HEAD", upload, Map.of()).expect(403);
        client.with(null, "DELETE", upload, Map.of()).expect(405);
        clock.advance(Duration.ofMinutes(11));
        client.put(null, upload, "application/octet-stream", bytes).problem(403, "grant-expired");
        client.get(null, download).problem(403, "grant-expired");
    }

    @Test
    void tricksWithPathsOfBlobs_reachNothing() throws Exception {
        PackRef pack = stored(1_000);
        String download = download(pack);
        String name = pack.id().hex();
        for (String trick : List.of(
                "../service.secret",
                "..%2f..%2fservice.secret",
                "%2e%2e/service.db",
                name + "/..",
                name + "%00",
                name + ";x=y",
                "./" + name,
                "//" + name,
                name.toUpperCase(Locale.ROOT).equals(name) ? name + "/" : name.toUpperCase(Locale.ROOT))) {
            URI granted = URI.create(download);
            assertThat(raw("GET /v1/blobs/" + trick + "?" + granted.getRawQuery() + " HTTP/1.1\r\nHost: x\r\n"
                            + "Connection: close\r\n\r\n"))
                    .as(trick)
                    .startsWith("HTTP/1.1 4");
        }
    }

    @Test
    void ranges_areServed() throws Exception {
        byte[] bytes = bytes(10_000, 1);
        PackRef pack = pack(bytes);
        upload(pack, bytes).expect(201);
        String url = download(pack);
        assertRange(url, "bytes=0-0", bytes, 0, 1);
        assertRange(url, "bytes=100-199", bytes, 100, 200);
        assertRange(url, "bytes=9990-", bytes, 9_990, 10_000);
        assertRange(url, "bytes=-10", bytes, 9_990, 10_000);
        assertRange(url, "bytes=9990-20000", bytes, 9_990, 10_000);
        assertRange(url, "bytes=-20000", bytes, 0, 10_000);
        for (String ignored : List.of("bytes=0-1,5-6", "lines=1-2", "bytes=5-4", "bytes=-", "bytes=a-b")) {
            assertThat(client.with(null, "GET", url, Map.of("Range", ignored)).expect(200).body())
                    .as(ignored)
                    .isEqualTo(bytes);
        }
        var beyond = client.with(null, "GET", url, Map.of("Range", "bytes=10000-"));
        beyond.problem(416, "range-not-satisfiable");
        assertThat(beyond.header("content-range")).isEqualTo("bytes */10000");
        client.with(null, "GET", url, Map.of("Range", "bytes=-0")).problem(416, "range-not-satisfiable");
        var head = client.with(null, "HEAD", url, Map.of()).expect(200);
        assertThat(head.header("content-length")).isEqualTo("10000");
        assertThat(head.header("accept-ranges")).isEqualTo("bytes");
    }

    private void assertRange(String url, String range, byte[] bytes, int from, int to) throws Exception {
        var answer = client.with(null, "GET", url, Map.of("Range", range)).expect(206);
        assertThat(answer.body()).as(range).isEqualTo(Arrays.copyOfRange(bytes, from, to));
        assertThat(answer.header("content-range")).isEqualTo("bytes " + from + "-" + (to - 1) + "/" + bytes.length);
    }

    @Test
    void damagedBytes_areHandedOutAsTheyAreAndHealByWritingAgain() throws Exception {
        byte[] bytes = bytes(400_000, 1);
        PackRef pack = pack(bytes);
        upload(pack, bytes).expect(201);
        String url = download(pack);
        try (Stream<Path> files = Files.walk(data)) {
            Path stored = files.filter(file -> file.getFileName().toString().contains(pack.id().hex()))
                    .findFirst()
                    .orElseThrow();
            byte[] damaged = Files.readAllBytes(stored);
            damaged[200_000] ^= 1;
            stored.toFile().setWritable(true);
            Files.write(stored, damaged);
        }
        assertThat(Hash.of(client.get(null, url).expect(200).body()).hex())
                .as("damage is shown as it is, for the device to judge")
                .isNotEqualTo(pack.id().hex());
        upload(pack, bytes).expect(201);
        assertThat(client.get(null, url).expect(200).body()).as("writing it again heals it").isEqualTo(bytes);
    }

    @Test
    void quota_boundsWhatIsGranted() throws Exception {
        restart(Map.of("quota", "1MiB"));
        PackRef large = new PackRef(pack(bytes(1, 9)).id(), 900_000);
        grant(large);
        assertThat(client.post(
                                token,
                                "/v1/packs/uploads",
                                new UploadRequest(vault.hex(), List.of(new PackSize(pack(bytes(1, 8)).id().hex(), 200_000)), List.of()))
                        .problem(507, "quota")
                        .code())
                .isEqualTo("QUOTA");
        grant(large);
    }

    @Test
    void aFullAccount_mayStillReleaseButNotWriteOn() throws Exception {
        PackRef pack = stored(1_000);
        append(account.commit(List.of(pack), List.of()));
        PackRef large = new PackRef(pack(bytes(1, 9)).id(), Limits.PACK_BYTES_MAX);
        grant(large);
        restart(Map.of("quota", "1KiB"));
        assertThat(client.put(token, account.commit()).problem(507, "quota").code()).isEqualTo("QUOTA");
        client.put(token, account.commit(List.of(), List.of(pack.id()))).expect(201);
    }

    @Test
    void badRequestsForGrants_areRefused() throws Exception {
        String id = pack(bytes(1, 1)).id().hex();
        uploads(List.of()).problem(400, "malformed");
        uploads(List.of(new PackSize(id, 0))).problem(413, "too-large");
        uploads(List.of(new PackSize(id, -5))).problem(413, "too-large");
        uploads(List.of(new PackSize(id, Limits.PACK_BYTES_MAX + 1L))).problem(413, "too-large");
        uploads(List.of(new PackSize(id, 5), new PackSize(id, 5))).problem(400, "malformed");
        uploads(List.of(new PackSize("../x", 5))).problem(400, "malformed");
        uploads(List.of(new PackSize(id, 5))).expect(200);
        assertThat(uploads(List.of(new PackSize(id, 6))).problem(422, "pack-conflict").packs()).containsExactly(id);
        client.post(token, "/v1/packs/downloads", new DownloadRequest(vault.hex(), List.of(id, id)))
                .problem(400, "malformed");
    }

    @Test
    void packsOfAnotherVault_areAnsweredLikeNone() throws Exception {
        PackRef pack = stored(1_000);
        TestAccount other = account(2);
        String otherToken = other.token();
        LogId otherVault = other.beginVault(otherToken);
        assertThat(client.post(otherToken, "/v1/packs/check", new CheckRequest(otherVault.hex(), sizes(pack)))
                        .json(CheckAnswer.class)
                        .present())
                .isEmpty();
        assertThat(client.post(
                                otherToken,
                                "/v1/packs/downloads",
                                new DownloadRequest(otherVault.hex(), List.of(pack.id().hex())))
                        .json(DownloadAnswer.class)
                        .grants())
                .isEmpty();
    }

    @Test
    void aReadOnlyDevice_getsNoUploads() throws Exception {
        TestDevice reader = LogFixture.device(50);
        Entry added = account.addDevice(reader, Role.READ_ONLY);
        client.put(token, added).expect(201);
        account.applied(added);
        String readerToken = account.token(reader);
        String id = pack(bytes(1, 1)).id().hex();
        client.post(readerToken, "/v1/packs/uploads", new UploadRequest(vault.hex(), List.of(new PackSize(id, 5)), List.of()))
                .problem(403, "not-allowed");
        client.post(readerToken, "/v1/packs/downloads", new DownloadRequest(vault.hex(), List.of(id))).expect(200);
    }

    @Test
    void releasedPacks_areDeletedAfterTheGraceAndNotBefore() throws Exception {
        byte[] bytes = bytes(1_000, 1);
        PackRef pack = pack(bytes);
        upload(pack, bytes).expect(201);
        append(account.commit(List.of(pack), List.of()));
        append(account.commit(List.of(), List.of(pack.id())));
        clock.advance(Duration.ofDays(7).minusSeconds(1));
        assertThat(service.sweeper().sweep()).isZero();
        token = account.token();
        assertThat(client.get(null, download(pack)).expect(200).body()).isEqualTo(bytes);
        clock.advance(Duration.ofSeconds(2));
        assertThat(service.sweeper().sweep()).isEqualTo(1);
        token = account.token();
        assertThat(present(pack)).isEmpty();
        assertThat(downloads(pack)).isEmpty();
    }

    @Test
    void aReleasedPackThatIsAddedAgain_stays() throws Exception {
        byte[] bytes = bytes(1_000, 1);
        PackRef pack = pack(bytes);
        upload(pack, bytes).expect(201);
        append(account.commit(List.of(pack), List.of()));
        append(account.commit(List.of(), List.of(pack.id())));
        clock.advance(Duration.ofDays(6));
        token = account.token();
        append(account.commit(List.of(pack), List.of()));
        clock.advance(Duration.ofDays(30));
        assertThat(service.sweeper().sweep()).isZero();
        token = account.token();
        assertThat(client.get(null, download(pack)).expect(200).body()).isEqualTo(bytes);
    }

    @Test
    void packsThatWereNeverCommitted_areDeletedAfterTheirGrace() throws Exception {
        PackRef pack = stored(1_000);
        clock.advance(Duration.ofHours(25));
        assertThat(service.sweeper().sweep()).isEqualTo(1);
        token = account.token();
        Entry commit = account.commit(List.of(pack), List.of());
        client.put(token, commit).problem(422, "packs-missing");
    }

    @Test
    void oneVaultsRelease_doesNotDeleteWhatAnotherHolds() throws Exception {
        byte[] bytes = bytes(1_000, 1);
        PackRef pack = pack(bytes);
        upload(pack, bytes).expect(201);
        append(account.commit(List.of(pack), List.of()));
        TestAccount thief = account(2);
        String thiefToken = thief.token();
        LogId thiefVault = thief.beginVault(thiefToken);
        client.post(thiefToken, "/v1/packs/uploads", new UploadRequest(thiefVault.hex(), sizes(pack), List.of())).expect(200);
        Entry added = thief.commit(List.of(pack), List.of());
        client.put(thiefToken, added).expect(201);
        thief.vaultApplied(added);
        client.put(thiefToken, thief.commit(List.of(), List.of(pack.id()))).expect(201);
        clock.advance(Duration.ofDays(30));
        service.sweeper().sweep();
        token = account.token();
        assertThat(client.get(null, download(pack)).expect(200).body()).isEqualTo(bytes);
    }

    @Test
    void aSlowSender_isCutAndLeavesNothing() throws Exception {
        restart(Map.of("idle-timeout", "PT0.5S"));
        byte[] bytes = bytes(1_000, 1);
        PackRef pack = pack(bytes);
        URI url = URI.create(grant(pack).url());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(("PUT " + url.getRawPath() + "?" + url.getRawQuery()
                            + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(bytes, 0, 10);
            out.flush();
            byte[] answer = socket.getInputStream().readAllBytes();
            assertThat(new String(answer, StandardCharsets.US_ASCII)).doesNotContain("201");
        }
        assertThat(present(pack)).isEmpty();
    }

    @Test
    void aRefusalBeforeAShortBodyCame_leavesTheConnectionGood() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.address().getPort())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(refusedUpload(1000));
            out.flush();
            Thread.sleep(50);
            out.write(new byte[1000]);
            out.write("GET /v1/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("HTTP/1.1 404 ");
        }
    }

    @Test
    void aRefusalBeforeALongBodyCame_saysThatTheConnectionEnds() throws Exception {
        assertThat(raw(new String(refusedUpload(10_000_000), StandardCharsets.US_ASCII)))
                .startsWith("HTTP/1.1 403 ")
                .containsIgnoringCase("Connection: close");
    }

    @Test
    void aRefusalOfAGrantedBody_waitsForAllOfIt_soThatItsSenderReadsWhy() throws Exception {
        URI url = URI.create(grant(pack(bytes(1_000, 1))).url());
        int size = 10_000_000;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(("PUT " + url.getRawPath() + "?" + url.getRawQuery() + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
                            + size + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[size]);
            out.write("GET /v1/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 422 ")
                    .contains("HTTP/1.1 404 ");
        }
    }

    private byte[] refusedUpload(int size) throws Exception {
        String url = grant(pack(bytes(1_000, 1))).url().replaceAll("grant=.*", "grant=");
        URI uri = URI.create(url);
        return ("PUT " + uri.getRawPath() + "?" + uri.getRawQuery() + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + size
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private String raw(String request) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private void append(Entry entry) throws Exception {
        client.put(token, entry).expect(201);
        account.vaultApplied(entry);
    }

    private TestClient.Answer uploads(List<PackSize> packs) throws Exception {
        return client.post(token, "/v1/packs/uploads", new UploadRequest(vault.hex(), packs, List.of()));
    }

    private UploadCopy grant(PackRef pack) throws Exception {
        return uploads(sizes(pack)).json(UploadAnswer.class).grants().getFirst().copies().getFirst();
    }

    private TestClient.Answer upload(PackRef pack, byte[] bytes) throws Exception {
        UploadCopy grant = grant(pack);
        assertThat(grant.origin()).isEqualTo(client.origin());
        assertThat(grant.method()).isEqualTo("PUT");
        return client.put(null, grant.url(), "application/octet-stream", bytes);
    }

    /// A pack of that many bytes, stored and in no entry yet.
    private PackRef stored(int size) throws Exception {
        byte[] bytes = bytes(size, 1);
        PackRef pack = pack(bytes);
        upload(pack, bytes).expect(201);
        return pack;
    }

    private String download(PackRef pack) throws Exception {
        return downloads(pack).getFirst().copies().getFirst().url();
    }

    private List<DownloadPlan> downloads(PackRef pack) throws Exception {
        return client.post(
                        token,
                        "/v1/packs/downloads",
                        new DownloadRequest(vault.hex(), List.of(pack.id().hex())))
                .json(DownloadAnswer.class)
                .grants();
    }

    private List<String> present(PackRef pack) throws Exception {
        return client.post(token, "/v1/packs/check", new CheckRequest(vault.hex(), sizes(pack)))
                .json(CheckAnswer.class)
                .present();
    }
}
