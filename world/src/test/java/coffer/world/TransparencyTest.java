package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.tlog.Checkpoint;
import coffer.core.tlog.EntryBundle;
import coffer.core.tlog.Frontier;
import coffer.core.tlog.MerkleTree;
import coffer.core.tlog.NoteSigner;
import coffer.core.tlog.Statement;
import coffer.core.tlog.TileId;
import coffer.device.Device;
import coffer.device.DeviceSetup;
import coffer.device.LocalDeviceSetup;
import coffer.device.LogAudit;
import coffer.device.Progress;
import coffer.service.Service;
import coffer.service.ServiceConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real service and two devices of one account, to one of which it lies about its transparency log, with the log's own key.
class TransparencyTest {

    @TempDir
    Path folder = Path.of("");

    private LyingProxy proxy;
    private Service service;
    private Device honest;
    private Device deceived;

    @BeforeEach
    void startAll() throws Exception {
        proxy = new LyingProxy();
        int port = Processes.freePort();
        service = Service.start(ServiceConfig.of(folder.resolve("service")).with(Map.of(
                "listen", "127.0.0.1:" + port,
                "origins", "http://127.0.0.1:" + port + ", " + proxy.address())));
        proxy.to(service.address());
        DeviceSetup.Created created = new LocalDeviceSetup().create(folder.resolve("honest"), service.address(), "honest");
        honest = created.device();
        deceived = new LocalDeviceSetup()
                .recover(
                        folder.resolve("deceived"), proxy.address(), created.recoveryWords(), "deceived",
                        new DeviceSetup.Keep.All(), Progress.SILENT);
    }

    @AfterEach
    void stopAll() throws CofferException {
        deceived.close();
        honest.close();
        service.close();
        proxy.close();
    }

    /// A device that was opened a moment ago reads the log at once.
    private void reopen() throws CofferException {
        honest.close();
        honest = new LocalDeviceSetup().open(folder.resolve("honest"));
        deceived.close();
        deceived = new LocalDeviceSetup().open(folder.resolve("deceived"));
        honest.refresh();
        deceived.refresh();
    }

    private void put(Device device, String name) throws CofferException, IOException {
        Path file = Files.writeString(folder.resolve(name), "content of " + name);
        assertThat(device.put(List.of(file), "/", Progress.SILENT).problems()).isEmpty();
    }

