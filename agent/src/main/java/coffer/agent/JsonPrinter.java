package coffer.agent;

import java.util.Iterator;
import java.util.Map;

/// Writes [Json] values as text.
final class JsonPrinter {

    private static final String HEX = "0123456789abcdef";

    private JsonPrinter() {}

    static void compact(Json json, StringBuilder out) {
        switch (json) {
            case Json.Items items -> {
                out.append('[');
                for (Iterator<Json> i = items.values().iterator(); i.hasNext(); ) {
                    compact(i.next(), out);
                    out.append(i.hasNext() ? "," : "");
                }
                out.append(']');
            }
            case Json.Fields fields -> {
                out.append('{');
                for (Iterator<Map.Entry<String, Json>> i = fields.values().entrySet().iterator(); i.hasNext(); ) {
                    Map.Entry<String, Json> field = i.next();
                    quote(field.getKey(), out);
                    out.append(':');
                    compact(field.getValue(), out);
                    out.append(i.hasNext() ? "," : "");
                }
                out.append('}');
            }
            case Json.Text text -> quote(text.value(), out);
            case Json.Whole whole -> out.append(whole.value());
            case Json.Flag flag -> out.append(flag.value());
            case Json.Null _ -> out.append("null");
        }
    }

    static void pretty(Json json, StringBuilder out, int depth) {
        switch (json) {
            case Json.Items items when !items.values().isEmpty() -> {
                out.append('[');
                for (Iterator<Json> i = items.values().iterator(); i.hasNext(); ) {
                    indent(out, depth + 1);
                    pretty(i.next(), out, depth + 1);
                    out.append(i.hasNext() ? "," : "");
                }
                indent(out, depth);
                out.append(']');
            }
            case Json.Fields fields when !fields.values().isEmpty() -> {
                out.append('{');
                for (Iterator<Map.Entry<String, Json>> i = fields.values().entrySet().iterator(); i.hasNext(); ) {
                    Map.Entry<String, Json> field = i.next();
                    indent(out, depth + 1);
                    quote(field.getKey(), out);
                    out.append(": ");
                    pretty(field.getValue(), out, depth + 1);
                    out.append(i.hasNext() ? "," : "");
                }
                indent(out, depth);
                out.append('}');
            }
            case Json.Items _, Json.Fields _, Json.Text _, Json.Whole _, Json.Flag _, Json.Null _ -> compact(json, out);
        }
    }

    private static void indent(StringBuilder out, int depth) {
        out.append('\n');
        out.repeat(' ', 2 * depth);
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
