package coffer.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Runs the contenders in turn on the same data, round by round, and keeps what they took (`bench/compare.sh` starts it).
public final class Compare {

    private static final int STARTS = 15;
    private static final int COLD_STARTS = 5;

    private final Map<String, String> options;
    private final Path data;
    private final Path work;
    private final Results results;
    private final Meter meter;
    private final ChangedSets changes;

    private Compare(Map<String, String> options) throws IOException {
        this.options = options;
        this.data = Path.of(required("data")).toAbsolutePath();
        this.work = Path.of(required("work")).toAbsolutePath();
        Files.createDirectories(work);
        this.results = new Results(Path.of(options.getOrDefault("out", "bench/target/results.json")));
        this.meter = new Meter(work.resolve("commands.log"));
        this.changes = new ChangedSets(data, work.resolve("changed"));
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> options = new TreeMap<>();
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            if (!parts[0].startsWith("--") || parts.length != 2) {
                System.err.println("usage: compare.sh --data=DIR --work=DIR [--cells=mixed,many-small,one-big,insert,start,s3]"
                        + " [--contenders=restic,rclone,borg,coffer,warm] [--rounds=N] [--get=no]");
                System.exit(64);
            }
            options.put(parts[0].substring(2), parts[1]);
        }
        new Compare(options).run();
    }

    private String required(String option) {
        String value = options.get(option);
        if (value == null) {
            throw new IllegalArgumentException("--" + option + " is missing");
        }
        return value;
    }

    private void run() throws IOException, InterruptedException {
        List<String> cells = List.of(options.getOrDefault("cells", "mixed,many-small,one-big,insert,start").split(",", -1));
        int rounds = Integer.parseInt(options.getOrDefault("rounds", "1"));
        results.about("when", Instant.now().toString());
        results.about("machine", machine());
        for (Contender contender : contenders(Optional.empty())) {
            results.about("version " + contender.name(), contender.version());
        }
        for (int round = 0; round < rounds; round++) {
            for (String cell : cells) {
                System.out.println("--- " + cell);
                switch (cell) {
                    case "insert" -> insert();
                    case "start" -> starts();
                    case "s3" -> s3();
                    default -> set(cell, contenders(Optional.empty()));
                }
            }
        }
    }

    private List<Contender> contenders(Optional<S3Server> s3) {
        Path peers = Path.of(options.getOrDefault("peers", "bench/target/cache/peers")).toAbsolutePath();
        List<Contender> contenders = new ArrayList<>();
        for (String name : options.getOrDefault("contenders", "restic,rclone,borg,coffer,warm").split(",", -1)) {
            switch (name) {
                case "restic" -> contenders.add(new Restic(peers.resolve("restic"), s3));
                case "rclone" -> contenders.add(new Rclone(peers.resolve("rclone"), s3));
                case "borg" -> {
                    if (s3.isEmpty()) {
                        contenders.add(new Borg(peers.resolve("borg")));
                    }
                }
                case "coffer" -> contenders.add(coffer(true, s3));
                case "warm" -> contenders.add(coffer(false, s3));
                default -> throw new IllegalArgumentException("no such contender: " + name);
            }
        }
        return contenders;
    }

    private CofferTool coffer(boolean fresh, Optional<S3Server> s3) {
        Path checkout = Path.of(options.getOrDefault("checkout", ".")).toAbsolutePath();
        return new CofferTool(checkout, fresh, data.resolve("delta"), s3);
    }

    /// First put, put of the same again, get of everything; of the big file also a put after one per cent has changed.
    private void set(String set, List<Contender> contenders) throws IOException, InterruptedException {
        boolean big = set.equals("one-big");
        if (big) {
            Shell.deleteAll(List.of(work.resolve("changed/one-big")));
            changes.overwriteBlocks();
        }
        for (Contender contender : contenders) {
            with(contender, () -> {
                put(contender, "put " + set, set, true);
                put(contender, "again " + set, set, false);
                if (!options.getOrDefault("get", "yes").equals("no")) {
                    get(contender, set);
                }
                if (big) {
                    changes.during(set, () -> put(contender, "changed " + set, set, false));
                }
            });
        }
    }

    private void insert() throws IOException, InterruptedException {
        Shell.deleteAll(List.of(work.resolve("changed/delta")));
        changes.insertInFront();
        for (Contender contender : contenders(Optional.empty())) {
            with(contender, () -> {
                put(contender, "put delta", "delta", true);
                changes.during("delta", () -> put(contender, "insert delta", "delta", false));
            });
        }
    }

    private void s3() throws IOException, InterruptedException {
        Path folder = work.resolve("s3");
        Shell.deleteAll(List.of(folder));
        String classPath = Files.readString(Path.of(required("s3proxy-classpath"))).strip();
        try (S3Server server = S3Server.start(folder, classPath)) {
            set("mixed/mail", contenders(Optional.of(server)));
        }
    }

    /// Commands that answer from memory, beside those of the peers that do the least.
    private void starts() throws IOException, InterruptedException {
        Path peers = Path.of(options.getOrDefault("peers", "bench/target/cache/peers")).toAbsolutePath();
        CofferTool coffer = coffer(false, Optional.empty());
        with(coffer, () -> {
            Shell.run(coffer.put(data, "many-small"));
            Map<String, Invocation> commands = new TreeMap<>();
            commands.put("coffer ls", coffer.coffer("ls", "/many-small/mail"));
            commands.put("coffer status", coffer.coffer("status"));
            commands.put("restic version", plain(peers.resolve("restic"), "version"));
            commands.put("rclone version", plain(peers.resolve("rclone"), "version"));
            commands.put("borg --version", plain(peers.resolve("borg"), "--version"));
            // Unmeasured: the first makes the launcher's class cache.
            Shell.run(coffer.coffer("status"));
            Thread.sleep(5_000);
            time(commands, STARTS, false);
            time(commands, COLD_STARTS, true);
        });
    }

    private Invocation plain(Path program, String argument) {
        return new Invocation(work, Map.of(), List.of(program.toString(), argument));
    }

    private void time(Map<String, Invocation> commands, int times, boolean cold) throws IOException, InterruptedException {
        Map<String, List<Double>> taken = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            for (Map.Entry<String, Invocation> command : commands.entrySet()) {
                if (cold) {
                    Shell.dropCaches();
                }
                long start = System.nanoTime();
                Shell.run(command.getValue());
                taken.computeIfAbsent(command.getKey(), _ -> new ArrayList<>()).add((System.nanoTime() - start) / 1e6);
            }
        }
        for (Map.Entry<String, List<Double>> one : taken.entrySet()) {
            double[] values = one.getValue().stream().mapToDouble(Double::doubleValue).sorted().toArray();
            String figure = String.format(
                    Locale.ROOT, "%.0f ms (%.0f to %.0f, %d runs)", Results.median(values), values[0], values[values.length - 1],
                    values.length);
            results.figure("start " + one.getKey() + (cold ? ", page cache dropped" : ""), figure);
            System.out.println(one.getKey() + (cold ? " cold: " : ": ") + figure);
        }
    }

    private void with(Contender contender, ChangedSets.Step step) throws IOException, InterruptedException {
        Path folder = work.resolve("run");
        Shell.deleteAll(List.of(folder));
        Files.createDirectories(folder);
        boolean failed = true;
        try {
            contender.begin(folder);
            step.run();
            failed = false;
        } catch (IOException e) {
            System.out.println("FAILED " + contender.name() + ": " + e.getMessage());
        } finally {
            contender.end();
            if (!failed) {
                for (Path repository : contender.repository()) {
                    Shell.deleteAll(List.of(repository));
                }
                Shell.deleteAll(List.of(folder));
            }
        }
    }

    private void put(Contender contender, String cell, String set, boolean cold) throws IOException, InterruptedException {
        contender.beforeCommand();
        if (cold) {
            Shell.dropCaches();
        }
        keep(meter.run(contender, cell, results.nextRound(cell, contender.name()), contender.put(data, set)));
    }

    private void get(Contender contender, String set) throws IOException, InterruptedException {
        Path target = work.resolve("restored");
        Shell.deleteAll(List.of(target));
        Files.createDirectories(target);
        contender.beforeCommand();
        Shell.dropCaches();
        String cell = "get " + set;
        Measurement taken =
                meter.run(contender, cell, results.nextRound(cell, contender.name()), contender.get(data, set, target));
        boolean identical = Shell.succeeds(
                work, "diff", "-rq", data.resolve(set).toString(), contender.restored(data, set, target).toString());
        keep(new Measurement(
                taken.cell(), taken.contender(), taken.round(), taken.seconds(), taken.cpuSeconds(), taken.commandCpu(),
                taken.peakMegabytes(), taken.syncSeconds(), taken.uploadedBytes(), taken.storedBytes(), taken.othersCores(),
                identical));
        Shell.deleteAll(List.of(target));
    }

    private void keep(Measurement one) throws IOException {
        results.add(one);
        System.out.printf(
                Locale.ROOT,
                "%-18s %-18s #%d %7.2f s  cpu %6.2f (command %6.2f)  sync %5.2f  peak %s  sent %.1f MB  stored %.1f MB  others %.2f%s%n",
                one.cell(), one.contender(), one.round(), one.seconds(), one.cpuSeconds(), one.commandCpu(), one.syncSeconds(),
                one.peakMegabytes(), one.uploadedBytes() / 1e6, one.storedBytes() / 1e6, one.othersCores(),
                one.identical() ? "" : "  NOT IDENTICAL");
    }

    private static String machine() throws IOException {
        String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown processor");
        long memory = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemTotal"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / (1 << 20))
                .findFirst()
                .orElse(0L);
        return Runtime.getRuntime().availableProcessors() + " cores (" + model + "), " + memory + " GiB, Linux "
                + System.getProperty("os.version") + ", Java " + System.getProperty("java.version");
    }
}
