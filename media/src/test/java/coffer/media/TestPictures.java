package coffer.media;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;

/// Pictures made by hand.
public final class TestPictures {

    private TestPictures() {}

    /// Colours that differ everywhere and with the seed; the upper left corner is red.
    public static BufferedImage image(int width, int height, int seed) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double a = Math.sin((x * (3 + seed % 5)) * 6.0 / width + seed) + Math.cos(y * (2 + seed % 7) * 5.0 / height + seed * 2.0);
                int grey = (int) (127 + 60 * a);
                image.setRGB(x, y, x < width / 4 && y < height / 4 ? 0xff0000 : grey << 16 | grey << 8 | Math.min(255, grey + seed % 40));
            }
        }
        return image;
    }

    public static byte[] encoded(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!ImageIO.write(image, format, out)) {
            throw new IOException("no writer for " + format);
        }
        return out.toByteArray();
    }

    public static byte[] jpeg(int width, int height, int seed) throws IOException {
        return encoded(image(width, height, seed), "jpeg");
    }

    /// A JPEG with an Exif segment of orientation, time, maker and place.
    public static byte[] withExif(byte[] jpeg, int orientation, String time) {
        ByteBuffer tiff = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN);
        byte[] text = (time + "\0").getBytes(StandardCharsets.US_ASCII);
        tiff.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8);
        tiff.putShort((short) 4);
        entry(tiff, 0x010f, 2, 4, ByteBuffer.wrap(new byte[] {'A', 'C', 'E', 0}).order(ByteOrder.LITTLE_ENDIAN).getInt());
        entry(tiff, 0x0112, 3, 1, orientation);
        entry(tiff, 0x8769, 4, 1, 100);
        entry(tiff, 0x8825, 4, 1, 160);
        tiff.putInt(0);
        tiff.position(100);
        tiff.putShort((short) 1);
        entry(tiff, 0x9003, 2, text.length, 130);
        tiff.putInt(0);
        tiff.position(130);
        tiff.put(text);
        tiff.position(160);
        tiff.putShort((short) 4);
        entry(tiff, 1, 2, 2, 'N');
        entry(tiff, 2, 5, 3, 260);
        entry(tiff, 3, 2, 2, 'E');
        entry(tiff, 4, 5, 3, 300);
        tiff.putInt(0);
        tiff.position(260);
        tiff.putInt(48).putInt(1).putInt(30).putInt(1).putInt(0).putInt(1);
        tiff.position(300);
        tiff.putInt(11).putInt(1).putInt(15).putInt(1).putInt(0).putInt(1);
        byte[] body = tiff.array();
        ByteBuffer out = ByteBuffer.allocate(jpeg.length + body.length + 10);
        out.put(jpeg, 0, 2).put((byte) 0xff).put((byte) 0xe1).putShort((short) (body.length + 8));
        out.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(body).put(jpeg, 2, jpeg.length - 2);
        return out.array();
    }

    private static void entry(ByteBuffer out, int tag, int type, int count, int value) {
        out.putShort((short) tag).putShort((short) type).putInt(count).putInt(value);
    }

    /// A PNG that says it has that many pixels and holds next to nothing.
    public static byte[] pngBomb(int width, int height) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).put((byte) 2).put(new byte[3]).array());
        Deflater deflater = new Deflater(9);
        deflater.setInput(new byte[10 << 20]);
        deflater.finish();
        byte[] packed = new byte[1 << 20];
        int length = deflater.deflate(packed);
        deflater.end();
        chunk(out, "IDAT", java.util.Arrays.copyOf(packed, length));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /// A JPEG with a colour profile in which red and green have changed places.
    public static byte[] withProfile(byte[] jpeg) {
        byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
        ICC_Profile swapped = ICC_Profile.getInstance(profile);
        byte[] red = swapped.getData(ICC_Profile.icSigRedColorantTag);
        swapped.setData(ICC_Profile.icSigRedColorantTag, swapped.getData(ICC_Profile.icSigGreenColorantTag));
        swapped.setData(ICC_Profile.icSigGreenColorantTag, red);
        // Its name would say that it is the usual one.
        byte[] bytes = new String(swapped.getData(), StandardCharsets.ISO_8859_1)
                .replace("sRGB", "tRGB")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] mark = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 20); // start and JFIF
        out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xe2});
        int length = 2 + mark.length + 2 + bytes.length;
        out.writeBytes(new byte[] {(byte) (length >>> 8), (byte) length});
        out.writeBytes(mark);
        out.writeBytes(new byte[] {1, 1});
        out.writeBytes(bytes);
        out.write(jpeg, 20, jpeg.length - 20);
        return out.toByteArray();
    }
}
