package coffer.cli;

import coffer.agent.Json;
import coffer.core.CofferException;
import coffer.device.Device;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

final class LogCommand extends NeedsPart {

    LogCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "log", "The signed logs: the account's, its vault's, the service's.")
                .parts("COMMAND")
                .build();
    }

    @Override
    public Map<String, Action> parts() {
        return Map.of(
                "save", new Save(coffer()),
                "show", new LogShowCommand(coffer()),
                "audit", new LogAuditCommand(coffer()),
                "seen", new Seen(coffer()));
    }

    static final class Seen extends OnDevice {
        Seen(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                    this,
                    "seen",
                    "Say that you have seen that the service had gone back.",
                    "",
                    "A service that was put back to an older state is given what it lost by the devices that have it. `coffer status`"
                            + " goes on saying that it happened until this. A log that is still frozen stays so.")
                    .examples("coffer log seen")
                    .build();
        }

        @Override
        int run(Device device) throws CofferException {
            long count = device.seen();
            output().result(Shown.count(count, "message") + " ended", Json.object().put("count", count).build());
            return Exit.OK;
        }
    }

    static final class Save extends OnDevice {
        private String directory = ".";

        Save(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                    this,
                    "save",
                    "Save the logs as they are, sealed.",
                    "",
                    "Together with a copy of the provider's packs and the recovery words they are all that `coffer rebuild` needs"
                            + " to restore every file, without any service.")
                    .one(0, value -> directory = value, "DIR", "The folder to write into; made if needed.")
                    .examples("coffer log save /media/disk/coffer-log")
                    .build();
        }

        @Override
        int run(Device device) throws CofferException {
            int count = device.saveLogs(coffer().terminal().resolve(directory));
            output().result(Shown.count(count, "log") + " saved", Json.object().put("count", count).build());
            return Exit.OK;
        }
    }
}
