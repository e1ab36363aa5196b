package coffer.cli;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Random;
import javax.imageio.ImageIO;

/// A small folder of pictures, documents and e-mails for whoever tries the demonstration without files of their own:
/// the same every time, with names and shapes that have tripped other programs.
final class Sample {

    private static final Instant BEGIN = Instant.parse("2019-06-01T08:00:00.123456Z");

    private Sample() {}

    /// Writes the sample into `folder`, which is made, and returns it.
    static Path write(Path folder) throws IOException {
        System.setProperty("java.awt.headless", "true");
        pictures(Files.createDirectories(folder.resolve("Pictures").resolve("Summer 2019")));
        documents(Files.createDirectories(folder.resolve("Documents")));
        mail(Files.createDirectories(folder.resolve("Mail").resolve("2019")));
        Files.createDirectories(folder.resolve("An empty folder"));
        return folder;
    }

    private static void pictures(Path folder) throws IOException {
        for (int number = 1; number <= 6; number++) {
            Path file = folder.resolve("evening at the lake " + number + (number % 3 == 0 ? ".png" : ".jpg"));
            ImageIO.write(landscape(number), number % 3 == 0 ? "png" : "jpg", file.toFile());
            date(file, number);
        }
    }

    /// A hill, a sun and water, different for each number.
    private static BufferedImage landscape(int number) {
        int width = 1600;
        int height = 1200;
        Random random = new Random(number);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D paint = image.createGraphics();
        paint.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        Color sky = Color.getHSBColor(0.55f + number * 0.03f, 0.5f, 0.95f);
        paint.setPaint(new GradientPaint(0, 0, sky, 0, height, Color.getHSBColor(0.08f, 0.4f, 1f)));
        paint.fillRect(0, 0, width, height);
        paint.setColor(new Color(255, 240, 200));
        paint.fillOval(200 + 180 * number, 200 + 40 * number, 160, 160);
        paint.setColor(new Color(40, 80 + 10 * number, 60));
        for (int x = 0; x < width; x++) {
            int hill = (int) (620 + 90 * Math.sin(x / (150.0 + 20 * number)) + 40 * Math.sin(x / 37.0));
            paint.drawLine(x, hill, x, 800);
        }
        paint.setColor(new Color(60, 110, 150));
        paint.fillRect(0, 800, width, height - 800);
        for (int wave = 0; wave < 3_000; wave++) {
            paint.setColor(new Color(255, 255, 255, 20 + random.nextInt(60)));
            int x = random.nextInt(width);
            paint.drawLine(x, 800 + random.nextInt(400), x + random.nextInt(40), 800 + random.nextInt(400));
        }
        paint.dispose();
        return image;
    }

    private static void documents(Path folder) throws IOException {
        text(folder.resolve("Lease of the flat.txt"), 10, "This lease begins on the first of June 2019.\n".repeat(200));
        text(folder.resolve("Überweisung – Miete.txt"), 11, "Monatlich, zum Ersten.\n");
        text(folder.resolve("写真について.md"), 12, "# 写真\n\n湖の夕方。\n");
        text(folder.resolve("a name\nwith a line break"), 13, "Some programs break here.\n");
        text(folder.resolve("empty.txt"), 14, "");
        text(folder.resolve("accounts.csv"), 15, rows());
        Path script = folder.resolve("backup.sh");
        text(script, 16, "#!/bin/sh\necho kept\n");
        if (script.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.createSymbolicLink(folder.resolve("lease"), Path.of("Lease of the flat.txt"));
        text(folder.resolve("copy of accounts.csv"), 17, rows());
    }

    private static String rows() {
        StringBuilder rows = new StringBuilder("date,amount,purpose\n");
        Random random = new Random(5);
        for (int i = 0; i < 40_000; i++) {
            rows.append("2019-").append(1 + i % 12).append('-').append(1 + i % 28);
            rows.append(',').append(random.nextInt(100_000) / 100.0).append(",purpose ").append(i).append('\n');
        }
        return rows.toString();
    }

    private static void mail(Path folder) throws IOException {
        for (int number = 1; number <= 20; number++) {
            String message = "From: alice@example.org\r\nTo: bob@example.org\r\nDate: Sat, " + number
                    + " Jun 2019 10:00:00 +0200\r\nSubject: The plan for day " + number
                    + "\r\nMessage-ID: <sample-" + number + "@example.org>\r\nMIME-Version: 1.0\r\n"
                    + "Content-Type: text/plain; charset=utf-8\r\n\r\nDear Bob,\r\n\r\nwe meet at the lake at " + number
                    + ".\r\nPlease tell nobody.\r\n\r\nAlice\r\n";
            text(folder.resolve("message " + number + ".eml"), 20 + number, message);
        }
    }

    private static void text(Path file, int day, String content) throws IOException {
        Files.write(file, content.getBytes(StandardCharsets.UTF_8));
        date(file, day);
    }

    private static void date(Path file, int day) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(BEGIN.plusSeconds(86_400L * day)));
    }
}
