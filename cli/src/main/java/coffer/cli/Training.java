package coffer.cli;

import coffer.agent.CannedAgent;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;

/// Runs the commands that people wait for, against an agent that is none, so that the JVM can write down the classes they
/// need. The launcher script starts it; it prints nothing and touches nothing but a temporary folder.
public final class Training {

    private static final List<String> COMMANDS =
            List.of("ls", "ls -l", "ls -R --json /", "status", "status --json", "mkdir /a", "mv /a /b", "rm /a", "--help",
                    "ls --help", "lss");

    private Training() {}

    public static void main(String[] arguments) throws IOException {
        Path home = Files.createTempDirectory("coffer-training");
        try (CannedAgent _ = CannedAgent.start(home)) {
            for (String command : COMMANDS) {
                run(home, command);
            }
        } finally {
            remove(home);
        }
        // So that what the real process begins with is known as well.
        Terminal.ofProcess().out().flush();
    }

    private static void run(Path home, String command) {
        PrintStream nowhere = new PrintStream(java.io.OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        for (boolean interactive : new boolean[] {true, false}) {
            Terminal terminal = new Terminal(
                    InputStream.nullInputStream(),
                    nowhere,
                    nowhere,
                    new Terminal.Interactive(false, interactive, interactive),
                    80,
                    System.getenv(),
                    home,
                    ZoneId::systemDefault);
            String[] words = ("--home " + home + " " + command).split(" ");
            Main.run(terminal, words);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
