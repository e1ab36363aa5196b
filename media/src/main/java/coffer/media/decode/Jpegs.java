package coffer.media.decode;

import java.io.IOException;
import java.util.Optional;

/// What reads and writes JPEGs where something better than Java's own is there.
interface Jpegs {

    /// Pixels of a picture that was reduced while it was read, and how large it is itself.
    record Reduced(int width, int height, Pixels pixels) {}

    /// Reads a JPEG, not smaller than `side` on its longer side where it is larger; empty if this one cannot, and Java's may.
    ///
    /// @throws IOException if nobody is to read it, for it has too many pixels
    Optional<Reduced> read(byte[] file, int side) throws IOException;

    /// As a JPEG without anything else in it.
    byte[] write(Pixels pixels) throws IOException;

    /// Java's own: it reads every pixel, so that reading is left to what reads all kinds of pictures.
    Jpegs JAVA = new Jpegs() {
        @Override
        public Optional<Reduced> read(byte[] file, int side) {
            return Optional.empty();
        }

        @Override
        public byte[] write(Pixels pixels) throws IOException {
            return pixels.jpeg();
        }
    };
}
