package coffer.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// All that was measured so far, in a file that every run adds to.
final class Results {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /// @param about   what the figures were taken with: versions, machine, data
    /// @param figures service benchmarks and others that are one number, by name
    record Content(Map<String, String> about, List<Measurement> measurements, Map<String, String> figures) {
        Content {
            about = new TreeMap<>(about);
            measurements = new ArrayList<>(measurements);
            figures = new TreeMap<>(figures);
        }
    }

    private final Path file;
    private Content content;

    Results(Path file) throws IOException {
        this.file = file;
        this.content = Files.exists(file)
                ? JSON.readValue(file.toFile(), new TypeReference<Content>() {})
                : new Content(Map.of(), List.of(), Map.of());
    }

    Content content() {
        return content;
    }

    void about(String key, String value) throws IOException {
        content.about().put(key, value);
        save();
    }

    void add(Measurement measurement) throws IOException {
        content.measurements().add(measurement);
        save();
    }

    void figure(String name, String value) throws IOException {
        content.figures().put(name, value);
        save();
    }

    /// The round after the last one of this cell and contender.
    int nextRound(String cell, String contender) {
        return 1 + (int) content.measurements().stream()
                .filter(one -> one.cell().equals(cell) && one.contender().equals(contender))
                .count();
    }

    private void save() throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        JSON.writeValue(fresh.toFile(), content);
        Files.move(fresh, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
