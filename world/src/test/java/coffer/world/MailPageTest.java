package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.device.Progress;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a person does with mail, and what mail would do to a person.
class MailPageTest extends PageCase {

    private List<Path> mailboxes = List.of();

    @Override
    void fill() throws Exception {
        mailboxes = MailSample.write(world.folder.resolve("mail"));
        world.media().mailImport(mailboxes, "/Mail", "rd", Progress.SILENT);
    }

    private void inbox() {
        go("mail", "/Mail/Inbox");
        tab.await("document.querySelectorAll('.letter').length == 5");
    }

    private void letter(String subject) {
        tab.clickOn("[...document.querySelectorAll('.letter')].find(l => l.innerText.includes(" + Tab.quoted(subject) + "))");
    }

    private void asFormatted() {
        tab.eval("localStorage.setItem('coffer-plain', 'no')");
    }

    @Test
    void aConversation_isReadFromItsFirstMessageToItsLast() {
        inbox();
        letter("The lake house");
        tab.awaitText("Take the early train");
        assertThat(tab.eval("document.querySelectorAll('.message').length").asInt()).isEqualTo(3);
        assertThat(tab.text()).contains("3 messages", "Lake House Letting").doesNotContain("Could you bring");
        tab.clickOn("document.querySelectorAll('.message-head')[1]");
        tab.awaitText("Could you bring");
        assertThat(tab.eval("document.querySelector('.quoted').innerText").asText()).startsWith("> the house is ours");
        assertThat(tab.eval("document.querySelector('.words a').href").asText()).isEqualTo("https://example.org/map?x=1&y=2");
        tab.clickOn("document.querySelectorAll('.message.open')[1].querySelector('.message-tools button')");
        tab.click("All headers");
        tab.awaitText("<lake3@x>");
        tab.press("Escape");
    }

    @Test
    void formattedMail_isShownInAFrameThatCanDoNothing_withItsOwnPictures() throws Exception {
        asFormatted();
        inbox();
        letter("Your tickets");
        tab.awaitText("2 things from elsewhere were not loaded");
        tab.await("document.querySelector('.paper-frame').getAttribute('sandbox') == 'allow-popups allow-popups-to-escape-sandbox'");
        JsonNode answer = tab.eval("fetch(document.querySelector('.paper-frame').src).then(async a => [a.headers.get('Content-Security-Policy'), await a.text()])");
        assertThat(answer.get(0).asText()).contains("default-src 'none'", "sandbox", "form-action 'none'").doesNotContain("allow-scripts", "allow-same-origin");
        assertThat(answer.get(1).asText())
                .contains("Have a good journey", "data:image/jpeg;base64,", "background-color: #1d4f7c", "rel=\"noopener noreferrer nofollow\"")
                .doesNotContain("evil.example");
        tab.click("Plain text");
        tab.awaitText("coach 4, seats 21 and 22");
        tab.eval("location.reload()");
        tab.awaitText("coach 4, seats 21 and 22");
        tab.click("Formatted");
        tab.awaitText("things from elsewhere");
    }

    @Test
    void attachments_areShown_andSavedAsTheyCame() throws Exception {
        inbox();
        letter("Your tickets");
        tab.awaitText("Tickets.pdf");
        tab.click("the station.jpg");
        tab.await("document.querySelector('.preview img').naturalWidth == 640");
        tab.press("Escape");
        tab.await("!document.querySelector('dialog[open]')");
        tab.click("conditions.txt");
        tab.awaitText("Read me first.");
        tab.press("Escape");
        String node = tab.eval("new URL(document.querySelector('.paper-frame')?.src ?? 'http://x/?node=').searchParams.get('node')").asText();
        assertThat(node).isNotEmpty();
        JsonNode saved = tab.eval("fetch('/api/' + localStorage.getItem('coffer-session') + '/part?node=" + node + "&part=3&download=1')"
                + ".then(async a => [a.headers.get('Content-Disposition'), btoa(String.fromCharCode(...new Uint8Array(await a.arrayBuffer())))])");
        assertThat(saved.get(0).asText()).isEqualTo("attachment; filename*=UTF-8''Tickets.pdf");
        assertThat(Base64.getDecoder().decode(saved.get(1).asText())).isEqualTo(PageSample.pdf("Coach 4"));
    }

