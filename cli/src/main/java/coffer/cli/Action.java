package coffer.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/// A command: how it is called, and what it then does. The call returns the exit status.
interface Action extends Callable<Integer> {

    CommandSpec spec();
}
