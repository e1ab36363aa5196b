package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.core.Hash;
import coffer.seal.RandomSource;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExportTest extends OnWorkbench {

    @Test
    void export_writesTheTreeAndALineForEachNode() throws Exception {
        Files.createDirectory(source.resolve("a \"b\"\n"));
        Files.writeString(source.resolve("a \"b\"\n/f.txt"), "hello");
        Files.setLastModifiedTime(source.resolve("a \"b\"\n/f.txt"), FileTime.from(Instant.parse("2020-02-03T04:05:06Z")));
        Files.writeString(source.resolve("coffer-manifest.jsonl"), "somebody's own");
        Files.writeString(source.resolve("empty"), "");
        Files.createSymbolicLink(source.resolve("link"), Path.of("empty"));
        put();
        Path out = home.resolve("out");
        Device.GetReport report = export(out);
        assertThat(report.problems()).isEmpty();
        assertThat(report.files()).isEqualTo(4);
        assertThat(out.resolve("files/source/a \"b\"\n/f.txt")).hasContent("hello");
        assertThat(out.resolve("files/source/coffer-manifest.jsonl")).hasContent("somebody's own");

        Map<String, JsonNode> lines = manifest(out);
        assertThat(lines).containsOnlyKeys(
                "/source", "/source/a \"b\"\n", "/source/a \"b\"\n/f.txt", "/source/coffer-manifest.jsonl", "/source/empty",
                "/source/link");
        JsonNode file = java.util.Objects.requireNonNull(lines.get("/source/a \"b\"\n/f.txt"));
        assertThat(file.get("sha256").asText()).isEqualTo(Hash.of("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8)).hex());
        assertThat(file.get("size").asLong()).isEqualTo(5);
        assertThat(file.get("modified").asText()).isEqualTo("2020-02-03T04:05:06Z");
        assertThat(file.get("device").asText()).isEqualTo("some device");
        assertThat(file.get("version").asLong()).isPositive();
        assertThat(java.util.Objects.requireNonNull(lines.get("/source/link")).get("target").asText()).isEqualTo("empty");
    }

    @Test
    void exportAgain_writesOnlyWhatIsMissing() throws Exception {
        Files.writeString(source.resolve("f"), "hello");
        put();
        Path out = home.resolve("out");
        export(out);
        long read = packs.bytesRead;
        Files.writeString(source.resolve("g"), "again");
        put();
        Device.GetReport report = export(out);
        assertThat(report.alreadyThere()).isEqualTo(1);
        assertThat(packs.bytesRead - read).as("only the new file").isLessThan(1_000_000);
        assertThat(manifest(out)).hasSize(3);
    }

    @Test
    void fileThatCannotBeRestored_isAProblem_andTheRestIsThere() throws Exception {
        Files.writeString(source.resolve("f"), "hello");
        put();
        packs.packs.clear();
        Files.writeString(source.resolve("g"), "again");
        put();
        Path out = home.resolve("out");
        Device.GetReport report = export(out);
        assertThat(report.problems()).isNotEmpty();
        assertThat(out.resolve("files/source/g")).hasContent("again");
        JsonNode lost = java.util.Objects.requireNonNull(manifest(out).get("/source/f"));
        assertThat(lost.has("sha256")).isFalse();
    }

    private void put() throws CofferException {
        new Ingest(replica, vault, packs, RandomSource.secure(), InstantSource.system())
                .put(List.of(source), "/", Progress.SILENT);
    }

    private Device.GetReport export(Path out) throws CofferException {
        return new Export(replica, vault.id(), new Fetch(replica, vault, packs), device -> "some device")
                .run(out, Progress.SILENT);
    }

    private static Map<String, JsonNode> manifest(Path out) throws IOException {
        Map<String, JsonNode> lines = new HashMap<>();
        for (String line : Files.readAllLines(out.resolve(Export.MANIFEST))) {
            JsonNode node = new ObjectMapper().readTree(line);
            lines.put(node.get("path").asText(), node);
        }
        return lines;
    }
}
