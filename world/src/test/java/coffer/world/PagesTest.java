package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.device.Device;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a person does with files, devices and the rest of the pages.
class PagesTest extends PageCase {

    @Override
    void fill() throws Exception {
        PageSample.fill(world);
    }

    private List<String> names(String folder) throws Exception {
        return world.device.list(folder, false).stream()
                .map(node -> node.path().substring(node.path().lastIndexOf('/') + 1))
                .toList();
    }

    private void awaitNames(String folder, String... wanted) throws Exception {
        for (int i = 0; i < 600 && !names(folder).equals(List.of(wanted)); i++) {
            Tab.pause(50);
        }
        assertThat(names(folder)).containsExactly(wanted);
    }

    @Test
    void anAddressThatWasUsed_opensNothing_andASessionSurvivesLoadingAgain() throws Exception {
        String ticket = world.ticket();
        Tab first = world.browser.tab();
        first.open(ticket);
        first.awaitText("All connected");
        assertThat(first.eval("location.href").asText()).doesNotContain(ticket.substring(ticket.indexOf('#') + 1));
        assertThat(first.eval("document.cookie").asText()).isEmpty();
        first.eval("location.reload()");
        first.awaitText("All connected");
        Tab second = world.browser.tab();
        second.open(ticket);
        second.awaitText("These pages are closed");
        first.click("Close");
        first.awaitText("These pages are closed");
        first.eval("location.reload()");
        first.awaitText("These pages are closed");
    }

    @Test
    void files_areUploadedByButton_andFoldersByDrop() throws Exception {
        world.device.makeFolder("/uploads", false);
        go("files", "/uploads");
        tab.awaitText("This folder is empty");
        tab.choose("Files to upload", List.of(world.file("a.txt", PageSample.text("hello")), world.file("b.bin", new byte[3_000_000])));
        awaitNames("/uploads", "a.txt", "b.bin");
        tab.awaitText("3 MB");
        assertThat(read("/uploads/a.txt")).isEqualTo("hello");
        Path dropped = Files.createDirectories(world.folder.resolve("dropped"));
        Files.createDirectories(dropped.resolve("inner/empty"));
        Files.writeString(dropped.resolve("inner/c.txt"), "deep");
        for (int i = 0; i < 450; i++) {
            Files.writeString(dropped.resolve("n" + i), "number " + i);
        }
        tab.drop(List.of(dropped));
        tab.awaitText("dropped");
        awaitNames("/uploads", "a.txt", "b.bin", "dropped");
        for (int i = 0; i < 600 && names("/uploads/dropped").size() < 451; i++) {
            Tab.pause(50);
        }
        assertThat(names("/uploads/dropped")).hasSize(451);
        assertThat(read("/uploads/dropped/inner/c.txt")).isEqualTo("deep");
        assertThat(names("/uploads/dropped/inner")).containsExactly("c.txt", "empty");
        assertThat(read("/uploads/dropped/n449")).isEqualTo("number 449");
    }

    @Test
    void files_areMadeRenamedMovedAndRemoved_byKeysAlone_andUndone() throws Exception {
        world.device.makeFolder("/keys", false);
        put("/keys", "draft.txt", PageSample.text("words"));
        go("files", "/keys");
        tab.awaitText("draft.txt");
        tab.press("n");
        tab.awaitText("New folder");
        tab.await("document.activeElement.closest('dialog') && document.activeElement.tagName == 'INPUT'");
        tab.type("Archive");
        tab.press("Enter");
        tab.awaitText("Archive");
        tab.press("ArrowDown");
        tab.await("document.activeElement.innerText.includes('Archive')");
        tab.press("ArrowDown");
        tab.await("document.activeElement.innerText.includes('draft.txt')");
        tab.press("F2");
        tab.await("document.activeElement.value == 'draft.txt'");
        tab.retype("final.txt");
        tab.press("Enter");
        awaitNames("/keys", "Archive", "final.txt");
        tab.click("Undo");
        awaitNames("/keys", "Archive", "draft.txt");
        tab.awaitText("draft.txt");
        tab.press("ArrowDown");
        tab.await("document.activeElement.getAttribute('role') == 'row'");
        tab.press("End");
        tab.await("document.activeElement.innerText.includes('draft.txt')");
        tab.press("Delete");
        tab.awaitText("to the trash");
        awaitNames("/keys", "Archive");
        tab.click("Undo");
        awaitNames("/keys", "Archive", "draft.txt");
        tab.click("Actions for draft.txt");
        tab.click("Move…");
        tab.awaitText("Move 1 item");
        tab.clickOn("[...document.querySelectorAll('dialog li button')].find(b => b.innerText.includes('Archive'))");
        tab.awaitText("No folders in here");
        tab.click("Move here");
        awaitNames("/keys/Archive", "draft.txt");
        tab.click("Undo");
        awaitNames("/keys", "Archive", "draft.txt");
    }

