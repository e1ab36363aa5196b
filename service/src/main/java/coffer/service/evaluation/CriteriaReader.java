package coffer.service.evaluation;

import coffer.service.evaluation.Criteria.Latency;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Turns keys and values into [Criteria] and back.
final class CriteriaReader {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB|TiB)?");
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(\\.\\d{1,4})?)\\s*%?");

    private final Map<String, String> values;
    private final Consumer<String> problem;
    private final TreeSet<String> known = new TreeSet<>();

    CriteriaReader(Map<String, String> values, Consumer<String> problem) {
        this.values = values;
        this.problem = problem;
    }

    Criteria read() {
        Criteria criteria = new Criteria(
                duration("round-every", "PT10M", Duration.ofMillis(1)),
                whole("canaries", "16", 1, 10_000),
                (int) size("canary-size", "64KiB", 16, 64 << 20),
                whole("samples", "200", 1, 1_000_000),
                whole("samples-per-round", "4", 1, 10_000),
                (int) size("small-size", "4KiB", 16, 1 << 20),
                whole("probes-min", "10", 1, 1_000_000),
                latency("put", "PT0.3S", "PT1S", "PT3S"),
                latency("get", "PT0.2S", "PT0.8S", "PT2S"),
                latency("stat", "PT0.2S", "PT0.8S", "PT2S"),
                levels("concurrency", "1,2,4,8,16"),
                whole("throughput-runs", "3", 1, 1_000),
                size("throughput-bytes", "1GiB", 1 << 20, Long.MAX_VALUE >> 20),
                (int) size("throughput-object", "4MiB", 16, 64 << 20),
                size("upload-min", "4MiB", 1, Long.MAX_VALUE >> 20),
                size("download-min", "8MiB", 1, Long.MAX_VALUE >> 20),
                percent("availability", "99.9%"),
                duration("outage-max", "PT5M", Duration.ZERO),
                duration("listing-lag", "PT5S", Duration.ZERO),
                duration("grant-slack", "PT5S", Duration.ZERO),
                whole("restarts-min", "0", 0, 1_000_000),
                duration("patience", "PT10M", Duration.ZERO));
        for (String key : new TreeSet<>(values.keySet())) {
            if (key.startsWith(Criteria.PREFIX) && !known.contains(key)) {
                problem.accept(key + ": unknown key; the keys are " + String.join(", ", known));
            }
        }
        return criteria;
    }

    static Map<String, String> values(Criteria criteria) {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("round-every", criteria.roundEvery().toString());
        out.put("canaries", Integer.toString(criteria.canaries()));
        out.put("canary-size", criteria.canaryBytes() + "B");
        out.put("samples", Integer.toString(criteria.samples()));
        out.put("samples-per-round", Integer.toString(criteria.samplesPerRound()));
        out.put("small-size", criteria.smallBytes() + "B");
        out.put("probes-min", Integer.toString(criteria.probesMin()));
        latency(out, "put", criteria.put());
        latency(out, "get", criteria.get());
        latency(out, "stat", criteria.stat());
        out.put("concurrency", String.join(",", criteria.concurrency().stream().map(String::valueOf).toList()));
        out.put("throughput-runs", Integer.toString(criteria.throughputRuns()));
        out.put("throughput-bytes", criteria.throughputBytes() + "B");
        out.put("throughput-object", criteria.throughputObject() + "B");
        out.put("upload-min", criteria.uploadMin() + "B");
        out.put("download-min", criteria.downloadMin() + "B");
        out.put("availability", BigDecimal.valueOf(criteria.availabilityPpm(), 4).stripTrailingZeros().toPlainString() + "%");
        out.put("outage-max", criteria.outageMax().toString());
        out.put("listing-lag", criteria.listingLag().toString());
        out.put("grant-slack", criteria.grantSlack().toString());
        out.put("restarts-min", Integer.toString(criteria.restartsMin()));
        out.put("patience", criteria.patience().toString());
        Map<String, String> named = new LinkedHashMap<>();
        out.forEach((key, value) -> named.put(Criteria.PREFIX + key, value));
        return named;
    }

    private static void latency(Map<String, String> out, String operation, Latency bounds) {
        out.put(operation + "-p50", bounds.p50().toString());
        out.put(operation + "-p95", bounds.p95().toString());
        out.put(operation + "-p99", bounds.p99().toString());
    }

    private Latency latency(String operation, String p50, String p95, String p99) {
        return new Latency(
                duration(operation + "-p50", p50, Duration.ZERO),
                duration(operation + "-p95", p95, Duration.ZERO),
                duration(operation + "-p99", p99, Duration.ZERO));
    }

    private String value(String key, String fallback) {
        known.add(Criteria.PREFIX + key);
        return values.getOrDefault(Criteria.PREFIX + key, fallback).strip();
    }

    private void wrong(String key, String wanted) {
        problem.accept(Criteria.PREFIX + key + ": want " + wanted);
    }

    private int whole(String key, String fallback, int min, int max) {
        return number(key, value(key, fallback), min, max);
    }

    private int number(String key, String text, int min, int max) {
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        wrong(key, "a whole number from " + min + " to " + max);
        return min;
    }

    private List<Integer> levels(String key, String fallback) {
        var levels = new ArrayList<Integer>();
        Arrays.stream(value(key, fallback).split(",", -1)).forEach(part -> levels.add(number(key, part.strip(), 1, 256)));
        if (!levels.equals(List.copyOf(new TreeSet<>(levels)))) {
            wrong(key, "numbers that rise, separated by commas");
        }
        return levels;
    }

    private long size(String key, String fallback, long min, long max) {
        Matcher matcher = SIZE.matcher(value(key, fallback));
        if (matcher.matches()) {
            int power = matcher.group(2) == null ? 0 : UNITS.indexOf(matcher.group(2));
            long number = Long.parseLong(matcher.group(1));
            if (number <= max >> (10 * power) && number << (10 * power) >= min) {
                return number << (10 * power);
            }
        }
        wrong(key, "a size such as 4MiB (units B, KiB, MiB, GiB, TiB), from " + min + " to " + max);
        return min;
    }

    private Duration duration(String key, String fallback, Duration min) {
        try {
            Duration value = Duration.parse(value(key, fallback));
            if (value.compareTo(min) >= 0 && value.compareTo(Duration.ofDays(3_650)) <= 0) {
                return value;
            }
        } catch (DateTimeParseException e) {
            // Said below, as for a duration out of range.
        }
        wrong(key, "an ISO 8601 duration such as PT0.5S or PT15M, at least " + min);
        return Duration.ofSeconds(1);
    }

    private int percent(String key, String fallback) {
        Matcher matcher = PERCENT.matcher(value(key, fallback));
        if (matcher.matches()) {
            int ppm = new BigDecimal(matcher.group(1)).movePointRight(4).intValueExact();
            if (ppm <= 1_000_000) {
                return ppm;
            }
        }
        wrong(key, "a percentage from 0 to 100 with at most four decimals, such as 99.9%");
        return 0;
    }
}
