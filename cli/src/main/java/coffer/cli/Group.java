package coffer.cli;

import java.util.Map;

/// A command that holds others.
interface Group extends Action {

    /// By name, in the order of the help.
    Map<String, Action> parts();
}
