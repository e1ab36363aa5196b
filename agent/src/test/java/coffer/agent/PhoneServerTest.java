package coffer.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What phones, and whoever else is in the home network, get of the agent: over real sockets, on this machine's own address alone.
class PhoneServerTest {

    private static final Json.Fields NOTHING = Json.object().build();

    @TempDir
    Path folder;

    private final FakeSetup setup = new FakeSetup();
    private AgentServer server;
    private FakeDevice device;
    private PhoneLine line;
    private String key = "";
    private String cookie = "";

    @BeforeEach
    void enter() throws Exception {
        server = AgentServer.start(setup, home(), () -> {});
        new RemoteSetup(server.client()).create(URI.create("http://localhost:1"), "laptop");
        device = (FakeDevice) setup.open(home());
        turnOn();
        pair();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Path home() {
        return folder.resolve("home");
    }

    private Json.Fields ask(String operation, Json.Fields arguments) throws CofferException {
        return server.client().call(operation, arguments);
    }

    private void turnOn() throws Exception {
        Json.Fields state = ask("phone-on", Json.object().put("address", "127.0.0.1").put("port", 0).build());
        reach(state);
    }

    private void reach(Json.Fields state) throws Exception {
        URI site = URI.create(state.text("site"));
        line = new PhoneLine(site.getPort(), PhoneBook.open(home(), Clock.systemUTC()).certificate().orElseThrow());
    }

    private String ticket() throws Exception {
        String address = ask("phone-pair", NOTHING).text("address");
        assertThat(address).startsWith("https://" + line.host() + "/#");
        return address.substring(address.indexOf('#') + 1);
    }

    /// What a phone that uses the ticket is told.
    private Json.Fields redeemed() throws Exception {
        PhoneLine.Answer answer = line.session("ticket", ticket());
        assertThat(answer.status()).isEqualTo(202);
        return Json.parseObject(answer.body());
    }

    private String confirm(String code) throws CofferException {
        return ask("phone-confirm", Json.object().put("code", code).build()).text("name");
    }

    private String pair() throws Exception {
        Json.Fields asked = redeemed();
        String name = confirm(asked.text("code"));
        PhoneLine.Answer answer = line.session("claim", asked.text("claim"));
        assertThat(answer.status()).isEqualTo(200);
        key = Json.parseObject(answer.body()).text("key");
        cookie = answer.header("Set-Cookie").replaceAll(";.*", "");
        return name;
    }

    private PhoneLine.Answer phone(String method, String what, String body) throws IOException {
        String origin = method.equals("GET") ? "" : "Origin: https://" + line.host() + "\r\n";
        return line.send(method, "/api/" + key + "/" + what, "Cookie: " + cookie + "\r\nSec-Fetch-Site: same-origin\r\n" + origin, body);
    }

    private List<String> phones() throws CofferException {
        return ask("phones", NOTHING).list("phones").stream().map(phone -> phone.text("name")).toList();
    }

    @Test
    void nobodyIsServed_untilThatIsTurnedOn_andTheSettingIsKept() throws Exception {
        try (AgentServer other = AgentServer.start(new FakeSetup(), folder.resolve("other"), () -> {})) {
            Json.Fields state = other.client().call("phones", NOTHING);
            assertThat(state.flag("on")).isFalse();
            assertThat(state.findText("site")).isEmpty();
            assertThat(folder.resolve("other/phone.json")).doesNotExist();
        }
        String fingerprint = ask("phones", NOTHING).text("fingerprint");
        server.close();
        assertThatThrownBy(() -> line.connect()).isInstanceOf(IOException.class);
        server = AgentServer.start(setup, home(), () -> {});
        Json.Fields again = ask("phones", NOTHING);
        assertThat(again.flag("on")).isTrue();
        assertThat(again.text("site")).isEqualTo("https://" + line.host());
        assertThat(again.text("fingerprint")).isEqualTo(fingerprint);
        assertThat(phone("POST", "status", "{}").status()).as("a phone stays paired").isEqualTo(200);
        ask("phone-off", NOTHING);
        assertThatThrownBy(() -> line.connect()).isInstanceOf(IOException.class);
        server.close();
        server = AgentServer.start(setup, home(), () -> {});
        assertThat(ask("phones", NOTHING).flag("on")).isFalse();
        assertThatThrownBy(() -> line.connect()).isInstanceOf(IOException.class);
        reach(ask("phone-on", Json.object().put("address", "127.0.0.1").build()));
        assertThat(phone("POST", "status", "{}").status()).as("the port is kept, and who was let in").isEqualTo(200);
    }

    @Test
    void homeNeverHoldsWhatAPhoneBrings_andIsTheOwnersAlone() throws Exception {
        String kept = Files.readString(home().resolve("phone.json"));
        assertThat(kept).doesNotContain(key).doesNotContain(cookie.substring(cookie.indexOf('=') + 1));
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            assertThat(Files.getPosixFilePermissions(home().resolve("phone.json"))).hasSize(2);
        }
    }

