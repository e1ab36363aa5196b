package coffer.media;

import coffer.core.CborException;
import coffer.core.Fuzz;
import coffer.core.Hash;
import coffer.media.decode.Looked;
import coffer.media.mail.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What another device, or an export of another service, may hold instead of what it should.
class DecoderFuzzTest {

    @TempDir
    private Path folder = Path.of("target/fuzz");

    @Test
    void pictureHead() {
        Looked looked = new Looked(
                640, 480, OptionalLong.of(1_700_000_000_000L), true, new int[] {485_000_000, -112_500_000}, "ACE One", "pair-1",
                -5, new byte[0], new byte[0]);
        Optional<PictureHead.Preview> preview = Optional.of(new PictureHead.Preview("ab".repeat(16), 77, 5_000));
        Hash content = Hash.of(new byte[] {1});
        byte[] full = PictureHead.of(content, looked, preview, preview).encode();
        byte[] blank = PictureHead.of(content, Looked.blank(), Optional.empty(), Optional.empty()).encode();
        Fuzz.of("picture head", bytes -> PictureHead.decode(bytes).encode(), CborException.class)
                .from(full, blank)
                .run();
    }

    /// Read in one piece and in small ones it is the same.
    @Test
    void frames() throws IOException {
        ByteArrayOutputStream good = new ByteArrayOutputStream();
        Frames.write(good, new byte[0]);
        Frames.write(good, "an item".getBytes(StandardCharsets.US_ASCII));
        Frames.write(good, new byte[300]);
        Fuzz.of(
                        "frames",
                        bytes -> {
                            ByteArrayOutputStream whole = new ByteArrayOutputStream();
                            ByteArrayOutputStream pieces = new ByteArrayOutputStream();
                            IOException failure = null;
                            try (Frames.Reader reader = new Frames.Reader((_, item) -> Frames.write(whole, item))) {
                                reader.write(bytes, 0, bytes.length);
                            } catch (IOException e) {
                                failure = e;
                            }
                            try (Frames.Reader reader = new Frames.Reader((_, item) -> Frames.write(pieces, item))) {
                                for (int at = 0; at < bytes.length; at += 3) {
                                    reader.write(bytes, at, Math.min(3, bytes.length - at));
                                }
                            } catch (IOException e) {
                                failure = e;
                            }
                            if (!whole.toString(StandardCharsets.ISO_8859_1).equals(pieces.toString(StandardCharsets.ISO_8859_1))) {
                                throw new IllegalStateException("read otherwise in pieces");
                            }
                            if (failure != null) {
                                throw failure;
                            }
                            return whole.toByteArray();
                        },
                        IOException.class)
                .from(good.toByteArray())
                .run();
    }

    /// The first line is a file's name, so that names are tried as well; nothing of it may break an import.
    @Test
    void sidecars() throws IOException {
        byte[] google = """
                IMG_1(2).jpg
                {"title":"IMG_1.jpg","photoTakenTime":{"timestamp":"1600000000","formatted":"x"},"geoData":{"latitude":0.0}}
                """.getBytes(StandardCharsets.UTF_8);
        byte[] icloud = """
                IMG_2-edited.HEIC
                imgName,fileChecksum,favorite,hidden,deleted,originalCreationDate,viewCount,importDate
                IMG_2.HEIC,abc,no,no,no,"Friday March 8,2019 9:32 AM GMT",10,"Friday March 8,2019 9:32 AM GMT"
                """.getBytes(StandardCharsets.UTF_8);
        Files.createDirectories(folder);
        Fuzz.of(
                        "sidecars",
                        bytes -> {
                            String[] parts = new String(bytes, StandardCharsets.UTF_8).split("\n", 2);
                            String content = parts.length < 2 ? "" : parts[1];
                            Files.writeString(folder.resolve("IMG_1.jpg(2).json"), content);
                            Files.writeString(folder.resolve("Photo Details.csv"), content);
                            Sidecars.of(folder).time(parts[0]);
                            return null;
                        })
                .from(google, icloud)
                .slow()
                .run();
    }

    /// Whatever a letter's HTML says, what is shown of it fetches nothing and runs nothing.
    @Test
    void documentOfALetter() {
        byte[] plain = """
                <html><head><style>p{color:red}</style><base href="https://elsewhere.example"></head><body background="https://e/x">
                <p style="color:#333;background:url(https://e/y);width:20px" onclick=alert(1)>text <img src="cid:i@1" width=20>
                <img src="https://e/z.png" srcset="a b" data-part="99"><img data-part=x><a href="javascript:alert(1)">a</a><a href='https://e/'>b</a>
                <svg><image xlink:href="https://e"/></svg><table><td height=5>c</table><iframe srcdoc="<script>1</script>"></iframe><!-- c --></body></html>
                """.getBytes(StandardCharsets.UTF_8);
        Message.Part picture = new Message.Part(1, "image/png", "a.png", "i@1", 5, false);
        Fuzz.of(
                        "document of a letter",
                        bytes -> {
                            String html = new String(bytes, StandardCharsets.UTF_8);
                            MailView view = MailView.of(new Message(List.of(), "", html, List.of(picture), true));
                            harmless(MailDocument.of(view, _ -> true));
                            return null;
                        })
                .from(plain)
                .within(64 << 20)
                .slow()
                .run();
    }

    private static void harmless(String document) {
        for (Element element : Jsoup.parse(document).getAllElements()) {
            boolean known = !List.of("script", "iframe", "object", "embed", "link", "base", "svg", "math", "form", "input", "video", "audio", "source")
                    .contains(element.normalName());
            boolean attributes = element.attributes().asList().stream().allMatch(attribute -> switch (attribute.getKey()) {
                case "src" -> attribute.getValue().startsWith("data:image/png;base64,");
                case "href" -> attribute.getValue().matches("(?is)(https?:|mailto:).*");
                case "style" -> !attribute.getValue().toLowerCase(Locale.ROOT).matches("(?s).*(url\\(|expression|import|\\\\).*");
                default -> !attribute.getKey().startsWith("on")
                        && !List.of("srcset", "background", "poster", "data", "srcdoc", "action", "xlink:href").contains(attribute.getKey());
            });
            if (!known || !attributes) {
                throw new IllegalStateException("not harmless: " + element);
            }
        }
    }
}
