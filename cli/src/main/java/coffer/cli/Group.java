package coffer.cli;

import java.util.Map;

/// A command that only holds others.
interface Group {

    /// By name, in the order of the help.
    Map<String, Object> parts();
}
