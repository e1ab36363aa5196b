package coffer.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;

final class CompletionCommand implements Action {

    enum Shell {
        bash,
        zsh
    }

    private final Coffer coffer;
    private Shell shell = Shell.bash;

    CompletionCommand(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "completion", "Print a script that lets the shell complete commands and options.")
                .oneOf(Shell.class, value -> shell = value, "bash|zsh", "The shell.")
                .examples("source <(coffer completion bash)", "source <(coffer completion zsh)")
                .build();
    }

    @Override
    public Integer call() {
        // One script serves both: in zsh it first loads the emulation of bash's completion.
        coffer.terminal().out().print(AutoComplete.bash("coffer", coffer.everyCommand()));
        return Exit.OK;
    }
}
