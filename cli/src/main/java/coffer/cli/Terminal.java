package coffer.cli;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where a command reads and writes, and what it may know of its surroundings; handed in, so that tests can look on.
///
/// Everything is UTF-8. Ends of lines are `\n` everywhere.
final class Terminal {

    /// Which of the three streams a person sees or types into.
    record Interactive(boolean in, boolean out, boolean err) {}

    private static final int COLUMNS_UNKNOWN = 80;
    private static final int BUFFER = 32 * 1024;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Interactive interactive;
    private final int columns;
    private final Map<String, String> environment;
    private final Path directory;
    private final Supplier<ZoneId> zone;
    private @Nullable BufferedReader lines;

    Terminal(
            InputStream in,
            PrintStream out,
            PrintStream err,
            Interactive interactive,
            int columns,
            Map<String, String> environment,
            Path directory,
            Supplier<ZoneId> zone) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.interactive = interactive;
        this.columns = columns;
        this.environment = environment;
        this.directory = directory;
        this.zone = zone;
    }

    /// The process's own. The launcher script says which streams are terminals (`coffer.terminal`, the digits of their
    /// descriptors) and how wide it is, because asking from Java costs more than the whole command.
    static Terminal ofProcess() {
        String descriptors = System.getProperty("coffer.terminal", "");
        return new Terminal(
                new FileInputStream(FileDescriptor.in),
                new PrintStream(
                        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER),
                        false,
                        StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                new Interactive(descriptors.contains("0"), descriptors.contains("1"), descriptors.contains("2")),
                columns(System.getProperty("coffer.columns", "")),
                System.getenv(),
                Path.of("").toAbsolutePath(),
                ZoneId::systemDefault);
    }

    private static int columns(String text) {
        try {
            int columns = Integer.parseInt(text);
            return columns >= 20 ? columns : COLUMNS_UNKNOWN;
        } catch (NumberFormatException e) {
            return COLUMNS_UNKNOWN;
        }
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    InputStream in() {
        return in;
    }

    Interactive interactive() {
        return interactive;
    }

    int columns() {
        return columns;
    }

    Optional<String> environment(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /// A path that the person gave, seen from where they are.
    Path resolve(String path) {
        return directory.resolve(path).toAbsolutePath().normalize();
    }

    ZoneId zone() {
        return zone.get();
    }

    /// As [#readLine], without showing what is typed where this is a real terminal.
    Optional<String> readSecret() throws IOException {
        // Where the process has no terminal, some JDKs have no console either.
        Optional<Console> console = interactive.in() ? Optional.ofNullable(System.console()).filter(Console::isTerminal) : Optional.empty();
        if (console.isEmpty()) {
            return readLine();
        }
        char[] typed = console.get().readPassword();
        if (typed == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new String(typed));
        } finally {
            Arrays.fill(typed, '\0');
        }
    }

    /// The next line that the person types; empty at the end of input.
    Optional<String> readLine() throws IOException {
        BufferedReader reader = lines;
        if (reader == null) {
            reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), BUFFER);
            lines = reader;
        }
        return Optional.ofNullable(reader.readLine());
    }
}
