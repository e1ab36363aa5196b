/// The `coffer` command.
///
/// One class per command; each asks [coffer.cli.Coffer] for the device of the home, which is an agent's, and prints
/// through [coffer.cli.Output]. A command is a fresh process, so nothing here may load more than it needs: only the
/// command that is called is even looked at.
@NullMarked
package coffer.cli;

import org.jspecify.annotations.NullMarked;
