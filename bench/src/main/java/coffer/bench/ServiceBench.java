package coffer.bench;

import coffer.core.CofferException;
import coffer.core.CryptoAccelerator;
import coffer.service.ConfigException;
import coffer.service.Service;
import coffer.service.ServiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// How many appends a second a service makes durable after checking their signatures, by writers, logs and history.
///
/// Service and writers are one process here, so that one figure says what two cores do together; `ServiceBench FOLDER OUT
/// [ACCOUNTS…]` makes a database per number of accounts below FOLDER.
public final class ServiceBench {

    private static final int[] WRITERS = {1, 4, 16, 64, 256};
    /// More than that on one log only spend their time losing races.
    private static final int[] WRITERS_OF_ONE_LOG = {1, 4, 16};
    private static final int LOGS_MAX = 256;
    /// The service serves no more of one account at once.
    private static final int REQUESTS_PER_ACCOUNT = 64;
    private static final int HISTORY_PER_VAULT = 8;
    private static final long WARM_UP_MS = 4_000;
    private static final long MEASURE_MS = 4_000;
    private static final int SETUP_WORKERS = 64;
    private static final int FAN_OUT_ACCOUNT = 1_000_000;

    private final Service service;
    private final Results results;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<LoadAccount.Vault> vaults = new ArrayList<>();
    private final List<LoadAccount> accounts = new ArrayList<>();

    private ServiceBench(Service service, Results results) {
        this.service = service;
        this.results = results;
    }

    public static void main(String[] arguments)
            throws IOException, ConfigException, CofferException, InterruptedException, ExecutionException {
        Path folder = Path.of(arguments[0]);
        Results results = new Results(Path.of(arguments[1]));
        boolean accelerated = CryptoAccelerator.install();
        results.about("service signatures", accelerated ? "Corretto provider" : "JDK");
        int[] histories = arguments.length > 2
                ? Arrays.stream(arguments).skip(2).mapToInt(Integer::parseInt).toArray()
                : new int[] {1, 100, 10_000};
        for (int accounts : histories) {
            Path data = folder.resolve("service-" + accounts);
            Shell.deleteAll(List.of(data));
            Files.createDirectories(folder);
            try (Service service = Service.start(config(data))) {
                ServiceBench bench = new ServiceBench(service, results);
                bench.fill(accounts);
                bench.appends(accounts);
                bench.fanOut(accounts);
            }
        }
    }

    /// Limits that protect a service from one client are out of the way; durability and checks are not.
    static ServiceConfig config(Path data) throws ConfigException {
        return ServiceConfig.of(data).with(Map.of(
                "account-rate", "1000000",
                "address-rate", "1000000",
                "accounts-per-hour", "100000000",
                "vaults-per-account", "1000",
                "streams-per-device", "10000",
                "requests", "4096"));
    }

    private LoopbackHttp connect() throws IOException {
        return new LoopbackHttp(service.address().getPort());
    }

    /// Accounts with a vault and some commits each; at least as many vaults as there will be writers.
    private void fill(int count) throws CofferException, InterruptedException, ExecutionException {
        int vaultsEach = Math.max(1, LOGS_MAX / count + (LOGS_MAX % count == 0 ? 0 : 1));
        LoadAccount.Vault[] made = new LoadAccount.Vault[count * vaultsEach];
        LoadAccount[] fresh = new LoadAccount[count];
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        together(Math.min(SETUP_WORKERS, count), _ -> {
            try (LoopbackHttp http = connect()) {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    fresh[i] = new LoadAccount(i);
                    fresh[i].register(http);
                    fresh[i].signIn(http, service.address().toString());
                    for (int v = 0; v < vaultsEach; v++) {
                        LoadAccount.Vault vault = fresh[i].beginVault(http);
                        for (int c = 0; c < HISTORY_PER_VAULT; c++) {
                            vault.append(http);
                        }
                        made[i * vaultsEach + v] = vault;
                    }
                }
            }
        });
        accounts.addAll(Arrays.asList(fresh));
        vaults.addAll(Arrays.asList(made));
        System.out.printf(
                Locale.ROOT, "%d accounts, %d vaults, made in %.1f s%n", count, vaults.size(), (System.nanoTime() - start) / 1e9);
    }

    private void appends(int history) throws InterruptedException, ExecutionException, IOException {
        // Code that has run only a little is slower; whoever runs a service does not meet that for long.
        measure(64, true, WARM_UP_MS);
        for (boolean many : new boolean[] {true, false}) {
            for (int writers : many ? WRITERS : WRITERS_OF_ONE_LOG) {
                if (writers > REQUESTS_PER_ACCOUNT * accounts.size()) {
                    continue;
                }
                String figure = measure(writers, many, MEASURE_MS);
                String name = String.format(
                        Locale.ROOT, "appends, %5d accounts, %s, %3d writers", history, many ? "a log each" : "one log   ",
                        writers);
                System.out.println(name + ": " + figure);
                results.figure(name, figure);
            }
        }
    }

    /// To the devices of one account with one vault, as most are.
    private void fanOut(int history) throws IOException, CofferException {
        LoadAccount account = new LoadAccount(FAN_OUT_ACCOUNT);
        try (LoopbackHttp http = connect()) {
            account.register(http);
            account.signIn(http, service.address().toString());
            new FanOutBench(service.address(), account, account.beginVault(http), results).run(history);
        }
    }

    /// Work of one of several writers.
    @FunctionalInterface
    private interface Part {
        void run(int number) throws IOException, CofferException;
    }

    private void together(int count, Part part) throws InterruptedException, ExecutionException {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            running.add(workers.submit(() -> {
                part.run(number);
                return null;
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
    }

    private String measure(int writers, boolean many, long millis) throws InterruptedException, ExecutionException {
        long[][] latencies = new long[writers][];
        AtomicInteger lost = new AtomicInteger();
        long ownBefore = ProcFs.ticks(ProcessHandle.current().pid());
        long busyBefore = ProcFs.busyTicks();
        long start = System.nanoTime();
        long end = start + millis * 1_000_000;
        together(writers, number -> {
            LoadAccount.Vault vault = vaults.get(many ? (int) ((long) number * vaults.size() / writers) : 0);
            long[] mine = new long[1 << 12];
            int count = 0;
            try (LoopbackHttp http = connect()) {
                for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                    lost.addAndGet(vault.append(http));
                    if (count == mine.length) {
                        mine = Arrays.copyOf(mine, 2 * count);
                    }
                    mine[count++] = System.nanoTime() - now;
                }
            }
            latencies[number] = Arrays.copyOf(mine, count);
        });
        double seconds = (System.nanoTime() - start) / 1e9;
        long own = ProcFs.ticks(ProcessHandle.current().pid()) - ownBefore;
        double others = (ProcFs.busyTicks() - busyBefore - own) / ProcFs.TICKS_PER_SECOND / seconds;
        long[] all = Arrays.stream(latencies).flatMapToLong(Arrays::stream).sorted().toArray();
        return String.format(
                Locale.ROOT,
                "%.0f/s, median %.1f ms, 99 %% within %.1f ms, %.1f cores, %d lost races, others %.2f cores",
                all.length / seconds,
                all[all.length / 2] / 1e6,
                all[(int) (all.length * 0.99)] / 1e6,
                own / ProcFs.TICKS_PER_SECOND / seconds,
                lost.get(),
                Math.max(0, others));
    }
}
