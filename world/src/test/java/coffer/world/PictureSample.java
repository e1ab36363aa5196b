package coffer.world;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import javax.imageio.ImageIO;

/// Pictures of a person: landscapes that nobody has ever seen, with what a camera says of itself.
final class PictureSample {

    static final int COUNT = 132;

    private PictureSample() {}

    /// Years of journeys, in folders by year.
    static Path write(Path folder) throws IOException {
        Random random = new Random(7);
        LocalDateTime time = LocalDateTime.of(2026, 11, 21, 17, 40);
        for (int i = 0; i < COUNT; i++) {
            Path year = Files.createDirectories(folder.resolve(Integer.toString(time.getYear())));
            boolean tall = i % 7 == 3;
            byte[] jpeg = jpeg(landscape(tall ? 480 : 640, tall ? 640 : 480, i));
            Files.write(year.resolve("IMG_%04d.jpg".formatted(4000 - i)), withExif(jpeg, time));
            time = i % 11 == 10 ? time.minusDays(60 + random.nextInt(90)) : i % 4 == 3 ? time.minusHours(22) : time.minusMinutes(random.nextInt(90));
        }
        return folder;
    }

    static byte[] jpeg(BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", out);
        return out.toByteArray();
    }

    static BufferedImage landscape(int width, int height, int seed) {
        Random random = new Random(seed * 7919L);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D paint = image.createGraphics();
        paint.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        float hue = new float[] {0.56f, 0.6f, 0.03f, 0.08f, 0.92f, 0.52f, 0.65f}[random.nextInt(7)];
        float light = 0.55f + random.nextFloat() * 0.45f;
        float low = (hue + 0.5f + random.nextFloat() * 0.1f) % 1;
        paint.setPaint(new GradientPaint(0, 0, Color.getHSBColor(hue, 0.6f, light), 0, height * 0.7f, Color.getHSBColor(low, 0.32f, 1f)));
        paint.fillRect(0, 0, width, height);
        double sun = width * (0.05 + 0.12 * random.nextDouble());
        paint.setColor(new Color(255, 244, 214, 210));
        paint.fill(new Ellipse2D.Double(width * random.nextDouble(), height * (0.08 + 0.35 * random.nextDouble()), sun, sun));
        int layers = 3 + random.nextInt(3);
        float green = 0.25f + random.nextFloat() * 0.35f;
        for (int layer = 0; layer < layers; layer++) {
            double base = height * (0.5 + 0.48 * layer / layers);
            double swing = height * (0.16 - 0.025 * layer) * (0.5 + random.nextDouble());
            double phase = random.nextDouble() * 6;
            double jags = 1.5 + random.nextDouble() * 4;
            Path2D hill = new Path2D.Double();
            hill.moveTo(0, height);
            for (int x = 0; x <= width; x += 4) {
                double at = x * jags / width + phase;
                hill.lineTo(x, base - swing * Math.abs(Math.sin(at)) - swing * 0.25 * Math.sin(at * 3.7 + layer));
            }
            hill.lineTo(width, height);
            hill.closePath();
            float near = (float) (layer + 1) / layers;
            paint.setColor(Color.getHSBColor(green, 0.2f + 0.35f * near, 0.78f - 0.5f * near));
            paint.fill(hill);
        }
        paint.dispose();
        return image;
    }

    /// Unlike every landscape.
    static BufferedImage blocks(int width, int height) {
        Random random = new Random(3);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D paint = image.createGraphics();
        for (int i = 0; i < 48; i++) {
            paint.setColor(Color.getHSBColor(random.nextFloat(), 0.6f, 0.2f + 0.8f * random.nextFloat()));
            paint.fillRect(i % 8 * width / 8, i / 8 * height / 6, width / 8, height / 6);
        }
        paint.dispose();
        return image;
    }

    private static final DateTimeFormatter EXIF = DateTimeFormatter.ofPattern("uuuu:MM:dd HH:mm:ss");

    /// With the time, the camera and a place, as Exif has them.
    static byte[] withExif(byte[] jpeg, LocalDateTime time) {
        ByteBuffer tiff = ByteBuffer.allocate(340).order(ByteOrder.LITTLE_ENDIAN);
        tiff.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8).putShort((short) 4);
        field(tiff, 0x010f, 2, 9, 300);
        field(tiff, 0x0110, 2, 8, 310);
        field(tiff, 0x8769, 4, 1, 100);
        field(tiff, 0x8825, 4, 1, 160);
        tiff.putInt(0).position(100).putShort((short) 1);
        field(tiff, 0x9003, 2, 20, 130);
        tiff.putInt(0).position(130).put((EXIF.format(time) + "\0").getBytes(StandardCharsets.US_ASCII));
        tiff.position(160).putShort((short) 4);
        field(tiff, 1, 2, 2, 'N');
        field(tiff, 2, 5, 3, 240);
        field(tiff, 3, 2, 2, 'E');
        field(tiff, 4, 5, 3, 270);
        tiff.putInt(0).position(240).putInt(46).putInt(1).putInt(30).putInt(1).putInt(0).putInt(1);
        tiff.position(270).putInt(11).putInt(1).putInt(15).putInt(1).putInt(0).putInt(1);
        tiff.position(300).put("Example\0\0".getBytes(StandardCharsets.US_ASCII));
        tiff.position(310).put("Pocket\0\0".getBytes(StandardCharsets.US_ASCII));
        byte[] body = tiff.array();
        ByteBuffer out = ByteBuffer.allocate(jpeg.length + body.length + 10);
        out.put(jpeg, 0, 2).putShort((short) 0xffe1).putShort((short) (body.length + 8));
        return out.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(body).put(jpeg, 2, jpeg.length - 2).array();
    }

    private static void field(ByteBuffer out, int tag, int type, int count, int value) {
        out.putShort((short) tag).putShort((short) type).putInt(count).putInt(value);
    }
}