    @Test
    void trash_givesBack_andIsEmptiedOnlyWhenAgreed() throws Exception {
        put("/", "old letter.txt", PageSample.text("words"));
        world.device.remove("/old letter.txt");
        tab.click("Trash");
        tab.awaitText("old letter.txt");
        accessible("trash");
        tab.click("Restore");
        tab.awaitText("is back in");
        assertThat(read("/old letter.txt")).isEqualTo("words");
        tab.click("Undo");
        tab.awaitText("old letter.txt");
        tab.click("Empty trash");
        tab.awaitText("There is no way back");
        tab.click("Keep them");
        tab.awaitText("old letter.txt");
        tab.click("Empty trash");
        tab.click("Empty it");
        tab.awaitText("The trash is empty");
        assertThat(world.device.trash()).isEmpty();
    }

    @Test
    void previews_showTextMarkdownPicturesSoundAndDocuments() throws Exception {
        tab.awaitText("Notes.md");
        row("Notes.md");
        tab.awaitText("Shopping");
        tab.await("document.querySelector('.markdown table td').innerText == 'Monday'");
        assertThat(tab.eval("document.querySelector('.markdown a').rel").asText()).isEqualTo("noopener noreferrer");
        tab.press("ArrowLeft");
        tab.awaitText("the tap drips");
        tab.press("ArrowLeft");
        tab.awaitText("There is no preview");
        tab.press("Escape");
        tab.await("!document.querySelector('dialog[open]')");
        go("files", "/Pictures/Summer 2026");
        tab.awaitText("evening at the lake 1.png");
        row("evening at the lake 1.png");
        tab.await("document.querySelector('.preview img').naturalWidth == 800");
        tab.press("ArrowRight");
        tab.await("document.querySelector('.preview h2').innerText.includes('2.png')");
        tab.press("Escape");
        go("files", "/Documents");
        tab.awaitText("Rental agreement.pdf");
        row("Rental agreement.pdf");
        tab.await("document.querySelector('.preview iframe')");
        tab.screenshot(SHOTS.resolve("pdf.png"));
        tab.press("Escape");
    }

    @Test
    void sound_isPlayedFromItsMiddle() throws Exception {
        go("files", "/Music");
        tab.awaitText("Tuning fork.wav");
        row("Tuning fork.wav");
        tab.await("document.querySelector('audio').duration > 19");
        tab.eval("document.querySelector('audio').currentTime = 15");
        tab.await("!document.querySelector('audio').seeking && document.querySelector('audio').currentTime >= 15");
        JsonNode piece = tab.eval("fetch(document.querySelector('audio').src, {headers: {Range: 'bytes=300000-300009'}})"
                + ".then(async a => [a.status, (await a.arrayBuffer()).byteLength, a.headers.get('Content-Range')])");
        assertThat(piece.get(0).asInt()).isEqualTo(206);
        assertThat(piece.get(1).asInt()).isEqualTo(10);
        assertThat(piece.get(2).asText()).startsWith("bytes 300000-300009/");
    }

    @Test
    void versions_areShownAndBroughtBack() throws Exception {
        put("/", "versions.txt", PageSample.text("the first state"));
        put("/", "versions.txt", PageSample.text("the second state"));
        tab.awaitText("versions.txt");
        row("versions.txt");
        tab.awaitText("the second state");
        tab.click("Versions");
        tab.clickOn("document.querySelectorAll('.versions li > button:first-child')[1]");
        tab.awaitText("the first state");
        tab.click("Make this the current version");
        tab.awaitText("the current one again");
        assertThat(read("/versions.txt")).isEqualTo("the first state");
    }

