package coffer.agent;

import java.util.Iterator;
import java.util.Map;

/// Writes [Json] values as text.
final class JsonPrinter {

    private static final String HEX = "0123456789abcdef";

    private JsonPrinter() {}

    /// Depth below which everything stands on one line.
    private static final int ONE_LINE = Integer.MIN_VALUE;

    static void compact(Json json, StringBuilder out) {
        print(json, out, ONE_LINE);
    }

    static void pretty(Json json, StringBuilder out, int depth) {
        print(json, out, depth);
    }

    // No pattern switch: the JVM would link it anew in every process, which the class cache cannot save.
    private static void print(Json json, StringBuilder out, int depth) {
        if (json instanceof Json.Text(String value)) {
            quote(value, out);
        } else if (json instanceof Json.Whole(long value)) {
            out.append(value);
        } else if (json instanceof Json.Flag(boolean value)) {
            out.append(value);
        } else if (json instanceof Json.Fields fields) {
            print(fields, out, depth);
        } else if (json instanceof Json.Items items) {
            print(items, out, depth);
        } else {
            out.append("null");
        }
    }

    private static void print(Json.Fields fields, StringBuilder out, int depth) {
        out.append('{');
        for (Iterator<Map.Entry<String, Json>> i = fields.values().entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<String, Json> field = i.next();
            indent(out, depth + 1);
            quote(field.getKey(), out);
            out.append(depth < 0 ? ":" : ": ");
            print(field.getValue(), out, depth + 1);
            out.append(i.hasNext() ? "," : "");
        }
        indent(out, fields.values().isEmpty() ? ONE_LINE : depth);
        out.append('}');
    }

    private static void print(Json.Items items, StringBuilder out, int depth) {
        out.append('[');
        for (Iterator<Json> i = items.values().iterator(); i.hasNext(); ) {
            indent(out, depth + 1);
            print(i.next(), out, depth + 1);
            out.append(i.hasNext() ? "," : "");
        }
        indent(out, items.values().isEmpty() ? ONE_LINE : depth);
        out.append(']');
    }

    private static void indent(StringBuilder out, int depth) {
        if (depth >= 0) {
            out.append('\n').repeat(' ', 2 * depth);
        }
    }

    /// Escapes what could act on a terminal or break a line: controls, line separators, direction marks, and halves of
    /// surrogate pairs, which UTF-8 cannot hold.
    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1))) {
                        out.append(c).append(text.charAt(++i));
                    } else if (Character.isSurrogate(c) || acts(c)) {
                        hex(c, out);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean acts(char c) {
        return c < ' '
                || between(c, 0x7f, 0x9f)
                || between(c, 0x200e, 0x200f)
                || between(c, 0x2028, 0x202e)
                || between(c, 0x2066, 0x2069)
                || c == 0x061c
                || c == 0xfeff;
    }

    private static boolean between(char c, int low, int high) {
        return c >= low && c <= high;
    }

    private static void hex(char c, StringBuilder out) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(HEX.charAt(c >> shift & 0xf));
        }
    }
}
