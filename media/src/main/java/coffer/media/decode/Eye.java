package coffer.media.decode;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Looks at the bytes of one picture.
final class Eye {

    static final int SMALL_SIDE = 320;
    static final int LARGE_SIDE = 1_600;

    /// Pixels of a picture that is looked at: more than any camera makes.
    private static final long PIXELS_MAX = 400_000_000;

    /// Pixels that are held at once, three bytes each or four.
    private static final long HELD_MAX = 24_000_000;

    private Eye() {}

    /// Never fails because of what the bytes are.
    static Looked look(byte[] file) {
        Facts facts = Facts.of(file);
        Looked looked = tryOne(file, facts);
        if (!looked.isDecoded()) {
            byte[] embedded = Facts.embeddedJpeg(file);
            looked = embedded.length > 0 ? tryOne(embedded, facts) : looked;
        }
        return looked;
    }

    private static Looked tryOne(byte[] file, Facts facts) {
        try {
            return look(file, facts);
        } catch (IOException | RuntimeException e) {
            return new Looked(
                    0, 0, facts.taken(), facts.zoned(), facts.place(), facts.camera(), facts.pair(), 0, new byte[0], new byte[0]);
        }
    }

    private static Looked look(byte[] file, Facts facts) throws IOException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException("no decoder");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return look(reader, facts);
            } finally {
                reader.dispose();
            }
        }
    }

    private static Looked look(ImageReader reader, Facts facts) throws IOException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if (width < 1 || height < 1 || (long) width * height > PIXELS_MAX) {
            throw new IOException("too many pixels");
        }
        Pixels read = Pixels.of(read(reader, width, height)).within(LARGE_SIDE).upright(facts.orientation());
        Pixels small = read.within(SMALL_SIDE);
        boolean swaps = facts.orientation() >= 5;
        return new Looked(
                swaps ? height : width, swaps ? width : height, facts.taken(), facts.zoned(), facts.place(), facts.camera(),
                facts.pair(), small.differenceHash(), small.jpeg(), read.jpeg());
    }

    /// Every n-th pixel of every n-th row where more are not needed: a third of the time of reading all.
    private static BufferedImage read(ImageReader reader, int width, int height) throws IOException {
        int step = Math.max(1, Math.max(width, height) / LARGE_SIDE);
        while ((long) (width / step) * (height / step) > HELD_MAX) {
            step++;
        }
        ImageReadParam how = reader.getDefaultReadParam();
        how.setSourceSubsampling(step, step, 0, 0);
        return reader.read(0, how);
    }
}