    @Test
    void brokenMail_isShownAsFarAsItGoes() {
        inbox();
        letter("Your statement");
        tab.awaitText("It is enclosed, they say.");
        letter("No subject");
        tab.awaitText("Cut in the middle of");
        letter("صور العائلة");
        tab.awaitText("هذه صور العائلة");
        tab.awaitText("مكتبة المدينة");
    }

    @Test
    void aLongMailbox_isInThePageOnlyWhereItIsSeen_andIsReadByKeys() {
        go("mail", "/Mail/Newsletters");
        tab.awaitText("Issue 699");
        assertThat(tab.eval("document.querySelectorAll('.letter').length").asInt()).isLessThan(60);
        tab.press("ArrowDown");
        tab.awaitText("Words of issue 699.");
        tab.press("ArrowDown");
        tab.awaitText("Words of issue 698.");
        tab.press("ArrowUp");
        tab.awaitText("Words of issue 699.");
        for (int i = 0; i < 8; i++) {
            tab.press("End");
            Tab.pause(200);
        }
        tab.awaitText("Words of issue 0.");
        assertThat(tab.eval("document.querySelectorAll('.letter').length").asInt()).isLessThan(60);
    }

    @Test
    void conversations_areRemovedAndComeBack() throws Exception {
        world.media().mailImport(List.of(world.file("gone.eml", MailSample.text("A <a@x>", "To be removed", "Mon, 16 Nov 2026 09:12:00 +0100", "<gone@x>", "", "x\n")
                .getBytes(StandardCharsets.UTF_8))), "/Mail/Other", "rd", Progress.SILENT);
        go("mail", "/Mail/Other");
        letter("To be removed");
        tab.awaitText("me@example.org");
        tab.press("Delete");
        tab.awaitText("to the trash");
        tab.awaitText("No messages in this folder");
        tab.click("Undo");
        tab.awaitText("To be removed");
    }

    @Test
    void droppedMail_isImported_once_andExportedByteForByte() throws Exception {
        go("mail", "/Mail/Dropped");
        tab.awaitText("No messages in this folder");
        Path mbox = Files.copy(mailboxes.getFirst(), Files.createDirectories(world.folder.resolve("drop")).resolve("Old mail.mbox"));
        Path single = world.file("one.eml", MailSample.text("B <b@x>", "A single one", "Mon, 16 Nov 2026 09:12:00 +0100", "<one@x>", "", "x\n")
                .getBytes(StandardCharsets.UTF_8));
        tab.drop(List.of(mbox, single, world.file("list.xlsx", new byte[] {1, 2})));
        tab.awaitText("8 messages stored, 1 file left out, as no mail");
        tab.awaitText("A single one");
        tab.awaitText("The lake house");
        tab.drop(List.of(mbox));
        tab.awaitText("0 messages stored, 7 there already");
        JsonNode export = tab.eval("fetch('/api/' + localStorage.getItem('coffer-session') + '/mailbox?path=/Mail/Dropped/Old mail')"
                + ".then(async a => [a.headers.get('Content-Disposition'), btoa(String.fromCharCode(...new Uint8Array(await a.arrayBuffer())))])");
        assertThat(export.get(0).asText()).isEqualTo("attachment; filename*=UTF-8''Old%20mail.mbox");
        assertThat(Base64.getDecoder().decode(export.get(1).asText())).isEqualTo(Files.readAllBytes(mbox));
        assertThat(world.folder.resolve("home/uploads")).isEmptyDirectory();
    }

    @Test
    void find_findsSendersAndSubjects() {
        tab.press("/");
        tab.await("document.activeElement.type == 'search'");
        tab.type("LETTING lake");
        tab.awaitText("2 messages");
        tab.clickOn("[...document.querySelectorAll('.found button')].find(b => b.innerText.includes('The lake house'))");
        tab.awaitText("Take the early train");
    }

