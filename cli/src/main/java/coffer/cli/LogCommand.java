package coffer.cli;

import coffer.agent.Json;
import coffer.core.CofferException;
import coffer.device.Device;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "log",
        synopsisSubcommandLabel = "COMMAND",
        description = "The signed logs of the account and its vault.")
final class LogCommand extends NeedsPart {

    LogCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public Map<String, Object> parts() {
        return Map.of("save", new Save(coffer()));
    }

    @Command(
            name = "save",
            description = {
                "Save the logs as they are, sealed.",
                "",
                "Together with a copy of the provider's packs and the recovery words they are all that `coffer rebuild` needs"
                        + " to restore every file, without any service."
            },
            footer = {"", "Example:", "  coffer log save /media/disk/coffer-log"})
    static final class Save extends OnDevice {
        @Parameters(paramLabel = "DIR", description = "The folder to write into; made if needed.")
        String directory = ".";

        Save(Coffer coffer) {
            super(coffer);
        }

        @Override
        int run(Device device) throws CofferException {
            int count = device.saveLogs(coffer().terminal().resolve(directory));
            output().result(Shown.count(count, "log") + " saved", Json.object().put("count", count).build());
            return Exit.OK;
        }
    }
}
