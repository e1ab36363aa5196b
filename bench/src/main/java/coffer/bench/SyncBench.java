package coffer.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Two devices that keep a folder the same, beside two Syncthing instances, in turns on the same files:
/// `SyncBench CHECKOUT PEERS RESULTS WORK IDLE_SECONDS SET...`.
///
/// For each set: the first agreement, from when the folders are shared until the second holds every file; then how long a new
/// small file takes to arrive beside all that; then what idling costs.
public final class SyncBench {

    private static final int FILE_BYTES = 4096;
    private static final int ARRIVALS = 60;
    private static final int ARRIVALS_OF_THE_SLOW = 5;
    private static final int PAUSE_MS = 400;
    private static final long PATIENCE_S = 1_800;
    private static final long POLL_MS = 200;

    private final Results results;
    private final Path work;
    private final int idleSeconds;

    private SyncBench(Results results, Path work, int idleSeconds) {
        this.results = results;
        this.work = work;
        this.idleSeconds = idleSeconds;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path checkout = Path.of(arguments[0]).toAbsolutePath();
        Path peers = Path.of(arguments[1]).toAbsolutePath();
        SyncBench bench =
                new SyncBench(new Results(Path.of(arguments[2])), Path.of(arguments[3]).toAbsolutePath(), Integer.parseInt(arguments[4]));
        for (String set : Arrays.asList(arguments).subList(5, arguments.length)) {
            bench.run(new CofferPair(checkout), Path.of(set), ARRIVALS);
            for (Path program : programs(peers)) {
                bench.run(new SyncthingPair(program, 1), Path.of(set), ARRIVALS);
                bench.run(new SyncthingPair(program, 10), Path.of(set), ARRIVALS_OF_THE_SLOW);
            }
        }
    }

    /// Every Syncthing that lies there; bench/peers.sh fetches two.
    private static List<Path> programs(Path peers) throws IOException {
        try (Stream<Path> folders = Files.list(peers)) {
            return folders.map(folder -> folder.resolve("usr/bin/syncthing")).filter(Files::isExecutable).sorted().toList();
        }
    }

    private void run(FolderPair pair, Path set, int arrivals) throws IOException, InterruptedException {
        Shell.deleteAll(List.of(work));
        Path one = Files.createDirectories(work.resolve("one"));
        Path two = Files.createDirectories(work.resolve("two"));
        Shell.run(work, "cp", "-a", set + "/.", one.toString());
        pair.begin(Files.createDirectories(work.resolve("pair")));
        try {
            String name = pair.name() + " " + pair.version();
            agree(pair, name, set, one, two);
            arrive(name + ", beside " + set.getFileName(), arrivals, one, two);
            idle(pair, name + ", beside " + set.getFileName());
        } finally {
            pair.end();
        }
    }

    private void agree(FolderPair pair, String name, Path set, Path one, Path two) throws IOException, InterruptedException {
        long files = count(one);
        Shell.dropCaches();
        long busy = ProcFs.busyTicks();
        Map<Long, Long> before = ticks(pair);
        long start = System.nanoTime();
        pair.share(one, two);
        while (count(two) < files) {
            if (seconds(start) > PATIENCE_S) {
                throw new IOException(name + " does not come to an end");
            }
            Thread.sleep(POLL_MS);
        }
        double took = seconds(start);
        double cpu = cpuSince(pair, before);
        double others = ((ProcFs.busyTicks() - busy) / ProcFs.TICKS_PER_SECOND - cpu) / took;
        boolean same = isSame(one, two);
        StringBuilder peaks = new StringBuilder();
        for (Map.Entry<String, Long> daemon : pair.daemons().entrySet()) {
            peaks.append(' ').append(daemon.getKey()).append(' ').append(ProcFs.peakKilobytes(daemon.getValue()) / 1000).append(" MB;");
        }
        tell("first agreement, " + set.getFileName() + " (" + files + " files), " + name, String.format(
                Locale.ROOT, "%.1f s, processor %.1f s, others' cores %.2f, peaks%s%s",
                took, cpu, Math.max(0, others), peaks, same ? "" : " NOT IDENTICAL"));
    }

