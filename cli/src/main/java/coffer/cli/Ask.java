package coffer.cli;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/// Questions to the person at the terminal.
final class Ask {

    private Ask() {}

    /// @throws UsageException where nobody can be asked
    static boolean yes(Coffer coffer, String question) throws CofferException {
        if (!coffer.terminal().interactive().in()) {
            throw new UsageException("Nobody can be asked here; say --yes.");
        }
        String answer = line(coffer, question + " [y/N] ").orElse("").strip().toLowerCase(Locale.ROOT);
        return answer.equals("y") || answer.equals("yes");
    }

    static Optional<String> line(Coffer coffer, String question) throws CofferException {
        Terminal terminal = coffer.terminal();
        if (terminal.interactive().in()) {
            terminal.err().print(question);
            terminal.err().flush();
        }
        try {
            return terminal.readLine();
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The input cannot be read.", e);
        }
    }
}
