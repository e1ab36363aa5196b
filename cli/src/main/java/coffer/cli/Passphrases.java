package coffer.cli;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/// A passphrase between a person and Coffer. Never on a command line, where other users of the machine see it.
final class Passphrases {

    private static final int SIZE_MAX = 8_192;

    private Passphrases() {}

    /// From the file, which is `-` for the input; else typed, and not shown. The end of the line does not belong to it, and all else does.
    static String read(@Nullable String file, String question, String option, Coffer coffer) throws CofferException {
        Terminal terminal = coffer.terminal();
        try {
            if (file != null && !file.equals("-")) {
                try (InputStream in = Files.newInputStream(terminal.resolve(file))) {
                    return firstLine(new String(in.readNBytes(SIZE_MAX), StandardCharsets.UTF_8));
                }
            }
            if (file == null && !terminal.interactive().in()) {
                throw new UsageException("Nobody can be asked here; say " + option + ".");
            }
            if (file == null) {
                terminal.err().print(question);
                terminal.err().flush();
            }
            return terminal.readSecret().filter(text -> !text.isEmpty()).orElseThrow(() -> new UsageException("That is no passphrase."));
        } catch (IOException e) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL, "The passphrase cannot be read.", "Nothing was changed. Check the file named with " + option + ".", e);
        }
    }

    /// A new one; typed twice, because nobody sees what is typed.
    static String readNew(@Nullable String file, String option, Coffer coffer) throws CofferException {
        String wanted = read(file, "new passphrase: ", option, coffer);
        if (file == null && !read(null, "once more: ", option, coffer).equals(wanted)) {
            throw new UsageException("These were two different passphrases; nothing was changed.");
        }
        return wanted;
    }

    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("");
        if (line.isEmpty()) {
            throw new UsageException("There is no passphrase in the file.");
        }
        return line;
    }
}
