package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.LogStatement;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/// The service's transparency log as a timeline.
final class LogShowCommand extends OnDevice {

    private boolean all;

    LogShowCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                        this,
                        "show",
                        "List what the service's operator has stated, as this device has verified it.",
                        "",
                        "Regions, providers and what became of them, placement, and what else the operator did. Times are the"
                                + " operator's claim. That some account's log grew is listed with --all; which account, only"
                                + " its own devices can tell.")
                .flag(value -> all = value, "List the growth of accounts' logs too.", "--all")
                .examples("coffer log show", "coffer log show --all")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        List<LogStatement> statements = device.logStatements();
        List<LogStatement> shown =
                statements.stream().filter(statement -> all || !isHead(statement)).toList();
        if (output().isJson()) {
            output().items(shown, Wire::logStatement);
            return Exit.OK;
        }
        ZoneId zone = coffer().terminal().zone();
        Table table = new Table("ENTRY", "TIME", "STATEMENT", "ABOUT", "WORDS");
        for (LogStatement statement : shown) {
            Instant time = statement.time().orElse(null);
            table.add(
                    Long.toString(statement.index()),
                    time == null ? "-" : Shown.time(time, zone),
                    statement.kind(),
                    statement.about().isEmpty() ? "-" : Shown.name(statement.about()),
                    Shown.name(statement.words()));
        }
        output().table(table);
        if (shown.size() < statements.size()) {
            long own = statements.stream().filter(LogStatement::own).count();
            output().line("and " + Shown.count(statements.size() - shown.size(), "entry", "entries")
                    + " of accounts' logs, " + own + " of them yours");
        }
        return Exit.OK;
    }

    private static boolean isHead(LogStatement statement) {
        return statement.time().isEmpty();
    }
}
