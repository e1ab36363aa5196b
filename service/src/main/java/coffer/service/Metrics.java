package coffer.service;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/// What the service counts, in the Prometheus text format (version 0.0.4). Labels come from fixed sets (route, status
/// class, code), never from requests, so that the number of series is bounded and nothing about anybody shows.
final class Metrics {

    /// Upper bounds of the buckets of every duration, in seconds.
    private static final double[] BUCKETS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60};

    private static final double NANOS = 1e9;

    private final Map<String, LongAdder> counters = new ConcurrentSkipListMap<>();
    private final Map<String, Histogram> histograms = new ConcurrentSkipListMap<>();
    private final Map<String, DoubleSupplier> gauges = new ConcurrentSkipListMap<>();
    private final Map<String, String> help = new TreeMap<>(Map.ofEntries(
            Map.entry("coffer_http_requests_total", "Requests by route and status."),
            Map.entry("coffer_http_request_seconds", "Time until a request was answered, by route."),
            Map.entry("coffer_problems_total", "Problems answered, by type."),
            Map.entry("coffer_entries_appended_total", "Entries made durable."),
            Map.entry("coffer_entries_refused_total", "Entries that did not verify."),
            Map.entry("coffer_storage_commits_total", "Transactions made durable."),
            Map.entry("coffer_storage_batched_total", "Writes made durable; divided by commits, the size of a group."),
            Map.entry("coffer_storage_commit_seconds", "Time to make one transaction durable."),
            Map.entry("coffer_storage_rollback_failures_total", "Failed transactions that could not be undone."),
            Map.entry("coffer_storage_waiting", "Writes that wait for the writer."),
            Map.entry("coffer_state_keep_failures_total", "Log states that could not be kept."),
            Map.entry("coffer_state_rebuilds_total", "Log states rebuilt from stored entries."),
            Map.entry("coffer_blob_bytes_total", "Bytes through the blob endpoint, by direction."),
            Map.entry("coffer_events_sent_total", "Server-sent events written."),
            Map.entry("coffer_event_streams", "Open event streams."),
            Map.entry("coffer_mailboxes", "Mailboxes that hold something."),
            Map.entry("coffer_packs_swept_total", "Packs deleted after their grace period."),
            Map.entry("coffer_sweep_failures_total", "Packs whose deletion failed and will be tried again."),
            Map.entry("coffer_copies_written_total", "Copies of packs written by moving and healing."),
            Map.entry("coffer_copy_failures_total", "Copies that could not be written and will be tried again."),
            Map.entry("coffer_copies_proven_total", "Copies read back and found right."),
            Map.entry("coffer_copies_damaged_total", "Copies found missing or wrong."),
            Map.entry("coffer_providers_suspended_total", "Providers suspended for failing."),
            Map.entry("coffer_accounts", "Accounts."),
            Map.entry("coffer_vaults", "Vaults."),
            Map.entry("coffer_entries", "Entries stored."),
            Map.entry("coffer_packs", "Packs held, one for each vault that holds it."),
            Map.entry("coffer_pack_bytes", "Bytes of packs held."),
            Map.entry("coffer_transparency_entries", "Entries of the transparency log that its checkpoint covers."),
            Map.entry("coffer_disk_free_bytes", "Usable bytes where the database lies."),
            Map.entry("coffer_bugs_total", "Requests that failed for a fault of the service itself.")));

    void count(String name) {
        add(name, "", 1);
    }

    /// @param labels `name="value"` pairs joined by commas, or empty
    void add(String name, String labels, long value) {
        counters.computeIfAbsent(series(name, labels), key -> new LongAdder()).add(value);
    }

    void observe(String name, String labels, long nanos) {
        histograms
                .computeIfAbsent(series(name, labels), key -> new Histogram(name, labels))
                .observe(nanos / NANOS);
    }

    void gauge(String name, DoubleSupplier value) {
        gauges.put(name, value);
    }

    void committed(int size, long nanos) {
        count("coffer_storage_commits_total");
        add("coffer_storage_batched_total", "", size);
        observe("coffer_storage_commit_seconds", "", nanos);
    }

    void storageRollbackFailed() {
        count("coffer_storage_rollback_failures_total");
    }

    void answered(String route, int status, long nanos) {
        add("coffer_http_requests_total", "route=\"" + route + "\",status=\"" + status + "\"", 1);
        observe("coffer_http_request_seconds", "route=\"" + route + "\"", nanos);
    }

    /// The value of a counter; 0 if it never counted.
    long value(String name, String labels) {
        LongAdder counter = counters.get(series(name, labels));
        return counter == null ? 0 : counter.sum();
    }

    String text() {
        StringBuilder out = new StringBuilder(8_192);
        String[] last = {""};
        counters.forEach((series, value) -> {
            head(out, last, family(series), "counter");
            out.append(series).append(' ').append(value.sum()).append('\n');
        });
        gauges.forEach((series, value) -> {
            head(out, last, family(series), "gauge");
            out.append(series).append(' ').append(number(value.getAsDouble())).append('\n');
        });
        histograms.forEach((series, value) -> {
            head(out, last, family(series), "histogram");
            value.write(out);
        });
        return out.toString();
    }

    private void head(StringBuilder out, String[] last, String family, String type) {
        if (!family.equals(last[0])) {
            last[0] = family;
            out.append("# HELP ").append(family).append(' ').append(help.getOrDefault(family, family)).append('\n');
            out.append("# TYPE ").append(family).append(' ').append(type).append('\n');
        }
    }

    private static String series(String name, String labels) {
        return labels.isEmpty() ? name : name + "{" + labels + "}";
    }

    private static String family(String series) {
        int brace = series.indexOf('{');
        return brace < 0 ? series : series.substring(0, brace);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%g", value);
    }

    private static final class Histogram {
        private final String name;
        private final String labels;
        private final LongAdder[] buckets = new LongAdder[BUCKETS.length + 1];
        private final LongAdder micros = new LongAdder();

        Histogram(String name, String labels) {
            this.name = name;
            this.labels = labels;
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] = new LongAdder();
            }
        }

        void observe(double seconds) {
            int bucket = 0;
            while (bucket < BUCKETS.length && seconds > BUCKETS[bucket]) {
                bucket++;
            }
            buckets[bucket].increment();
            micros.add((long) (seconds * 1e6));
        }

        void write(StringBuilder out) {
            String prefix = labels.isEmpty() ? "" : labels + ",";
            long total = 0;
            for (int i = 0; i < buckets.length; i++) {
                total += buckets[i].sum();
                String bound = i < BUCKETS.length ? number(BUCKETS[i]) : "+Inf";
                out.append(name).append("_bucket{").append(prefix).append("le=\"").append(bound).append("\"} ");
                out.append(total).append('\n');
            }
            out.append(series(name + "_sum", labels)).append(' ');
            out.append(String.format(Locale.ROOT, "%.6f", micros.sum() / 1e6)).append('\n');
            out.append(series(name + "_count", labels)).append(' ').append(total).append('\n');
        }
    }
}
