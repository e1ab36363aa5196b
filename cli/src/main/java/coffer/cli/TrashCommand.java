package coffer.cli;

import coffer.agent.Json;
import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.TrashItem;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

final class TrashCommand extends OnDevice implements Group {

    TrashCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "trash", "What was removed: list it, bring it back, or let it go for good.")
                .parts("[COMMAND]")
                .examples("coffer trash", "coffer trash restore /old", "coffer trash empty")
                .build();
    }

    @Override
    public Map<String, Action> parts() {
        Map<String, Action> parts = new LinkedHashMap<>();
        parts.put("list", new ListTrash(coffer()));
        parts.put("restore", new RestoreTrash(coffer()));
        parts.put("empty", new EmptyTrash(coffer()));
        return parts;
    }

    @Override
    int run(Device device) throws CofferException {
        return list(device, coffer());
    }

    private static int list(Device device, Coffer coffer) throws CofferException {
        List<TrashItem> items = device.trash();
        Output output = coffer.output();
        if (output.isJson()) {
            output.items(items, Wire::trash);
            return Exit.OK;
        }
        if (items.isEmpty()) {
            output.line("The trash is empty.");
            return Exit.OK;
        }
        ZoneId zone = coffer.terminal().zone();
        Table table = new Table("REMOVED", "GOES", "BY", "SIZE", "NODE", "PATH");
        for (TrashItem item : items) {
            table.add(
                    Shown.time(item.deleted(), zone),
                    Shown.time(item.expires(), zone),
                    Shown.name(item.device()),
                    Shown.bytes(item.size()),
                    item.nodeId(),
                    Shown.name(item.path()));
        }
        output.table(table);
        return Exit.OK;
    }

    /// What `text` means: a node id, or the newest of that path.
    static Optional<String> newest(Device device, String text) throws CofferException {
        String path = text.startsWith("/") ? VaultPath.parse(text) : text;
        return device.trash().stream()
                .filter(item -> item.path().equals(path) || item.nodeId().equals(path))
                .max(Comparator.comparing(TrashItem::deleted))
                .map(TrashItem::nodeId);
    }

    private static String require(Device device, String text) throws CofferException {
        return newest(device, text)
                .orElseThrow(() -> new UsageException("Nothing like that is in the trash; `coffer trash` lists it."));
    }

    static final class ListTrash extends OnDevice {
        ListTrash(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "list", "List what is in the trash.")
                    .examples("coffer trash list")
                    .build();
        }

        @Override
        int run(Device device) throws CofferException {
            return list(device, coffer());
        }
    }

    static final class RestoreTrash extends OnDevice {
        private String what = "";

        RestoreTrash(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "restore", "Put something back where it was, or beside what is there now.")
                    .one(0, value -> what = value, "/PATH or NODE", "As `coffer trash` lists it.")
                    .examples("coffer trash restore /old")
                    .build();
        }

        @Override
        int run(Device device) throws CofferException {
            String path = device.restoreTrashed(require(device, what));
            output().result("Restored " + Shown.name(path), Json.object().put("path", path).build());
            return Exit.OK;
        }
    }

    static final class EmptyTrash extends OnDevice {
        private @Nullable String what;
        private boolean yes;

        EmptyTrash(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                    this,
                    "empty",
                    "Remove for good.",
                    "",
                    "What is removed cannot be brought back; its room is freed later by `coffer collect`.")
                    .maybe(0, value -> what = value, "/PATH or NODE", "Only this.")
                    .flag(value -> yes = value, "Do not ask.", "--yes")
                    .examples("coffer trash empty", "coffer trash empty --yes /old")
                    .build();
        }

        @Override
        int run(Device device) throws CofferException {
            String only = what;
            Optional<String> node = only == null ? Optional.empty() : Optional.of(require(device, only));
            if (!yes && !Ask.yes(coffer(), "Remove for good what is in the trash?")) {
                output().note("Nothing was removed.");
                return Exit.PROBLEMS;
            }
            long count = device.emptyTrash(node);
            output().result(Shown.count(count, "item") + " removed for good", Json.object().put("count", count).build());
            return Exit.OK;
        }
    }
}
