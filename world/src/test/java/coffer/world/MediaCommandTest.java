package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.agent.AgentHost;
import coffer.agent.RemoteSetup;
import coffer.device.LocalDeviceSetup;
import coffer.service.Service;
import coffer.service.ServiceConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `coffer mail` and `coffer pictures` as a person types them: processes of their own, with a real agent and service.
class MediaCommandTest {

    @TempDir
    private Path folder = Path.of("");

    private Service service;
    private AgentHost agent;

    @BeforeEach
    void start() throws Exception {
        service = Service.start(ServiceConfig.of(folder.resolve("service")).with(Map.of("listen", "127.0.0.1:" + Processes.freePort())));
        agent = AgentHost.start(new LocalDeviceSetup(), folder.resolve("home"), () -> {}).orElseThrow();
        new RemoteSetup(agent.client()).create(service.address(), "laptop");
    }

    @AfterEach
    void stop() throws Exception {
        agent.close();
        service.close();
    }

    /// What the command prints.
    private String coffer(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), "coffer.cli.Main", "--home", folder.resolve("home").toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s: %s %s", List.of(words), out, Files.readString(folder.resolve("errors"))).isZero();
        return out.replace("\": ", "\":"); // JSON without its spaces
    }

    @Test
    void mail_comesInAndGoesOut_byteForByte() throws Exception {
        List<Path> mailboxes = MailSample.write(folder.resolve("mail"));
        // Bytes that are no text, odd line ends, and lines that only look as if they separated.
        byte[] odd = "From - Mon Nov 16 10:00:00 2026\r\nSubject: caf\u00e9\r\n\r\n>From the start\r\n>>From deeper\r\nFrom here on\r\n\r\n\0\1\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        Path oddOne = Files.write(folder.resolve("mail/odd.mbox"), odd);
        Path maildir = folder.resolve("mail/Sent");
        for (String part : List.of("cur", "new", "tmp")) {
            Files.createDirectories(maildir.resolve(part));
        }
        Files.writeString(maildir.resolve("cur/1.host:2,RS"), "Subject: one\n\nbody\n");
        Files.writeString(maildir.resolve("new/2.host"), "Subject: two\n\nbody\n");

        assertThat(coffer("mail", "import", "--json", "mail", "/Archive")).contains("\"problems\":[]");
        assertThat(coffer("mail", "import", "--json", "mail", "/Archive")).contains("\"imported\":0");
        assertThat(coffer("mail", "ls", "/Archive")).contains("Lake House Letting", "Issue 699", "مكتبة المدينة");

        coffer("mail", "export", "/Archive", "back");
        assertThat(found("back", "Inbox")).hasBinaryContent(Files.readAllBytes(mailboxes.get(0)));
        assertThat(found("back", "Newsletters")).hasBinaryContent(Files.readAllBytes(mailboxes.get(1)));
        assertThat(found("back", oddOne.getFileName().toString())).hasBinaryContent(odd);

        coffer("mail", "export", "/Archive", "files", "--format", "maildir");
        assertThat(found("files", "1.host:2,RS")).hasBinaryContent(Files.readAllBytes(maildir.resolve("cur/1.host:2,RS")));
        assertThat(found("files", "2.host")).hasBinaryContent(Files.readAllBytes(maildir.resolve("new/2.host")));
    }

    private Path found(String below, String name) throws Exception {
        try (var paths = Files.walk(folder.resolve(below))) {
            return paths.filter(path -> path.endsWith(name) && Files.isRegularFile(path)).findFirst().orElseThrow(() -> new AssertionError(name));
        }
    }

    @Test
    void pictures_comeIn_andAreListedByTheirTime() throws Exception {
        byte[] jpeg = PictureSample.jpeg(PictureSample.landscape(640, 480, 5));
        Path card = Files.createDirectories(folder.resolve("card"));
        Files.write(card.resolve("old.jpg"), PictureSample.withExif(jpeg, LocalDateTime.of(2015, 6, 7, 8, 9, 10)));
        Files.write(card.resolve("new.jpg"), PictureSample.withExif(PictureSample.jpeg(PictureSample.blocks(640, 480)), LocalDateTime.of(2025, 1, 2, 3, 4, 5)));
        Files.write(card.resolve("copy.jpg"), Files.readAllBytes(card.resolve("old.jpg")));
        Files.write(card.resolve("broken.heic"), new byte[] {1, 2, 3});

        assertThat(coffer("pictures", "import", "--json", "card", "/Pictures")).contains("\"imported\":4", "\"problems\":[]");
        String list = coffer("pictures", "ls", "/Pictures");
        assertThat(list.lines().map(line -> line.substring(line.lastIndexOf('/') + 1))).hasSize(4).containsSubsequence("new.jpg", "old.jpg");
        assertThat(list).contains("640×480").contains("broken.heic");
        assertThat(coffer("pictures", "ls", "--json", "/Pictures"))
                .contains("\"camera\":\"Example Pocket\"", "\"shown\":\"2015-06-07T08:09:10\"", "\"latitude\":\"46.5\"");
        assertThat(coffer("pictures", "duplicates")).contains("copy.jpg", "old.jpg").doesNotContain("new.jpg");
        coffer("get", "/Pictures/card/broken.heic", "back");
        assertThat(folder.resolve("back/broken.heic")).hasBinaryContent(new byte[] {1, 2, 3});
    }
}