    private static String read(Device device, String path) throws CofferException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        device.read(path, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void assertCode(ErrorCode code, Work work) {
        assertThatExceptionOfType(CofferException.class)
                .isThrownBy(work::run)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    private interface Work {
        void run() throws CofferException, IOException;
    }

    private static List<String> codes(Device device) throws CofferException {
        return device.status().problems().stream()
                .filter(problem -> problem.where().equals("transparency log"))
                .map(Device.Problem::code)
                .toList();
    }

    private byte[] get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create(service.address() + path)).build(), BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            return answer.body();
        }
    }

    /// The served entries; fewer than 256.
    private List<byte[]> entries() throws Exception {
        String[] lines = new String(get("/tlog/checkpoint"), StandardCharsets.UTF_8).split("\n", 3);
        int size = Integer.parseInt(lines[1]);
        return new ArrayList<>(EntryBundle.decode(get("/tlog/" + TileId.entries(0, size).path()), size));
    }

    /// From now on the deceived device is shown a log of these entries, signed by the real key.
    private void show(List<byte[]> entries) throws Exception {
        Frontier frontier = Frontier.EMPTY;
        ByteArrayOutputStream leaves = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            frontier = frontier.with(MerkleTree.leaf(entry));
            leaves.writeBytes(MerkleTree.leaf(entry).toArray());
        }
        byte[] note;
        try (NoteSigner key = NoteSigner.parse(Files.readString(folder.resolve("service/tlog.key")).strip())) {
            note = new Checkpoint(key.verifier().name(), frontier.size(), frontier.root()).sign(key).encode();
        }
        Map<String, byte[]> answers = Map.of(
                "/tlog/checkpoint", note,
                "/tlog/" + TileId.entries(0, entries.size()).path(), EntryBundle.encode(entries),
                "/tlog/" + TileId.hashes(0, 0, entries.size()).path(), leaves.toByteArray());
        proxy.answering(path -> Optional.ofNullable(answers.get(path)));
    }

    private List<byte[]> entriesAnd(String... words) throws Exception {
        List<byte[]> entries = entries();
        for (String word : words) {
            entries.add(new Statement.OperatorAction(1, "note", word).encode());
        }
        return entries;
    }

    /// The real log goes on by the two entries of another account.
    private void growTheRealLog() throws Exception {
        int before = entries().size();
        new LocalDeviceSetup().create(folder.resolve("other"), service.address(), "other").device().close();
        for (int i = 0; i < 500 && entries().size() < before + 2; i++) {
            Thread.sleep(10);
        }
        assertThat(entries()).hasSize(before + 2);
    }

    @Test
    void anHonestService_isAuditedByBothDevicesAndByAnybody() throws Exception {
        put(honest, "file");
        reopen();
        assertThat(read(deceived, "/file")).isEqualTo("content of file");
        for (Device device : List.of(honest, deceived)) {
            Device.LogReport report = device.auditLog(Progress.SILENT);
            assertThat(report.problems()).isEmpty();
            assertThat(report.ownHeads()).isEqualTo(report.heads()).isGreaterThanOrEqualTo(3);
            assertThat(codes(device)).isEmpty();
            assertThat(device.logStatements()).hasSize((int) report.size());
        }
        String key = honest.auditLog(Progress.SILENT).key();
        assertThat(LogAudit.run(service.address(), key, Progress.SILENT).size()).isEqualTo(entries().size());
    }

    @Test
    void aSplitView_isForkAsSoonAsACommitCrosses() throws Exception {
        put(honest, "before");
        reopen();
        List<byte[]> hidden = entriesAnd("only for one", "only for one, again", "and again");
        growTheRealLog();
        show(hidden);
        reopen();
        assertThat(codes(deceived)).as("nothing has crossed yet").isEmpty();
        put(honest, "crossing");
        deceived.refresh();
        assertThat(codes(deceived)).containsExactly("FORK");
        Files.writeString(folder.resolve("mine"), "mine");
        assertCode(ErrorCode.FORK, () -> deceived.put(List.of(folder.resolve("mine")), "/", Progress.SILENT));
        assertThat(read(deceived, "/crossing")).as("reading goes on").isEqualTo("content of crossing");
        proxy.answering(_ -> Optional.empty());
        reopen();
        assertThat(codes(deceived)).as("it stays until a person acts").containsExactly("FORK");
        deceived.makeFolder("/told", false);
        honest.refresh();
        assertThat(codes(honest)).as("the other device is told").containsExactly("ROLLBACK");
    }

    @Test
    void anOlderLog_isRollback() throws Exception {
        put(honest, "file");
        reopen();
        show(entries().subList(0, 3));
        reopen();
        assertThat(codes(deceived)).containsExactly("ROLLBACK");
        assertCode(ErrorCode.ROLLBACK, () -> put(deceived, "mine"));
        assertCode(ErrorCode.ROLLBACK, () -> deceived.auditLog(Progress.SILENT));
        assertThat(codes(honest)).isEmpty();
    }

    @Test
    void aProviderPutInAnotherRegion_isChain_andAGrantForAPlaceOutsideIsResidency_andNothingGoesThere() throws Exception {
        try (TcpRecorder elsewhere = new TcpRecorder(service.address())) {
            put(honest, "before");
            reopen();
            List<byte[]> moved = entries();
            moved.add(new Statement.RegionAdded(1, "elsewhere", "Elsewhere", "Elsewhere").encode());
            moved.add(new Statement.ProviderStated(
                            1, "local", "owner", "elsewhere", List.of(elsewhere.address().toString()), 1_000)
                    .encode());
            show(moved);
            reopen();
            assertThat(codes(deceived)).containsExactly("CHAIN");
            proxy.changing("/v1/packs/uploads", answer -> redirected(answer, elsewhere.address()));
            proxy.changing("/v1/packs/downloads", answer -> redirected(answer, elsewhere.address()));
            proxy.answering(_ -> Optional.empty());
            assertCode(ErrorCode.RESIDENCY, () -> put(deceived, "mine"));
            assertCode(ErrorCode.RESIDENCY, () -> read(deceived, "/before"));
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    private byte[] redirected(byte[] answer, URI elsewhere) {
        String text = new String(answer, StandardCharsets.UTF_8);
        assertThat(text).contains(service.address().toString());
        return text.replace(service.address().toString(), elsewhere.toString()).getBytes(StandardCharsets.UTF_8);
    }
}
