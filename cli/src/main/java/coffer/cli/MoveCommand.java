package coffer.cli;

import coffer.core.CofferException;
import coffer.device.Device;
import picocli.CommandLine.Model.CommandSpec;

final class MoveCommand extends OnDevice {

    private String from = "";
    private String to = "";

    MoveCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "mv",
                "Move or rename a file or folder.",
                "",
                "Moving sends nothing again, however large it is.")
                .one(0, value -> from = value, "/FROM", "What to move.")
                .one(1, value -> to = value, "/TO", "Its new path, or a folder to move it into.")
                .examples("coffer mv /letter.pdf /papers/letter.pdf", "coffer mv /Pictures /Photos")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        device.move(VaultPath.parse(from), VaultPath.parse(to));
        return done();
    }
}
