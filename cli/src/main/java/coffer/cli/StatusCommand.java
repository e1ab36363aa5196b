package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.Device.LogStatus;
import coffer.device.Device.Status;
import coffer.device.Device.SyncInfo;
import picocli.CommandLine.Model.CommandSpec;

final class StatusCommand extends OnDevice {

    private boolean strict;

    StatusCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "status",
                "Show the account, this device, what is kept, and whether anything needs attention.")
                .flag(
                        value -> strict = value,
                        "Fail if the service is away or anything is frozen, pending, not yet synced or wrong.",
                        "--strict")
                .examples(
                        "coffer status",
                        "coffer status --strict && echo all is well     in a script: fails if anything needs attention")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        Status status = device.status();
        if (output().isJson()) {
            output().json(Wire.status(status));
        } else {
            print(status, output());
            for (SyncInfo info : status.syncs()) {
                output().line("sync      " + Shown.name(info.folder()) + "  " + Shown.name(info.path()) + "  " + SyncCommand.said(info, coffer()));
                SyncCommand.showLeftOut(info, output());
            }
            status.syncs().forEach(info -> output().showProblems(info.problems()));
        }
        output().showProblems(status.problems());
        if (!output().isJson() && device.recovery().due()) {
            output().note("Do you still have your recovery words? `coffer recovery check` asks for two of them.");
        }
        return strict ? strictly(status) : Exit.OK;
    }

    static void print(Status status, Output output) {
        output.line("account   " + Shown.id(status.accountId()));
        output.line("device    " + Shown.name(status.deviceName()) + "  " + Shown.id(status.deviceId()));
        output.line("service   " + Shown.name(status.service()) + (status.online() ? "  connected" : "  NOT CONNECTED"));
        output.line("kept      " + Shown.count(status.files(), "file") + ", " + Shown.bytes(status.bytes()) + " in "
                + Shown.count(status.packs(), "pack") + " of " + Shown.bytes(status.packBytes()));
        for (LogStatus log : status.logs()) {
            output.line("log       " + log.kind() + "  entry " + log.sequence() + "  " + Shown.id(log.head())
                    + log.frozen().map(code -> "  FROZEN: " + code).orElse(""));
        }
        if (status.pendingUploads() > 0) {
            output.line("pending   " + Shown.count(status.pendingUploads(), "upload"));
        }
        if (status.limits().up() > 0 || status.limits().down() > 0) {
            output.line("limit     " + LimitCommand.said(status.limits()));
        }
        if (status.rotationPending()) {
            output.line("pending   new keys after a device was removed");
        }
    }

    /// The code that froze a log says most; all else is a problem.
    static int strictly(Status status) {
        for (LogStatus log : status.logs()) {
            for (ErrorCode code : ErrorCode.values()) {
                if (log.frozen().filter(code.name()::equals).isPresent()) {
                    return code.exitStatus();
                }
            }
        }
        boolean well = status.online()
                && status.pendingUploads() == 0
                && !status.rotationPending()
                && status.syncs().stream().allMatch(SyncCommand::isWell)
                && status.problems().isEmpty();
        return well ? Exit.OK : Exit.PROBLEMS;
    }
}
