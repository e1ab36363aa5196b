package coffer.service.evaluation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The JSON of state files and reports: strict when reading, the same bytes for the same values when writing.
final class MeasurementJson {

    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private static final Map<String, Class<? extends Measurement>> KINDS = Stream.of(
                    Measurement.Begun.class,
                    Measurement.Resumed.class,
                    Measurement.Round.class,
                    Measurement.Intended.class,
                    Measurement.Probed.class,
                    Measurement.ReadBack.class,
                    Measurement.Listed.class,
                    Measurement.Checked.class,
                    Measurement.Carried.class,
                    Measurement.LoadDone.class,
                    Measurement.FinalRead.class,
                    Measurement.Cancelled.class,
                    Measurement.Ended.class)
            .collect(Collectors.toUnmodifiableMap(MeasurementJson::kind, kind -> kind));

    private MeasurementJson() {}

    private static String kind(Class<? extends Measurement> type) {
        return type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    /// One line without its line feed.
    static byte[] line(Measurement measurement) {
        ObjectNode line = MAPPER.createObjectNode().put("kind", kind(measurement.getClass()));
        line.setAll((ObjectNode) MAPPER.valueToTree(measurement));
        return bytes(line);
    }

    /// @throws IOException it is not a line that [#line] writes
    static Measurement parse(byte[] line) throws IOException {
        JsonNode tree = MAPPER.readTree(line);
        if (!(tree instanceof ObjectNode object)) {
            throw new IOException("not a measurement");
        }
        JsonNode kind = object.remove("kind");
        Class<? extends Measurement> type = kind == null ? null : KINDS.get(kind.asText());
        if (type == null) {
            throw new IOException("not a known kind of measurement");
        }
        return MAPPER.treeToValue(object, type);
    }

    private static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of ours cannot be written", e);
        }
    }

    /// Indented by two spaces, with a final line feed.
    static byte[] pretty(Object value) {
        var indenter = new DefaultIndenter("  ", "\n");
        var printer = new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
        try {
            return (MAPPER.writer(printer).writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report of ours cannot be written", e);
        }
    }
}
