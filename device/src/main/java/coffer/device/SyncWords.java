package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.sync.SyncStatus;
import coffer.device.sync.plan.LocalStep;
import coffer.device.sync.plan.Plan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a synced folder is doing, as its faces say it.
final class SyncWords {

    private SyncWords() {}

    static Device.SyncInfo info(SyncRunner runner, String vaultPath, List<Device.LeftOut> leftOut) {
        @Nullable SyncStatus status = runner.status();
        @Nullable CofferException failure = runner.failure();
        String folder = runner.folder().path().toString();
        List<Device.Problem> problems = new ArrayList<>();
        if (failure != null) {
            problems.add(new Device.Problem(folder, failure.code().name(), failure.reason()));
        }
        if (status != null) {
            for (SyncStatus.Problem problem : status.problems()) {
                problems.add(new Device.Problem(folder + problem.where(), problem.code(), problem.message()));
            }
            problems.addAll(runner.unreadable().problems(folder));
            trouble(status, folder).ifPresent(problems::add);
        }
        return new Device.SyncInfo(
                folder,
                vaultPath,
                state(runner, status),
                status == null ? 0 : status.sending(),
                status == null ? 0 : status.receiving(),
                status == null ? 0 : status.waiting(),
                status == null ? Optional.empty() : status.question().map(SyncWords::question),
                Optional.ofNullable(runner.agreed()),
                leftOut,
                problems);
    }

    private static Device.SyncState state(SyncRunner runner, @Nullable SyncStatus status) {
        if (runner.failure() != null) {
            return Device.SyncState.FAILING;
        }
        if (status == null) {
            return runner.isPaused() ? Device.SyncState.PAUSED : Device.SyncState.STARTING;
        }
        return switch (status.state()) {
            case UP_TO_DATE -> Device.SyncState.UP_TO_DATE;
            case WORKING -> working(status);
            case OFFLINE -> Device.SyncState.OFFLINE;
            case PAUSED -> Device.SyncState.PAUSED;
            case ASKING -> Device.SyncState.ASKING;
            case FOLDER_MISSING -> Device.SyncState.MISSING;
            case FOLDER_FOREIGN -> Device.SyncState.FOREIGN;
        };
    }

    private static Device.SyncState working(SyncStatus status) {
        if (status.sending() == 0 && status.receiving() == 0) {
            return status.waiting() > 0 ? Device.SyncState.WAITING : Device.SyncState.LOOKING;
        }
        return status.sending() >= status.receiving() ? Device.SyncState.SENDING : Device.SyncState.RECEIVING;
    }

    private static Optional<Device.Problem> trouble(SyncStatus status, String folder) {
        String message = switch (status.state()) {
            case FOLDER_MISSING -> "The folder is not there, or not its disk. Nothing is removed because of it; it goes on when it is back.";
            case FOLDER_FOREIGN -> "The folder bears the mark of another synced folder; nothing is done in it.";
            case ASKING -> "So much would be removed or changed that a person has to agree: `coffer sync preview`, then `coffer sync approve`.";
            case UP_TO_DATE, WORKING, OFFLINE, PAUSED -> "";
        };
        return message.isEmpty()
                ? Optional.empty()
                : Optional.of(new Device.Problem(folder, ErrorCode.LOCAL.name(), message));
    }

    private static String question(Plan.Tally tally) {
        List<String> parts = new ArrayList<>();
        add(parts, tally.removedThere(), "removed in the vault");
        add(parts, tally.changedThere(), "changed in the vault");
        add(parts, tally.removedHere(), "removed here");
        add(parts, tally.changedHere(), "changed here");
        return String.join(", ", parts);
    }

    private static void add(List<String> parts, int count, String what) {
        if (count > 0) {
            parts.add(count + " " + what);
        }
    }

    /// A plan, one line for each step.
    static List<Device.SyncStep> steps(Plan plan, Path folder) {
        List<Device.SyncStep> steps = new ArrayList<>();
        for (Plan.Prepare prepare : plan.prepares()) {
            switch (prepare) {
                case Plan.Prepare.Identify identify -> steps.add(new Device.SyncStep("read", folder + identify.path().toString()));
                case Plan.Prepare.Upload upload -> steps.add(new Device.SyncStep("send", folder + upload.path().toString()));
                case Plan.Prepare.Fetch fetch -> steps.add(new Device.SyncStep("receive", fetch.file().name()));
            }
        }
        for (LocalStep step : plan.local()) {
            steps.add(new Device.SyncStep(word(step), folder + step.path().toString()));
        }
        plan.remote().forEach(group -> group.forEach(send -> steps.add(word(send))));
        return steps;
    }

    /// What is left out, as a step that is done: nothing of it is sent or fetched.
    static List<Device.SyncStep> leftOut(List<Device.LeftOut> leftOut, Path folder) {
        return leftOut.stream().map(one -> new Device.SyncStep("leave out", folder + "/" + one.path())).toList();
    }

    private static String word(LocalStep step) {
        return switch (step) {
            case LocalStep.MakeFolder _ -> "make folder here";
            case LocalStep.Place place -> place.expected() == null ? "write here" : "change here";
            case LocalStep.MakeLink _ -> "make link here";
            case LocalStep.SetExecutable _ -> "set executable here";
            case LocalStep.Move _ -> "move here";
            case LocalStep.Remove _ -> "remove here";
        };
    }

    private static Device.SyncStep word(Plan.Send send) {
        return switch (send.change()) {
            case coffer.device.sync.plan.Change.Put put -> new Device.SyncStep(
                    put.expectedVersion() == 0 ? "add in the vault" : "change in the vault", put.name());
            case coffer.device.sync.plan.Change.Remove remove -> new Device.SyncStep("remove in the vault", remove.node().hex());
        };
    }
}
