package coffer.service.evaluation;

import coffer.service.evaluation.ReportData.Bucket;
import coffer.service.evaluation.ReportData.ThroughputData;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Drawings for the report, as SVG that scales with the page.
final class Plots {

    private static final int WIDTH = 640;
    private static final int LEFT = 92;
    private static final int RIGHT = 10;
    private static final int TOP = 16;
    private static final int PLOT = 150;
    private static final int AXIS = 28;
    private static final int STRIP = 34;

    private Plots() {}

    private static StringBuilder begin(int height, String label) {
        return new StringBuilder("<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">"
                .formatted(WIDTH, height, Text.escape(label)));
    }

    /// One column for each part of the period.
    static String availability(List<Bucket> timeline, long durationMs) {
        StringBuilder svg = begin(TOP + STRIP + AXIS, "availability over time");
        for (Bucket bucket : timeline) {
            double x = x(bucket.fromMs(), durationMs);
            double width = Math.max(1, x(bucket.toMs(), durationMs) - x - 0.5);
            Long ppm = bucket.availabilityPpm();
            String kind = ppm == null ? "gap" : ppm == 1_000_000 ? "good" : ppm > 0 ? "part" : "none";
            svg.append("<rect class=%s x=%s y=%s width=%s height=%s><title>%s</title></rect>".formatted(
                    kind, number(x), TOP, number(width), STRIP, ppm == null ? "not asked" : Text.percent(ppm)));
        }
        return timeAxis(svg, TOP + STRIP, durationMs).append("</svg>").toString();
    }

    /// Median and 95th percentile of each part of the period.
    static String latency(List<Bucket> timeline, long durationMs, Operation operation) {
        Function<Bucket, @Nullable Long> half =
                switch (operation) {
                    case PUT -> Bucket::putP50;
                    case GET -> Bucket::getP50;
                    default -> Bucket::statP50;
                };
        Function<Bucket, @Nullable Long> most =
                switch (operation) {
                    case PUT -> Bucket::putP95;
                    case GET -> Bucket::getP95;
                    default -> Bucket::statP95;
                };
        long top = 1;
        for (Bucket bucket : timeline) {
            Long value = most.apply(bucket);
            top = Math.max(top, value == null ? 0 : value);
        }
        double scale = round(top);
        StringBuilder svg = begin(TOP + PLOT + AXIS, Text.operation(operation) + ": latency over time");
        for (int i = 0; i <= 2; i++) {
            gridLine(svg, i / 2.0, Text.micros((long) (scale * i / 2)));
        }
        line(svg, "sb", timeline, durationMs, scale, most);
        line(svg, "sa", timeline, durationMs, scale, half);
        return timeAxis(svg, TOP + PLOT, durationMs).append("</svg>").toString();
    }

    /// Broken where nothing was measured.
    private static void line(
            StringBuilder svg,
            String style,
            List<Bucket> timeline,
            long durationMs,
            double scale,
            Function<Bucket, @Nullable Long> value) {
        StringBuilder path = new StringBuilder();
        boolean down = false;
        for (Bucket bucket : timeline) {
            Long micros = value.apply(bucket);
            if (micros != null) {
                String x = number((x(bucket.fromMs(), durationMs) + x(bucket.toMs(), durationMs)) / 2);
                String y = number(y(micros / scale));
                // A point without neighbours shows as a short stroke.
                path.append(down ? "L" : "M").append(x).append(' ').append(y);
                path.append(down ? "" : "h1");
            }
            down = micros != null;
        }
        if (!path.isEmpty()) {
            svg.append("<path class=%s d=\"%s\"/>".formatted(style, path));
        }
    }

    /// Two bars for each level.
    static String throughput(List<ThroughputData> levels) {
        List<Integer> concurrency = levels.stream().map(ThroughputData::concurrency).distinct().sorted().toList();
        double scale = round(levels.stream().mapToLong(ThroughputData::bytesPerSecond).max().orElse(1));
        StringBuilder svg = begin(TOP + PLOT + AXIS, "throughput by transfers at once");
        for (int i = 0; i <= 2; i++) {
            gridLine(svg, i / 2.0, Text.rate((long) (scale * i / 2)));
        }
        double group = (double) (WIDTH - LEFT - RIGHT) / Math.max(1, concurrency.size());
        for (ThroughputData level : levels) {
            double x = LEFT + group * concurrency.indexOf(level.concurrency()) + group * (level.way() == Way.UP ? 0.18 : 0.51);
            double y = y(level.bytesPerSecond() / scale);
            svg.append("<rect class=%s x=%s y=%s width=%s height=%s><title>%s</title></rect>".formatted(
                    level.way() == Way.UP ? "fa" : "fb",
                    number(x),
                    number(y),
                    number(group * 0.31),
                    number(TOP + PLOT - y),
                    Text.rate(level.bytesPerSecond())));
        }
        for (int i = 0; i < concurrency.size(); i++) {
            text(svg, LEFT + group * (i + 0.5), TOP + PLOT + 20, "middle", Integer.toString(concurrency.get(i)));
        }
        return svg.append("</svg>").toString();
    }

    private static void gridLine(StringBuilder svg, double part, String label) {
        String y = number(y(part));
        svg.append("<line class=grid x1=%s x2=%s y1=%s y2=%s />".formatted(LEFT, WIDTH - RIGHT, y, y));
        text(svg, LEFT - 6, y(part) + 4, "end", label);
    }

    private static StringBuilder timeAxis(StringBuilder svg, int y, long durationMs) {
        text(svg, LEFT, y + 20, "start", "0");
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, y + 20, "middle", Text.duration(durationMs / 2));
        text(svg, WIDTH - RIGHT, y + 20, "end", Text.duration(durationMs));
        return svg;
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append("<text x=%s y=%s text-anchor=%s>%s</text>".formatted(number(x), number(y), anchor, Text.escape(text)));
    }

    private static double x(long at, long durationMs) {
        return LEFT + (double) (WIDTH - LEFT - RIGHT) * at / durationMs;
    }

    private static double y(double part) {
        return TOP + PLOT * (1 - part);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /// The next of 1, 2, 5, 10, 20, 50 and so on.
    private static double round(long value) {
        double power = Math.pow(10, Math.floor(Math.log10((double) Math.max(1, value))));
        for (int step : new int[] {1, 2, 5}) {
            if (value <= step * power) {
                return step * power;
            }
        }
        return 10 * power;
    }
}
