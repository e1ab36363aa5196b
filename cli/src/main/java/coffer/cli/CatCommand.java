package coffer.cli;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

final class CatCommand extends OnDevice {

    private List<String> paths = List.of();

    CatCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "cat",
                "Print the content of files.",
                "",
                "With --json as well, the content is printed as it is.")
                .many("1..*", values -> paths = values, "/PATH…", "Files, printed one after the other.")
                .examples("coffer cat /notes.txt", "coffer cat /film.mp4 | player -")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        for (String path : paths) {
            device.read(VaultPath.parse(path), coffer().terminal().out());
            if (coffer().terminal().out().checkError()) {
                throw new CofferException(ErrorCode.LOCAL, "The output cannot be written.");
            }
        }
        return Exit.OK;
    }
}
