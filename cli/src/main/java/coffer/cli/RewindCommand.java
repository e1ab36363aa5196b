package coffer.cli;

import coffer.agent.Json;
import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.RewindPoint;
import coffer.device.Device.RewindReport;
import coffer.device.Device.RewindTo;
import coffer.device.Device.SyncStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/// Puts the vault back as it was.
final class RewindCommand extends OnDevice {

    private static final int STEPS_SHOWN = 20;
    private static final int STEPS_IN_JSON = 1_000;

    private String when = "";
    private String path = "/";
    private boolean dryRun;
    private boolean yes;

    RewindCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                        this,
                        "rewind",
                        "Put the whole vault, or one folder of it, back as it was at a time.",
                        "",
                        "Shows what it would do, and asks. Nothing is lost by it: what is replaced stays in the history, what has come"
                                + " since goes to the trash, and a rewind can itself be rewound. It reaches back 30 days.")
                .one(
                        0,
                        value -> when = value,
                        "TIME",
                        "2026-11-23T14:05, with or without time and zone; how long ago (30m, 2h, 3d, PT2H); or an entry's number, as"
                                + " `coffer history` shows it.")
                .maybe(1, value -> path = value, "/PATH", "Only what was there then (default: everything).")
                .flag(value -> dryRun = value, "Only show what would be done.", "--dry-run")
                .flag(value -> yes = value, "Do not ask.", "--yes")
                .examples(
                        "coffer rewind 2h --dry-run              what has changed in the last two hours",
                        "coffer rewind \"2026-11-23 14:05\"        everything as it was then",
                        "coffer rewind 3d /Documents             one folder as it was three days ago")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        String folder = VaultPath.parse(path);
        RewindPoint point = device.rewindPoint(to());
        int keep = coffer().isVerbose() ? Integer.MAX_VALUE : output().isJson() ? STEPS_IN_JSON : STEPS_SHOWN;
        List<SyncStep> steps = new ArrayList<>();
        RewindReport planned;
        try (Bar bar = coffer().bar()) {
            planned = device.rewind(folder, point, true, step -> keep(steps, step, keep), bar);
        }
        boolean nothing = count(planned) == 0;
        if (!output().isJson()) {
            show(planned, steps, nothing);
        }
        if (dryRun || nothing) {
            return finish(planned, steps, false);
        }
        if (!yes && !Ask.yes(coffer(), "Put it back so?")) {
            output().note("Nothing was changed.");
            return Exit.PROBLEMS;
        }
        RewindReport done;
        try (Bar bar = coffer().bar()) {
            done = device.rewind(folder, point, false, _ -> {}, bar);
        }
        return finish(done, steps, true);
    }

    private RewindTo to() {
        if (!when.isEmpty() && when.chars().allMatch(c -> c >= '0' && c <= '9') && when.length() < 19) {
            return new RewindTo.Version(Long.parseLong(when));
        }
        Instant time = TimeWords.parse(when, Instant.now(), coffer().terminal().zone())
                .orElseThrow(() -> new UsageException(
                        (when.isEmpty() ? "To which time? Say" : "That is no time: say") + " 2026-11-23T14:05, 2h, 3d, or an entry's number from `coffer history`."));
        return new RewindTo.Time(time);
    }

    private static void keep(List<SyncStep> steps, SyncStep step, int most) {
        if (steps.size() < most) {
            steps.add(step);
        }
    }

    private static long count(RewindReport report) {
        return report.restored() + report.changed() + report.moved() + report.removed();
    }

    private void show(RewindReport report, List<SyncStep> steps, boolean nothing) {
        RewindPoint point = report.point();
        output().line("As it was at " + Shown.time(point.time(), coffer().terminal().zone()) + ", after entry " + point.version()
                + " of " + Shown.name(point.device()) + ":");
        for (SyncStep step : steps) {
            output().line("  " + Width.padded(step.what(), "to the trash  ".length()) + Shown.name(step.where()));
        }
        if (steps.size() < count(report)) {
            output().line("  and " + (count(report) - steps.size()) + " more; -v shows all");
        }
        output().line(nothing ? "  it is so already" : tally(report));
    }

    private static String tally(RewindReport report) {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("to bring back", report.restored());
        parts.put("to change back", report.changed());
        parts.put("to move back", report.moved());
        parts.put("to go to the trash", report.removed());
        List<String> said = new ArrayList<>();
        parts.forEach((what, count) -> {
            if (count > 0) {
                said.add(Shown.count(count, "item") + " " + what);
            }
        });
        return String.join(", ", said);
    }

    private int finish(RewindReport report, List<SyncStep> steps, boolean done) {
        if (output().isJson()) {
            Json.Builder json = Json.object();
            Wire.rewind(report).values().forEach(json::put);
            List<Json.Fields> items = new ArrayList<>();
            steps.forEach(step -> items.add(Wire.step(step)));
            output().json(json.put("steps", items).put("done", done).build());
        } else if (done) {
            output().line("Done. `coffer rewind " + report.point().newest() + "` undoes it.");
        }
        return output().problems(report.problems());
    }
}
