package coffer.service;

import java.util.List;

/// The configuration has problems; all of them are listed at once.
public final class ConfigException extends Exception {

    private final transient List<String> problems;

    ConfigException(List<String> problems) {
        super("the configuration has problems: " + String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /// One sentence each, naming the key.
    public List<String> problems() {
        return problems;
    }
}
