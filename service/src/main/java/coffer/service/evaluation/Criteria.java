package coffer.service.evaluation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What a provider must reach, and how it is measured. Written into an evaluation when it starts, so that a later change of
/// the configuration does not change what is being measured (docs/operations.md lists every key).
///
/// @param roundEvery       longest time from one round to the next; a short evaluation takes a hundredth of its period
/// @param canaries         objects that are read back in every round
/// @param canaryBytes      size of each
/// @param samples          further objects that are kept to the end for durability
/// @param samplesPerRound  how many of those are read back in a round
/// @param smallBytes       size of the objects whose latency is measured
/// @param probesMin        measurements below which a percentile counts as not measured
/// @param put              bounds of the latency of storing a small object
/// @param get              of reading one whole
/// @param stat             of asking for one
/// @param concurrency      transfers at once, rising, at which throughput is measured
/// @param throughputRuns   how often, spread over the period; once if that is below two minutes
/// @param throughputBytes  what all runs together may carry, both ways
/// @param throughputObject size of an object of those, or less where the bytes do not suffice
/// @param uploadMin        bytes per second, at the best concurrency
/// @param downloadMin      bytes per second, at the best concurrency
/// @param availabilityPpm  parts of a million of the time in which probes must be answered rightly
/// @param outageMax        longest time without a right answer to one kind of call
/// @param listingLag       how long a listing may take to show what was done
/// @param grantSlack       how long after its end a grant may still be accepted, for clocks that differ
/// @param restartsMin      outages that must have been seen and survived, for a provider whose restart is part of the test
/// @param patience         how long the last reading and the removal of what was written may take while the provider is away
public record Criteria(
        Duration roundEvery,
        int canaries,
        int canaryBytes,
        int samples,
        int samplesPerRound,
        int smallBytes,
        int probesMin,
        Latency put,
        Latency get,
        Latency stat,
        List<Integer> concurrency,
        int throughputRuns,
        long throughputBytes,
        int throughputObject,
        long uploadMin,
        long downloadMin,
        int availabilityPpm,
        Duration outageMax,
        Duration listingLag,
        Duration grantSlack,
        int restartsMin,
        Duration patience) {

    /// Every key of the configuration that belongs here starts so.
    public static final String PREFIX = "evaluation.";

    /// What a provider of people's files in their own country should reach without effort.
    public static final Criteria DEFAULT = read(Map.of(), problem -> {
        throw new AssertionError(problem);
    });

    public Criteria {
        concurrency = List.copyOf(concurrency);
    }

    /// Bounds of three percentiles.
    public record Latency(Duration p50, Duration p95, Duration p99) {}

    /// Reads the keys that begin with [#PREFIX] and passes over all others.
    ///
    /// @param problem told each wrong or unknown key, with what was wanted; after that the criteria are not to be used
    public static Criteria read(Map<String, String> values, Consumer<String> problem) {
        return new CriteriaReader(values, problem).read();
    }

    /// The keys and values that [#read] makes these criteria of.
    public Map<String, String> values() {
        return CriteriaReader.values(this);
    }

    /// The time from one round to the next in an evaluation of this duration.
    Duration roundEvery(Duration duration) {
        Duration hundredth = duration.dividedBy(100);
        Duration least = hundredth.compareTo(ROUND_MIN) > 0 ? hundredth : ROUND_MIN;
        return least.compareTo(roundEvery) < 0 ? least : roundEvery;
    }

    private static final Duration ROUND_MIN = Duration.ofMillis(250);

    int throughputRuns(Duration duration) {
        return duration.compareTo(Duration.ofMinutes(2)) < 0 ? 1 : throughputRuns;
    }
}
