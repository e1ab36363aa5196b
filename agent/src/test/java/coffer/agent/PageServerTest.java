package coffer.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the agent gives to browsers, to its own pages and to everybody else, over real sockets and byte by byte.
class PageServerTest {

    @TempDir
    Path folder;

    private final FakeSetup setup = new FakeSetup();
    private AgentServer server;
    private FakeDevice device;
    private String key = "";
    private String cookie = "";

    record Answer(int status, String head, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    @BeforeEach
    void enter() throws Exception {
        server = AgentServer.start(setup, folder.resolve("home"), () -> {});
        new RemoteSetup(server.client()).create(URI.create("http://localhost:1"), "laptop");
        device = (FakeDevice) setup.open(folder.resolve("home"));
        Answer answer = session(ticket());
        key = Json.parseObject(answer.text()).text("key");
        cookie = header(answer, "Set-Cookie").replaceAll(";.*", "");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String host() {
        return "127.0.0.1:" + server.info().port();
    }

    private String ticket() throws Exception {
        String address = server.client().pages();
        assertThat(address).startsWith("http://" + host() + "/#");
        return address.substring(address.indexOf('#') + 1);
    }

    private Answer session(String ticket) throws IOException {
        return send("POST", "/api/session", "Origin: http://" + host() + "\r\n", ("{\"ticket\":\"" + ticket + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    /// As the pages would ask.
    private Answer ask(String method, String what, String headers, byte[] body) throws IOException {
        String origin = method.equals("GET") ? "" : "Origin: http://" + host() + "\r\n";
        return send(method, "/api/" + key + "/" + what, "Cookie: " + cookie + "\r\nSec-Fetch-Site: same-origin\r\n" + origin + headers, body);
    }

    private Answer get(String what) throws IOException {
        return ask("GET", what, "", new byte[0]);
    }

    private Answer send(String method, String path, String headers, byte[] body) throws IOException {
        return raw(method + " " + path + " HTTP/1.1\r\nHost: " + host() + "\r\nConnection: close\r\n" + headers
                + (method.equals("GET") ? "" : "Content-Length: " + body.length + "\r\n") + "\r\n", body);
    }

    private Answer raw(String head, byte[] body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.info().port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(body);
            byte[] all = socket.getInputStream().readAllBytes();
            String text = new String(all, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            String answered = text.substring(0, end + 2);
            byte[] content = java.util.Arrays.copyOfRange(all, end + 4, all.length);
            boolean chunked = answered.toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding: chunked");
            return new Answer(Integer.parseInt(answered.substring(9, 12)), answered, chunked ? unchunked(content) : content);
        }
    }

    private static byte[] unchunked(byte[] content) throws IOException {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        String text = new String(content, StandardCharsets.ISO_8859_1);
        for (int at = 0; at < content.length; ) {
            int line = text.indexOf("\r\n", at);
            int length = Integer.parseInt(text.substring(at, line), 16);
            out.write(content, line + 2, length);
            at = line + 4 + length;
        }
        return out.toByteArray();
    }

    private static String header(Answer answer, String name) {
        return answer.head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private void put(String name, String content) throws Exception {
        device.put(List.of(Files.writeString(folder.resolve(name), content)), "/", coffer.device.Progress.SILENT);
    }

    @Test
    void ticket_opensOneSessionOnly() throws Exception {
        String ticket = ticket();
        assertThat(session(ticket).status).isEqualTo(200);
        assertThat(session(ticket).status).isEqualTo(401);
        assertThat(session("0".repeat(64)).status).isEqualTo(401);
        assertThat(session("").status).isEqualTo(401);
    }

    @Test
    void cookie_isForTheCallsOfItsSessionAlone_andForNoScript() throws Exception {
        String set = header(session(ticket()), "Set-Cookie");
        assertThat(set).contains("HttpOnly").contains("SameSite=Strict").containsPattern("Path=/api/[0-9a-f]{64}/").doesNotContain("Domain");
    }

    @Test
    void tickets_areForCallersWithTheToken() throws Exception {
        Answer answer = raw("POST /v1/ticket HTTP/1.1\r\nHost: " + host() + "\r\nConnection: close\r\nContent-Type: application/json\r\nCookie: "
                + cookie + "\r\nContent-Length: 2\r\n\r\n", "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.status).isEqualTo(401);
    }

    @Test
    void calls_withoutKeyOrCookie_getNothing() throws Exception {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        String origin = "Origin: http://" + host() + "\r\n";
        assertThat(ask("POST", "status", "", body).status).isEqualTo(200);
        assertThat(send("POST", "/api/" + key + "/status", origin, body).status).isEqualTo(401);
        assertThat(send("POST", "/api/" + key + "/status", origin + "Cookie: coffer=x\r\n", body).status).isEqualTo(401);
        assertThat(send("POST", "/api/" + "0".repeat(64) + "/status", origin + "Cookie: " + cookie + "\r\n", body).status).isEqualTo(401);
        assertThat(send("POST", "/api/status", origin + "Cookie: " + cookie + "\r\n", body).status).isEqualTo(401);
        assertThat(send("GET", "/api/" + key + "/content?path=/x", "", body).status).isEqualTo(401);
    }

    @Test
    void calls_ofOtherPages_areRefused_evenWithKeyAndCookie() throws Exception {
        put("x.txt", "secret");
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        String path = "/api/" + key + "/status";
        String with = "Cookie: " + cookie + "\r\n";
        for (String origin : List.of("http://evil.example", "null", "http://127.0.0.1:1", "https://" + host(), "http://localhost:" + server.info().port())) {
            assertThat(send("POST", path, with + "Origin: " + origin + "\r\n", body).status).as(origin).isEqualTo(403);
        }
        assertThat(send("POST", path, with, body).status).as("no origin").isEqualTo(403);
        for (String site : List.of("cross-site", "same-site", "none")) {
            String said = with + "Sec-Fetch-Site: " + site + "\r\n";
            assertThat(send("GET", "/api/" + key + "/content?path=/x.txt", said, body).status).as(site).isEqualTo(403);
        }
        assertThat(send("OPTIONS", path, "Origin: http://evil.example\r\n", body).head).doesNotContainIgnoringCase("access-control");
    }

    @Test
    void calls_underAnotherName_areRefused_soThatNoReboundPageGetsIn() throws Exception {
        for (String name : List.of("evil.example:" + server.info().port(), "localhost:" + server.info().port(), "127.0.0.1", host() + ".evil.example")) {
            for (String path : List.of("/", "/api/session", "/api/" + key + "/status")) {
                Answer answer = raw("GET " + path + " HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\nCookie: " + cookie + "\r\n\r\n", new byte[0]);
                assertThat(answer.status).as(name + path).isIn(400, 421);
            }
        }
    }

    @Test
    void operationsOnThisMachinesPaths_areNotForPages() throws Exception {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        for (String name : List.of("put", "get", "export", "save-logs", "sync", "remove-sync", "create", "join", "recover", "stop", "ticket", "agent", "unknown")) {
            assertThat(ask("POST", name, "", body).status).as(name).isEqualTo(404);
        }
    }

    @Test
    void everyOperationOfPages_isOneOfTheAgents() {
        Operations operations = new Operations(server.slot(), server.phones());
        assertThat(PageHandler.OPERATIONS).allSatisfy(name -> assertThat(operations.find(name)).as(name).isPresent());
    }

    @Test
    void pages_haveAPolicyThatLetsNothingElseRun() throws Exception {
        Answer answer = send("GET", "/", "", new byte[0]);
        assertThat(answer.status).isEqualTo(200);
        assertThat(header(answer, "Content-Security-Policy"))
                .startsWith("default-src 'none'")
                .contains("frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'")
                .doesNotContain("unsafe", "http:", "https:", "*", "data:", "blob:");
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(header(answer, "Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(header(answer, "Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        assertThat(answer.head).doesNotContainIgnoringCase("access-control");
    }

    @Test
    void filesOfPages_areOnlyThose() throws Exception {
        for (String path : List.of("/../agent.json", "/%2e%2e/agent.json", "/coffer/agent/Json.class", "/assets/", "/assets/../../index.html", "/x.class", "//etc/passwd", "/index.html%00")) {
            assertThat(send("GET", path, "", new byte[0]).status).as(path).isIn(400, 404);
        }
    }

    @Test
    void content_givesPieces() throws Exception {
        put("song.mp3", "0123456789");
        Answer whole = get("content?path=/song.mp3");
        assertThat(whole.status).isEqualTo(200);
        assertThat(whole.text()).isEqualTo("0123456789");
        assertThat(header(whole, "Accept-Ranges")).isEqualTo("bytes");
        Answer middle = ask("GET", "content?path=/song.mp3", "Range: bytes=3-5\r\n", new byte[0]);
        assertThat(middle.status).isEqualTo(206);
        assertThat(middle.text()).isEqualTo("345");
        assertThat(header(middle, "Content-Range")).isEqualTo("bytes 3-5/10");
        assertThat(ask("GET", "content?path=/song.mp3", "Range: bytes=-2\r\n", new byte[0]).text()).isEqualTo("89");
        assertThat(ask("GET", "content?path=/song.mp3", "Range: bytes=8-\r\n", new byte[0]).text()).isEqualTo("89");
        assertThat(ask("GET", "content?path=/song.mp3", "Range: bytes=8-99\r\n", new byte[0]).text()).isEqualTo("89");
        assertThat(ask("GET", "content?path=/song.mp3", "Range: bytes=10-\r\n", new byte[0]).status).isEqualTo(416);
        assertThat(ask("GET", "content?path=/song.mp3", "Range: bytes=0-1,4-5\r\n", new byte[0]).status).isEqualTo(200);
    }

    @Test
    void content_ofAnEarlierVersion_isThatOne() throws Exception {
        put("x.txt", "one");
        long first = device.node("/x.txt").version();
        put("x.txt", "second");
        assertThat(get("content?path=/x.txt").text()).isEqualTo("second");
        assertThat(get("content?path=/x.txt&version=" + first).text()).isEqualTo("one");
        assertThat(get("content?path=/x.txt&version=999").status).isEqualTo(409);
        assertThat(get("content?path=/nothing").status).isEqualTo(409);
        assertThat(get("content?path=/").status).isEqualTo(409);
        assertThat(get("content").status).isEqualTo(409);
    }

    @Test
    void content_inWhichSomethingCouldRun_isADownload_andAlwaysInASandbox() throws Exception {
        for (String name : List.of("a.html", "a.HTM", "a.xhtml", "a.js", "a.xml", "a.swf", "a", "a.mht", "a.svg", "a.png", "a.txt", "a.md")) {
            put(name, "<script>alert(1)</script>");
            Answer answer = get("content?path=/" + name);
            assertThat(header(answer, "Content-Security-Policy")).as(name).startsWith("sandbox; default-src 'none'").doesNotContain("allow-");
            assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
            boolean shown = List.of("a.svg", "a.png", "a.txt", "a.md").contains(name);
            assertThat(header(answer, "Content-Disposition")).as(name).startsWith(shown ? "inline;" : "attachment;");
            assertThat(header(answer, "Content-Type")).as(name).doesNotContain("html").doesNotContain("javascript");
            assertThat(header(get("content?download=1&path=/" + name), "Content-Disposition")).startsWith("attachment;");
        }
    }

    @Test
    void content_thatFailsMidway_breaksOff() throws Exception {
        put("broken", "x".repeat(2 << 20));
        Answer answer = get("content?path=/broken");
        assertThat(answer.body.length).isLessThan(2 << 20);
    }

    @Test
    void disposition_cannotBeEndedByAName() {
        assertThat(PageContent.disposition(true, "a\"; x=\r\nSet-Cookie: b\u202egpj.exe é"))
                .isEqualTo("inline; filename*=UTF-8''a%22%3B%20x%3D%0D%0ASet-Cookie%3A%20b%E2%80%AEgpj.exe%20%C3%A9");
    }

    @Test
    void zip_holdsTheFolder() throws Exception {
        device.makeFolder("/a/empty", true);
        device.put(List.of(Files.writeString(folder.resolve("ü.txt"), "hello")), "/a", coffer.device.Progress.SILENT);
        Answer answer = get("zip?path=/a");
        assertThat(header(answer, "Content-Disposition")).isEqualTo("attachment; filename*=UTF-8''a.zip");
        List<String> names = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(answer.body))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
                if (entry.getName().equals("a/ü.txt")) {
                    assertThat(new String(zip.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("hello");
                }
            }
        }
        assertThat(names).containsExactly("a/empty/", "a/ü.txt");
    }

    private Answer upload(String path, int offset, String content) throws IOException {
        return ask("PUT", "uploads/abc?path=" + encoded(path) + "&offset=" + offset + "&modified=1000", "", content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void upload_gathersFiles_goesOnAfterABreak_andPutsThemTogether() throws Exception {
        assertThat(upload("trip/day 1/a.txt", 0, "hello").status).isEqualTo(200);
        assertThat(upload("trip/day 1/a.txt", 9, "!").status).isEqualTo(409);
        assertThat(get("uploads/abc?path=" + encoded("trip/day 1/a.txt")).text()).contains("\"size\":5");
        assertThat(upload("trip/day 1/a.txt", 5, " you").text()).contains("\"size\":9");
        assertThat(upload("b.txt", 0, "").status).isEqualTo(200);
        Answer answer = ask("POST", "uploads/abc", "", "{\"destination\":\"/\",\"folders\":[\"none\"]}".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.text()).contains("\"files\":2").contains("\"problems\":[]");
        assertThat(get("content?path=" + encoded("/trip/day 1/a.txt")).text()).isEqualTo("hello you");
        assertThat(device.node("/none").kind()).isEqualTo(coffer.device.Device.NodeKind.FOLDER);
        assertThat(folder.resolve("home/uploads/abc")).doesNotExist();
    }

    @Test
    void upload_ofNamesThatLeadElsewhere_isRefused() throws Exception {
        for (String path : List.of("../x", "a/../../x", "/etc/x", "", "a//b", ".", "a/.", "a\0b")) {
            assertThat(upload(path, 0, "x").status).as(path).isEqualTo(409);
        }
        assertThat(ask("PUT", "uploads/..?path=x&offset=0&modified=0", "", new byte[0]).status).isIn(400, 401, 404);
        assertThat(folder.resolve("home/x")).doesNotExist();
        assertThat(folder.resolve("home/uploads/x")).doesNotExist();
    }

    @Test
    void uploads_thatNobodyGoesOnWith_areRemoved() throws Exception {
        upload("a.txt", 0, "hello");
        assertThat(folder.resolve("home/uploads/abc/a.txt")).exists();
        assertThat(ask("DELETE", "uploads/abc", "", new byte[0]).status).isEqualTo(200);
        assertThat(folder.resolve("home/uploads/abc")).doesNotExist();
        upload("a.txt", 0, "hello");
        server.close();
        assertThat(folder.resolve("home/uploads")).doesNotExist();
    }

    @Test
    void events_tellWhatHasChanged() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.info().port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(("GET /api/" + key + "/events HTTP/1.1\r\nHost: " + host() + "\r\nCookie: " + cookie + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            awaitText(socket.getInputStream(), "\"files\":0");
            put("x.txt", "one");
            awaitText(socket.getInputStream(), "\"files\":1");
        }
    }

    private static void awaitText(InputStream in, String text) throws IOException {
        StringBuilder heard = new StringBuilder();
        while (heard.indexOf(text) < 0) {
            int b = in.read();
            assertThat(b).as("before %s came only: %s", text, heard).isNotNegative();
            heard.append((char) b);
        }
    }

    @Test
    void end_closesTheSession() throws Exception {
        assertThat(ask("POST", "end", "", "{}".getBytes(StandardCharsets.UTF_8)).status).isEqualTo(200);
        assertThat(ask("POST", "status", "", "{}".getBytes(StandardCharsets.UTF_8)).status).isEqualTo(401);
    }
}
