package coffer.media.decode;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.OptionalLong;

/// What was seen in a picture, as it goes from the decoder's process to ours. What comes from there is not trusted: every length is
/// bounded.
///
/// @param width    as it is looked at, turned upright; 0 if it could not be decoded
/// @param taken    milliseconds since 1970 by the camera's clock
/// @param zoned    whether the camera said in which zone its clock was; else the clock is taken for UTC
/// @param place    latitude and longitude in units of 10⁻⁷ degrees, two numbers, or none
/// @param camera   maker and model
/// @param pair     by which the parts of a live photo name each other
/// @param hash     difference hash of 64 bits
/// @param small    JPEG of at most 320 pixels; empty if it could not be decoded
/// @param large    JPEG of at most 1600 pixels
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Looked(
        int width,
        int height,
        OptionalLong taken,
        boolean zoned,
        int[] place,
        String camera,
        String pair,
        long hash,
        byte[] small,
        byte[] large) {

    public static final int SMALL_MAX = 256 << 10;
    public static final int LARGE_MAX = 3 << 20;
    private static final int TEXT_MAX = 200;
    private static final int PIXELS_MAX = 1 << 20;

    /// Of a picture that cannot be decoded.
    public static Looked blank() {
        return new Looked(0, 0, OptionalLong.empty(), false, new int[0], "", "", 0, new byte[0], new byte[0]);
    }

    public boolean isDecoded() {
        return small.length > 0;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(width);
        out.writeInt(height);
        out.writeBoolean(taken.isPresent());
        out.writeLong(taken.orElse(0));
        out.writeBoolean(zoned);
        out.writeByte(place.length);
        for (int number : place) {
            out.writeInt(number);
        }
        out.writeUTF(camera.substring(0, Math.min(camera.length(), TEXT_MAX)));
        out.writeUTF(pair.substring(0, Math.min(pair.length(), TEXT_MAX)));
        out.writeLong(hash);
        out.writeInt(small.length);
        out.write(small);
        out.writeInt(large.length);
        out.write(large);
    }

    static Looked read(DataInputStream in) throws IOException {
        int width = bounded(in.readInt(), PIXELS_MAX);
        int height = bounded(in.readInt(), PIXELS_MAX);
        boolean hasTime = in.readBoolean();
        long time = in.readLong();
        boolean zoned = in.readBoolean();
        int[] place = new int[bounded(in.readByte(), 2)];
        for (int i = 0; i < place.length; i++) {
            place[i] = in.readInt();
        }
        if (place.length == 2) {
            bounded(Math.abs((long) place[0]), 900_000_000);
            bounded(Math.abs((long) place[1]), 1_800_000_000);
        }
        String camera = text(in);
        String pair = text(in);
        long hash = in.readLong();
        byte[] small = bytes(in, SMALL_MAX);
        byte[] large = bytes(in, LARGE_MAX);
        return new Looked(
                width, height, hasTime ? OptionalLong.of(time) : OptionalLong.empty(), zoned,
                place.length == 2 ? place : new int[0], camera, pair, hash, small, large);
    }

    private static String text(DataInputStream in) throws IOException {
        String text = in.readUTF();
        bounded(text.length(), TEXT_MAX);
        return text;
    }

    private static byte[] bytes(DataInputStream in, int max) throws IOException {
        byte[] bytes = new byte[bounded(in.readInt(), max)];
        in.readFully(bytes);
        return bytes;
    }

    private static int bounded(long value, int max) throws IOException {
        if (value < 0 || value > max) {
            throw new IOException("the decoder's answer makes no sense");
        }
        return (int) value;
    }
}
