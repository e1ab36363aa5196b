package coffer.media.decode;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

    /// The mean of what lies under each new pixel, the edges by their part. Columns first, then rows: each in whole numbers.
    Pixels reduced(int newWidth, int newHeight) {
        int[] weights = weights(width, newWidth);
        int[] from = starts(width, newWidth);
        int span = weights.length / newWidth;
        int[] rowWeights = weights(height, newHeight);
        int[] rowFrom = starts(height, newHeight);
        int rowSpan = rowWeights.length / newHeight;
        byte[] out = new byte[3 * newWidth * newHeight];
        int[] sums = new int[3 * newWidth];
        int[] line = new int[3 * newWidth];
        int lineOf = -1;
        for (int y = 0; y < newHeight; y++) {
            java.util.Arrays.fill(sums, 0);
            for (int k = 0; k < rowSpan; k++) {
                int weight = rowWeights[y * rowSpan + k];
                int source = rowFrom[y] + k;
                if (weight == 0 || source >= height) {
                    continue;
                }
                if (lineOf != source) {
                    across(source, newWidth, weights, from, span, line);
                    lineOf = source;
                }
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += line[i] * weight;
                }
            }
            for (int i = 0; i < sums.length; i++) {
                out[3 * newWidth * y + i] = (byte) Math.min(255, (sums[i] + (1 << 21)) >> 22);
            }
        }
        return new Pixels(newWidth, newHeight, out);
    }

    /// One row with the new width, each value 2¹⁰ times as large.
    private void across(int y, int newWidth, int[] weights, int[] from, int span, int[] line) {
        int base = 3 * width * y;
        for (int x = 0; x < newWidth; x++) {
            int blue = 0;
            int green = 0;
            int red = 0;
            int at = base + 3 * from[x];
            int end = Math.min(span, width - from[x]);
            for (int k = 0; k < end; k++, at += 3) {
                int weight = weights[x * span + k];
                blue += (bgr[at] & 0xff) * weight;
                green += (bgr[at + 1] & 0xff) * weight;
                red += (bgr[at + 2] & 0xff) * weight;
            }
            line[3 * x] = blue >> 2;
            line[3 * x + 1] = green >> 2;
            line[3 * x + 2] = red >> 2;
        }
    }

    private static int[] starts(int size, int newSize) {
        int[] starts = new int[newSize];
        for (int i = 0; i < newSize; i++) {
            starts[i] = (int) ((long) i * size / newSize);
        }
        return starts;
    }

    /// How much of each old pixel goes into each new one; the weights of one new pixel are 4096 together.
    private static int[] weights(int size, int newSize) {
        int span = size / newSize + 2;
        int[] weights = new int[newSize * span];
        double scale = (double) size / newSize;
        for (int i = 0; i < newSize; i++) {
            double begin = i * scale;
            double end = begin + scale;
            int start = (int) ((long) i * size / newSize);
            int left = 4096;
            int heaviest = 0;
            for (int k = 0; k < span; k++) {
                double covered = Math.min(end, start + k + 1.0) - Math.max(begin, start + k);
                int weight = start + k < size && covered > 0 ? (int) Math.round(4096 * covered / scale) : 0;
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
        byte[] out = new byte[bgr.length];
        for (int y = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                int sx = switch (orientation) {
                    case 2, 3 -> width - 1 - x;
                    case 4 -> x;
                    case 5, 8 -> orientation == 5 ? y : width - 1 - y;
                    default -> orientation == 6 ? y : width - 1 - y;
                };
                int sy = switch (orientation) {
                    case 2 -> y;
                    case 3, 4 -> height - 1 - y;
                    case 5, 8 -> x;
                    default -> height - 1 - x;
                };
                int from = 3 * (sy * width + sx);
                int to = 3 * (y * newWidth + x);
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

    byte[] jpeg() throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        System.arraycopy(bgr, 0, ((DataBufferByte) image.getRaster().getDataBuffer()).getData(), 0, bgr.length);
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
