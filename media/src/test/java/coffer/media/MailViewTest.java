package coffer.media;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.media.mail.Message;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// HTML of others, made harmless.
class MailViewTest {

    private static final List<Message.Part> PARTS = List.of(
            new Message.Part(0, "text/html", "", "", 9, false), new Message.Part(1, "image/png", "x.png", "logo@x", 9, false),
            new Message.Part(2, "text/html", "x.html", "page@x", 9, true));

    private static MailView view(String html) {
        return MailView.of(new Message(List.of(), "", html, PARTS, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "<script>alert(1)</script>x",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\" jav&#x09;ascript:alert(1)\">x</a>",
        "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
        "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<form action=http://evil><input name=password><button>go</button></form>",
        "<meta http-equiv=refresh content=\"0;url=http://evil\">",
        "<base href=http://evil>",
        "<object data=http://evil></object><embed src=http://evil>",
        "<style>@import url(http://evil);body{background:url(http://evil)}</style>",
        "<p style=\"background:url(http://evil)\">x</p>",
        "<link rel=stylesheet href=http://evil>",
        "<table background=http://evil><td>x</table>",
        "<video poster=http://evil src=http://evil></video>",
        "<img srcset=\"http://evil 2x\" src=\"http://evil\">",
        "<img data-part=99 src=http://evil>"
    })
    void html_thatActsOrFetches_doesNeither(String html) {
        assertThat(view(html).html().toLowerCase(java.util.Locale.ROOT))
                .doesNotContain("<script", "onerror", "onload", "javascript:", "data:", "<iframe", "<form", "<input", "<meta", "<base", "<object")
                .doesNotContain("<embed", "<style", "style=", "<link", "background", "<video", "src", "data-part", "<svg", "<math");
    }

    @Test
    void remoteContent_isCounted_andOwnPicturesAreNamed() {
        MailView view = view("<img src=http://a/pixel.gif width=1><img src='CID:logo@x' alt=Logo><img src=cid:page@x>"
                + "<div style='background-image: url(//b/x)'>t</div><p>text</p>");
        assertThat(view.blocked()).isEqualTo(2);
        assertThat(view.html()).contains("<img alt=\"Logo\" data-part=\"1\">").doesNotContain("page@x");
        assertThat(view.text()).contains("text");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "background: url(http://evil)", "background-image: image-set('http://evil' 1x)", "position: fixed; top: 0", "color: red; behavior: url(x)",
        "width: expression(alert(1))", "content: attr(x)", "color: \\75rl(x)", "font-family: 'x'; src: url(x)", "-moz-binding: url(x)",
        "margin: -1px; transform: scale(9)", "color: red /* url( */", "background: linear-gradient(red, url(x))", "color: var(--x, url(y))"
    })
    void styles_thatFetchOrPlace_areLeftOut(String style) {
        assertThat(MailStyle.safe(style))
                .doesNotContain("url", "http", "position", "expression", "behavior", "attr(", "binding", "transform", "\\", "/*", "gradient", "var(");
    }

    @Test
    void styles_ofWordsAndTables_stay() {
        assertThat(MailStyle.safe("COLOR: #1d4f7c; background: rgb(1, 2, 3); padding:4px 8px ;font-family:Georgia, \"Times New Roman\";x"))
                .isEqualTo("color: #1d4f7c; background-color: rgb(1, 2, 3); padding: 4px 8px; font-family: Georgia, \"Times New Roman\"");
        assertThat(MailStyle.safe("color:red;".repeat(500))).isEmpty();
        assertThat(view("<p style='color:red;position:fixed'>x</p>").html()).isEqualTo("<p style=\"color: red\">x</p>");
    }

    @Test
    void aDocument_holdsThePicturesOfTheMessage_andNoOthers() throws java.io.IOException {
        MailView view = view("<p>a</p><img src=cid:logo@x><img src=http://evil/x.png>");
        String document = MailDocument.of(view, wanted -> {
            assertThat(wanted).containsOnlyKeys(1);
            wanted.values().iterator().next().write(new byte[] {1, 2, 3});
            return true;
        });
        assertThat(document).contains("<img src=\"data:image/png;base64,AQID\">").doesNotContain("evil");
    }

    @Test
    void links_openOutside_andSayNothingOfWhereTheyComeFrom() {
        assertThat(view("<a href=https://x.org/a?b>x</a>").html())
                .contains("href=\"https://x.org/a?b\"", "rel=\"noopener noreferrer nofollow\"", "target=\"_blank\"");
        assertThat(view("<b>bold</b> <table><tr><td align=right>cell</td></tr></table>").html()).contains("<b>bold</b>", "align=\"right\"");
    }

    @Test
    void html_thatIsTooDeepOrTooMuch_isShownAsText() {
        assertThat(view("<div>".repeat(20_000) + "deep").text()).contains("deep");
        MailView many = view("<b>x</b>".repeat(60_000));
        assertThat(many.html()).isEmpty();
        assertThat(many.whole()).isFalse();
    }
}
