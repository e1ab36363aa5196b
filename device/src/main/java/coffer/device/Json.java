package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/// The service's JSON, read within bounds: duplicate keys, missing values and deep nesting are refused; unknown keys
/// are ignored, so that a newer service still answers an older device.
final class Json {

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxStringLength(1 << 16)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private Json() {}

    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a request that cannot be written", e);
        }
    }

    static <T> T read(byte[] json, Class<T> type) throws CofferException {
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new CofferException(ErrorCode.PROTOCOL, "the service's answer is empty");
            }
            return value;
        } catch (IOException | IllegalArgumentException e) {
            throw new CofferException(ErrorCode.PROTOCOL, "the service's answer is malformed", e);
        }
    }
}
