package coffer.service;

import coffer.core.CryptoAccelerator;
import coffer.core.LogId;
import coffer.core.log.Entry;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Measures a service on this machine, load generator included: durable appends over HTTP and without it, and how long an
/// append takes to reach many listeners. Not a test: run `main` with a folder.
@SuppressWarnings("SystemOut") // prints what it measured
final class ServiceLoad {

    private static final int ACCOUNTS = 64;
    private static final int VAULTS_PER_ACCOUNT = 8;
    private static final int ENTRIES_PER_VAULT = 60;

    private final Path folder;
    private int started;

    private ServiceLoad(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(arguments[0]), "load");
        ServiceLoad load = new ServiceLoad(folder);
        System.out.println("accelerated: " + CryptoAccelerator.install());
        for (String what : Arrays.asList(arguments).subList(1, arguments.length)) {
            switch (what) {
                case "http" -> load.appendsOverHttp(64);
                case "http1" -> load.appendsOverHttp(1);
                case "inside" -> load.appendsInside();
                case "storage" -> load.appendsToStorage();
                case "events" -> load.events(1_000);
                default -> throw new IllegalArgumentException(what);
            }
        }
        Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
            // Service and load generator together.
            Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM")).forEach(System.out::println);
        }
    }

    private Service start(String name) throws Exception {
        return Service.start(ServiceConfig.parse(Map.ofEntries(
                Map.entry("data", folder.resolve(name + started++).toString()),
                Map.entry("listen", "127.0.0.1:0"),
                Map.entry("provider.local.region", "home"),
                Map.entry("address-rate", "1000000"),
                Map.entry("account-rate", "1000000"),
                Map.entry("accounts-per-hour", "1000000"),
                Map.entry("streams-per-device", "2000"))));
    }

    /// One log's requests, ready to be sent one after the other.
    private record Prepared(List<byte[]> requests) {}

    private static List<Prepared> prepare(Service service) throws Exception {
        List<Prepared> all = new ArrayList<>();
        try (TestClient client = new TestClient(service.address())) {
            for (int number = 1; number <= ACCOUNTS; number++) {
                TestAccount account = new TestAccount(client, number).begun();
                String token = account.token();
                for (int vault = 0; vault < VAULTS_PER_ACCOUNT; vault++) {
                    LogId id = account.beginVault(token);
                    List<byte[]> requests = new ArrayList<>();
                    for (int i = 0; i < ENTRIES_PER_VAULT; i++) {
                        Entry commit = account.commit();
                        account.vaultApplied(commit);
                        requests.add(request(token, id, commit));
                    }
                    all.add(new Prepared(requests));
                }
            }
        }
        return all;
    }

    private static byte[] request(String token, LogId vault, Entry entry) {
        byte[] body = entry.encode();
        byte[] head = ("PUT " + TestClient.entryPath(vault, entry.header().sequence())
                        + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/cbor\r\nAuthorization: Bearer " + token
                        + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] request = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    /// CPU time of this process so far: service and load generator together.
    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private void appendsOverHttp(int connections) throws Exception {
        try (Service service = start("http" + connections)) {
            List<Prepared> prepared = prepare(service);
            ConcurrentLinkedQueue<Prepared> left = new ConcurrentLinkedQueue<>(prepared);
            List<long[]> times = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            long cpu = cpuNanos();
            long start = System.nanoTime();
            for (int i = 0; i < connections; i++) {
                long[] mine = new long[prepared.size() * ENTRIES_PER_VAULT];
                times.add(mine);
                threads.add(Thread.ofPlatform().start(() -> send(service, left, mine)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            long nanos = System.nanoTime() - start;
            report("http, " + connections + " connections", prepared.size() * ENTRIES_PER_VAULT, nanos, cpu, times);
            group(service);
        }
    }

    private static void send(Service service, ConcurrentLinkedQueue<Prepared> left, long[] times) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.address().getPort())) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            InputStream in = new BufferedInputStream(socket.getInputStream());
            int count = 0;
            Prepared log = left.poll();
            while (log != null) {
                for (byte[] request : log.requests()) {
                    long start = System.nanoTime();
                    out.write(request);
                    requireCreated(in);
                    times[count++] = System.nanoTime() - start;
                }
                log = left.poll();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void requireCreated(InputStream in) throws IOException {
        String line = line(in);
        if (!line.startsWith("HTTP/1.1 201")) {
            throw new IOException(line);
        }
        int length = 0;
        while (!line.isEmpty()) {
            line = line(in);
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        in.readNBytes(length);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            if (next != '\r') {
                line.append((char) next);
            }
            next = in.read();
        }
        return line.toString();
    }

    /// Verification, group commit and durability, without HTTP.
    private void appendsInside() throws Exception {
        Metrics metrics = new Metrics();
        Path data = Files.createDirectory(folder.resolve("inside"));
        try (SqliteStorage storage = SqliteStorage.open(data.resolve("service.db"), metrics)) {
            LogStates states = new LogStates(storage, 10_000, metrics);
            try (Service other = start("inside-client");
                    TestClient client = new TestClient(other.address())) {
                appendsInside(storage, states, metrics, client);
            }
        }
    }

    private void appendsInside(SqliteStorage storage, LogStates states, Metrics metrics, TestClient client)
            throws Exception {
        Providers providers = ProvidersTest.opened(ServiceConfig.of(Files.createDirectory(folder.resolve("packs"))), Clock.systemUTC());
        PackService packs =
                new PackService(storage, storage.copies(), providers, Clock.systemUTC(), Long.MAX_VALUE, Duration.ofMinutes(1));
        LogService logs = new LogService(
                storage,
                states,
                packs,
                new EventHub(1, 1),
                metrics,
                Clock.systemUTC(),
                1_000_000,
                new EntryQuota(storage, Long.MAX_VALUE / 2, System::nanoTime),
                () -> {},
                () -> {});
        record Work(Caller caller, LogId log, List<byte[]> entries) {}
        List<Work> all = new ArrayList<>();
        for (int number = 1; number <= ACCOUNTS; number++) {
            TestAccount account = new TestAccount(client, number);
            logs.append(Optional.empty(), account.id(), account.genesis(), account.genesis().encode());
            Caller caller = new Caller(account.id(), account.device.id(), Long.MAX_VALUE);
            for (int vault = 0; vault < VAULTS_PER_ACCOUNT; vault++) {
                Entry genesis = account.makeVault();
                LogId id = new LogId(genesis.id().value());
                logs.append(Optional.of(caller), id, genesis, genesis.encode());
                List<byte[]> entries = new ArrayList<>();
                for (int i = 0; i < ENTRIES_PER_VAULT; i++) {
                    Entry commit = account.commit();
                    account.vaultApplied(commit);
                    entries.add(commit.encode());
                }
                all.add(new Work(caller, id, entries));
            }
        }
        long before = metrics.value("coffer_storage_commits_total", "");
        List<Thread> threads = new ArrayList<>();
        AtomicLong failures = new AtomicLong();
        long cpu = cpuNanos();
        long start = System.nanoTime();
        for (Work work : all) {
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    long sequence = 1;
                    for (byte[] encoded : work.entries()) {
                        Entry entry = LogService.decode(work.log(), sequence++, encoded);
                        logs.append(Optional.of(work.caller()), work.log(), entry, encoded);
                    }
                } catch (Problem e) {
                    failures.incrementAndGet();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        report("inside, " + all.size() + " logs, " + failures + " failures", all.size() * ENTRIES_PER_VAULT,
                System.nanoTime() - start, cpu, List.of());
        System.out.println("  commits " + (metrics.value("coffer_storage_commits_total", "") - before));
    }

    /// Group commit and durability, without verification.
    private void appendsToStorage() throws Exception {
        Path data = Files.createDirectory(folder.resolve("storage"));
        int logs = 512;
        int entries = 80;
        try (SqliteStorage storage = SqliteStorage.open(data.resolve("service.db"), new Metrics())) {
            List<Thread> threads = new ArrayList<>();
            long cpu = cpuNanos();
            long start = System.nanoTime();
            for (int i = 0; i < logs; i++) {
                LogId log = LogStorageContract.log(i);
                threads.add(Thread.startVirtualThread(() -> {
                    try {
                        storage.append(LogStorageContract.genesis(log, log, false));
                        for (int sequence = 1; sequence < entries; sequence++) {
                            storage.append(LogStorageContract.next(log, sequence));
                        }
                    } catch (StorageException e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            report("storage alone, " + logs + " logs", logs * entries, System.nanoTime() - start, cpu, List.of());
        }
    }

    private void events(int listeners) throws Exception {
        try (Service service = start("events");
                TestClient client = new TestClient(service.address())) {
            TestAccount account = new TestAccount(client, 1).begun();
            String token = account.token();
            account.beginVault(token);
            int rounds = 20;
            long[][] arrived = new long[rounds + 1][listeners];
            CountDownLatch[] round = new CountDownLatch[rounds + 1];
            for (int i = 0; i <= rounds; i++) {
                round[i] = new CountDownLatch(listeners);
            }
            AtomicBoolean over = new AtomicBoolean();
            for (int i = 0; i < listeners; i++) {
                int number = i;
                Thread.ofVirtual().start(() -> listen(service, token, number, arrived, round, over));
            }
            round[0].await();
            long[] last = new long[rounds];
            long[] median = new long[rounds];
            for (int i = 1; i <= rounds; i++) {
                Entry commit = account.commit();
                long start = System.nanoTime();
                client.put(token, commit).expect(201);
                if (!round[i].await(30, TimeUnit.SECONDS)) {
                    throw new IllegalStateException(round[i].getCount() + " listeners were not told");
                }
                account.vaultApplied(commit);
                Arrays.sort(arrived[i]);
                median[i - 1] = arrived[i][listeners / 2] - start;
                last[i - 1] = arrived[i][listeners - 1] - start;
                Thread.sleep(50);
            }
            over.set(true);
            Arrays.sort(last);
            Arrays.sort(median);
            System.out.printf(
                    Locale.ROOT,
                    "%d listeners, from before the append was sent until the last has read it: median %.1f ms, worst %.1f ms;"
                            + " until half have: median %.1f ms%n",
                    listeners,
                    last[rounds / 2] / 1e6,
                    last[rounds - 1] / 1e6,
                    median[rounds / 2] / 1e6);
        }
    }

    private static void listen(
            Service service, String token, int number, long[][] arrived, CountDownLatch[] round, AtomicBoolean over) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.address().getPort())) {
            socket.getOutputStream()
                    .write(("GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            boolean begun = false;
            while (!over.get()) {
                String line = line(in);
                if (line.startsWith("HTTP/1.1 429")) {
                    // One account asks for all streams at once here; it may have only so many requests in flight.
                    Thread.sleep(100);
                    listen(service, token, number, arrived, round, over);
                    return;
                }
                long now = System.nanoTime();
                int at = line.indexOf("\"sequence\":");
                if (at >= 0) {
                    int sequence = Integer.parseInt(line.substring(at + 11, line.indexOf(',', at)));
                    if (sequence > 0) {
                        arrived[sequence][number] = now;
                        round[sequence].countDown();
                    } else if (!begun) {
                        begun = true;
                        round[0].countDown();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            if (!over.get()) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void report(String what, int count, long nanos, long cpuBefore, List<long[]> times) {
        double cpu = cpuNanos() - cpuBefore;
        long[] all = times.stream().flatMapToLong(Arrays::stream).filter(time -> time > 0).sorted().toArray();
        System.out.printf(Locale.ROOT, "%s: %d appends, %.0f/s, %.0f CPU microseconds each", what, count, count * 1e9 / nanos, cpu / count / 1e3);
        if (all.length > 0) {
            System.out.printf(
                    Locale.ROOT, "; p50 %.1f ms, p99 %.1f ms", all[all.length / 2] / 1e6, all[all.length * 99 / 100] / 1e6);
        }
        System.out.println();
    }

    private static void group(Service service) {
        long commits = service.metrics().value("coffer_storage_commits_total", "");
        long batched = service.metrics().value("coffer_storage_batched_total", "");
        System.out.printf(Locale.ROOT, "  %d commits of %.1f writes each%n", commits, (double) batched / commits);
    }
}
