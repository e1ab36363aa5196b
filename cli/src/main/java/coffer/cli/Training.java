package coffer.cli;

import coffer.agent.CannedAgent;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

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
                run(home, List.of(command.split(" ")));
            }
        } finally {
            Trees.delete(home);
        }
        // So that what the real process begins with is known as well.
        Terminal.ofProcess().out().flush();
    }

    /// Runs one command for a home, for a terminal and for none, and shows nothing of it.
    static void run(Path home, List<String> command) {
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
            List<String> words = new ArrayList<>(List.of("--home", home.toString()));
            words.addAll(command);
            Main.run(terminal, words.toArray(String[]::new));
        }
    }
}
