package coffer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole story with the bundled sample: service, three devices, damage, removal, recovery, rebuild, search.
class DemoTest {

    @TempDir
    Path folder = Path.of("");

    @Test
    void theStoryHolds() throws IOException, CofferException, InterruptedException {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        Path sample = Sample.write(Files.createDirectories(folder.resolve("mine")).resolve("sample"));
        int status = new Demo(new Story(terminal(told)), Files.createDirectories(folder.resolve("root")), List.of(sample))
                .run();
        String text = told.toString(StandardCharsets.UTF_8);
        assertThat(status).as(text).isZero();
        assertThat(text).contains("nothing found in what was sent and received").doesNotContain("✗");
    }

    @Test
    void aLetterThatSpeaksTheWordsOfHttp_isNoLeak() throws IOException, CofferException, InterruptedException {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        Path mail = Files.createDirectories(folder.resolve("mail"));
        Files.writeString(mail.resolve("1.eml"), "Content-Type: application/octet-stream\r\n".repeat(20));
        Files.writeString(mail.resolve("2.eml"), "Dear reader, this line stands in no other file but this one.");
        int status = new Demo(new Story(terminal(told)), Files.createDirectories(folder.resolve("root")), List.of(mail))
                .run();
        String text = told.toString(StandardCharsets.UTF_8);
        assertThat(status).as(text).isZero();
        assertThat(text).contains("words of HTTP itself").doesNotContain("✗");
    }

    @Test
    void aFolderThatIsNotThereFailsTheStory() throws IOException, CofferException, InterruptedException {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        Demo demo = new Demo(new Story(terminal(told)), folder, List.of(folder.resolve("missing")));
        assertThat(demo.run()).isNotZero();
        assertThat(told.toString(StandardCharsets.UTF_8)).contains("✗");
    }

    private Terminal terminal(ByteArrayOutputStream out) {
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new Terminal(
                new ByteArrayInputStream(new byte[0]),
                print,
                print,
                new Terminal.Interactive(false, false, false),
                100,
                Map.of(),
                folder,
                () -> ZoneOffset.UTC);
    }
}
