package coffer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `./coffer` says what is missing, and finds what is there.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is a shell script")
class LauncherScriptTest {

    private static final Path SCRIPT = Path.of("..", "coffer").toAbsolutePath().normalize();

    @TempDir
    Path temporary;

    private record Ended(int status, String err) {}

    /// Runs a copy of the script in a folder where nothing is built.
    private Ended run(Map<String, String> environment) throws Exception {
        Path script = Files.copy(SCRIPT, temporary.resolve("coffer"));
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", script.toString(), "--version");
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), err);
    }

    private Path jdk(String version) throws Exception {
        Path jdk = Files.createDirectories(temporary.resolve("jdk-" + version));
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        for (String program : new String[] {"java", "javac"}) {
            executable(jdk.resolve("bin").resolve(program), "");
        }
        return jdk;
    }

    private static void executable(Path file, String script) throws Exception {
        Files.writeString(file, "#!/bin/sh\n" + script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aJavaHomeOfAnotherVersion_isRefusedByName() throws Exception {
        Path old = jdk("17.0.15");
        Ended ended = run(Map.of("COFFER_JAVA_HOME", old.toString(), "PATH", "/usr/bin:/bin", "HOME", temporary.toString()));
        assertThat(ended.status()).isEqualTo(69);
        assertThat(ended.err()).contains("not a JDK 25").contains(old.toString());
    }

    @Test
    void aVersionThatOnlyBeginsAlike_isNotTaken() throws Exception {
        Path other = jdk("250.1");
        Ended ended = run(Map.of("COFFER_JAVA_HOME", other.toString(), "PATH", "/usr/bin:/bin", "HOME", temporary.toString()));
        assertThat(ended.status()).isEqualTo(69);
    }

    @Test
    void aMissingMaven_isNamed_withWaysToGetIt() throws Exception {
        Path jdk = jdk("25.0.3");
        Path tools = Files.createDirectories(temporary.resolve("tools"));
        for (String tool : new String[] {"find", "mkdir", "rm", "cat", "sleep", "date", "readlink", "dirname"}) {
            for (String folder : new String[] {"/bin", "/usr/bin"}) {
                if (Files.exists(Path.of(folder, tool)) && !Files.exists(tools.resolve(tool))) {
                    executable(tools.resolve(tool), "exec " + Path.of(folder, tool) + " \"$@\"\n");
                }
            }
        }
        Ended ended = run(Map.of("COFFER_JAVA_HOME", jdk.toString(), "PATH", tools.toString(), "HOME", temporary.toString()));
        assertThat(ended.status()).isEqualTo(69);
        assertThat(ended.err()).contains("Maven is missing").contains("apt install maven");
        assertThat(temporary.resolve(".coffer-build")).doesNotExist();
    }
}
