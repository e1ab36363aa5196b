package coffer.seal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// One file of vectors under docs/spec/vectors: made by a test from fixed seeds, checked in, and read back to be checked.
///
/// Run with `-Dvectors.write=true` to write the files anew; a changed vector is a changed format.
final class VectorFile {

    private static final Path ROOT = Path.of("../docs/spec/vectors");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final ObjectNode root = JSON.createObjectNode();
    private final ArrayNode cases;

    VectorFile(String path, String source) {
        this.path = ROOT.resolve(path);
        root.put("source", source);
        this.cases = root.putArray("cases");
    }

    /// Begins a case, named by its fault where it has one.
    ObjectNode add(String name, String result) {
        return cases.addObject().put("name", name).put("result", result);
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static byte[] bytes(JsonNode node, String field) {
        return HexFormat.of().parseHex(node.get(field).textValue());
    }

    String text() throws IOException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    /// The cases that are checked in, which must be those made now.
    JsonNode checkedIn() throws IOException {
        if (Boolean.getBoolean("vectors.write")) {
            Files.createDirectories(path.getParent());
            Files.writeString(path, text());
        }
        String stored = Files.readString(path, StandardCharsets.UTF_8);
        if (!stored.equals(text())) {
            throw new AssertionError("the vectors made now are not those in " + path.getFileName());
        }
        return JSON.readTree(stored).get("cases");
    }
}
