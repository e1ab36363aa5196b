package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Fuzz;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

    @Test
    void placeOfTheAgent() {
        byte[] good = "{\"port\":8421,\"token\":\"ab\",\"pid\":77,\"started\":5,\"build\":\"1\"}".getBytes(StandardCharsets.UTF_8);
        Fuzz.of(
                        "place of the agent",
                        bytes -> {
                            AgentInfo.decode(bytes);
                            return null;
                        },
                        Json.JsonException.class,
                        ArithmeticException.class)
                .from(good)
                .run();
    }

    /// A browser names files as it likes; none of them leaves its batch.
    @Test
    void placeOfAnUpload() {
        Path top = Path.of("/uploads/batch");
        Fuzz.of(
                        "place of an upload",
                        bytes -> {
                            Path file = PageUploads.file(top, text(bytes));
                            if (!file.normalize().equals(file) || !file.startsWith(top) || file.equals(top)) {
                                throw new IllegalStateException("outside: " + file);
                            }
                            return null;
                        },
                        CofferException.class)
                .from("folder/caf\u00e9 (1).txt".getBytes(StandardCharsets.UTF_8))
                .run();
    }

    /// No name ends the header that it stands in.
    @Test
    void nameInAHeader() {
        Fuzz.of(
                        "name in a header",
                        bytes -> {
                            String header = PageContent.disposition(true, text(bytes));
                            if (!header.matches("inline; filename\\*=UTF-8''[A-Za-z0-9._%-]*")) {
                                throw new IllegalStateException("more than a name: " + header);
                            }
                            return null;
                        })
                .from("a \"b\"; c=\u202e\r\nd".getBytes(StandardCharsets.UTF_8))
                .run();
    }

    @Test
    void rangeOfARequest() {
        Fuzz.of(
                        "range of a request",
                        bytes -> {
                            ByteRange.of(text(bytes), 500).ifPresent(range -> {
                                if (!range.isEmpty() && (range.from() < 0 || range.to() > 500)) {
                                    throw new IllegalStateException("outside: " + range);
                                }
                            });
                            return null;
                        })
                .from("bytes=5-14".getBytes(StandardCharsets.UTF_8), "bytes=-7".getBytes(StandardCharsets.UTF_8), "bytes=9-".getBytes(StandardCharsets.UTF_8))
                .run();
    }
}
