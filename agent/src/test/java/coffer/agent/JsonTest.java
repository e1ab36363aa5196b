package coffer.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void parse_readsEveryKindOfValue() {
        Json.Fields json = Json.parseObject(
                " {\"a\" : \"x\\n\\u00e9\\/\", \"b\":[1,-2 , 0],\"c\":true,\"d\":null,\"e\":{}, \"f\":9223372036854775807}");
        assertThat(json.text("a")).isEqualTo("x\né/");
        assertThat(json.find("b")).contains(new Json.Items(
                List.of(new Json.Whole(1), new Json.Whole(-2), new Json.Whole(0))));
        assertThat(json.flag("c")).isTrue();
        assertThat(json.find("d")).contains(new Json.Null());
        assertThat(json.fields("e").values()).isEmpty();
        assertThat(json.whole("f")).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "{", "[1", "[1,]", "{\"a\"}", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "-", "1.5", "1e3", "truth",
        "nul", "\"", "\"\\x\"", "\"\\u12g4\"", "\"a\nb\"", "1 2", "{}x", "9223372036854775808", "'a'", "{a:1}",
        "\"\\u00ＦＦ\""
    })
    void parse_refusesWhatIsNotJsonOfOurs(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(Json.JsonException.class);
    }

    @Test
    void parse_refusesDepthThatCouldEndTheStack() {
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).isInstanceOf(Json.JsonException.class);
    }

    @Test
    void line_neverHoldsControlCharactersOrHalvesOfPairs() {
        String hostile = "a\u0000\u001b[31m\n\u0085\u202e\ud800x\udc00\u2028\ufeff";
        String line = new Json.Text(hostile).line();
        assertThat(line).isEqualTo("\"a\\u0000\\u001b[31m\\n\\u0085\\u202e\\ud800x\\udc00\\u2028\\ufeff\"");
        assertThat(Json.parse(line)).isEqualTo(new Json.Text(hostile));
    }

    @Test
    void parse_ofWhatWasPrinted_givesTheSame() {
        long seed = 20260301;
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Json json = random(random, 4);
            assertThat(Json.parse(json.line())).as("seed %d, case %d", seed, i).isEqualTo(json);
            assertThat(Json.parse(json.pretty())).as("seed %d, case %d", seed, i).isEqualTo(json);
        }
    }

    @Test
    void parse_ofAnyCutOrFlippedText_isAValueOrRefused() {
        String text = Json.object().put("a", "é\n").put("b", List.of(new Json.Whole(7))).put("c", true).build().line();
        for (int i = 0; i < text.length(); i++) {
            int cut = i;
            assertThatThrownBy(() -> Json.parse(text.substring(0, cut))).isInstanceOf(Json.JsonException.class);
            for (char c : new char[] {'"', '{', ',', '\\', ' ', '\0'}) {
                String changed = text.substring(0, i) + c + text.substring(i + 1);
                try {
                    assertThat(Json.parse(Json.parse(changed).line())).isEqualTo(Json.parse(changed));
                } catch (Json.JsonException e) {
                    assertThat(e).hasMessageNotContaining("\0");
                }
            }
        }
    }

    @Test
    void fields_ofAnotherTypeAreRefused() {
        Json.Fields json = Json.parseObject("{\"a\":1,\"b\":[1]}");
        assertThatThrownBy(() -> json.text("a")).isInstanceOf(Json.JsonException.class);
        assertThatThrownBy(() -> json.text("missing")).isInstanceOf(Json.JsonException.class);
        assertThatThrownBy(() -> json.list("b")).isInstanceOf(Json.JsonException.class);
        assertThatThrownBy(() -> json.texts("b")).isInstanceOf(Json.JsonException.class);
        assertThatThrownBy(() -> Json.parseObject("[]")).isInstanceOf(Json.JsonException.class);
    }

    private static Json random(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> new Json.Whole(random.nextLong());
            case 1 -> new Json.Flag(random.nextBoolean());
            case 2 -> new Json.Null();
            case 3 -> new Json.Text(randomText(random));
            case 4 -> new Json.Items(random.ints(random.nextInt(4)).<Json>mapToObj(_ -> random(random, depth - 1)).toList());
            default -> {
                Json.Builder fields = Json.object();
                for (int i = random.nextInt(4); i > 0; i--) {
                    fields.put(randomText(random) + i, random(random, depth - 1));
                }
                yield fields.build();
            }
        };
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append((char) random.nextInt(0x10000));
        }
        return text.toString();
    }
}
