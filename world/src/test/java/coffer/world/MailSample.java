package coffer.world;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/// A person's mail, by hand.
final class MailSample {

    private MailSample() {}

    /// Writes mbox files to be imported: `Inbox`, and one with a great many messages.
    static List<Path> write(Path folder) throws IOException {
        Files.createDirectories(folder);
        StringBuilder inbox = new StringBuilder();
        add(inbox, text("Lake House Letting <house@example.org>", "The lake house", "Mon, 16 Nov 2026 09:12:00 +0100", "<lake1@x>", "",
                "Hello,\n\nthe house is ours from Thursday. Could you bring the large pan?\n\nThe caretaker\n"));
        add(inbox, text("Village Ferry <ferry@example.org>", "Re: The lake house", "Mon, 16 Nov 2026 18:40:00 +0100", "<lake2@x>", "<lake1@x>",
                "Yes, and the map: https://example.org/map?x=1&y=2.\n\n> the house is ours from Thursday.\n> Could you bring the large pan?\n\nThe crew\n"));
        add(inbox, text("Lake House Letting <house@example.org>", "Re: The lake house", "Tue, 17 Nov 2026 08:03:00 +0100", "<lake3@x>", "<lake2@x>",
                "Wonderful. Take the early train, the late one is always full.\n\nSee you there\nThe caretaker\n"));
        add(inbox, letter());
        add(inbox, text("=?utf-8?B?2YXZg9iq2KjYqSDYp9mE2YXYr9mK2YbYqQ==?= <library@example.org>", "=?utf-8?B?2LXZiNixINin2YTYudin2KbZhNip?=",
                "Sat, 14 Nov 2026 20:00:00 +0300", "<arabic@x>", "", "\u0645\u0631\u062d\u0628\u0627\u060c \u0647\u0630\u0647 \u0635\u0648\u0631 \u0627\u0644\u0639\u0627\u0626\u0644\u0629.\n"));
        add(inbox, ODD);
        add(inbox, CUT);
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 700; i++) {
            add(many, text("Weekly <news" + i % 9 + "@example.org>", "Issue " + i, "Thu, 1 Oct 2015 10:%02d:%02d +0000".formatted(i / 60, i % 60),
                    "<issue" + i + "@x>", "", "Words of issue " + i + ".\n"));
        }
        return List.of(
                Files.writeString(folder.resolve("Inbox"), inbox, StandardCharsets.UTF_8),
                Files.writeString(folder.resolve("Newsletters"), many, StandardCharsets.UTF_8));
    }

    private static final String ODD =
            """
            From: tax office
            Subject: Your statement of account
            Date: not a date at all
            MIME-Version: 1.0
            Content-Type: text/plain; charset=no-such-charset
            Content-Transfer-Encoding: 8bit

            It is enclosed, they say.
            """;

    private static final String CUT =
            """
            From: Reading Circle <circle@example.org>
            Date: Fri, 13 Nov 2026 07:00:00 +0000
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            Cut in the middle of
            --b
            Content-Type: image/png
            Content-Transfer-Encoding: base64

            iVBORw0KG""";

    private static void add(StringBuilder mbox, String message) {
        mbox.append("From - Mon Nov 16 10:00:00 2026\n").append(message).append(message.endsWith("\n") ? "\n" : "\n\n");
    }

    static String text(String from, String subject, String date, String id, String reference, String body) {
        return "From: " + from + "\nTo: me@example.org\nSubject: " + subject + "\nDate: " + date + "\nMessage-ID: " + id + "\n"
                + (reference.isEmpty() ? "" : "In-Reply-To: " + reference + "\n")
                + "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + body;
    }

    /// A letter with pictures: one of its own in the text, one from elsewhere, and files.
    static String letter() throws IOException {
        return "From: \"North Railways\" <tickets@rail.example>\nTo: me@example.org\nSubject: Your tickets to the old town\n"
                + "Date: Wed, 18 Nov 2026 11:30:00 +0000\nMessage-ID: <rail@x>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n"
                + "--m\nContent-Type: multipart/related; boundary=r\n\n--r\nContent-Type: multipart/alternative; boundary=a\n\n"
                + part("a", "text/plain; charset=utf-8", "", "Your tickets: coach 4, seats 21 and 22.\n") + part("a", "text/html; charset=utf-8", "", HTML)
                + "--a--\n" + binary("r", "image/jpeg", "Content-ID: <view@rail>\n", PictureSample.jpeg(PictureSample.landscape(560, 220, 21)))
                + "--r--\n" + binary("m", "application/pdf", "Content-Disposition: attachment; filename=\"Tickets.pdf\"\n", PageSample.pdf("Coach 4"))
                + binary("m", "image/jpeg", "Content-Disposition: attachment; filename=\"the station.jpg\"\n",
                        PictureSample.jpeg(PictureSample.landscape(640, 480, 33)))
                + binary("m", "text/plain", "Content-Disposition: attachment; filename=\"conditions.txt\"\n", PageSample.text("Read me first."))
                + "--m--\n";
    }

    private static final String HTML =
            """
            <html><head><style>body { background: url(http://evil.example/style.png) }</style></head>
            <body style="background-color: #f4f6f8"><table width="560" align="center" style="background-color:#ffffff;border-radius:10px">
            <tr><td style="padding: 0"><img src="cid:view@rail" width="560" height="220" alt="A view of mountains"></td></tr>
            <tr><td style="padding: 24px 28px"><h2 style="color:#1d4f7c;margin:0 0 8px">Have a good journey</h2>
            <p>Monday, 23 November, <b>08:14</b> from the central station, platform 3.</p>
            <table style="border-collapse: collapse" width="100%"><tr><td style="border-top:1px solid #dddddd;padding:8px 0">Coach 4, seat 21</td>
            <td align="right" style="border-top:1px solid #dddddd;padding:8px 0">42.00</td></tr><tr>
            <td style="border-top:1px solid #dddddd;padding:8px 0">Coach 4, seat 22</td>
            <td align="right" style="border-top:1px solid #dddddd;padding:8px 0">42.00</td></tr></table>
            <p style="margin-top:20px"><a href="https://rail.example/change" style="background-color:#1d4f7c;color:#ffffff;padding:10px 18px;
            border-radius:6px;text-decoration:none;display:inline-block">Change seats</a></p>
            <p style="color:#777777;font-size:12px">Sent to me@example.org.</p></td></tr></table>
            <img src="http://evil.example/opened.gif?who=me" width="1" height="1"></body></html>
            """;

    private static String part(String boundary, String type, String fields, String body) {
        return "--" + boundary + "\nContent-Type: " + type + "\n" + fields + "Content-Transfer-Encoding: 8bit\n\n" + body + "\n";
    }

    private static String binary(String boundary, String type, String fields, byte[] bytes) {
        return "--" + boundary + "\nContent-Type: " + type + "\n" + fields + "Content-Transfer-Encoding: base64\n\n"
                + Base64.getMimeEncoder().encodeToString(bytes) + "\n";
    }

    /// Mail that would act, fetch, or look like something else if it were let.
    ///
    /// @param tracker where it would tell that it was read
    static String hostile(String tracker) {
        String html =
                """
                <html><head><meta http-equiv="refresh" content="0;url=%1$s/refresh"><base href="%1$s/"><link rel="stylesheet" href="%1$s/link.css">
                <style>@import url(%1$s/import.css); p { background: url(%1$s/css.png) }</style><script>top.ran=1;fetch('%1$s/script')</script></head>
                <body onload="top.ran=1" background="%1$s/body.png"><p style="background:url(%1$s/inline.png);position:fixed;color:red">hostile words</p>
                <img src="%1$s/pixel.gif"><img srcset="%1$s/set.png 2x"><img src=x onerror="top.ran=1"><svg onload="top.ran=1"><image href="%1$s/svg.png"/>
                <script>top.ran=1</script></svg><iframe src="%1$s/frame"></iframe><iframe srcdoc="<script>top.ran=1</script>"></iframe>
                <object data="%1$s/object"></object><embed src="%1$s/embed"><video src="%1$s/video" poster="%1$s/poster"></video><audio src="%1$s/audio"></audio>
                <form action="%1$s/form"><input name="password" autofocus><button>Go</button></form>
                <a href="javascript:top.ran=1">script link</a> <a href="data:text/html,<script>top.ran=1</script>">data link</a>
                <a href="%1$s/followed">plain link</a><math><mtext><style><img src onerror=top.ran=1></style></mtext></math>
                <p style="font-family:'</style><script>top.ran=1</script>'">font</p><img src="cid:page"></body></html>
                """
                        .formatted(tracker);
        return "From: \"<img src=x onerror=alert(1)> \u202Emoc.knab@ecivres\" <bad@evil.example>\nTo: me@example.org\n"
                + "Subject: <script>alert(1)</script> \u202Egpj.exe {{7*7}}\nX-<b>Odd</b>: yes\nX-Mailer: <img src=x onerror=alert(1)>\n"
                + "Date: Thu, 19 Nov 2026 11:30:00 +0000\nMessage-ID: <hostile@x>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n"
                + part("m", "text/html; charset=utf-8", "", html)
                + part("m", "text/html", "Content-ID: <page>\nContent-Disposition: attachment; filename=\"page.html\"\n", "<script>top.ran=1</script>")
                + part("m", "image/svg+xml", "Content-Disposition: attachment; filename=\"../../../etc/<img src=x onerror=alert(1)>.svg\"\n",
                        "<svg xmlns='http://www.w3.org/2000/svg' onload='top.ran=1'><script>top.ran=1</script><image href='" + tracker + "/inner.png'/></svg>")
                + part("m", "text/html", "Content-Disposition: attachment; filename=\"letter.txt\"\n", "<script>top.ran=1</script>")
                + part("m", "text/html", "Content-Disposition: attachment; filename=\"photo.png\"\n", "<html><script>top.ran=1</script>")
                + part("m", "text/html", "Content-Disposition: attachment\n", "<script>top.ran=1</script>") + "--m--\n";
    }
}