    /// What is seen under its own name is there as a whole: both programs rename into place.
    private static long count(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(file -> Files.isRegularFile(file) && !isOwn(folder.relativize(file))).count();
        } catch (java.io.UncheckedIOException e) {
            return -1; // something went while it was looked at
        }
    }

    private static boolean isOwn(Path file) {
        String name = file.getFileName().toString();
        return file.getName(0).toString().startsWith(".coffer")
                || file.getName(0).toString().startsWith(".stfolder")
                || name.startsWith(".syncthing.")
                || name.startsWith("~syncthing~");
    }

    private boolean isSame(Path one, Path two) throws IOException, InterruptedException {
        return Shell.succeeds(work, "diff", "-r", "-q", "-x", ".coffer", "-x", ".stfolder", one.toString(), two.toString());
    }

    private void arrive(String name, int count, Path one, Path two) throws IOException, InterruptedException {
        Random random = new Random(1);
        Path folder = Files.createDirectories(one.resolve("bench arrivals"));
        double[] millis = new double[count];
        for (int i = -1; i < count; i++) {
            byte[] content = new byte[FILE_BYTES];
            random.nextBytes(content);
            Path fresh = work.resolve("fresh");
            Files.write(fresh, content);
            Path file = folder.resolve("n" + i);
            long start = System.nanoTime();
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            await(two.resolve(one.relativize(file)), content);
            if (i >= 0) { // the first one also brings the folder
                millis[i] = seconds(start) * 1e3;
            }
            Thread.sleep(PAUSE_MS + random.nextInt(PAUSE_MS));
        }
        Arrays.sort(millis);
        tell("a 4 KiB file arrives, " + name, String.format(
                Locale.ROOT, "median %.0f ms, 99th percentile %.0f ms, of %d",
                Results.median(millis), millis[(int) Math.ceil(0.99 * count) - 1], count));
    }

    private static void await(Path file, byte[] content) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (true) {
            try {
                if (Files.size(file) == content.length && Arrays.equals(Files.readAllBytes(file), content)) {
                    return;
                }
            } catch (NoSuchFileException e) {
                // Not yet.
            }
            if (seconds(start) > PATIENCE_S) {
                throw new IOException(file + " does not arrive");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private void idle(FolderPair pair, String name) throws IOException, InterruptedException {
        if (idleSeconds == 0) {
            return;
        }
        Map<Long, Long> before = ticks(pair);
        Thread.sleep(idleSeconds * 1_000L);
        List<String> resident = new ArrayList<>();
        for (Map.Entry<String, Long> daemon : pair.daemons().entrySet()) {
            resident.add(daemon.getKey() + " " + ProcFs.residentKilobytes(daemon.getValue()) / 1000 + " MB");
        }
        tell("idle for " + idleSeconds + " s, " + name, String.format(
                Locale.ROOT, "processor %.2f s, resident %s", cpuSince(pair, before), String.join(", ", resident)));
    }

    private static Map<Long, Long> ticks(FolderPair pair) throws IOException {
        Map<Long, Long> ticks = new HashMap<>();
        pair.daemons().values().forEach(pid -> ticks.put(pid, ProcFs.ticks(pid)));
        return ticks;
    }

    /// Of processes that were not there before, all they used.
    private static double cpuSince(FolderPair pair, Map<Long, Long> before) throws IOException {
        return pair.daemons().values().stream()
                        .mapToLong(pid -> ProcFs.ticks(pid) - before.getOrDefault(pid, 0L))
                        .sum()
                / ProcFs.TICKS_PER_SECOND;
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private void tell(String what, String figure) throws IOException {
        System.out.println(what + ": " + figure);
        results.figure(what, figure);
    }
}
