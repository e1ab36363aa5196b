package coffer.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.Device.NodeInfo;
import coffer.device.Device.NodeKind;
import coffer.device.Device.PutReport;
import coffer.device.DeviceSetup.Keep;
import coffer.device.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every operation, over a real socket, against a device in memory.
class AgentServerTest {

    private static final URI SERVICE = URI.create("http://localhost:1");

    @TempDir
    Path folder;

    private Path home;
    private final FakeSetup setup = new FakeSetup();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private AgentServer server;
    private Device device;

    @BeforeEach
    void start() throws Exception {
        home = folder.resolve("home");
        server = AgentServer.start(setup, home, stopped::countDown);
        device = new RemoteDevice(server.client());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private FakeDevice create() throws CofferException {
        new RemoteSetup(server.client()).create(SERVICE, "laptop");
        return (FakeDevice) setup.open(home);
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void operations_beforeThereIsADevice_sayThatThereIsNone() {
        assertThatThrownBy(device::status)
                .isInstanceOfSatisfying(CofferException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.LOCAL);
                    assertThat(e).hasMessage(DeviceSlot.NO_DEVICE);
                });
        assertThat(home).doesNotExist();
    }

    @Test
    void create_givesTheWordsAndOpensTheDevice() throws Exception {
        assertThat(new RemoteSetup(server.client()).create(SERVICE, "büro \"1\"")).isEqualTo(FakeSetup.WORDS);
        assertThat(device.status().deviceName()).isEqualTo("büro \"1\"");
        assertThat(device.status().service()).isEqualTo(SERVICE.toString());
    }