    /// Each of these would say `ran` if anything in it ran, and ask the listener if anything in it fetched.
    @Test
    void hostileMail_runsNothing_andAsksNobody() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        listener.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        listener.start();
        try {
            String tracker = "http://127.0.0.1:" + listener.getAddress().getPort();
            asFormatted();
            byte[] message = MailSample.hostile(tracker).getBytes(StandardCharsets.UTF_8);
            world.media().mailImport(List.of(world.file("bad.eml", message)), "/Hostile", "rd", Progress.SILENT);
            go("mail", "/Hostile");
            letter("<script>alert(1)</script>");
            tab.awaitText("things from elsewhere were not loaded");
            Tab.pause(1_500);
            assertThat(tab.text()).contains("<img src=x onerror=alert(1)>", "⸨202e⸩", "{{7*7}}").doesNotContain("\u202e");
            look("mail-hostile", "light");
            String html = tab.eval("fetch(document.querySelector('.paper-frame').src).then(a => a.text())").asText();
            assertThat(html).contains("hostile words", "script link", "href=\"" + tracker + "/followed\"")
                    .doesNotContain("<script", "onerror", "onload", "javascript:", "<form", "<input", "<iframe", "<svg", "<meta http", "<base", "url(", "position")
                    .doesNotContain("/pixel.gif", "/set.png", "/body.png");
            for (String name : List.of("page.html", "letter.txt", "photo.png", "../../../etc/<img src=x onerror=alert(1)>.svg")) {
                tab.clickOn("[...document.querySelectorAll('.attachment')].find(b => b.innerText.includes(" + Tab.quoted(name) + "))");
                tab.await("document.querySelector('dialog.preview[open]')");
                Tab.pause(500);
                tab.press("Escape");
                tab.await("!document.querySelector('dialog[open]')");
            }
            String part = tab.eval("document.querySelector('.paper-frame').src.replace('/message?', '/part?')").asText();
            for (int number = 0; number < 6; number++) {
                JsonNode type = tab.eval("fetch('" + part + "&part=" + number + "').then(a => [a.headers.get('Content-Type'), a.headers.get('Content-Security-Policy'),"
                        + " a.headers.get('Content-Disposition').split(';')[0]])");
                assertThat(type.get(0).asText()).doesNotContain("html");
                assertThat(type.get(1).asText()).startsWith("sandbox; default-src 'none'");
                tab.eval("new Promise(done => { const f = document.createElement('iframe'); f.onload = done; setTimeout(done, 700); f.src = '" + part + "&part=" + number
                        + "'; document.body.append(f); })");
            }
            tab.click("More about this message");
            tab.click("All headers");
            tab.awaitText("X-Mailer");
            tab.press("Escape");
            Tab.pause(500);
            assertThat(tab.eval("window.ran ?? 'nothing'").asText()).isEqualTo("nothing");
            assertThat(asked).isEmpty();
            assertThat(tab.requests).noneMatch(address -> address.startsWith(tracker) || address.contains("evil"));
        } finally {
            listener.stop(0);
        }
        // What the sandbox held back, it says in the console; that is what was wanted.
        tab.errors.removeIf(error -> error.contains("sandboxed") || error.contains("Content Security Policy") || error.contains("sandbox"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark", "phone"})
    void mail_isAccessible_andFitsItsWindow(String how) throws Exception {
        tab.scheme(how.equals("dark") ? "dark" : "light");
        if (how.equals("phone")) {
            tab.size(390, 844, true);
        }
        asFormatted();
        inbox();
        look("mail-list", how);
        letter("Your tickets");
        tab.awaitText("Tickets.pdf");
        Tab.pause(500);
        look("mail", how);
        if (how.equals("phone")) {
            tab.click("Back to the list");
        }
        letter("The lake house");
        tab.awaitText("Take the early train");
        look("mail-thread", how);
    }
}
