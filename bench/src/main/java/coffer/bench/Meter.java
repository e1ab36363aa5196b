package coffer.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Runs one command of a contender and says what it took.
final class Meter {

    private static final int SAMPLE_MS = 50;

    private final Path log;

    /// @param log where the commands' own words go
    Meter(Path log) {
        this.log = log;
    }

    /// A file's size and age, enough to see that it is another than before.
    private record Stamp(long size, long modified) {}

    Measurement run(Contender contender, String cell, int round, Invocation invocation)
            throws IOException, InterruptedException {
        Map<Path, Stamp> before = stamps(contender.repository());
        Map<String, Long> daemonsBefore = contender.daemons();
        Map<Long, Long> ticksBefore = new HashMap<>();
        daemonsBefore.values().forEach(pid -> {
            ticksBefore.put(pid, ProcFs.ticks(pid));
            ProcFs.resetPeak(pid);
        });
        long children = ProcFs.childrenTicks();
        long busy = ProcFs.busyTicks();
        Map<String, Long> peaks = new ConcurrentHashMap<>();

        long start = System.nanoTime();
        Process process = Shell.builder(invocation)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log.toString())))
                .start();
        process.getOutputStream().close();
        Thread sampler = Thread.ofPlatform().daemon().start(() -> sample(process, peaks));
        int status = process.waitFor();
        double seconds = (System.nanoTime() - start) / 1e9;

        sampler.join();
        double commandCpu = (ProcFs.childrenTicks() - children) / ProcFs.TICKS_PER_SECOND;
        double daemonCpu = 0;
        for (Map.Entry<String, Long> daemon : contender.daemons().entrySet()) {
            long pid = daemon.getValue();
            daemonCpu += (ProcFs.ticks(pid) - ticksBefore.getOrDefault(pid, 0L)) / ProcFs.TICKS_PER_SECOND;
            peaks.merge(daemon.getKey(), ProcFs.peakKilobytes(pid), Math::max);
        }
        double others = ((ProcFs.busyTicks() - busy) / ProcFs.TICKS_PER_SECOND - commandCpu - daemonCpu) / seconds;
        if (status != 0) {
            throw new IOException(contender.name() + ": " + cell + " ended with " + status + "; see " + log);
        }
        long syncStart = System.nanoTime();
        Shell.run(Path.of("/"), "sync");
        double sync = (System.nanoTime() - syncStart) / 1e9;

        Map<Path, Stamp> after = stamps(contender.repository());
        Map<String, Long> megabytes = new TreeMap<>();
        peaks.forEach((name, kilobytes) -> megabytes.put(name, Math.round(kilobytes * 1024 / 1e6)));
        return new Measurement(
                cell,
                contender.name(),
                round,
                seconds,
                commandCpu + daemonCpu,
                commandCpu,
                megabytes,
                sync,
                changed(before, after),
                after.values().stream().mapToLong(Stamp::size).sum(),
                Math.max(0, others),
                true);
    }

    /// Watches the command and what it has started until it ends.
    private static void sample(Process process, Map<String, Long> peaks) {
        while (process.isAlive()) {
            peaks.merge("command", ProcFs.peakKilobytes(process.pid()), Math::max);
            process.descendants().forEach(child -> peaks.merge("command", ProcFs.peakKilobytes(child.pid()), Math::max));
            try {
                Thread.sleep(SAMPLE_MS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// New and rewritten files count whole; of a database, which grows in place, what was added.
    private static long changed(Map<Path, Stamp> before, Map<Path, Stamp> after) {
        long bytes = 0;
        for (Map.Entry<Path, Stamp> file : after.entrySet()) {
            Stamp old = before.get(file.getKey());
            long size = file.getValue().size();
            if (old == null) {
                bytes += size;
            } else if (!old.equals(file.getValue())) {
                bytes += file.getKey().toString().contains(".db") ? Math.max(0, size - old.size()) : size;
            }
        }
        return bytes;
    }

    private static Map<Path, Stamp> stamps(Iterable<Path> folders) {
        Map<Path, Stamp> stamps = new HashMap<>();
        for (Path folder : folders) {
            if (Files.exists(folder)) {
                stamp(folder, stamps);
            }
        }
        return stamps;
    }

    private static void stamp(Path folder, Map<Path, Stamp> stamps) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    stamps.put(file, new Stamp(attributes.size(), attributes.lastModifiedTime().toMillis()));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    // Temporary files of a daemon come and go.
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
