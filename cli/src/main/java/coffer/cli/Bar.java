package coffer.cli;

import coffer.device.Progress;
import java.util.concurrent.atomic.AtomicBoolean;

/// One line on the terminal's error stream that says how far long work is; nothing where nobody looks.
final class Bar implements Progress, AutoCloseable {

    private static final long REDRAW_NANOS = 100_000_000;
    private static final int BAR_COLUMNS = 24;

    private final Terminal terminal;
    private final boolean shown;
    private final long start = System.nanoTime();
    private final AtomicBoolean closed = new AtomicBoolean();
    private long drawn;
    private boolean anything;

    Bar(Terminal terminal, boolean shown) {
        this.terminal = terminal;
        this.shown = shown && terminal.interactive().err();
    }

    @Override
    public synchronized void update(String label, long done, long total, Unit unit) {
        long now = System.nanoTime();
        if (!shown || closed.get() || (anything && now - drawn < REDRAW_NANOS && done != total)) {
            return;
        }
        drawn = now;
        anything = true;
        String line = line(label, done, total, unit, (now - start) / 1e9);
        terminal.err().print("\r" + Width.cut(line, terminal.columns() - 1) + "\u001b[K");
        terminal.err().flush();
    }

    /// The words of the bar, for a width that the caller cuts to.
    static String line(String label, long done, long total, Unit unit, double seconds) {
        StringBuilder line = new StringBuilder(Width.padded(Shown.name(label), 12)).append(' ');
        if (total > 0) {
            int filled = (int) Math.min(BAR_COLUMNS, BAR_COLUMNS * done / total);
            line.repeat('━', filled).repeat('·', BAR_COLUMNS - filled);
            line.append(' ').append(Math.min(100, 100 * done / total)).append(" %  ");
            line.append(amount(done, unit)).append(" of ").append(amount(total, unit));
        } else {
            line.append(amount(done, unit));
        }
        if (seconds >= 1 && done > 0) {
            double rate = done / seconds;
            line.append("  ").append(amount(Math.round(rate), unit)).append("/s");
            if (total > done) {
                line.append("  ").append(Shown.duration(Math.round((total - done) / rate))).append(" left");
            }
        }
        return line.toString();
    }

    private static String amount(long amount, Unit unit) {
        return switch (unit) {
            case BYTES -> Shown.bytes(amount);
            case FILES -> Shown.count(amount, "file");
            case ENTRIES -> Shown.count(amount, "entry", "entries");
            case PACKS -> Shown.count(amount, "pack");
            case CALLS -> Shown.count(amount, "call");
        };
    }

    @Override
    public boolean cancelled() {
        return false;
    }

    /// Removes the line.
    @Override
    public synchronized void close() {
        if (closed.compareAndSet(false, true) && anything) {
            terminal.err().print("\r\u001b[K");
            terminal.err().flush();
        }
    }
}