    @Test
    void create_whereADeviceIs_isRefused() throws Exception {
        create();
        assertThatThrownBy(() -> new RemoteSetup(server.client()).create(SERVICE, "again"))
                .isInstanceOfSatisfying(
                        CofferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCAL));
    }

    @Test
    void join_withAWrongCode_leavesTheHomeFree_andTheRightOneEnters() throws Exception {
        RemoteSetup remote = new RemoteSetup(server.client());
        assertThatThrownBy(() -> remote.join(SERVICE, "WRONG", "b", Progress.SILENT))
                .isInstanceOfSatisfying(
                        CofferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENROLMENT));
        remote.join(SERVICE, FakeSetup.CODE, "b", Progress.SILENT);
        assertThat(device.status().deviceName()).isEqualTo("b");
    }

    @Test
    void recover_withWrongWords_saysWhichOneIsWrong() throws Exception {
        RemoteSetup remote = new RemoteSetup(server.client());
        assertThatThrownBy(() -> remote.recover(SERVICE, "wrong", "c", new Keep.All(), Progress.SILENT))
                .isInstanceOfSatisfying(CofferException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.ENROLMENT);
                    assertThat(e.details()).containsEntry("word", "3");
                });
        remote.recover(SERVICE, FakeSetup.WORDS, "c", new Keep.AllBut(List.of("x")), Progress.SILENT);
        assertThat(device.status().deviceName()).isEqualTo("c");
    }

    @Test
    void tree_goesThroughPutListMoveRemoveAndRestore() throws Exception {
        create();
        device.makeFolder("/a/b", true);
        PutReport report = device.put(List.of(file("x.txt", "hello"), folder.resolve("missing")), "/a/b", Progress.SILENT);
        assertThat(report.files()).isEqualTo(1);
        assertThat(report.bytes()).isEqualTo(5);
        assertThat(report.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.where()).endsWith("missing");
            assertThat(problem.code()).isEqualTo("LOCAL");
        });
        assertThat(device.list("/", true)).extracting(NodeInfo::path).containsExactly("/a", "/a/b", "/a/b/x.txt");
        assertThat(device.list("/a/b", false)).singleElement().satisfies(node -> {
            assertThat(node.kind()).isEqualTo(NodeKind.FILE);
            assertThat(node.size()).isEqualTo(5);
        });
        device.move("/a/b/x.txt", "/y.txt");
        device.remove("/y.txt");
        String trashed = device.trash().getFirst().nodeId();
        assertThat(device.restoreTrashed(trashed)).isEqualTo("/y.txt");
        device.remove("/y.txt");
        assertThat(device.emptyTrash(Optional.empty())).isEqualTo(1);
        assertThat(device.trash()).isEmpty();
    }

    @Test
    void history_andRestoreOfAVersion() throws Exception {
        create();
        device.put(List.of(file("x.txt", "one")), "/", Progress.SILENT);
        device.put(List.of(file("x.txt", "second")), "/", Progress.SILENT);
        List<Device.Version> history = device.history("/x.txt");
        assertThat(history).extracting(Device.Version::size).containsExactly(6L, 3L);
        assertThat(history).extracting(Device.Version::current).containsExactly(true, false);
        device.restoreVersion("/x.txt", history.get(1).version());
        assertThat(content("/x.txt")).isEqualTo("one");
    }

    @Test
    void get_exportAndRead_giveTheBytes() throws Exception {
        create();
        device.put(List.of(file("x.txt", "hello")), "/", Progress.SILENT);
        assertThat(device.get("/x.txt", folder.resolve("out"), false, Progress.SILENT).files()).isEqualTo(1);
        assertThat(folder.resolve("out/x.txt")).hasContent("hello");
        assertThat(device.export(folder.resolve("all"), Progress.SILENT).files()).isEqualTo(1);
        assertThat(content("/x.txt")).isEqualTo("hello");
    }

    @Test
    void everythingElse_arrivesAsTheDeviceSaidIt() throws Exception {
        FakeDevice fake = create();
        fake.frozen = Optional.of("ROLLBACK");
        assertThat(device.status()).isEqualTo(fake.status());
        assertThat(device.verify(true, Progress.SILENT)).isEqualTo(fake.verify(true, Progress.SILENT));
        assertThat(device.verify(false, Progress.SILENT)).isEqualTo(fake.verify(false, Progress.SILENT));
        assertThat(device.who()).isEqualTo(fake.who());
        assertThat(device.auditLog(Progress.SILENT)).isEqualTo(fake.auditLog(Progress.SILENT));
        assertThat(device.where("/docs", Progress.SILENT)).isEqualTo(fake.where("/docs", Progress.SILENT));
        assertThat(device.logStatements()).isEqualTo(fake.logStatements());
        assertThat(device.seen()).isEqualTo(1);
        assertThat(device.saveLogs(folder)).isEqualTo(2);
        assertThat(device.collect(Progress.SILENT)).isEqualTo(fake.collect(Progress.SILENT));
        assertThat(device.snapshot(Progress.SILENT)).isEqualTo(42);
        assertThat(device.refresh()).isZero();
        assertThat(device.invite()).isEqualTo(fake.invite());
        Device.JoinRequest request = device.awaitJoinRequest(Progress.SILENT).orElseThrow();
        assertThat(request.name()).isEqualTo("new\tlaptop");
        device.approve(request);
        assertThat(device.awaitJoinRequest(Progress.SILENT)).isEmpty();
        assertThat(device.devices()).isEqualTo(fake.devices()).hasSize(3);
        device.removeDevice("new\tlaptop");
        assertThat(device.devices()).hasSize(2);
    }

    @Test
    void names_ofEveryKind_surviveTheWay() throws Exception {
        create();
        for (String name : List.of("a b", "line\nbreak", "tab\t", "\u001b[31m", "ü", "日本", "😀", "\"quoted\\\"", "\u202e", "%2e%2e")) {
            device.makeFolder("/" + name, false);
            assertThat(device.list("/", false)).extracting(NodeInfo::path).contains("/" + name);
            device.remove("/" + name);
        }
    }

    @Test
    void list_ofManyNodes_givesEachOnce() throws Exception {
        create();
        for (int i = 0; i < 1_001; i++) {
            device.makeFolder("/" + i, false);
        }
        List<String> paths = new ArrayList<>();
        device.list("/", false, node -> paths.add(node.path()));
        assertThat(paths).hasSize(1_001).doesNotHaveDuplicates();
    }

    @Test
    void progress_arrives_andCancelling_endsTheWork() throws Exception {
        FakeDevice fake = create();
        AtomicBoolean cancelled = new AtomicBoolean();
        AtomicBoolean heard = new AtomicBoolean();
        Progress progress = new Progress() {
            @Override
            public void update(String label, long done, long total, Unit unit) {
                heard.set(label.equals("waiting") && total == -1 && unit == Unit.FILES);
                cancelled.set(true);
            }

            @Override
            public boolean cancelled() {
                return cancelled.get();
            }
        };
        assertThatThrownBy(() -> device.put(List.of(folder.resolve("waits")), "/", progress))
                .isInstanceOf(CofferException.class);
        assertThat(heard).isTrue();
        awaitTrue(fake.sawCancel);
    }

    @Test
    void aCallerThatVanishes_endsTheWork() throws Exception {
        FakeDevice fake = create();
        String body = "{\"sources\":[\"" + folder.resolve("waits") + "\"],\"destination\":\"/\"}";
        try (Socket socket = raw(request("put", "Bearer " + server.info().token(), "127.0.0.1:" + server.info().port(), "", body))) {
            assertThat(socket.getInputStream().readNBytes(12)).asString(StandardCharsets.US_ASCII).isEqualTo("HTTP/1.1 200");
        }
        awaitTrue(fake.sawCancel);
    }

    @Test
    void close_endsRunningWork_andClosesTheDevice() throws Exception {
        FakeDevice fake = create();
        CompletableFuture<Throwable> failure = CompletableFuture.supplyAsync(() -> {
            try {
                return new AssertionError(device.put(List.of(folder.resolve("waits")), "/", Progress.SILENT).toString());
            } catch (CofferException e) {
                return e;
            }
        });
        while (server.client().about().whole("operations") == 0) {
            Thread.sleep(5);
        }
        server.close();
        assertThat(failure.get(20, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(CofferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(fake.sawCancel).isTrue();
        assertThat(fake.closed).isTrue();
    }

    @Test
    void content_thatFailsMidway_isNeverTakenForTheWhole() throws Exception {
        create();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThatThrownBy(() -> device.read("/broken", out))
                .isInstanceOfSatisfying(CofferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTEGRITY));
        assertThatThrownBy(() -> device.read("/nothing", OutputStream.nullOutputStream()))
                .isInstanceOfSatisfying(CofferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCAL));
    }

    @Test
    void aFaultOfOurs_isToldWithoutItsMessage() throws Exception {
        create();
        assertThatThrownBy(() -> device.list("/bug", false))
                .isInstanceOfSatisfying(CofferException.class, e -> {
                    assertThat(e.details()).containsEntry("code", Problems.BUG);
                    assertThat(e.getMessage()).doesNotContain("secret");
                    assertThat(e.details().toString()).doesNotContain("secret");
                });
    }

    @Test
    void requests_thatAreNotOurs_areRefused() throws Exception {
        create();
        String token = "Bearer " + server.info().token();
        String host = "127.0.0.1:" + server.info().port();
        assertThat(status(request("status", token, host, "", "{}"))).isEqualTo(200);
        assertThat(status(request("status", "Bearer x", host, "", "{}"))).isEqualTo(401);
        assertThat(status(request("status", token, "evil.example", "", "{}"))).isEqualTo(421);
        assertThat(status(request("status", token, host, "Origin: http://evil.example\r\n", "{}"))).isEqualTo(403);
        assertThat(status(request("status", token, host, "", "[]"))).isEqualTo(400);
        assertThat(status(request("status", token, host, "", "{"))).isEqualTo(400);
        assertThat(status(request("unknown", token, host, "", "{}"))).isEqualTo(404);
        assertThat(status(request("../status", token, host, "", "{}"))).isIn(400, 404);
        assertThat(status(request("put", token, host, "", "{\"a\":\"" + "x".repeat(1 << 20) + "\"}"))).isEqualTo(400);
        assertThat(status("GET /v1/status HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: " + token + "\r\n\r\n"))
                .isEqualTo(404);
        assertThat(status("POST /v1/status HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: " + token
                        + "\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"))
                .isEqualTo(415);
    }

    @Test
    void operations_withMissingOrWrongFields_areRefusedAsProtocol() throws Exception {
        create();
        for (String arguments : List.of("{}", "{\"path\":1}", "{\"sources\":[\"relative\"],\"destination\":\"/\"}")) {
            for (String operation : List.of("put", "history")) {
                assertThatThrownBy(() -> server.client().call(operation, Json.parseObject(arguments)))
                        .as("%s %s", operation, arguments)
                        .isInstanceOfSatisfying(
                                CofferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL));
            }
        }
    }

    @Test
    void stop_tellsTheProcessToEnd() throws Exception {
        server.client().stop();
        assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
    }

    private String content(String path) throws CofferException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        device.read(path, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void awaitTrue(AtomicBoolean flag) throws InterruptedException {
        for (int i = 0; i < 1_000 && !flag.get(); i++) {
            Thread.sleep(10);
        }
        assertThat(flag).isTrue();
    }

    private static String request(String operation, String token, String host, String headers, String body) {
        return "POST /v1/" + operation + " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: " + token + "\r\n" + headers
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private Socket raw(String request) throws IOException {
        Socket socket = new Socket(java.net.InetAddress.getLoopbackAddress(), server.info().port());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private int status(String request) throws IOException {
        try (Socket socket = raw(request)) {
            String head = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return Integer.parseInt(head.substring(9));
        }
    }
}
