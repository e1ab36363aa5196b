package coffer.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The pages' own files, as they were built into the module `pages`.
final class PageFiles {

    record PageFile(String type, byte[] bytes) {}

    private static final String FOLDER = "coffer/pages/";
    private static final String INDEX = "index.html";

    /// Letters, digits and single dots: nothing that leads anywhere else.
    private static final Pattern NAME = Pattern.compile("(?:[A-Za-z0-9_-]+/)?[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)+");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");

    private static final String NOT_BUILT =
            """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><title>Coffer</title>
            <h1>The pages were not built</h1>
            <p>This Coffer was built where Node.js was missing, so it has no pages; the <code>coffer</code> command does everything.
            <p>To have them, install Node.js 20.19 or newer with npm, touch <code>pages/pom.xml</code>, and run
            <code>coffer open</code> again: it builds them.
            """;

    private PageFiles() {}

    static Optional<PageFile> find(String path) throws IOException {
        String name = path.equals("/") ? INDEX : path.substring(1);
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        try (InputStream in = PageFiles.class.getClassLoader().getResourceAsStream(FOLDER + name)) {
            if (in != null && type != null) {
                return Optional.of(new PageFile(type, in.readAllBytes()));
            }
        }
        return name.equals(INDEX)
                ? Optional.of(new PageFile("text/html; charset=utf-8", NOT_BUILT.getBytes(StandardCharsets.UTF_8)))
                : Optional.empty();
    }
}
