package coffer.agent;

import coffer.agent.Json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads one JSON value strictly (RFC 8259, without fractions and exponents, which the local API never sends).
final class JsonParser {

    private final String text;
    private int at;

    JsonParser(String text) {
        this.text = text;
    }

    Json parse() {
        Json value = value(0);
        skipSpace();
        if (at != text.length()) {
            throw bad("something after the value");
        }
        return value;
    }

    private Json value(int depth) {
        if (depth > Json.DEPTH_MAX) {
            throw bad("too deep");
        }
        skipSpace();
        char c = peek();
        return switch (c) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> new Json.Text(string());
            case 't' -> word("true", new Json.Flag(true));
            case 'f' -> word("false", new Json.Flag(false));
            case 'n' -> word("null", new Json.Null());
            default -> number();
        };
    }

    private Json object(int depth) {
        Map<String, Json> values = new LinkedHashMap<>();
        at++;
        skipSpace();
        if (peek() == '}') {
            at++;
            return new Json.Fields(values);
        }
        while (true) {
            skipSpace();
            if (peek() != '"') {
                throw bad("a field has no name");
            }
            String name = string();
            skipSpace();
            expect(':');
            if (values.put(name, value(depth + 1)) != null) {
                throw bad("a field comes twice");
            }
            if (!another('}')) {
                return new Json.Fields(values);
            }
        }
    }

    private Json array(int depth) {
        List<Json> values = new ArrayList<>();
        at++;
        skipSpace();
        if (peek() == ']') {
            at++;
            return new Json.Items(values);
        }
        do {
            values.add(value(depth + 1));
        } while (another(']'));
        return new Json.Items(values);
    }

    private boolean another(char end) {
        skipSpace();
        char c = peek();
        at++;
        if (c == ',') {
            return true;
        }
        if (c == end) {
            return false;
        }
        throw bad("a comma or an end is missing");
    }

    private Json word(String word, Json value) {
        if (!text.startsWith(word, at)) {
            throw bad("not a value");
        }
        at += word.length();
        return value;
    }

    private Json number() {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        int digits = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == digits || (text.charAt(digits) == '0' && at - digits > 1)) {
            throw bad("not a value");
        }
        try {
            return new Json.Whole(Long.parseLong(text, start, at, 10));
        } catch (NumberFormatException e) {
            throw bad("a number is too large");
        }
    }

    private String string() {
        at++;
        int start = at;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                return text.substring(start, at++);
            }
            if (c == '\\') {
                return escaped(start);
            }
            if (c < ' ') {
                throw bad("a control character in a string");
            }
            at++;
        }
        throw bad("a string has no end");
    }

    private String escaped(int start) {
        StringBuilder out = new StringBuilder().append(text, start, at);
        while (true) {
            char c = peek();
            at++;
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                throw bad("a control character in a string");
            }
            out.append(c == '\\' ? escape() : c);
        }
    }

    private char escape() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw bad("an unknown escape");
        };
    }

    private char unicode() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0 || peek() > 'f') {
                throw bad("an unknown escape");
            }
            value = value << 4 | digit;
            at++;
        }
        return (char) value;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void expect(char c) {
        if (peek() != c) {
            throw bad("a sign is missing");
        }
        at++;
    }

    private char peek() {
        if (at >= text.length()) {
            throw bad("it ends too early");
        }
        return text.charAt(at);
    }

    private static JsonException bad(String what) {
        return new JsonException(what);
    }
}
