package coffer.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// JSON as values, with the little that the local API needs.
///
/// The command reads one answer in a fresh process, where loading a general JSON library would cost more than the whole
/// call; so this one is small, keeps no static tables, and is strict: duplicate keys, depth over [#DEPTH_MAX] and
/// anything after the value are refused. Numbers are whole, within a `long`.
public sealed interface Json {

    /// Deep enough for every answer of the local API, far from the stack's end.
    int DEPTH_MAX = 32;

    record Text(String value) implements Json {}

    record Whole(long value) implements Json {}

    record Flag(boolean value) implements Json {}

    record Null() implements Json {}

    record Items(List<Json> values) implements Json {
        public Items {
            values = List.copyOf(values);
        }
    }

    /// An object; the order of its fields is kept.
    record Fields(Map<String, Json> values) implements Json {

        public Fields {
            values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        public Optional<Json> find(String name) {
            return Optional.ofNullable(values.get(name));
        }

        public String text(String name) {
            return require(name, Text.class).value();
        }

        public Optional<String> findText(String name) {
            return values.get(name) instanceof Text text ? Optional.of(text.value()) : Optional.empty();
        }

        public long whole(String name) {
            return require(name, Whole.class).value();
        }

        public boolean flag(String name) {
            return require(name, Flag.class).value();
        }

        /// A field that may be left out, which then says no.
        public boolean flagOrNo(String name) {
            return values.get(name) instanceof Flag flag && flag.value();
        }

        public Fields fields(String name) {
            return require(name, Fields.class);
        }

        public List<Fields> list(String name) {
            List<Fields> list = new ArrayList<>();
            for (Json item : require(name, Items.class).values()) {
                if (!(item instanceof Fields fields)) {
                    throw new JsonException("an item is not an object");
                }
                list.add(fields);
            }
            return list;
        }

        public List<String> texts(String name) {
            List<String> list = new ArrayList<>();
            for (Json item : require(name, Items.class).values()) {
                if (!(item instanceof Text text)) {
                    throw new JsonException("an item is not a string");
                }
                list.add(text.value());
            }
            return list;
        }

        private <T extends Json> T require(String name, Class<T> type) {
            Json value = values.get(name);
            if (!type.isInstance(value)) {
                throw new JsonException("a field is missing or of another type: " + name);
            }
            return type.cast(value);
        }
    }

    /// Not the JSON that was expected; the message names fields of ours, never their values.
    final class JsonException extends RuntimeException {
        private static final long serialVersionUID = 1;

        JsonException(String message) {
            super(message);
        }
    }

    /// Builds an object field by field.
    final class Builder {
        private final Map<String, Json> values = new LinkedHashMap<>();

        private Builder() {}

        public Builder put(String name, Json value) {
            values.put(name, value);
            return this;
        }

        public Builder put(String name, String value) {
            return put(name, new Text(value));
        }

        public Builder put(String name, long value) {
            return put(name, new Whole(value));
        }

        public Builder put(String name, boolean value) {
            return put(name, new Flag(value));
        }

        public Builder put(String name, Optional<String> value) {
            return put(name, value.<Json>map(Text::new).orElseGet(Null::new));
        }

        public Builder put(String name, List<? extends Json> values) {
            return put(name, new Items(List.copyOf(values)));
        }

        public Fields build() {
            return new Fields(values);
        }
    }

    static Builder object() {
        return new Builder();
    }

    static Items texts(List<String> values) {
        List<Json> items = new ArrayList<>(values.size());
        for (String value : values) {
            items.add(new Text(value));
        }
        return new Items(items);
    }

    /// Reads exactly one value.
    static Json parse(String text) {
        return new JsonParser(text).parse();
    }

    static Fields parseObject(String text) {
        if (parse(text) instanceof Fields fields) {
            return fields;
        }
        throw new JsonException("not an object");
    }

    /// One line, no spaces; control characters, and what is not a character, are escaped.
    default String line() {
        StringBuilder out = new StringBuilder();
        JsonPrinter.compact(this, out);
        return out.toString();
    }

    /// Indented for people.
    default String pretty() {
        StringBuilder out = new StringBuilder();
        JsonPrinter.pretty(this, out, 0);
        return out.toString();
    }
}
