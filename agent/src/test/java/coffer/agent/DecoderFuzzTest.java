package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What anybody on this machine may send to the agent, or answer in its place.
class DecoderFuzzTest {

    private static final byte[] REQUEST =
            "{\"path\":\"/caf\\u00e9\",\"recursive\":true,\"n\":-12,\"all\":[null,\"x\",{\"y\":0}]}"
                    .getBytes(StandardCharsets.UTF_8);

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// JSON may be written in many ways; read again, what was read is the same.
    @Test
    void json() {
        Fuzz.of(
                        "agent JSON",
                        bytes -> {
                            Json value = Json.parse(text(bytes));
                            if (!Json.parse(value.line()).equals(value) || !Json.parse(value.pretty()).equals(value)) {
                                throw new IllegalStateException("read otherwise than written");
                            }
                            return null;
                        },
                        Json.JsonException.class)
                .from(REQUEST)
                .run();
    }

    @Test
    void problem() {
        byte[] good = Wire.problem(new CofferException(ErrorCode.QUOTA, "full", Map.of("pack", "ab", "advice", "wait")))
                .line()
                .getBytes(StandardCharsets.UTF_8);
        Fuzz.of(
                        "problem",
                        bytes -> {
                            Wire.problem(Wire.error(Json.parseObject(text(bytes))));
                            return null;
                        },
                        Json.JsonException.class)
                .from(good)
                .run();
    }
}
