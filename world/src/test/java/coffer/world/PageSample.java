package coffer.world;

import coffer.core.CofferException;
import coffer.device.Progress;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/// Files of a person, for pages to show.
final class PageSample {

    private PageSample() {}

    static void fill(PageWorld world) throws IOException, CofferException {
        Path top = Files.createDirectories(world.folder.resolve("sample"));
        Path summer = Files.createDirectories(top.resolve("Pictures/Summer 2026"));
        for (int i = 1; i <= 5; i++) {
            write(summer.resolve("evening at the lake " + i + ".png"), picture(800, 600, i), 20 * i);
        }
        write(Files.createDirectories(top.resolve("Documents")).resolve("Rental agreement.pdf"), pdf("Rental agreement"), 300);
        write(Files.createDirectories(top.resolve("Music")).resolve("Tuning fork.wav"), tone(20), 900);
        Files.createDirectories(top.resolve("صور العائلة"));
        write(top.resolve("Letter to the landlord.txt"), text("Hello,\n\nthe tap drips.\n"), 49);
        write(top.resolve("Notes.md"), text("# Notes\n\nSoon.\n"), 30);
        write(top.resolve("budget 2026.xlsx"), new byte[48_213], 12);
        write(top.resolve("house keys.zip"), new byte[1_200_000], 4000);
        List<Path> all;
        try (Stream<Path> paths = Files.list(top)) {
            all = paths.toList();
        }
        world.device.put(all, "/", Progress.SILENT);
        write(top.resolve("Notes.md"), text(NOTES), 2);
        world.device.put(List.of(top.resolve("Notes.md")), "/", Progress.SILENT);
    }

    private static final String NOTES =
            """
            # Notes

            What is to be done *before the journey*, and by whom. The list is **shared**.

            ## Shopping

            - [x] Passport pictures
            - [ ] Rain coats for the children
            - [ ] A map of the [national park](https://example.org/park)

            > Take the early train; the late one is always full.

            | Day | Where | Nights |
            |---|---|---|
            | Monday | Lake house | 3 |
            | Thursday | Old town | 2 |

            ```
            Locker 214, code in the usual place
            ```
            """;

    private static void write(Path file, byte[] content, int hoursAgo) throws IOException {
        Files.write(file, content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(hoursAgo, ChronoUnit.HOURS)));
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] picture(int width, int height, int number) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D paint = image.createGraphics();
        Color sky = Color.getHSBColor(0.55f + number * 0.04f, 0.45f, 0.95f);
        paint.setPaint(new GradientPaint(0, 0, sky, 0, height, Color.getHSBColor(0.09f, 0.35f, 1f)));
        paint.fillRect(0, 0, width, height);
        paint.setColor(new Color(48, 88 + 8 * number, 74));
        for (int x = 0; x < width; x++) {
            int hill = (int) (height * (0.62 + 0.09 * Math.sin(x / (90.0 + 20 * number)) + 0.03 * Math.sin(x / 23.0)));
            paint.drawLine(x, hill, x, height);
        }
        paint.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    /// A wave of 440 Hz, 8-bit, 22 kHz: large enough that seeking reads from its middle.
    static byte[] tone(int seconds) {
        int rate = 22_050;
        int count = rate * seconds;
        ByteBuffer wav = ByteBuffer.allocate(44 + count).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(text("RIFF")).putInt(36 + count).put(text("WAVEfmt ")).putInt(16).putShort((short) 1).putShort((short) 1);
        wav.putInt(rate).putInt(rate).putShort((short) 1).putShort((short) 8).put(text("data")).putInt(count);
        for (int i = 0; i < count; i++) {
            wav.put((byte) (128 + 60 * Math.sin(2 * Math.PI * 440 * i / rate)));
        }
        return wav.array();
    }

    /// One page with one line.
    static byte[] pdf(String line) {
        StringBuilder pdf = new StringBuilder("%PDF-1.4\n");
        String stream = "BT /F1 24 Tf 72 700 Td (" + line + ") Tj ET";
        List<String> objects = List.of(
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
                "<</Length " + stream.length() + ">>stream\n" + stream + "\nendstream",
                "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
        StringBuilder table = new StringBuilder("xref\n0 6\n0000000000 65535 f \n");
        for (int i = 0; i < objects.size(); i++) {
            table.append(String.format("%010d 00000 n \n", pdf.length()));
            pdf.append(i + 1).append(" 0 obj").append(objects.get(i)).append("endobj\n");
        }
        int at = pdf.length();
        return text(pdf + table.toString() + "trailer<</Size 6/Root 1 0 R>>\nstartxref\n" + at + "\n%%EOF");
    }
}
