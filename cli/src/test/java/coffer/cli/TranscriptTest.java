package coffer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the command prints, word for word: each transcript is replayed against devices in memory.
///
/// `$ coffer …` runs a command, `$ file NAME CONTENT` writes a file, `$ type TEXT` is what a person types at the next
/// command, which then believes that it is at a terminal. Lines on the error stream begin with `2> `; a status other than 0 ends the output as
/// `[exit N]`. With `-Dtranscripts=write` the files are written instead of compared.
class TranscriptTest {

    private static final Path FOLDER = Path.of("src/test/resources/coffer/cli/transcripts");

    @TempDir
    Path temporary;

    private String typed = "";

    static Stream<Path> transcripts() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList().stream();
        }
    }

    @Test
    void transcripts_areThere() throws IOException {
        assertThat(transcripts()).hasSizeGreaterThan(5);
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void command_printsWhatTheTranscriptSays(Path file) throws Exception {
        String expected = Files.readString(file);
        StringBuilder actual = new StringBuilder();
        try (LocalAgents agents = new LocalAgents()) {
            for (String line : expected.lines().toList()) {
                if (line.startsWith("#")) {
                    actual.append(line).append('\n');
                } else if (line.startsWith("$ ")) {
                    actual.append(actual.isEmpty() || actual.toString().endsWith("\n\n") ? "" : "\n");
                    actual.append(line).append('\n').append(replay(words(line.substring(2)), agents));
                }
            }
        }
        if ("write".equals(System.getProperty("transcripts"))) {
            Files.writeString(file, actual);
        } else {
            assertThat(actual.toString()).isEqualTo(expected);
        }
    }

    private String replay(List<String> words, Agents agents) throws IOException {
        switch (words.getFirst()) {
            case "file" -> Files.writeString(temporary.resolve(words.get(1)), words.get(2));
            case "type" -> typed = words.get(1);
            case "coffer" -> {
                return run(words.subList(1, words.size()), agents);
            }
            default -> throw new IllegalArgumentException("a transcript holds an unknown command");
        }
        return "";
    }

    private String run(List<String> arguments, Agents agents) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                new Terminal.Interactive(!typed.isEmpty(), false, false),
                100,
                Map.of("COFFER_HOME", temporary.resolve("home").toString(), "HOSTNAME", "laptop"),
                temporary,
                () -> ZoneOffset.UTC);
        int status = new Coffer(terminal, agents).run(arguments.toArray(String[]::new));
        terminal.err().flush();
        typed = "";
        StringBuilder shown = new StringBuilder(text(out));
        text(err).lines().forEach(line -> shown.append("2> ").append(line).append('\n'));
        return shown + (status == 0 ? "" : "[exit " + status + "]\n");
    }

    private String text(ByteArrayOutputStream bytes) {
        String text = bytes.toString(StandardCharsets.UTF_8)
                .replace(temporary.toString(), "$TMP")
                .replaceAll("\0{100,}", "(zero bytes)\n")
                .replace("\0", "␀\n")
                .replace("process " + ProcessHandle.current().pid(), "process N")
                // The one before may still be ending.
                .replaceAll("device open, \\d+ operations? at work", "device open, N operations at work");
        return text.isEmpty() || text.endsWith("\n") ? text : text + "⏎\n";
    }

    /// Splits at spaces; within double quotes a space is kept, and `\n`, `\t`, `\"`, `\\` and `\` with `u` and four
    /// digits stand for characters.
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean any = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
                any = true;
            } else if (c == ' ' && !quoted) {
                if (any) {
                    words.add(word.toString());
                }
                word.setLength(0);
                any = false;
            } else if (c == '\\' && quoted) {
                i++;
                i += escape(line, i, word);
                any = true;
            } else {
                word.append(c);
                any = true;
            }
        }
        if (any) {
            words.add(word.toString());
        }
        return words;
    }

    private static int escape(String line, int at, StringBuilder word) {
        char c = line.charAt(at);
        if (c == 'u') {
            word.append((char) Integer.parseInt(line.substring(at + 1, at + 5), 16));
            return 4;
        }
        word.append(c == 'n' ? '\n' : c == 't' ? '\t' : c);
        return 0;
    }
}
