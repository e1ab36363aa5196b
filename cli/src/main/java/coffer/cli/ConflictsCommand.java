package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.ConflictInfo;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

final class ConflictsCommand extends OnDevice {

    ConflictsCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                        this,
                        "conflicts",
                        "List what two devices changed at the same time: both are kept, the later one under a name of its own.",
                        "",
                        "One is gone from the list when its copy is removed from the vault.")
                .examples("coffer conflicts")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        List<ConflictInfo> all = device.conflicts();
        if (output().isJson()) {
            output().items(all, Wire::conflict);
            return Exit.OK;
        }
        if (all.isEmpty()) {
            output().line("There are no conflicts.");
            return Exit.OK;
        }
        Table table = new Table("TIME", "KEPT", "BESIDE");
        for (ConflictInfo conflict : all) {
            table.add(
                    Shown.time(conflict.time(), coffer().terminal().zone()),
                    Shown.name(conflict.kept()),
                    conflict.with().isEmpty() ? "(gone)" : Shown.name(conflict.with()));
        }
        output().table(table);
        return Exit.OK;
    }
}