    @Test
    void aTicket_worksOnce_andANewOneTakesItsPlace() throws Exception {
        String first = ticket();
        String second = ticket();
        assertThat(line.session("ticket", first).status()).isEqualTo(401);
        assertThat(line.session("ticket", second).status()).isEqualTo(202);
        assertThat(line.session("ticket", second).status()).as("replayed").isEqualTo(401);
        assertThat(line.session("ticket", "0".repeat(64)).status()).isEqualTo(401);
        assertThat(line.session("ticket", "").status()).isEqualTo(401);
    }

    @Test
    void aTicketAlone_opensNothing() throws Exception {
        Json.Fields thief = redeemed();
        assertThat(line.session("claim", thief.text("claim")).status()).isEqualTo(202);
        assertThat(line.session("claim", "0".repeat(64)).status()).isEqualTo(401);
        String other = thief.text("code").equals("000000") ? "111111" : "000000";
        for (int i = 0; i < PhonePairing.CODE_TRIES; i++) {
            assertThatThrownBy(() -> confirm(other)).isInstanceOf(CofferException.class);
        }
        assertThatThrownBy(() -> confirm(thief.text("code"))).as("tried too often").isInstanceOf(CofferException.class);
        assertThat(line.session("claim", thief.text("claim")).status()).isEqualTo(401);
        assertThat(phones()).containsExactly("iPhone");
    }

    @Test
    void aClaim_isHandedOutOnce() throws Exception {
        Json.Fields asked = redeemed();
        assertThat(confirm(asked.text("code").substring(0, 3) + " " + asked.text("code").substring(3))).isEqualTo("iPhone 2");
        assertThat(line.session("claim", asked.text("claim")).status()).isEqualTo(200);
        assertThat(line.session("claim", asked.text("claim")).status()).isEqualTo(401);
    }

    @Test
    void wrongTickets_areSoonNotLookedAt() throws Exception {
        String good = ticket();
        for (int i = 0; i < PhonePairing.WRONG_MAX; i++) {
            assertThat(line.session("ticket", "0".repeat(64)).status()).isEqualTo(401);
        }
        assertThat(line.session("ticket", good).status()).isEqualTo(429);
        assertThat(phone("POST", "status", "{}").status()).as("who is in is not disturbed").isEqualTo(200);
    }

    @Test
    void cookie_goesOverTlsAlone_forItsCallsAlone_andForNoScript() throws Exception {
        Json.Fields asked = redeemed();
        confirm(asked.text("code"));
        assertThat(line.session("claim", asked.text("claim")).header("Set-Cookie"))
                .contains("HttpOnly", "Secure", "SameSite=Strict", "Max-Age=31536000")
                .containsPattern("Path=/api/[0-9a-f]{64}/")
                .doesNotContain("Domain");
    }

    @Test
    void calls_withoutKeyOrCookie_orWithAnothers_getNothing() throws Exception {
        String origin = "Origin: https://" + line.host() + "\r\n";
        String firstKey = key;
        String firstCookie = cookie;
        pair();
        for (String with : List.of("", "Cookie: coffer=x\r\n", "Cookie: " + firstCookie + "\r\n")) {
            assertThat(line.send("POST", "/api/" + key + "/status", origin + with, "{}").status()).as(with).isEqualTo(401);
        }
        assertThat(line.send("POST", "/api/" + "0".repeat(64) + "/status", origin + "Cookie: " + cookie + "\r\n", "{}").status()).isEqualTo(401);
        assertThat(line.send("POST", "/api/" + firstKey + "/status", origin + "Cookie: " + firstCookie + "\r\n", "{}").status()).isEqualTo(200);
    }

