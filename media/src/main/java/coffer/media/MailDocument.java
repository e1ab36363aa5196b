package coffer.media;

import coffer.media.mail.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/// The safe HTML of a message as a whole document that needs nothing from anywhere: its own pictures stand in it.
final class MailDocument {

    /// The style sheet that documents have. Mail is written for white paper.
    static final String STYLE =
            """
            :root { color-scheme: light; }
            body { margin: 0; padding: 18px 20px; background: #fff; color: #1c2220;
                font: 15px/1.55 ui-sans-serif, system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; overflow-wrap: anywhere; }
            body > :first-child { margin-block-start: 0; }
            a { color: #14695b; }
            img { max-width: 100%; height: auto; }
            img:not([src]) { display: inline-block; min-width: 12px; min-height: 12px; border: 1px dashed #b9bfbc; border-radius: 4px; }
            img:not([src]):not([alt]), img:not([src])[alt=""], img:not([src])[width="1"] { display: none; }
            table { max-width: 100%; }
            pre { white-space: pre-wrap; }
            blockquote { margin: 0.8em 0; padding-inline-start: 14px; border-inline-start: 3px solid #d9d6cc; color: #59625e; }
            """;

    /// Pictures that every browser decodes and in which nothing can run.
    private static final Set<String> TYPES = Set.of("image/png", "image/jpeg", "image/gif", "image/webp");

    /// All pictures of one document together: it is held in memory. What is more is among the attachments.
    private static final int PICTURES_MAX = 6 << 20;

    /// Writes parts of the message to where they are wanted.
    interface Parts {
        boolean read(Map<Integer, ByteArrayOutputStream> wanted) throws IOException;
    }

    private MailDocument() {}

    static String of(MailView view, Parts parts) throws IOException {
        Document body = Jsoup.parseBodyFragment(view.html());
        Map<Integer, Message.Part> known = new HashMap<>();
        view.parts().forEach(part -> known.put(part.index(), part));
        Map<Integer, ByteArrayOutputStream> wanted = new HashMap<>();
        long size = 0;
        for (Element picture : body.select("img[data-part]")) {
            int index = Integer.parseInt(picture.attr("data-part"));
            Message.Part part = known.get(index);
            if (part != null && TYPES.contains(part.type()) && !wanted.containsKey(index) && size + part.size() <= PICTURES_MAX) {
                wanted.put(index, new ByteArrayOutputStream());
                size += part.size();
            }
        }
        if (!wanted.isEmpty()) {
            parts.read(wanted);
        }
        for (Element picture : body.select("img[data-part]")) {
            int index = Integer.parseInt(picture.attr("data-part"));
            ByteArrayOutputStream bytes = wanted.get(index);
            Message.Part part = known.get(index);
            picture.removeAttr("data-part");
            if (bytes != null && part != null) {
                picture.attr("src", "data:" + part.type() + ";base64," + Base64.getEncoder().encodeToString(bytes.toByteArray()));
            }
        }
        body.outputSettings().prettyPrint(false);
        return "<!doctype html><html><head><meta charset=\"utf-8\"><title>Message</title><style>" + STYLE + "</style></head><body>"
                + body.body().html() + "</body></html>";
    }
}
