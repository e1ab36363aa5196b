package coffer.cli;

import java.util.logging.Level;
import java.util.logging.Logger;

/// What a process that serves says on its error stream.
final class Logs {

    static {
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n");
    }

    /// Held, because loggers are forgotten, with their level, when nobody holds them.
    private static final Logger ROOT = Logger.getLogger("");

    private static final Logger SERVER = Logger.getLogger("org.eclipse.jetty");

    private Logs() {}

    /// Warnings only: somebody else tells what happens.
    static void quiet() {
        ROOT.setLevel(Level.WARNING);
    }

    /// One line for each event, without the server library's own doings.
    static void lines() {
        SERVER.setLevel(Level.WARNING);
    }
}
