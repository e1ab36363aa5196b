package coffer.media.decode;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Red, green and blue of a picture, three bytes each, rows from the top.
///
/// Transparent parts become white. Reducing takes the mean of the area that a pixel stands for.
record Pixels(int width, int height, byte[] bgr) {

    private static final float QUALITY = 0.80f;

    static Pixels of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        boolean isPlain = image.getType() == BufferedImage.TYPE_3BYTE_BGR
                && image.getRaster().getDataBuffer() instanceof DataBufferByte data
                && data.getData().length == 3 * width * height;
        if (isPlain) {
            return new Pixels(width, height, ((DataBufferByte) image.getRaster().getDataBuffer()).getData());
        }
        byte[] bgr = new byte[3 * width * height];
        int[] row = new int[width];
        int at = 0;
        if (image.getType() == BufferedImage.TYPE_BYTE_GRAY) {
            // Java takes these for linear and would make them brighter; in files they are not.
            for (int y = 0; y < height; y++) {
                for (int grey : image.getRaster().getSamples(0, y, width, 1, 0, row)) {
                    Arrays.fill(bgr, at, at + 3, (byte) grey);
                    at += 3;
                }
            }
            return new Pixels(width, height, bgr);
        }
        for (int y = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int argb : row) {
                int alpha = argb >>> 24;
                bgr[at++] = (byte) overWhite(argb & 0xff, alpha);
                bgr[at++] = (byte) overWhite(argb >> 8 & 0xff, alpha);
                bgr[at++] = (byte) overWhite(argb >> 16 & 0xff, alpha);
            }
        }
        return new Pixels(width, height, bgr);
    }

    /// To be filled.
    static Pixels blank(int width, int height) {
        return new Pixels(width, height, new byte[3 * width * height]);
    }

    private static int overWhite(int value, int alpha) {
        return alpha == 255 ? value : (value * alpha + 255 * (255 - alpha)) / 255;
    }

    /// So that neither side is longer than `side`; never larger than it is.
    Pixels within(int side) {
        int longest = Math.max(width, height);
        if (longest <= side) {
            return this;
        }
        return reduced(
                (int) Math.max(1, Math.round((double) width * side / longest)),
                (int) Math.max(1, Math.round((double) height * side / longest)));
    }

    /// The mean of what lies under each new pixel, the edges by their part. Columns first, then rows, in whole numbers; blue, green and
    /// red in one long of three fields of 21 bits, so that one multiplication weighs all three.
    Pixels reduced(int newWidth, int newHeight) {
        int[] weights = weights(width, newWidth, 1 << 12);
        int[] from = starts(width, newWidth);
        int[] rowWeights = weights(height, newHeight, 1 << 10);
        int[] rowFrom = starts(height, newHeight);
        int rowSpan = rowWeights.length / newHeight;
        byte[] out = new byte[3 * newWidth * newHeight];
        long[] packed = new long[width + weights.length / newWidth];
        long[] sums = new long[newWidth];
        long[] line = new long[newWidth];
        int lineOf = -1;
        for (int y = 0; y < newHeight; y++) {
            Arrays.fill(sums, HALF);
            for (int k = 0; k < rowSpan; k++) {
                int weight = rowWeights[y * rowSpan + k];
                int source = rowFrom[y] + k;
                if (weight > 0 && lineOf != source) {
                    pack(source, packed);
                    across(packed, weights, from, line);
                    lineOf = source;
                }
                if (weight > 0) {
                    add(line, weight, sums);
                }
            }
            for (int x = 0, to = 3 * newWidth * y; x < newWidth; x++, to += 3) {
                out[to] = (byte) (sums[x] >>> 13);
                out[to + 1] = (byte) (sums[x] >>> 34);
                out[to + 2] = (byte) (sums[x] >>> 55);
            }
        }
        return new Pixels(newWidth, newHeight, out);
    }

    private static final long EACH = 1L | 1L << 21 | 1L << 42;

    /// Half of the last bit that is kept, in each field. With it no field overflows: 2040 × 1024 + 4096 is less than 2²¹.
    private static final long HALF = EACH << 12;

    private void pack(int y, long[] packed) {
        for (int x = 0, at = 3 * width * y; x < width; x++, at += 3) {
            packed[x] = (bgr[at] & 0xffL) | (bgr[at + 1] & 0xffL) << 21 | (bgr[at + 2] & 0xffL) << 42;
        }
    }

    /// One row with the new width, each value 2³ times as large.
    private static void across(long[] packed, int[] weights, int[] from, long[] line) {
        int span = weights.length / line.length;
        for (int x = 0, w = 0; x < line.length; x++) {
            long sum = 0;
            for (int k = from[x], end = k + span; k < end; k++, w++) {
                sum += packed[k] * weights[w];
            }
            line[x] = (sum >>> 9) & (0x7ff * EACH);
        }
    }

    private static void add(long[] line, int weight, long[] sums) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] += line[x] * weight;
        }
    }

    private static int[] starts(int size, int newSize) {
        int[] starts = new int[newSize];
        for (int i = 0; i < newSize; i++) {
            starts[i] = (int) ((long) i * size / newSize);
        }
        return starts;
    }

    /// How much of each old pixel goes into each new one; the weights of one new pixel are `whole` together.
    private static int[] weights(int size, int newSize, int whole) {
        int span = size / newSize + 2;
        int[] weights = new int[newSize * span];
        double scale = (double) size / newSize;
        for (int i = 0; i < newSize; i++) {
            double begin = i * scale;
            double end = begin + scale;
            int start = (int) ((long) i * size / newSize);
            int left = whole;
            int heaviest = 0;
            for (int k = 0; k < span; k++) {
                double covered = Math.min(end, start + k + 1.0) - Math.max(begin, start + k);
                int weight = start + k < size && covered > 0 ? (int) Math.round(whole * covered / scale) : 0;
                weight = Math.min(weight, left);
                weights[i * span + k] = weight;
                left -= weight;
                heaviest = weight > weights[i * span + heaviest] ? k : heaviest;
            }
            weights[i * span + heaviest] += left;
        }
        return weights;
    }

    /// Turned and mirrored as an EXIF orientation of 1 to 8 says.
    Pixels upright(int orientation) {
        if (orientation < 2 || orientation > 8) {
            return this;
        }
        boolean swaps = orientation >= 5;
        int newWidth = swaps ? height : width;
        int newHeight = swaps ? width : height;
        boolean fromRight = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean fromBelow = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        // Where the first pixel comes from, and how far away the next to the right and the next below are.
        int start = 3 * ((fromBelow ? height - 1 : 0) * width + (fromRight ? width - 1 : 0));
        int acrossOld = fromRight ? -3 : 3;
        int downOld = fromBelow ? -3 * width : 3 * width;
        int right = swaps ? downOld : acrossOld;
        int below = swaps ? acrossOld : downOld;
        byte[] out = new byte[bgr.length];
        for (int y = 0, to = 0; y < newHeight; y++) {
            for (int x = 0, from = start + y * below; x < newWidth; x++, to += 3, from += right) {
                out[to] = bgr[from];
                out[to + 1] = bgr[from + 1];
                out[to + 2] = bgr[from + 2];
            }
        }
        return new Pixels(newWidth, newHeight, out);
    }

    /// dHash: the picture in 9 by 8 greys; each bit says whether a grey is brighter than the one to its right. Pictures that differ
    /// in size, compression or a little in colour have nearly equal bits.
    long differenceHash() {
        Pixels tiny = reduced(9, 8);
        long hash = 0;
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 8; x++) {
                hash = hash << 1 | (tiny.grey(x, y) > tiny.grey(x + 1, y) ? 1 : 0);
            }
        }
        return hash;
    }

    private int grey(int x, int y) {
        int at = 3 * (y * width + x);
        return 114 * (bgr[at] & 0xff) + 587 * (bgr[at + 1] & 0xff) + 299 * (bgr[at + 2] & 0xff);
    }

    BufferedImage image() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        System.arraycopy(bgr, 0, ((DataBufferByte) image.getRaster().getDataBuffer()).getData(), 0, bgr.length);
        return image;
    }

    byte[] jpeg() throws IOException {
        BufferedImage image = image();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 << 10);
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            how.setCompressionQuality(QUALITY);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), how);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }
}
