package coffer.media.decode;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Looks at the bytes of one picture. For one thread.
final class Eye {

    static final int SMALL_SIDE = 320;
    static final int LARGE_SIDE = 1_600;

    /// Pixels of a picture that is looked at: more than any camera makes.
    static final long PIXELS_MAX = 400_000_000;

    /// Pixels that are held at once, three bytes each or four.
    static final long HELD_MAX = 24_000_000;

    private final Jpegs jpegs;

    Eye(Jpegs jpegs) {
        this.jpegs = jpegs;
    }

    /// With the best that this system has.
    static Eye here() {
        return new Eye(TurboJpegs.find().orElse(Jpegs.JAVA));
    }

    /// Never fails because of what the bytes are.
    Looked look(byte[] file) {
        Facts facts = Facts.of(file);
        Looked looked = tryOne(file, facts);
        if (!looked.isDecoded()) {
            byte[] embedded = Facts.embeddedJpeg(file);
            looked = embedded.length > 0 ? tryOne(embedded, facts) : looked;
        }
        return looked;
    }

    private Looked tryOne(byte[] file, Facts facts) {
        try {
            return look(file, facts);
        } catch (IOException | RuntimeException e) {
            return new Looked(
                    0, 0, facts.taken(), facts.zoned(), facts.place(), facts.camera(), facts.pair(), 0, new byte[0], new byte[0]);
        }
    }

    private Looked look(byte[] file, Facts facts) throws IOException {
        boolean isJpeg = file.length > 2 && file[0] == (byte) 0xff && file[1] == (byte) 0xd8;
        Optional<Jpegs.Reduced> reduced = isJpeg ? jpegs.read(file, LARGE_SIDE) : Optional.empty();
        if (reduced.isPresent()) {
            Optional<ColorSpace> colours = Colours.of(file);
            Pixels read = reduced.get().pixels().within(LARGE_SIDE);
            return looked(
                    reduced.get().width(), reduced.get().height(), colours.isPresent() ? Colours.plain(read, colours.get()) : read, facts);
        }
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

    private Looked look(ImageReader reader, Facts facts) throws IOException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if (width < 1 || height < 1 || (long) width * height > PIXELS_MAX) {
            throw new IOException("too many pixels");
        }
        return looked(width, height, Pixels.of(Colours.plain(read(reader, width, height))).within(LARGE_SIDE), facts);
    }

    private Looked looked(int width, int height, Pixels read, Facts facts) throws IOException {
        Pixels large = read.upright(facts.orientation());
        Pixels small = large.within(SMALL_SIDE);
        boolean swaps = facts.orientation() >= 5;
        return new Looked(
                swaps ? height : width, swaps ? width : height, facts.taken(), facts.zoned(), facts.place(), facts.camera(),
                facts.pair(), small.differenceHash(), jpegs.write(small), jpegs.write(large));
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
