package coffer.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "completion",
        description = "Print a script that lets the shell complete commands and options.",
        footer = {"", "Examples:", "  source <(coffer completion bash)", "  source <(coffer completion zsh)"})
final class CompletionCommand implements Callable<Integer> {

    enum Shell {
        bash,
        zsh
    }

    private final Coffer coffer;

    @Parameters(paramLabel = "bash|zsh", description = "The shell.")
    Shell shell = Shell.bash;

    CompletionCommand(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public Integer call() {
        // One script serves both: in zsh it first loads the emulation of bash's completion.
        coffer.terminal().out().print(AutoComplete.bash("coffer", coffer.everyCommand()));
        return Exit.OK;
    }
}
