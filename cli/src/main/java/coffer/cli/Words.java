package coffer.cli;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The recovery words between a person and Coffer. Never on a command line, where other users of the machine see them.
final class Words {

    static final int COUNT = 24;
    private static final int COLUMNS = 4;
    private static final int SIZE_MAX = 4096;

    private Words() {}

    static void print(String words, Output output) {
        List<String> list = List.of(words.strip().split("\\s+"));
        output.line("Your recovery words. They are shown this once and kept nowhere; write them down:");
        output.line("");
        for (int row = 0; row * COLUMNS < list.size(); row++) {
            StringBuilder line = new StringBuilder("  ");
            for (int i = row * COLUMNS; i < Math.min(list.size(), (row + 1) * COLUMNS); i++) {
                line.append(i < 9 ? " " : "").append(i + 1).append(' ').append(Width.padded(list.get(i), 12));
            }
            output.line(line.toString().stripTrailing());
        }
        output.line("");
    }

    /// From the file; from the input, where that is no terminal; else typed, several to a line if one likes.
    static String read(@Nullable String file, Coffer coffer) throws CofferException {
        try {
            if (file != null && !file.equals("-")) {
                return read(coffer.terminal().resolve(file));
            }
            if (file != null || !coffer.terminal().interactive().in()) {
                return normal(new String(coffer.terminal().in().readNBytes(SIZE_MAX), StandardCharsets.UTF_8));
            }
            return asked(coffer);
        } catch (IOException e) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL,
                    "The recovery words cannot be read.",
                    "Nothing was changed. Check the file named with --words-file.",
                    e);
        }
    }

    private static String read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return normal(new String(in.readNBytes(SIZE_MAX), StandardCharsets.UTF_8));
        }
    }

    /// The words at these places, from 1.
    static String ask(List<Integer> places, Coffer coffer) throws CofferException {
        List<String> words = new ArrayList<>();
        for (int place : places) {
            String word = normal(Ask.line(coffer, "word " + place + ": ").orElse(""));
            if (word.isEmpty() || word.contains(" ")) {
                throw new UsageException("That is not one word.");
            }
            words.add(word);
        }
        return String.join(" ", words);
    }

    private static String asked(Coffer coffer) throws CofferException {
        List<String> words = new ArrayList<>();
        while (words.size() < COUNT) {
            String line = Ask.line(coffer, "word " + (words.size() + 1) + ": ")
                    .orElseThrow(() -> new UsageException("The recovery words are not complete."));
            String normal = normal(line);
            if (!normal.isEmpty()) {
                words.addAll(List.of(normal.split(" ")));
            }
        }
        return String.join(" ", words);
    }

    private static String normal(String text) {
        return text.strip().toLowerCase(java.util.Locale.ROOT).replaceAll("\\s+", " ");
    }
}
