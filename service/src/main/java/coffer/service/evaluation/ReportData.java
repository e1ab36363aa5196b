package coffer.service.evaluation;

import coffer.core.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The content of `report.json` (docs/spec/evaluation.md): all that the page shows too. Whole numbers only, so that the same
/// state file gives the same bytes everywhere.
record ReportData(
        String format,
        String evaluation,
        String provider,
        String owner,
        String region,
        String origin,
        String begun,
        String ended,
        long durationMs,
        long measuredMs,
        int rounds,
        int resumed,
        boolean passed,
        List<Finding> findings,
        Map<Check, Capabilities.Answer> capabilities,
        List<LatencyData> latency,
        List<ThroughputData> throughput,
        AvailabilityData availability,
        DurabilityData durability,
        List<Bucket> timeline,
        Map<String, String> criteria,
        String stateSha256) {

    static final String FORMAT = "coffer-evaluation-report/1";

    /// Columns of the plots over time.
    private static final int BUCKETS = 120;

    private static final long YEAR_MS = 365L * 24 * 3_600 * 1_000;

    /// Microseconds of small objects; absent where nothing was measured.
    record LatencyData(
            Operation operation, int count, @Nullable Long p50, @Nullable Long p95, @Nullable Long p99, long max) {}

    /// @param runs of which the bytes per second are the median
    record ThroughputData(Way way, int concurrency, int runs, long bytesPerSecond) {}

    /// @param ppm             absent if nothing was asked
    /// @param budgetSpentPpm  how much of the error budget is spent; absent if there is none
    /// @param longestOutages  the longest first
    record AvailabilityData(
            @Nullable Long ppm,
            @Nullable Long budgetSpentPpm,
            long probes,
            long failed,
            int outages,
            List<Outage> longestOutages) {}

    /// @param keptObjectHours     objects times the hours they were kept
    /// @param yearlyLossPpmAtMost with 95 % confidence, if none was lost: 3 losses in the time that was watched would have shown
    record DurabilityData(
            int missing,
            long readBack,
            long keptObjectHours,
            @Nullable Long yearlyLossPpmAtMost,
            long listings,
            int foreignObjects) {}

    /// One column of the plots; absent where nothing was measured.
    record Bucket(
            long fromMs,
            long toMs,
            @Nullable Long availabilityPpm,
            @Nullable Long putP50,
            @Nullable Long putP95,
            @Nullable Long getP50,
            @Nullable Long getP95,
            @Nullable Long statP50,
            @Nullable Long statP95) {}

    static ReportData of(Measurements measured, Criteria criteria, Hash state) {
        Measurement.Begun begun = measured.begun().orElseThrow();
        Verdict verdict = Verdict.of(measured, criteria);
        return new ReportData(
                FORMAT,
                begun.evaluation(),
                begun.provider(),
                begun.owner(),
                begun.region(),
                begun.origin(),
                begun.wall(),
                measured.ended().orElseThrow().wall(),
                begun.durationMs(),
                Math.min(measured.at(), begun.durationMs()),
                measured.rounds().count(),
                measured.resumed(),
                verdict.isPassed(),
                verdict.findings(),
                Capabilities.of(measured).answers(),
                List.of(latency(measured, Operation.PUT), latency(measured, Operation.GET), latency(measured, Operation.STAT)),
                throughput(measured, criteria),
                availability(measured, criteria),
                durability(measured),
                timeline(measured, Math.max(begun.durationMs(), measured.rounds().end())),
                begun.criteria(),
                state.hex());
    }

    private static LatencyData latency(Measurements measured, Operation operation) {
        Samples samples = measured.latencies(operation);
        return new LatencyData(
                operation,
                samples.count(),
                boxed(samples.percentile(50)),
                boxed(samples.percentile(95)),
                boxed(samples.percentile(99)),
                samples.max());
    }

    private static @Nullable Long boxed(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    private static List<ThroughputData> throughput(Measurements measured, Criteria criteria) {
        var all = new ArrayList<ThroughputData>();
        for (Way way : Way.values()) {
            for (int level : criteria.concurrency()) {
                int runs = (int) measured.carried().stream()
                        .filter(carried -> carried.way() == way && carried.concurrency() == level)
                        .count();
                Verdict.rate(measured, way, level)
                        .ifPresent(rate -> all.add(new ThroughputData(way, level, runs, rate)));
            }
        }
        return all;
    }

    private static AvailabilityData availability(Measurements measured, Criteria criteria) {
        long ppm = measured.rounds().availabilityPpm();
        long budget = 1_000_000L - criteria.availabilityPpm();
        Long spent = ppm < 0 || budget == 0 ? null : (1_000_000 - ppm) * 1_000_000 / budget;
        return new AvailabilityData(
                ppm < 0 ? null : ppm,
                spent,
                measured.probes(),
                measured.failed(),
                measured.outages().count(),
                measured.outages().list());
    }

    private static DurabilityData durability(Measurements measured) {
        long kept = measured.ledger().keptMillis(measured.at());
        int missing = measured.ledger().missing();
        Long bound = missing > 0 || kept == 0 ? null : Math.min(1_000_000, (long) (3e6 * YEAR_MS / kept));
        return new DurabilityData(
                missing, measured.readBack(), kept / 3_600_000, bound, measured.listings(), measured.foreign());
    }

    private static List<Bucket> timeline(Measurements measured, long spanMs) {
        var buckets = new ArrayList<Bucket>();
        long width = Math.max(1, (spanMs + BUCKETS - 1) / BUCKETS);
        for (long from = 0; from < spanMs; from += width) {
            long to = Math.min(from + width, spanMs);
            long ppm = measured.rounds().availabilityPpm(from, to);
            buckets.add(new Bucket(
                    from,
                    to,
                    ppm < 0 ? null : ppm,
                    part(measured, Operation.PUT, 50, from, to),
                    part(measured, Operation.PUT, 95, from, to),
                    part(measured, Operation.GET, 50, from, to),
                    part(measured, Operation.GET, 95, from, to),
                    part(measured, Operation.STAT, 50, from, to),
                    part(measured, Operation.STAT, 95, from, to)));
        }
        return buckets;
    }

    private static @Nullable Long part(Measurements measured, Operation operation, int percent, long from, long to) {
        return boxed(measured.latencies(operation).percentile(percent, from, to));
    }
}
