package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.NodeInfo;
import coffer.device.Device.NodeKind;
import java.io.PrintStream;
import java.time.ZoneId;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "ls",
        description = {
            "List a folder.",
            "",
            "Names are shown with control characters, and the backslash, escaped; --null and --json give them as they are."
        },
        footer = {"", "Examples:", "  coffer ls", "  coffer ls -l /Pictures", "  coffer ls -R --null / | xargs -0 -n 1 echo"})
final class ListCommand extends OnDevice {

    private static final int SIZE_COLUMNS = 9;

    @Parameters(arity = "0..1", paramLabel = "/PATH", description = "A folder, or one file (default: /).")
    String path = "/";

    @Option(names = "-l", description = "With kind, size and time.")
    boolean detailed;

    @Option(
            names = {"-R", "--recursive"},
            description = "With everything below, as whole paths.")
    boolean recursive;

    @Option(
            names = {"-0", "--null"},
            description = "Names alone, as they are, each ended by a zero byte.")
    boolean raw;

    ListCommand(Coffer coffer) {
        super(coffer);
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
