package coffer.service.evaluation;

import coffer.core.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What an evaluation remembers, and reads again after a stop; and what an operator may ask of providers.
class DecoderFuzzTest {

    @Test
    void measurement() {
        String name = "ab".repeat(32);
        byte[][] good = {
            MeasurementJson.line(new Measurement.Begun(0, 1, "p/0001", "p", "Ö \"AG\"\n", "eu", "http://x", "w", 5, "abc", Map.of("a", "b"))),
            MeasurementJson.line(new Measurement.Probed(3, Operation.PUT, Role.CANARY, name, 12, Result.RIGHT)),
            MeasurementJson.line(new Measurement.Carried(7, 0, Way.DOWN, 16, 1L << 40, 9, 2, 3)),
            MeasurementJson.line(new Measurement.Ended(12, "w", Measurement.How.DONE, 0, ""))
        };
        Fuzz.of(
                        "measurement",
                        bytes -> {
                            Measurement read = MeasurementJson.parse(bytes);
                            if (!MeasurementJson.parse(MeasurementJson.line(read)).equals(read)) {
                                throw new IllegalStateException("read otherwise than written");
                            }
                            return null;
                        },
                        IOException.class)
                .from(good)
                .run();
    }

    /// Every problem is told, and what is told as right is read again as it is.
    @Test
    void criteria() {
        StringBuilder good = new StringBuilder();
        Criteria.DEFAULT.values().forEach((key, value) -> good.append(key).append('=').append(value).append('\n'));
        Fuzz.of(
                        "criteria",
                        bytes -> {
                            Properties properties = new Properties();
                            properties.load(new java.io.ByteArrayInputStream(bytes));
                            Map<String, String> values = new TreeMap<>();
                            properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
                            List<String> problems = new ArrayList<>();
                            Criteria read = Criteria.read(values, problems::add);
                            if (problems.isEmpty() && !Criteria.read(read.values(), problems::add).equals(read)) {
                                throw new IllegalStateException("read otherwise than written");
                            }
                            return null;
                        },
                        IllegalArgumentException.class) // of Properties: a malformed escape
                .from(good.toString().getBytes(StandardCharsets.ISO_8859_1))
                .run();
    }
}