    @Test
    void sessionsOfThisMachinesBrowsers_areNotThoseOfPhones_andTheReverse() throws Exception {
        String address = server.client().pages();
        String local = address.substring(address.indexOf('#') + 1);
        assertThat(line.session("ticket", local).status()).isEqualTo(401);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.info().port())) {
            socket.setSoTimeout(20_000);
            String host = "127.0.0.1:" + server.info().port();
            socket.getOutputStream().write(("POST /api/" + key + "/status HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host + "\r\nCookie: " + cookie
                    + "\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}").getBytes(StandardCharsets.UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void commandsApi_isNotThere() throws Exception {
        String token = "Authorization: Bearer " + server.info().token() + "\r\nContent-Type: application/json\r\n";
        for (String name : List.of("agent", "status", "stop", "ticket", "content", "phones")) {
            assertThat(line.send("POST", "/v1/" + name, token, "{}").status()).as(name).isEqualTo(404);
            assertThat(line.send("GET", "/v1/" + name, token, "").status()).as(name).isEqualTo(404);
        }
    }

    @Test
    void calls_underAnotherName_areRefused_soThatNoReboundPageGetsIn() throws Exception {
        int port = Integer.parseInt(line.host().substring(line.host().indexOf(':') + 1));
        for (String name : List.of("evil.example:" + port, "localhost:" + port, "127.0.0.1", "127.0.0.1:1", "127.0.0.1:" + server.info().port(), line.host() + ".evil.example")) {
            for (String path : List.of("/", "/api/session", "/api/" + key + "/status")) {
                assertThat(line.sendAs(name, "GET", path, "Cookie: " + cookie + "\r\n", "").status()).as(name + path).isIn(400, 421);
            }
        }
    }

    @Test
    void calls_ofOtherPages_areRefused_evenWithKeyAndCookie() throws Exception {
        String path = "/api/" + key + "/status";
        String with = "Cookie: " + cookie + "\r\n";
        for (String origin : List.of("https://evil.example", "null", "http://" + line.host(), "https://127.0.0.1:1", "http://127.0.0.1:" + server.info().port())) {
            assertThat(line.send("POST", path, with + "Origin: " + origin + "\r\n", "{}").status()).as(origin).isEqualTo(403);
            assertThat(line.send("POST", "/api/session", "Origin: " + origin + "\r\n", "{}").status()).as(origin).isEqualTo(403);
        }
        assertThat(line.send("POST", path, with, "{}").status()).as("no origin").isEqualTo(403);
        for (String site : List.of("cross-site", "same-site", "none")) {
            assertThat(line.send("GET", "/api/" + key + "/content?path=/x", with + "Sec-Fetch-Site: " + site + "\r\n", "").status()).as(site).isEqualTo(403);
        }
        assertThat(line.send("OPTIONS", path, "Origin: https://evil.example\r\n", "{}").head()).doesNotContainIgnoringCase("access-control");
    }

    @Test
    void nothingButTls13_isSpoken() throws Exception {
        for (String old : List.of("TLSv1.2", "TLSv1.1")) {
            assertThatThrownBy(() -> {
                        try (SSLSocket socket = line.connect(old)) {
                            socket.startHandshake();
                        }
                    })
                    .as(old)
                    .isInstanceOf(SSLException.class);
        }
        int port = Integer.parseInt(line.host().substring(line.host().indexOf(':') + 1));
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
            plain.setSoTimeout(20_000);
            plain.getOutputStream().write(("GET / HTTP/1.1\r\nHost: " + line.host() + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            String answer;
            try {
                answer = new String(plain.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            } catch (IOException reset) {
                answer = "";
            }
            assertThat(answer).doesNotContain("HTTP").doesNotContain("Coffer");
        }
    }

    @Test
    void whatIsTheComputers_isRefused_andWhatIsTheCommands_isNotThere() throws Exception {
        for (String name : PageHandler.OPERATIONS) {
            int status = phone("POST", name, "{}").status();
            assertThat(status).as(name).isEqualTo(PhoneEntrance.OPERATIONS.contains(name) ? 200 : 403);
        }
        for (String name : List.of("put", "get", "export", "save-logs", "sync", "create", "join", "recover", "stop", "ticket", "unknown")) {
            assertThat(phone("POST", name, "{}").status()).as(name).isEqualTo(404);
        }
        assertThat(PageHandler.OPERATIONS).containsAll(PhoneEntrance.OPERATIONS);
    }

    @Test
    void nothingThatCannotBeUndone_orThatLetsOthersIn_isForPhones() {
        assertThat(PhoneEntrance.OPERATIONS)
                .doesNotContain("empty-trash", "rewind", "remove-device", "invite", "approve", "approve-sync", "pause-sync", "limit")
                .noneMatch(name -> name.startsWith("phone") || name.contains("recovery"));
    }

    @Test
    void aPhone_readsAndAdds() throws Exception {
        device.put(List.of(Files.writeString(folder.resolve("x.txt"), "hello")), "/", coffer.device.Progress.SILENT);
        assertThat(phone("GET", "content?path=/x.txt", "").body()).isEqualTo("hello");
        assertThat(phone("PUT", "uploads/abc?path=y.txt&offset=0&modified=1000", "from outside").status()).isEqualTo(200);
        assertThat(phone("POST", "uploads/abc", "{\"destination\":\"/\",\"folders\":[]}").body()).contains("\"files\":1");
        assertThat(phone("GET", "content?path=/y.txt", "").body()).isEqualTo("from outside");
    }

    @Test
    void aRemovedPhone_isOutAtOnce_andWhatItHearsEnds() throws Exception {
        try (SSLSocket events = line.connect()) {
            events.getOutputStream().write(("GET /api/" + key + "/events HTTP/1.1\r\nHost: " + line.host() + "\r\nCookie: " + cookie + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            InputStream heard = events.getInputStream();
            assertThat(new String(heard.readNBytes(15), StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 200 OK");
            Json.Fields shown = ask("phones", NOTHING).list("phones").getFirst();
            assertThat(shown.text("used")).isGreaterThanOrEqualTo(shown.text("added"));
            ask("phone-remove", Json.object().put("name", "iPhone").build());
            try {
                heard.readAllBytes();
            } catch (IOException ended) {
                assertThat(ended).isNotInstanceOf(java.net.SocketTimeoutException.class);
            }
        }
        assertThat(phone("POST", "status", "{}").status()).isEqualTo(401);
        assertThat(phones()).isEmpty();
        assertThatThrownBy(() -> ask("phone-remove", Json.object().put("name", "iPhone").build())).isInstanceOf(CofferException.class);
        server.close();
        server = AgentServer.start(setup, home(), () -> {});
        assertThat(phone("POST", "status", "{}").status()).as("after a restart").isEqualTo(401);
    }

    @Test
    void aPhone_mayLeave() throws Exception {
        assertThat(phone("POST", "end", "{}").status()).isEqualTo(200);
        assertThat(phone("POST", "status", "{}").status()).isEqualTo(401);
        assertThat(phones()).isEmpty();
    }

    @Test
    void addressesOfTheInternet_areNeverServed() {
        for (String address : List.of("0.0.0.0", "::", "8.8.8.8", "100.64.0.1", "172.32.0.1", "2001:db8::1", "fe80::1", "::1", "example.org", "", "192.168.1.1/24")) {
            assertThatThrownBy(() -> ask("phone-on", Json.object().put("address", address).build())).as(address).isInstanceOf(CofferException.class);
        }
    }

    @Test
    void whereNobodyCouldBeServed_itIsTriedAgain_atTheSamePlaceAlone() throws Exception {
        server.close();
        int port = Integer.parseInt(line.host().substring(line.host().indexOf(':') + 1));
        try (java.net.ServerSocket other = new java.net.ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            server = AgentServer.start(setup, home(), () -> {});
            Json.Fields state = ask("phones", NOTHING);
            assertThat(state.flag("on")).isTrue();
            assertThat(state.findText("site")).isEmpty();
            assertThat(state.fields("problem").text("message")).contains("cannot be served");
            assertThat(other.isClosed()).isFalse();
        }
        server.phones().look();
        assertThat(ask("phones", NOTHING).text("site")).isEqualTo("https://" + line.host());
        assertThat(phone("POST", "status", "{}").status()).isEqualTo(200);
    }

    @Test
    void ports_thatCannotBe_areRefused_andAPortThatIsTakenIsSaid() throws Exception {
        for (long port : List.of(-1L, 80L, 65_536L)) {
            assertThatThrownBy(() -> ask("phone-on", Json.object().put("address", "127.0.0.1").put("port", port).build())).isInstanceOf(CofferException.class);
        }
        assertThat(phone("POST", "status", "{}").status()).as("nothing was changed").isEqualTo(200);
        assertThatThrownBy(() -> ask("phone-on", Json.object().put("address", "127.0.0.1").put("port", server.info().port()).build()))
                .hasMessageContaining("cannot be served");
    }
}
