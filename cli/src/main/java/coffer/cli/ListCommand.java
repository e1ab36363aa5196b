package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.NodeInfo;
import coffer.device.Device.NodeKind;
import java.io.PrintStream;
import java.time.ZoneId;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;

final class ListCommand extends OnDevice {

    private static final int SIZE_COLUMNS = 9;

    private String path = "/";
    private boolean detailed;
    private boolean recursive;
    private boolean raw;

    ListCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "ls",
                "List a folder.",
                "",
                "Names are shown with control characters, and the backslash, escaped; --null and --json give them as they are.")
                .maybe(0, value -> path = value, "/PATH", "A folder, or one file (default: /).")
                .flag(value -> detailed = value, "With kind, size and time.", "-l")
                .flag(value -> recursive = value, "With everything below, as whole paths.", "-R", "--recursive")
                .flag(value -> raw = value, "Names alone, as they are, each ended by a zero byte.", "-0", "--null")
                .examples("coffer ls", "coffer ls -l /Pictures", "coffer ls -R --null / | xargs -0 -n 1 echo")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        String folder = VaultPath.parse(path);
        if (output().isJson()) {
            JsonList list = new JsonList(coffer().terminal().out(), "entries");
            return list.print(each -> device.list(folder, recursive, node -> each.accept(Wire.node(node))));
        }
        device.list(folder, recursive, printer());
        return Exit.OK;
    }

    private Consumer<NodeInfo> printer() {
        PrintStream out = coffer().terminal().out();
        if (raw) {
            return node -> out.print(name(node) + "\0");
        }
        if (!detailed) {
            return node -> out.print(Shown.name(name(node)) + mark(node) + "\n");
        }
        ZoneId zone = coffer().terminal().zone();
        return node -> out.print(kind(node) + " " + " ".repeat(Math.max(0, SIZE_COLUMNS - size(node).length()))
                + size(node) + "  " + Shown.time(node.modified(), zone) + "  " + Shown.name(name(node)) + mark(node) + "\n");
    }

    private String name(NodeInfo node) {
        return recursive ? node.path() : VaultPath.name(node.path());
    }

    private static String mark(NodeInfo node) {
        return node.kind() == NodeKind.FOLDER ? "/" : "";
    }

    private static String size(NodeInfo node) {
        return node.kind() == NodeKind.FILE ? Shown.bytes(node.size()) : "-";
    }

    private static String kind(NodeInfo node) {
        return switch (node.kind()) {
            case FILE -> node.executable() ? "x" : "-";
            case FOLDER -> "d";
            case SYMLINK -> "l";
        };
    }
}
