package coffer.media;

import coffer.media.mail.Headers;
import coffer.media.mail.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jsoup.safety.Cleaner;
import org.jsoup.safety.Safelist;

/// A message as a page may show it: its HTML is rewritten from a list of what is harmless, and nothing in it fetches anything.
///
/// Pictures of the message itself (`cid:`) become `<img data-part="3">`, which [MailDocument] fills in; whatever would have come
/// from elsewhere is left out and counted. Links stay, and open outside of the page. Styles stay as far as [MailStyle] knows them.
/// It is shown in a frame without scripts all the same.
///
/// @param headers decoded
/// @param text    of the plain part; of the HTML where there is none
/// @param html    safe to show; empty if there is none
/// @param blocked how many things would have been fetched from elsewhere
/// @param lines   about how many lines the HTML fills where it is 600 pixels wide: a frame that nobody may look into cannot be measured
public record MailView(
        List<Headers.Field> headers, String text, String html, List<Message.Part> parts, int blocked, int lines, boolean whole) {

    private static final Safelist SAFE = new Safelist()
            .addTags(
                    "a", "abbr", "address", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "del", "div", "dl",
                    "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "small",
                    "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul")
            .addAttributes("a", "href", "title")
            .addAttributes("img", "data-part", "alt", "title", "width", "height")
            .addAttributes("table", "width", "border", "cellpadding", "cellspacing", "align")
            .addAttributes("td", "width", "height", "align", "valign", "colspan", "rowspan")
            .addAttributes("th", "width", "height", "align", "valign", "colspan", "rowspan")
            .addAttributes("ol", "start", "type")
            .addAttributes(":all", "dir", "lang", "style", "bgcolor")
            .addAttributes("font", "color", "size", "face")
            .addProtocols("a", "href", "http", "https", "mailto")
            .addEnforcedAttribute("a", "rel", "noopener noreferrer nofollow")
            .addEnforcedAttribute("a", "target", "_blank");

    private static final int ELEMENTS_MAX = 50_000;
    private static final int DEPTH_MAX = 400;
    private static final int LINE_PIXELS = 23;

    /// Attributes that browsers fetch.
    private static final List<String> FETCHED = List.of("src", "srcset", "background", "poster", "data", "xlink:href");

    public MailView {
        headers = List.copyOf(headers);
        parts = List.copyOf(parts);
    }

    static MailView of(Message message) {
        List<Headers.Field> headers = new ArrayList<>();
        for (Headers.Field field : message.headers()) {
            headers.add(new Headers.Field(field.name(), Headers.decoded(field.value())));
        }
        if (message.html().isEmpty()) {
            return new MailView(headers, message.text(), "", message.parts(), 0, 0, message.whole());
        }
        // Depth is bounded before anything walks the tree.
        Document dirty = Jsoup.parse(message.html(), "", Parser.htmlParser().setMaxDepth(DEPTH_MAX));
        boolean large = dirty.getAllElements().size() > ELEMENTS_MAX;
        String text = message.text().isEmpty() ? dirty.body().wholeText().strip() : message.text();
        if (large) {
            return new MailView(headers, text, "", message.parts(), 0, 0, false);
        }
        int blocked = prepare(dirty, message.parts());
        Document clean = new Cleaner(SAFE).clean(dirty);
        clean.outputSettings().prettyPrint(false);
        return new MailView(headers, text, clean.body().html(), message.parts(), blocked, lines(clean.body()), message.whole());
    }

    private static int lines(Element body) {
        double lines = 0;
        for (Element element : body.getAllElements()) {
            String style = element.attr("style");
            if (style.contains("display: none")) {
                continue;
            }
            lines += switch (element.normalName()) {
                case "img" -> element.hasAttr("data-part") ? pixels(element.attr("height"), 220) / LINE_PIXELS : 1;
                case "p", "h1", "h2", "h3", "ul", "ol", "table", "blockquote", "hr" -> 0.8;
                case "br" -> element.parent() != null && element.parent().childNodeSize() == 1 ? 1 : 0.9;
                default -> 0;
            };
            String own = element.ownText();
            boolean isOfItsOwn = element.isBlock() || element.normalName().equals("td");
            lines += isOfItsOwn && !own.isBlank() ? 1 + element.text().length() / 85 : 0;
        }
        return (int) Math.min(100_000, Math.ceil(lines));
    }

    private static int pixels(String text, int otherwise) {
        return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : otherwise;
    }

    /// Points pictures at parts of the message and counts what would be fetched.
    private static int prepare(Document document, List<Message.Part> parts) {
        Map<String, Integer> byId = new HashMap<>();
        for (Message.Part part : parts) {
            if (!part.contentId().isEmpty() && part.type().startsWith("image/")) {
                byId.putIfAbsent(part.contentId(), part.index());
            }
        }
        int blocked = 0;
        for (Element element : document.getAllElements()) {
            element.removeAttr("data-part");
            boolean fetches = fetches(element);
            String style = MailStyle.safe(element.attr("style"));
            element.attr("style", style);
            if (style.isEmpty()) {
                element.removeAttr("style");
            }
            String source = element.attr("src").strip();
            boolean own = element.normalName().equals("img") && source.toLowerCase(Locale.ROOT).startsWith("cid:");
            Integer part = own ? byId.get(source.substring(4)) : null;
            if (part != null) {
                element.attr("data-part", part.toString());
                continue;
            }
            blocked += fetches ? 1 : 0;
        }
        return blocked;
    }

    private static boolean fetches(Element element) {
        for (String attribute : FETCHED) {
            String value = element.attr(attribute).strip().toLowerCase(Locale.ROOT);
            if (!value.isEmpty() && !value.startsWith("data:") && !value.startsWith("cid:")) {
                return true;
            }
        }
        String style = (element.attr("style") + (element.normalName().equals("style") ? element.data() : "")).toLowerCase(Locale.ROOT);
        boolean isLink = element.normalName().equals("link") && element.hasAttr("href");
        return isLink || style.contains("url(") || style.contains("@import");
    }
}
