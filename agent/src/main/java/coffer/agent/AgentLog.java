package coffer.agent;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// `agent.log` in the home: one line per event, 1 MiB and the 1 MiB before it. It holds no names, paths, keys or
/// content, because nothing of ours logs them.
final class AgentLog extends Handler {

    static final String FILE = "agent.log";
    private static final long SIZE_MAX = 1 << 20;

    /// Loggers that were given a level, held because they are forgotten, with the level, when nobody holds them.
    private static final List<Logger> HELD = new ArrayList<>();

    private final Path file;
    private OutputStream out;
    private long size;

    private AgentLog(Path file) throws IOException {
        super();
        this.file = file;
        this.out = append(file);
        this.size = Files.size(file);
    }

    /// The platform's log manager closes every log as soon as a signal arrives; the agent has its end still to tell.
    public static final class Manager extends LogManager {
        @Override
        public void reset() {}
    }

    /// Makes it the log of this process; to be called before anything is logged.
    static void install(Path home) throws IOException {
        System.setProperty("java.util.logging.manager", Manager.class.getName());
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        AgentLog log = new AgentLog(home.resolve(FILE));
        log.setFormatter(new SimpleFormatter());
        root.addHandler(log);
        root.setLevel(Level.INFO);
        Logger library = Logger.getLogger("org.eclipse.jetty");
        library.setLevel(Level.WARNING); // at info it tells what concerns nobody
        HELD.add(library);
    }

    private static OutputStream append(Path file) throws IOException {
        var channel = OwnerOnly.open(file);
        channel.position(channel.size());
        return Channels.newOutputStream(channel);
    }

    @Override
    public synchronized void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        String line = Instant.ofEpochMilli(record.getMillis()) + " " + record.getLevel() + " "
                + shortName(record.getLoggerName()) + ": " + getFormatter().formatMessage(record) + thrown(record) + "\n";
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        try {
            if (size + bytes.length > SIZE_MAX) {
                rotate();
            }
            out.write(bytes);
            size += bytes.length;
        } catch (IOException e) {
            reportError("the log cannot be written", e, ErrorManager.WRITE_FAILURE);
        }
    }

    /// Types only: a message of somebody else's exception may hold a path.
    private static String thrown(LogRecord record) {
        StringBuilder out = new StringBuilder();
        for (Throwable cause = record.getThrown(); cause != null; cause = cause.getCause()) {
            out.append(" | ").append(cause.getClass().getName());
        }
        return out.toString();
    }

    private static String shortName(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }

    private void rotate() throws IOException {
        out.close();
        Files.move(file, file.resolveSibling(FILE + ".1"), StandardCopyOption.REPLACE_EXISTING);
        out = append(file);
        size = 0;
    }

    @Override
    public void flush() {}

    @Override
    public synchronized void close() {
        try {
            out.close();
        } catch (IOException e) {
            reportError("the log cannot be closed", e, ErrorManager.CLOSE_FAILURE);
        }
    }
}
