package coffer.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coffer.core.CofferException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class SessionStartTest {

    private static final String ODD = "/opt/a b/100%i $HOME \"q\" \\ ü & <x>/coffer";

    @TempDir
    Path folder;

    private final List<List<String>> ran = new ArrayList<>();

    private static SessionEntry entry(String... command) {
        return new SessionEntry("coffer", List.of(command), Map.of("COFFER_JAVA_HOME", "/opt/jdk 25%"));
    }

    private SessionStart start(SessionStart.Platform platform, Path home, int status) {
        Map<String, String> environment = Map.of("XDG_CONFIG_HOME", folder.resolve("config").toString());
        return new SessionStart(platform, home, folder, environment, command -> {
            ran.add(command);
            return status;
        });
    }

    @Test
    void systemdUnit_quotesWhatSystemdReads() {
        assertThat(entry(ODD, "--home", ODD).systemdUnit())
                .contains("\nEnvironment=\"COFFER_JAVA_HOME=/opt/jdk 25%%\"\n")
                .contains("\nExecStart=\"/bin/sh\" \"-c\" \"exec \\\"$$0\\\" \\\"$$@\\\"\""
                        + " \"/opt/a b/100%%i $$HOME \\\"q\\\" \\\\ ü & <x>/coffer\" \"--home\""
                        + " \"/opt/a b/100%%i $$HOME \\\"q\\\" \\\\ ü & <x>/coffer\"\n")
                .contains("\nWantedBy=default.target\n");
        assertThat(entry("/a $b", "b\nc").systemdUnit()).contains("\nExecStart=\"/a $b\" \"b\\x0ac\"\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "a b 100% $x ü", "it's \"q\" \\"})
    void systemdUnit_isTakenBySystemd(String name) throws Exception {
        Path program = folder.resolve(name).resolve("coffer");
        Files.createDirectories(program.getParent());
        Files.writeString(program, "#!/bin/sh\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Path unit = folder.resolve("coffer.service");
        Files.writeString(unit, entry("/nowhere/coffer").systemdUnit());
        assumeTrue(verify(unit) > 0, "systemd-analyze is not here, or knows no user units");
        Files.writeString(unit, entry(program.toString(), "--home", "/h o%m$e").systemdUnit());
        assertThat(verify(unit)).isZero();
    }

    private int verify(Path unit) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("systemd-analyze", "verify", "--user", "--man=no", unit.toString()).inheritIO();
        builder.environment().put("XDG_RUNTIME_DIR", folder.toString());
        try {
            return builder.start().waitFor();
        } catch (java.io.IOException e) {
            return -1;
        }
    }

    @Test
    void launchdPlist_givesTheWordsBack() throws Exception {
        Document plist = parse(entry(ODD, "--home", "/h").launchdPlist());
        assertThat(texts(plist, "string")).startsWith("coffer", ODD, "--home", "/h", "/opt/jdk 25%");
        assertThat(texts(plist, "key")).contains("RunAtLoad", "KeepAlive", "EnvironmentVariables");
        assertThatThrownBy(() -> entry("/a\u0001").launchdPlist()).isInstanceOf(CofferException.class);
    }

    @Test
    void windowsTask_givesTheWordsBack() throws Exception {
        Document task = parse(entry("C:\\Program Files\\java.exe", "-cp", "C:\\a b\\", "plain\\x", "say \"hi\\\"").windowsTask());
        assertThat(texts(task, "Command")).containsExactly("C:\\Program Files\\java.exe");
        assertThat(texts(task, "Arguments")).containsExactly("-cp \"C:\\a b\\\\\" plain\\x \"say \\\"hi\\\\\\\"\"");
    }

    private static Document parse(String xml) throws Exception {
        assertThat(xml.chars()).allMatch(c -> c < 0x7f);
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.US_ASCII)));
    }

    private static List<String> texts(Document document, String element) {
        List<String> texts = new ArrayList<>();
        NodeList found = document.getElementsByTagName(element);
        for (int i = 0; i < found.getLength(); i++) {
            texts.add(Objects.requireNonNull(found.item(i)).getTextContent());
        }
        return texts;
    }

    @Test
    void install_writesTheUnit_andHasSystemdUseIt() throws Exception {
        SessionStart start = start(SessionStart.Platform.LINUX, folder.resolve(".coffer"), 0);
        assertThat(start.isInstalled()).isFalse();
        SessionStart.Installed installed = start.install(true);
        assertThat(installed.next()).isEmpty();
        assertThat(installed.file()).isEqualTo(folder.resolve("config/systemd/user/coffer.service"));
        assertThat(Files.readString(installed.file())).contains(folder.resolve(".coffer").toString());
        assertThat(ran).extracting(List::getLast).containsExactly("daemon-reload", "coffer.service", "coffer.service");
        assertThat(start.isInstalled()).isTrue();
        assertThat(start.uninstall()).isTrue();
        assertThat(start.isInstalled()).isFalse();
        assertThat(start.uninstall()).isFalse();
    }

    @Test
    void otherHomes_haveUnitsOfTheirOwn() {
        Path one = start(SessionStart.Platform.LINUX, folder.resolve("one"), 0).file();
        Path two = start(SessionStart.Platform.LINUX, folder.resolve("two"), 0).file();
        assertThat(one).isNotEqualTo(two);
        assertThat(one.getFileName().toString()).matches("coffer-[0-9a-f]{8}\\.service");
    }

    @ParameterizedTest
    @EnumSource
    void whereTheSystemDoesNotAnswer_itSaysWhatToDo(SessionStart.Platform platform) throws CofferException {
        Path home = folder.resolve("home");
        SessionStart.Installed installed = start(platform, home, -1).install(true);
        assertThat(installed.next().orElseThrow())
                .containsAnyOf("systemctl --user enable", "launchctl bootstrap", "schtasks /Create");
        assertThat(installed.file()).isRegularFile();
    }

    @Test
    void platform_isToldFromTheNameOfTheSystem() {
        assertThat(SessionStart.Platform.of("Windows 11")).isEqualTo(SessionStart.Platform.WINDOWS);
        assertThat(SessionStart.Platform.of("Mac OS X")).isEqualTo(SessionStart.Platform.MACOS);
        assertThat(SessionStart.Platform.of("Darwin")).isEqualTo(SessionStart.Platform.MACOS);
        assertThat(SessionStart.Platform.of("Linux")).isEqualTo(SessionStart.Platform.LINUX);
    }
}
