package coffer.cli;

import java.util.Locale;

/// Tells what a long demonstration does while it does it: numbered steps, figures, a tick or a cross for each claim.
///
/// ```
///  1  A service and a provider start on this machine
///     ✓ service listens                       http://127.0.0.1:40123
///     ✗ provider's bytes hold no name          3 found
/// ```
final class Story {

    private static final int CLAIM_COLUMNS = 52;

    private final Terminal terminal;
    private final long start = System.nanoTime();
    private int steps;
    private int claims;
    private int failures;

    Story(Terminal terminal) {
        this.terminal = terminal;
    }

    /// Begins the next step.
    void step(String title) {
        steps++;
        print("");
        print(bold(String.format(Locale.ROOT, "%2d  %s", steps, title)));
    }

    /// Says something that needs no check.
    void say(String line) {
        print("    " + line);
    }

    /// A figure of the step.
    void figure(String name, String value) {
        print("      " + Width.padded(name, CLAIM_COLUMNS) + "  " + value);
    }

    /// Something that must be true; returns whether it is.
    boolean claim(boolean holds, String claim, String figure) {
        claims++;
        failures += holds ? 0 : 1;
        String mark = holds ? coloured("✓", 32) : coloured("✗", 31);
        print(("    " + mark + " " + (figure.isEmpty() ? claim : Width.padded(claim, CLAIM_COLUMNS) + "  " + figure)));
        return holds;
    }

    boolean claim(boolean holds, String claim) {
        return claim(holds, claim, "");
    }

    /// A step that could not be done at all.
    void failed(String what, Exception error) {
        claim(false, what, error.getClass().getSimpleName() + ": " + Shown.name(String.valueOf(error.getMessage())));
    }

    /// Sums up; returns the exit status.
    int end() {
        print("");
        String seconds = String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - start) / 1e9);
        if (failures == 0) {
            print(bold("All " + Shown.count(claims, "claim") + " of " + Shown.count(steps, "step") + " hold, in " + seconds
                    + "."));
            return Exit.OK;
        }
        print(bold(Shown.count(failures, "claim") + " of " + claims + " failed, in " + seconds + "."));
        return Exit.PROBLEMS;
    }

    private void print(String line) {
        terminal.out().print(line + "\n");
        terminal.out().flush();
    }

    private String bold(String text) {
        return coloured(text, 1);
    }

    private String coloured(String text, int code) {
        return terminal.interactive().out() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
