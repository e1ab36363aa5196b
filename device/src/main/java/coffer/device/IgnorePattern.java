package coffer.device;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One line of a `.cofferignore` (docs/sync.md, "Ignored items"), with the meaning that it has in a `.gitignore`.
///
/// Takes time that grows with pattern times name and no faster: such files come from other devices too.
final class IgnorePattern {

    /// What one place of a name may be.
    private sealed interface Token {
        record Just(int point) implements Token {}

        record Any() implements Token {}

        record Run() implements Token {}

        record OneOf(boolean negated, List<int[]> ranges) implements Token {}
    }

    private static final List<Token> FOLDERS = List.of(); // `**`: any number of names

    private final boolean negated;
    private final boolean foldersOnly;
    private final List<List<Token>> segments;

    private IgnorePattern(boolean negated, boolean foldersOnly, List<List<Token>> segments) {
        this.negated = negated;
        this.foldersOnly = foldersOnly;
        this.segments = segments;
    }

    /// Null for a line that says nothing.
    static @Nullable IgnorePattern parse(String line) {
        String text = withoutTrailingSpaces(line);
        if (text.isEmpty() || text.startsWith("#")) {
            return null;
        }
        boolean negated = text.startsWith("!");
        text = negated ? text.substring(1) : text;
        boolean foldersOnly = text.endsWith("/");
        text = foldersOnly ? text.substring(0, text.length() - 1) : text;
        boolean anchored = text.contains("/");
        text = text.startsWith("/") ? text.substring(1) : text;
        if (text.isEmpty()) {
            return null;
        }
        List<List<Token>> segments = new ArrayList<>();
        if (!anchored) {
            segments.add(FOLDERS);
        }
        for (String segment : text.split("/", -1)) {
            List<Token> tokens = segment.equals("**") ? FOLDERS : tokens(segment);
            if (tokens == null || (tokens.isEmpty() && !segment.equals("**"))) {
                return null; // a bracket that nothing closes, or an empty name: matches nothing
            }
            segments.add(tokens);
        }
        return new IgnorePattern(negated, foldersOnly, segments);
    }

    private static String withoutTrailingSpaces(String line) {
        int end = line.endsWith("\r") ? line.length() - 1 : line.length();
        while (end > 0 && line.charAt(end - 1) == ' ' && !(end > 1 && line.charAt(end - 2) == '\\')) {
            end--;
        }
        return line.substring(0, end);
    }

    private static @Nullable List<Token> tokens(String segment) {
        int[] points = segment.codePoints().toArray();
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < points.length; i++) {
            switch (points[i]) {
                case '*' -> {
                    if (tokens.isEmpty() || !(tokens.getLast() instanceof Token.Run)) {
                        tokens.add(new Token.Run());
                    }
                }
                case '?' -> tokens.add(new Token.Any());
                case '\\' -> {
                    if (++i == points.length) {
                        return null;
                    }
                    tokens.add(new Token.Just(points[i]));
                }
                case '[' -> {
                    int end = classEnd(points, i);
                    if (end < 0) {
                        return null;
                    }
                    tokens.add(oneOf(points, i + 1, end));
                    i = end;
                }
                default -> tokens.add(new Token.Just(points[i]));
            }
        }
        return tokens;
    }

    /// Where the bracket closes: not as the first one of its members.
    private static int classEnd(int[] points, int open) {
        int at = open + 1;
        if (at < points.length && (points[at] == '!' || points[at] == '^')) {
            at++;
        }
        for (int i = at; i < points.length; i++) {
            if (points[i] == '\\') {
                i++;
            } else if (points[i] == ']' && i > at) {
                return i;
            }
        }
        return -1;
    }

    private static Token oneOf(int[] points, int from, int end) {
        boolean not = points[from] == '!' || points[from] == '^';
        List<int[]> ranges = new ArrayList<>();
        for (int i = not ? from + 1 : from; i < end; i++) {
            i += points[i] == '\\' ? 1 : 0;
            int first = points[i];
            if (i + 2 < end && points[i + 1] == '-') {
                i += points[i + 2] == '\\' ? 3 : 2;
                ranges.add(new int[] {first, points[i]});
            } else {
                ranges.add(new int[] {first, first});
            }
        }
        return new Token.OneOf(not, ranges);
    }

    /// Whether the line takes back what earlier ones said.
    boolean isNegated() {
        return negated;
    }

    /// Whether an item is meant: `names` lead to it from the folder of the file that the line stands in.
    boolean matches(List<String> names, boolean folder) {
        return (folder || !foldersOnly) && matchesAll(names);
    }

    /// `**` takes as few names as it can, and one more each time that the rest does not fit.
    private boolean matchesAll(List<String> names) {
        int name = 0;
        int segment = 0;
        int retryName = -1;
        int retrySegment = -1;
        while (name < names.size()) {
            if (segment < segments.size() && segments.get(segment).isEmpty()) {
                if (segment == segments.size() - 1) {
                    return true; // at the end: everything that is in there
                }
                retrySegment = segment++;
                retryName = name;
            } else if (segment < segments.size() && matchesName(segments.get(segment), names.get(name))) {
                name++;
                segment++;
            } else if (retrySegment >= 0) {
                segment = retrySegment + 1;
                name = ++retryName;
            } else {
                return false;
            }
        }
        return segment == segments.size();
    }

    private static boolean matchesName(List<Token> tokens, String name) {
        int[] points = name.codePoints().toArray();
        int point = 0;
        int token = 0;
        int retryPoint = -1;
        int retryToken = -1;
        while (point < points.length) {
            if (token < tokens.size() && tokens.get(token) instanceof Token.Run) {
                retryToken = token++;
                retryPoint = point;
            } else if (token < tokens.size() && matchesPoint(tokens.get(token), points[point])) {
                point++;
                token++;
            } else if (retryToken >= 0) {
                token = retryToken + 1;
                point = ++retryPoint;
            } else {
                return false;
            }
        }
        while (token < tokens.size() && tokens.get(token) instanceof Token.Run) {
            token++;
        }
        return token == tokens.size();
    }

    private static boolean matchesPoint(Token token, int point) {
        return switch (token) {
            case Token.Just(int wanted) -> wanted == point;
            case Token.Any() -> true;
            case Token.Run() -> false;
            case Token.OneOf(boolean not, List<int[]> ranges) ->
                not != ranges.stream().anyMatch(range -> range[0] <= point && point <= range[1]);
        };
    }
}
