package coffer.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A command to run.
///
/// @param folder      the working directory
/// @param environment added to this process's own
record Invocation(Path folder, Map<String, String> environment, List<String> words) {
    Invocation {
        environment = Map.copyOf(environment);
        words = List.copyOf(words);
    }
}
