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
/// @param takesRest whether the last parameter takes all segments that are left, with the slashes between them
record Route(String method, String template, Access access, Action action, boolean takesRest) {

    Route(String method, String template, Access access, Action action) {
        this(method, template, access, action, false);
    }

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
        if (takesRest ? segments.size() < mine.size() : segments.size() != mine.size()) {
            return Optional.empty();
        }
        int last = mine.size() - 1;
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < mine.size(); i++) {
            String segment = mine.get(i);
            if (segment.startsWith("{")) {
                String value = takesRest && i == last
                        ? String.join("/", segments.subList(i, segments.size()))
                        : segments.get(i);
                parameters.put(segment.substring(1, segment.length() - 1), value);
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
