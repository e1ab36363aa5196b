package coffer.cli;

import java.util.concurrent.atomic.AtomicBoolean;

/// The `coffer` command's process.
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        int status = run(Terminal.ofProcess(), arguments);
        // Not System.exit, which first loads what it needs to log that it was called; nothing is left to be done.
        Runtime.getRuntime().halt(status);
    }

    static int run(Terminal terminal, String... arguments) {
        AtomicBoolean ended = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted(terminal, ended)));
        int status = new Coffer(terminal, Agents.PROCESSES).run(arguments);
        ended.set(true);
        terminal.err().flush();
        return terminal.out().checkError() && status == Exit.OK ? Exit.OUTPUT : status;
    }

    /// Ctrl-C: the end of this process ends its connection, and that ends the work in the agent.
    private static void interrupted(Terminal terminal, AtomicBoolean ended) {
        if (!ended.get() && terminal.interactive().err()) {
            terminal.err().print("\r\u001b[K");
            terminal.err().println("Stopped. What was committed is safe; the same command goes on where this one was.");
        }
    }
}
