package coffer.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// Draws the tables of `docs/benchmarks.md` from the results, between two marks that the page has: `Report RESULTS PAGE`.
public final class Report {

    private static final String BEGIN = "<!-- figures: written by coffer.bench.Report -->";
    private static final String END = "<!-- end of figures -->";

    private final Results.Content content;
    private final StringBuilder out = new StringBuilder();

    private Report(Results.Content content) {
        this.content = content;
    }

    public static void main(String[] arguments) throws IOException {
        Path page = Path.of(arguments[1]);
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException("the page has no marks for the figures");
        }
        String figures = new Report(new Results(Path.of(arguments[0])).content()).write();
        Files.writeString(page, text.substring(0, begin + BEGIN.length()) + "\n\n" + figures + text.substring(end));
    }

    private String write() {
        content.about().forEach((key, value) -> out.append("- ").append(key).append(": ").append(value).append('\n'));
        out.append('\n');
        Set<String> cells = content.measurements().stream()
                .map(Measurement::cell)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        cells.forEach(this::cell);
        figures();
        return out.toString();
    }

    private void cell(String cell) {
        out.append("### ").append(cell).append("\n\n");
        out.append("| | seconds | ÷ restic | ÷ rclone | CPU s (command) | ÷ restic | peak MB | sync s | sent MB | stored MB"
                + " | others' cores | runs |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        List<Measurement> all =
                content.measurements().stream().filter(one -> one.cell().equals(cell)).toList();
        Set<String> contenders =
                all.stream().map(Measurement::contender).collect(Collectors.toCollection(LinkedHashSet::new));
        for (String contender : contenders) {
            List<Measurement> runs =
                    all.stream().filter(one -> one.contender().equals(contender)).toList();
            String suffix = contender.contains(" to S3") ? " to S3" : "";
            row(contender, runs, of(all, "restic" + suffix), of(all, "rclone crypt" + suffix));
        }
        out.append('\n');
    }

    private static List<Measurement> of(List<Measurement> all, String contender) {
        return all.stream().filter(one -> one.contender().equals(contender)).toList();
    }

    private void row(String contender, List<Measurement> runs, List<Measurement> restic, List<Measurement> rclone) {
        String peaks = runs.stream()
                .flatMap(one -> one.peakMegabytes().entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Math::max, java.util.TreeMap::new))
                .entrySet()
                .stream()
                .map(peak -> peak.getKey() + " " + peak.getValue())
                .collect(Collectors.joining(", "));
        boolean identical = runs.stream().allMatch(Measurement::identical);
        List<String> columns = List.of(
                contender + (identical ? "" : " (NOT IDENTICAL)"),
                range(runs, Measurement::seconds),
                ratio(runs, restic, Measurement::seconds),
                ratio(runs, rclone, Measurement::seconds),
                number(median(runs, Measurement::cpuSeconds)) + " (" + number(median(runs, Measurement::commandCpu)) + ")",
                ratio(runs, restic, Measurement::cpuSeconds),
                peaks,
                number(median(runs, Measurement::syncSeconds)),
                number(median(runs, one -> one.uploadedBytes() / 1e6)),
                number(median(runs, one -> one.storedBytes() / 1e6)),
                number(median(runs, Measurement::othersCores)),
                Integer.toString(runs.size()));
        out.append("| ").append(String.join(" | ", columns)).append(" |\n");
    }

    private static double median(List<Measurement> runs, ToDoubleFunction<Measurement> value) {
        return Results.median(runs.stream().mapToDouble(value).toArray());
    }

    private static String range(List<Measurement> runs, ToDoubleFunction<Measurement> value) {
        double[] values = runs.stream().mapToDouble(value).sorted().toArray();
        String middle = number(Results.median(values));
        return values.length == 1 ? middle : middle + " (" + number(values[0]) + "–" + number(values[values.length - 1]) + ")";
    }

    /// The median of the quotients of runs of the same round, which share the weather.
    private static String ratio(
            List<Measurement> runs, List<Measurement> yardsticks, ToDoubleFunction<Measurement> value) {
        double[] quotients = runs.stream()
                .flatMapToDouble(one -> {
                    Optional<Measurement> other = yardsticks.stream()
                            .filter(yardstick -> yardstick.round() == one.round())
                            .findFirst();
                    return other.stream().mapToDouble(yardstick ->
                            value.applyAsDouble(one) / value.applyAsDouble(yardstick));
                })
                .toArray();
        return quotients.length == 0 ? "" : String.format(Locale.ROOT, "%.2f", Results.median(quotients));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }

    private void figures() {
        if (content.figures().isEmpty()) {
            return;
        }
        out.append("### Start of commands, and the service\n\n| what | measured |\n|---|---|\n");
        content.figures().forEach((name, figure) -> out.append("| ").append(name).append(" | ").append(figure).append(" |\n"));
        out.append('\n');
    }
}
