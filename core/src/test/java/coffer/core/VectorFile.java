package coffer.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A file of test vectors under `docs/spec/vectors`: one JSON object with a `source` and an array `cases`, each with
/// a `name` of its own.
///
/// A generator test calls `requireCurrent`, which compares, or writes if run with `-Dcoffer.vectors.write=true`.
public final class VectorFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private VectorFile() {}

    /// An empty JSON object to fill.
    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /// The cases of all files of a format, of which there must be some.
    public static List<JsonNode> cases(String format) {
        var cases = new ArrayList<JsonNode>();
        try (Stream<Path> files = Files.list(folder().resolve(format))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                JSON.readTree(file.toFile()).path("cases").forEach(cases::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(cases).as("vectors of %s", format).isNotEmpty();
        assertThat(cases.stream().map(c -> c.path("name").asText())).doesNotHaveDuplicates();
        return cases;
    }

    /// Requires the checked-in file to be exactly what the generator makes.
    public static void requireCurrent(String format, String file, String source, List<ObjectNode> cases) {
        ObjectNode root = object().put("source", source);
        root.putArray("cases").addAll(cases);
        Path path = folder().resolve(format).resolve(file);
        try {
            var printer = new DefaultPrettyPrinter();
            printer.indentArraysWith(new DefaultIndenter("  ", "\n"));
            printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
            String text = JSON.writer(printer).writeValueAsString(root) + "\n";
            if (Boolean.getBoolean("coffer.vectors.write")) {
                Files.createDirectories(path.getParent());
                Files.writeString(path, text);
            }
            assertThat(Files.readString(path, StandardCharsets.UTF_8)).isEqualTo(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path folder = at.resolve("docs/spec");
            if (Files.isDirectory(folder)) {
                return folder.resolve("vectors");
            }
        }
        throw new IllegalStateException("run the tests inside the repository");
    }
}
