package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.core.CryptoAccelerator;
import coffer.device.Device.GetReport;
import coffer.device.Rebuild;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

final class RebuildCommand implements Action {

    private final Coffer coffer;
    private String packs = "";
    private String log = "";
    private @Nullable String wordsFile;
    private String out = "";

    RebuildCommand(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "rebuild",
                "Restore every file from packs, logs and recovery words alone: no service, no network.",
                "",
                "The packs are a copy of what the provider stores; the logs are what `coffer log save` wrote.")
                .required(value -> packs = value, "DIR", "The copy of the provider's packs.", "--packs")
                .required(value -> log = value, "DIR", "The saved logs.", "--log")
                .option(value -> wordsFile = value, "FILE", "Where the words stand; - for the input.", "--words-file")
                .one(0, value -> out = value, "OUT", "The folder to write into; made if needed.")
                .examples("coffer rebuild --packs /copy/packs --log /copy/log --words-file words.txt ~/restored")
                .build();
    }

    @Override
    public Integer call() throws CofferException {
        Terminal terminal = coffer.terminal();
        String words = Words.read(wordsFile, coffer);
        GetReport report;
        try (Bar bar = coffer.bar()) {
            CryptoAccelerator.install();
            report = Rebuild.run(terminal.resolve(packs), terminal.resolve(log), words, terminal.resolve(out), bar);
        }
        coffer.output().result(GetCommand.sentence(report), Wire.get(report));
        return coffer.output().problems(report.problems());
    }
}
