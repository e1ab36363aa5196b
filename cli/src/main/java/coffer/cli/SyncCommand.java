package coffer.cli;

import coffer.agent.Json;
import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.LeftOut;
import coffer.device.Device.PeerAgreement;
import coffer.device.Device.SyncInfo;
import coffer.device.Device.SyncState;
import coffer.device.Device.SyncStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// Folders that keep themselves the same as a folder of the vault.
final class SyncCommand extends OnDevice implements Group {

    private String folder = "";
    private @Nullable String path;

    SyncCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                        this,
                        "sync",
                        "Keep a folder the same as a folder of the vault, on this device and on every other that does so.",
                        "",
                        "Both are made where they are missing. What both have is kept; where they differ, both sides are kept."
                                + " Names in .cofferignore files are left alone, as in a .gitignore.",
                        "",
                        "What was removed or replaced is in the vault's trash and history for 30 days.")
                .parts("[COMMAND]")
                .maybe(0, value -> folder = value, "FOLDER", "On this device.")
                .maybe(1, value -> path = value, "/PATH", "In the vault (default: the folder's name).")
                .examples(
                        "coffer sync ~/Documents",
                        "coffer sync ~/Pictures /pictures",
                        "coffer sync list")
                .build();
    }

    @Override
    public Map<String, Action> parts() {
        Map<String, Action> parts = new LinkedHashMap<>();
        parts.put("list", new ListSyncs(coffer()));
        parts.put("pause", new PauseSync(coffer(), true));
        parts.put("resume", new PauseSync(coffer(), false));
        parts.put("preview", new PreviewSync(coffer()));
        parts.put("approve", new ApproveSync(coffer()));
        parts.put("choose", new ChooseSync(coffer()));
        parts.put("remove", new RemoveSync(coffer()));
        return parts;
    }

    @Override
    int run(Device device) throws CofferException {
        if (folder.isEmpty()) {
            return list(device, coffer());
        }
        Path local = coffer().terminal().resolve(folder);
        String given = path;
        Path name = local.toAbsolutePath().normalize().getFileName();
        if (given == null && name == null) {
            throw new UsageException("Which folder of the vault? `coffer sync FOLDER /PATH` names it.");
        }
        SyncInfo info = device.sync(local, VaultPath.parse(given == null ? "/" + name : given));
        output().result("Syncing " + Shown.name(info.folder()) + " with " + Shown.name(info.path()), Wire.sync(info));
        return Exit.OK;
    }

    private static int list(Device device, Coffer coffer) throws CofferException {
        List<SyncInfo> all = device.syncs();
        Output output = coffer.output();
        List<PeerAgreement> peers = all.isEmpty() ? List.of() : device.peerAgreements();
        if (output.isJson()) {
            output.items(all, info -> Wire.sync(info, of(info, peers)));
            return Exit.OK;
        }
        if (all.isEmpty()) {
            output.line("No folder is synced.");
        }
        for (SyncInfo info : all) {
            output.line(Shown.name(info.folder()) + "  " + Shown.name(info.path()) + "  " + said(info, coffer));
            showLeftOut(info, output);
            of(info, peers).forEach(peer -> output.line("  " + said(peer, coffer)));
            output.showProblems(info.problems());
        }
        return Exit.OK;
    }

    private static List<PeerAgreement> of(SyncInfo info, List<PeerAgreement> peers) {
        return peers.stream().filter(peer -> peer.folder().equals(info.folder())).toList();
    }

    private static String said(PeerAgreement peer, Coffer coffer) {
        String time = Shown.time(peer.time(), coffer.terminal().zone());
        return Shown.name(peer.device())
                + (peer.same() ? " has all of this; it said so " : " was the same as the vault ")
                + time
                + (peer.same() ? "" : ", and something has changed since");
    }

    static void showLeftOut(SyncInfo info, Output output) {
        for (LeftOut one : info.leftOut()) {
            output.line("  left out: " + Shown.name(one.path()) + (one.stays() ? " (something stays here in its place)" : ""));
        }
    }

    /// What a folder is doing, in words.
    static String said(SyncInfo info, Coffer coffer) {
        String agreed = info.agreed()
                .map(time -> "; same on both sides " + Shown.time(time, coffer.terminal().zone()))
                .orElse("");
        return switch (info.state()) {
            case UP_TO_DATE -> "up to date";
            case STARTING -> "starting";
            case LOOKING -> "looking";
            case SENDING, RECEIVING -> amounts(info);
            case WAITING -> "waiting for " + Shown.count(info.waiting(), "item") + agreed;
            case OFFLINE -> "the service cannot be reached; local changes wait" + agreed;
            case PAUSED -> "paused" + agreed;
            case ASKING -> "asks: " + info.question().orElse("") + "; see `coffer sync preview`, then `coffer sync approve`";
            case MISSING -> "the folder, or its disk, is not there" + agreed;
            case FOREIGN -> "the folder bears the mark of another synced folder";
            case FAILING -> "failing; it is tried again" + agreed;
        };
    }

    private static String amounts(SyncInfo info) {
        List<String> parts = new ArrayList<>();
        if (info.sending() > 0) {
            parts.add("sending " + Shown.count(info.sending(), "item"));
        }
        if (info.receiving() > 0) {
            parts.add("receiving " + Shown.count(info.receiving(), "item"));
        }
        return String.join(", ", parts);
    }

    /// Whether nobody needs to look at it: an action in progress is no trouble, but it is not done either.
    static boolean isWell(SyncInfo info) {
        return info.state() == SyncState.UP_TO_DATE && info.problems().isEmpty();
    }

    static final class ListSyncs extends OnDevice {
        ListSyncs(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "list", "List the synced folders and what they are doing.")
                    .examples("coffer sync list")
                    .build();
        }

        @Override
        int run(Device device) throws CofferException {
            return list(device, coffer());
        }
    }

    /// A part that works on one folder.
    abstract static class OnFolder extends OnDevice {
        private String folder = "";

        OnFolder(Coffer coffer) {
            super(coffer);
        }

        final CommandSpec spec(String name, String... description) {
            return Spec.of(this, name, description)
                    .one(0, value -> folder = value, "FOLDER", "As `coffer sync list` shows it.")
                    .examples("coffer sync " + name + " ~/Documents")
                    .build();
        }

        final Path folder() {
            return coffer().terminal().resolve(folder);
        }
    }

    static final class PauseSync extends OnFolder {
        private final boolean pause;

        PauseSync(Coffer coffer, boolean pause) {
            super(coffer);
            this.pause = pause;
        }

        @Override
        public CommandSpec spec() {
            return pause
                    ? spec("pause", "Stop syncing a folder until it is resumed; also over restarts.")
                    : spec("resume", "Go on with a folder that was paused.");
        }

        @Override
        int run(Device device) throws CofferException {
            device.pauseSync(folder(), pause);
            return done();
        }
    }

    static final class PreviewSync extends OnFolder {
        PreviewSync(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return spec("preview", "Show what would be done now; nothing is.");
        }

        @Override
        int run(Device device) throws CofferException {
            List<SyncStep> steps = device.previewSync(folder());
            if (output().isJson()) {
                output().items(steps, Wire::step);
                return Exit.OK;
            }
            steps.forEach(step -> output().line(step.what() + "  " + Shown.name(step.where())));
            if (steps.stream().allMatch(step -> step.what().equals("leave out"))) {
                output().line("Nothing is to be done.");
            }
            return Exit.OK;
        }
    }

    static final class ApproveSync extends OnFolder {
        ApproveSync(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return spec("approve", "Agree to the removals or changes that a folder asks about, and to no more.");
        }

        @Override
        int run(Device device) throws CofferException {
            boolean approved = device.approveSync(folder());
            output().result(
                    approved ? "It goes on." : "The folder asks nothing.",
                    Json.object().put("approved", approved).build());
            return Exit.OK;
        }
    }

    static final class ChooseSync extends OnDevice {
        private String folder = "";
        private List<String> without = List.of();
        private List<String> with = List.of();

        ChooseSync(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "choose",
                            "Leave subfolders out on this device, or take them in again; without options, list what is left out.",
                            "",
                            "What is left out stays in the vault and on other devices. It is removed from this device where it is the same"
                                    + " as in the vault; what is not, or is ignored, stays.")
                    .one(0, value -> folder = value, "FOLDER", "As `coffer sync list` shows it.")
                    .repeated(values -> without = values, "SUB", "Leave this folder out; by its path below FOLDER in the vault.", "--without")
                    .repeated(values -> with = values, "SUB", "Take this folder in again.", "--with")
                    .examples(
                            "coffer sync choose ~/Documents --without old --without work/scans",
                            "coffer sync choose ~/Documents --with old",
                            "coffer sync choose ~/Documents")
                    .build();
        }

        @Override
        int run(Device device) throws CofferException {
            if (with.stream().anyMatch(without::contains)) {
                throw new UsageException("A folder is either left out or taken in.");
            }
            SyncInfo info;
            try (Bar bar = coffer().bar()) {
                info = device.chooseSync(coffer().terminal().resolve(folder), without, with, bar);
            }
            if (output().isJson()) {
                output().result("", Wire.sync(info));
                return Exit.OK;
            }
            if (info.leftOut().isEmpty()) {
                output().line("Nothing is left out.");
            }
            showLeftOut(info, output());
            return Exit.OK;
        }
    }

    static final class RemoveSync extends OnFolder {
        RemoveSync(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return spec("remove", "End the syncing of a folder; both sides keep what they have.");
        }

        @Override
        int run(Device device) throws CofferException {
            device.removeSync(folder());
            return done();
        }
    }
}
