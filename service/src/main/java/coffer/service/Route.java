package coffer.service;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One method of one path of the API.
///
/// @param template segments in braces are parameters; it also stands in metrics and logs in place of the path
record Route(String method, String template, Access access, Action action) {

    /// Who may ask.
    enum Access {
        /// Anyone; limited by address.
        OPEN,
        /// Like `OPEN`, but it waits more than it works and so takes no room from those that work.
        WAITING,
        /// Whoever has a session; limited by account.
        SESSION,
        /// Whoever has a session, or nobody in particular: the action decides.
        PERHAPS_SESSION,
        /// Whoever has a grant, which is in the query.
        GRANT,
        /// The operator's tools.
        OPERATOR
    }

    /// What the route does: it sends exactly one answer, or throws.
    @FunctionalInterface
    interface Action {
        void run(Exchange exchange) throws Problem, StorageException, IOException, InterruptedException;
    }

    /// The parameters of a path that fits the template.
    Optional<Map<String, String>> match(List<String> segments) {
        List<String> mine = segments(template);
        if (mine.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < mine.size(); i++) {
            String segment = mine.get(i);
            if (segment.startsWith("{")) {
                parameters.put(segment.substring(1, segment.length() - 1), segments.get(i));
            } else if (!segment.equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }

    static List<String> segments(String path) {
        return new ArrayList<>(Arrays.asList(path.split("/", -1)));
    }
}
