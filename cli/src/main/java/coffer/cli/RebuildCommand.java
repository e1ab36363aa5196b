package coffer.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rebuild",
        description = {
            "Restore every file from packs, logs and recovery words alone: no service, no network.",
            "",
            "The packs are a copy of what the provider stores; the logs are what `coffer log save` wrote."
        },
        footer = {"", "Example:", "  coffer rebuild --packs /copy/packs --log /copy/log --words-file words.txt ~/restored"})
final class RebuildCommand implements Callable<Integer> {

    private final Coffer coffer;

    @Option(names = "--packs", required = true, paramLabel = "DIR", description = "The copy of the provider's packs.")
    String packs = "";

    @Option(names = "--log", required = true, paramLabel = "DIR", description = "The saved logs.")
    String log = "";

    @Option(names = "--words-file", paramLabel = "FILE", description = "Where the words stand; - for the input.")
    @Nullable String wordsFile;

    @Parameters(paramLabel = "OUT", description = "The folder to write into; made if needed.")
    String out = "";

    RebuildCommand(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public Integer call() throws coffer.core.CofferException {
        Words.read(wordsFile, coffer);
        throw new UsageException("This build cannot rebuild yet.");
    }
}
