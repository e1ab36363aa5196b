package coffer.media;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The declarations of a style attribute that change how text looks where it stands, and can do nothing else: none places
/// anything over other things, and none names an address.
final class MailStyle {

    private static final Set<String> PROPERTIES = Set.of(
            "background-color", "border-collapse", "border-radius", "border-spacing", "color", "direction", "display", "font", "font-family",
            "font-size", "font-style", "font-weight", "height", "letter-spacing", "line-height", "list-style-type", "margin", "max-height",
            "max-width", "min-width", "padding", "text-align", "text-decoration", "text-indent", "text-transform", "vertical-align",
            "white-space", "width", "word-break");

    private static final Pattern SIDES = Pattern.compile("(?:border|margin|padding)(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width))?");

    /// Words, numbers, colours and names of fonts. A function is one that gives a colour.
    private static final Pattern VALUE =
            Pattern.compile("(?:[-\\w#%.,'\" ]|!important|rgba?\\([\\d.,% ]{1,40}\\)|hsla?\\([\\d.,% a-z]{1,40}\\)){1,200}", Pattern.CASE_INSENSITIVE);

    private static final int DECLARATIONS_MAX = 60;
    private static final int LENGTH_MAX = 4_000;

    private MailStyle() {}

    static String safe(String style) {
        if (style.length() > LENGTH_MAX) {
            return "";
        }
        List<String> kept = new ArrayList<>();
        for (String declaration : style.split(";", DECLARATIONS_MAX)) {
            int colon = declaration.indexOf(':');
            String property = declaration.substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT);
            String value = declaration.substring(colon + 1).strip();
            // A background that is a colour alone is the commonest one.
            String name = property.equals("background") ? "background-color" : property;
            if ((PROPERTIES.contains(name) || SIDES.matcher(name).matches()) && VALUE.matcher(value).matches()) {
                kept.add(name + ": " + value);
            }
        }
        return String.join("; ", kept);
    }
}