    @Test
    void aFolder_isDownloadedAsAnArchive() throws Exception {
        JsonNode zip = tab.eval("fetch('/api/' + localStorage.getItem('coffer-session') + '/zip?path=/Pictures')"
                + ".then(async a => [a.headers.get('Content-Disposition'), btoa(String.fromCharCode(...new Uint8Array(await a.arrayBuffer())))])");
        assertThat(zip.get(0).asText()).isEqualTo("attachment; filename*=UTF-8''Pictures.zip");
        List<String> names = new ArrayList<>();
        try (InputStream in = new java.io.ByteArrayInputStream(java.util.Base64.getDecoder().decode(zip.get(1).asText()));
                java.util.zip.ZipInputStream entries = new java.util.zip.ZipInputStream(in)) {
            for (var entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        assertThat(names).hasSize(5).contains("Pictures/Summer 2026/evening at the lake 3.png");
    }

    @Test
    void aLongList_isInThePageOnlyWhereItIsSeen() throws Exception {
        Path many = Files.createDirectories(world.folder.resolve("many"));
        for (int i = 0; i < 5_000; i++) {
            Files.createFile(many.resolve("file " + i));
        }
        world.device.put(List.of(many), "/", Progress.SILENT);
        go("files", "/many");
        tab.awaitText("5,000 files");
        assertThat(tab.eval("document.querySelectorAll('.row').length").asInt()).isBetween(10, 80);
        tab.press("ArrowDown");
        tab.press("End");
        tab.await("document.activeElement.innerText.includes('file 4999')");
        assertThat(tab.eval("document.querySelectorAll('.row').length").asInt()).isBetween(10, 80);
        assertThat(tab.eval("document.activeElement.getBoundingClientRect().bottom <= innerHeight").asBoolean()).isTrue();
        tab.eval("scrollTo(0, document.body.scrollHeight / 2)");
        tab.awaitText("file 2500");
    }

    @Test
    void whatOtherDevicesDo_isSeenAtOnce() throws Exception {
        tab.awaitText("Documents");
        put("/", "from elsewhere.txt", PageSample.text("x"));
        tab.awaitText("from elsewhere.txt");
        world.device.remove("/from elsewhere.txt");
        tab.awaitNoText("from elsewhere.txt");
    }

    @Test
    void find_showsNamesAsOneTypes() throws Exception {
        tab.press("/");
        tab.await("document.activeElement.type == 'search'");
        tab.type("LAKE 3");
        tab.awaitText("1 name");
        tab.awaitText("/Pictures/Summer 2026");
        tab.retype("صور");
        tab.awaitText("صور العائلة");
        tab.retype("nothing has this");
        tab.awaitText("Nothing has that name");
        tab.retype("lake 2");
        tab.awaitText("evening at the lake 2.png");
        tab.press("ArrowDown");
        tab.press("Enter");
        tab.await("document.querySelector('.preview img').naturalWidth == 800");
    }

    @Test
    void whereAndWho_areSaid_ofTheVaultAndOfAFolder() throws Exception {
        tab.click("Where & who");
        tab.awaitText("my laptop");
        tab.awaitText("Your recovery words");
        tab.awaitText("2 keys, and no other");
        tab.awaitText("Regions and providers");
        tab.awaitText("Not evaluated");
        tab.awaitText("of what is shown above");
        tab.awaitText("Region added");
        tab.click("Check the whole log now");
        tab.awaitText("are in order");
        tab.click("Everything");
        tab.clickOn("[...document.querySelectorAll('dialog li button')].find(b => b.innerText.includes('Documents'))");
        tab.awaitText("No folders in here");
        tab.click("Show this one");
        tab.awaitText("1 sealed pack");
        tab.click("Your account");
        tab.awaitText("your account");
    }

    @Test
    void aDevice_joinsWithTheCode_andIsRemoved() throws Exception {
        tab.click("Devices & safety");
        tab.awaitText("All is well");
        tab.click("Add a device");
        tab.await("document.querySelector('.code').innerText.length > 25 && document.querySelector('.qr path')");
        String code = tab.eval("document.querySelector('.code').innerText").asText();
        CompletableFuture<Device> joining = CompletableFuture.supplyAsync(() -> {
            try {
                return new LocalDeviceSetup()
                        .join(world.folder.resolve("phone"), world.service(), code, "new phone", Progress.SILENT);
            } catch (coffer.core.CofferException e) {
                throw new IllegalStateException(e);
            }
        });
        tab.awaitText("has entered the code");
        tab.awaitText("new phone");
        tab.click("Let it in");
        try (Device phone = joining.get(60, TimeUnit.SECONDS)) {
            tab.awaitText("is one of your devices now");
            assertThat(phone.list("/", false)).isNotEmpty();
            tab.click("Remove new phone");
            tab.awaitText("every key it knew is changed");
            tab.click("Remove it");
            tab.awaitText("and the keys are new");
            tab.awaitText("Removed: new phone");
        }
        assertThat(world.device.devices()).filteredOn(Device.DeviceInfo::active).hasSize(1);
    }

    @Test
    void everything_isCheckedOnDemand() {
        tab.click("Devices & safety");
        tab.click("Check now");
        tab.awaitText("are in order");
    }

    @Test
    void rewind_showsWhatItWouldDo_doesIt_andIsUndone() throws Exception {
        world.device.makeFolder("/time", false);
        put("/time", "kept.txt", PageSample.text("as it was"));
        Tab.pause(2_100);
        String before = LocalDateTime.now(ZoneId.systemDefault()).minusSeconds(1).truncatedTo(ChronoUnit.SECONDS).toString();
        put("/time", "kept.txt", PageSample.text("changed since"));
        put("/time", "new.txt", PageSample.text("new"));
        tab.click("Devices & safety");
        tab.awaitText("Turn on"); // the last part of the page; what comes before it moves no more
        tab.click("Choose a time");
        tab.awaitText("As it was at");
        tab.clickOn("[...document.querySelectorAll('dialog button')].find(b => b.innerText.includes('Everything'))");
        tab.clickOn("[...document.querySelectorAll('dialog li button')].find(b => b.innerText.includes('time'))");
        tab.awaitText("No folders in here");
        tab.click("This one");
        tab.await("document.querySelector('input[type=datetime-local]')");
        tab.eval("(() => { const i = document.querySelector('input[type=datetime-local]'); i.value = " + Tab.quoted(before)
                + "; i.dispatchEvent(new Event('input', {bubbles: true})); })()");
        tab.click("Show what it would do");
        tab.awaitText("change back 1");
        tab.awaitText("put 1 in the trash");
        assertThat(read("/time/kept.txt")).isEqualTo("changed since");
        tab.click("Rewind");
        tab.awaitText("It is as it was");
        assertThat(read("/time/kept.txt")).isEqualTo("as it was");
        assertThat(names("/time")).containsExactly("kept.txt");
        tab.click("Undo");
        awaitNames("/time", "kept.txt", "new.txt");
        assertThat(read("/time/kept.txt")).isEqualTo("changed since");
    }

    /// Each of these would say `ran` if anything in it ran.
    @Test
    void hostileNamesAndFiles_runNothing() throws Exception {
        String script = "<script>parent.ran=1;top.ran=1;window.ran=1;document.title='ran';fetch('/api/session',{method:'POST'})</script>";
        List<String> names = List.of(
                "<img src=x onerror=alert(1)>.txt", "\"><svg onload=alert(1)>.md", "javascript:alert(1).txt", "safe\u202Egpj.exe", "{{7*7}}${7*7}.txt",
                "....", " ", "-rf", "line\nbreak.txt");
        for (String name : names) {
            put("/hostile", name, PageSample.text("plain"));
        }
        put("/hostile", "page.html", PageSample.text("<html>" + script));
        put("/hostile", "picture.svg", PageSample.text("<svg xmlns='http://www.w3.org/2000/svg' onload='top.ran=1' width='9' height='9'>"
                + "<script>top.ran=1</script><image href='http://evil.example/x.png'/><foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>"
                + "<img src='http://evil.example/y.png'/></body></foreignObject></svg>"));
        put("/hostile", "page as picture.png", PageSample.text("<html>" + script));
        put("/hostile", "page as text.txt", PageSample.text("<html>" + script));
        put("/hostile", "page as paper.pdf", PageSample.text("<html>" + script));
        put("/hostile", "notes.md", PageSample.text("# <img src=x onerror=alert(1)>\n\n[a](javascript:alert(1)) [b](data:text/html,x)"
                + " ![c](http://evil.example/z.png) <script>alert(1)</script> <http://evil.example>\n\n[d](http://evil.example)"));
        go("files", "/hostile");
        tab.awaitText("15 files");
        assertThat(tab.text()).contains("<img src=x onerror=alert(1)>.txt", "safe⸨202e⸩gpj.exe").doesNotContain("\u202e");
        assertThat(tab.eval("document.querySelectorAll('main img, main script').length").asInt()).isZero();
        row("notes.md");
        tab.awaitText("[c]");
        assertThat(tab.eval("[...document.querySelectorAll('.markdown a')].map(a => a.href).join()").asText())
                .isEqualTo("http://evil.example/,http://evil.example/");
        assertThat(tab.eval("document.querySelectorAll('.markdown img, .markdown script').length").asInt()).isZero();
        tab.press("Escape");
        for (String name : List.of("picture.svg", "page as picture.png", "page as text.txt", "page as paper.pdf")) {
            tab.await("!document.querySelector('dialog[open]')");
            row(name);
            tab.await("document.querySelector('dialog[open] h2').innerText.includes(" + Tab.quoted(name) + ")");
            Tab.pause(700);
            tab.press("Escape");
        }
        assertThat(tab.eval("window.ran ?? 'nothing'").asText()).isEqualTo("nothing");
        for (String name : List.of("page.html", "picture.svg", "page as picture.png", "page as text.txt", "page as paper.pdf")) {
            tab.eval("new Promise(done => { const f = document.createElement('iframe'); f.onload = done; setTimeout(done, 1500);"
                    + " f.src = '/api/' + localStorage.getItem('coffer-session') + '/content?path=' + encodeURIComponent('/hostile/" + name
                    + "'); document.body.append(f); })");
        }
        assertThat(tab.eval("window.ran ?? 'nothing'").asText()).isEqualTo("nothing");
        assertThat(tab.eval("document.title").asText()).doesNotContain("ran");
        // What the sandbox held back, it says in the console; that is what was wanted.
        tab.errors.removeIf(error -> error.contains("sandboxed") || error.contains("Content Security Policy") || error.contains("sandbox"));
    }

    /// A page of another origin, in the same browser, with whatever it may know but the secrets.
    @Test
    void pagesOfOthers_getNothing() throws Exception {
        int port = world.port();
        HttpServer other =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> cookies = new java.util.concurrent.CopyOnWriteArrayList<>();
        other.createContext("/", exchange -> {
            cookies.addAll(exchange.getRequestHeaders().getOrDefault("Cookie", List.of()));
            // With an icon of its own: the browser would ask for one by itself, at any time, also after this server has gone.
            byte[] page = "<!doctype html><title>evil</title><link rel=icon href=data:,>evil page"
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        other.start();
        try {
            String key = tab.eval("localStorage.getItem('coffer-session')").asText();
            tab.open("http://127.0.0.1:" + other.getAddress().getPort() + "/api/" + key + "/x");
            tab.awaitText("evil page");
            // Even who knows the key gets the cookie only if a person's browser is led to that very path, and nothing by it.
            for (String path : List.of("/api/" + key + "/status", "/api/session", "/")) {
                String tried = tab.eval("fetch('http://127.0.0.1:" + port + path
                                + "', {method: 'POST', credentials: 'include', headers: {'Content-Type': 'text/plain'}, body: '{}'})"
                                + ".then(() => 'answered', () => 'refused')")
                        .asText();
                assertThat(tried).as(path).isEqualTo("refused");
            }
            tab.eval("new Promise(done => { const f = document.createElement('iframe'); f.onload = done; f.onerror = done;"
                    + " setTimeout(done, 1000); f.src = 'http://127.0.0.1:" + port + "/'; document.body.append(f); })");
            tab.open("http://127.0.0.1:" + other.getAddress().getPort() + "/");
            tab.awaitText("evil page");
            cookies.clear();
            tab.eval("fetch('/')");
            assertThat(cookies).as("a server at another port is not sent the session").isEmpty();
        } finally {
            other.stop(0);
        }
        tab.requests.removeIf(address -> !address.startsWith("http://127.0.0.1:" + port));
        tab.errors.clear(); // the refusals that were wanted
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark", "phone"})
    void everyPage_isAccessible_andFitsItsWindow(String how) throws Exception {
        tab.scheme(how.equals("dark") ? "dark" : "light");
        if (how.equals("phone")) {
            tab.size(390, 844, true);
        }
        tab.awaitText("Documents");
        look("files", how);
        tab.eval("document.querySelector('.row input').click()");
        tab.await("document.querySelector('.selection')");
        accessible("selection " + how);
        tab.clickOn("document.querySelector('.row .menu button')");
        tab.await("document.querySelector('[role=menu]')");
        accessible("menu " + how);
        tab.press("Escape");
        row("Notes.md");
        tab.awaitText("Shopping");
        tab.click("Versions");
        tab.awaitText("current");
        look("preview", how);
        tab.press("Escape");
        tab.await("!document.querySelector('dialog[open]')");
        go("where", "/");
        tab.awaitText("Sealed size");
        tab.awaitText("Regions and providers");
        tab.awaitText("Not evaluated");
        tab.awaitText("of what is shown above");
        tab.awaitText("Region added");
        look("where", how);
        go("devices", "/");
        tab.awaitText("may do everything");
        look("devices", how);
        tab.click("Add a device");
        tab.await("document.querySelector('.qr')");
        look("join", how);
        tab.press("Escape");
        go("find", "/");
        tab.await("document.activeElement.type == 'search'");
        tab.type("e");
        tab.awaitText("names");
        look("find", how);
    }
}
