package coffer.media;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.Hash;
import coffer.media.decode.Looked;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;

/// What is kept of a picture (docs/spec/derived.md, "Pictures").
///
/// @param width 0 if it could not be decoded, as of all that follows from that
/// @param taken milliseconds since 1970, by the camera's clock
/// @param place latitude and longitude in 10⁻⁷ degrees
/// @param pair  by which the parts of a live photo name each other; empty if there is none
record PictureHead(
        Hash content,
        int width,
        int height,
        OptionalLong taken,
        boolean zoned,
        Optional<Place> place,
        String camera,
        String pair,
        long hash,
        Optional<Preview> small,
        Optional<Preview> large) {

    private static final int TEXT_MAX = 800;

    record Place(int latitude, int longitude) {}

    /// Where a preview's JPEG lies.
    ///
    /// @param segment name of the file, 32 hex digits
    record Preview(String segment, long offset, int length) {}

    static PictureHead of(Hash content, Looked looked, Optional<Preview> small, Optional<Preview> large) {
        int[] place = looked.place();
        return new PictureHead(
                content, looked.width(), looked.height(), looked.taken(), looked.zoned(),
                place.length == 2 ? Optional.of(new Place(place[0], place[1])) : Optional.empty(), Text.cut(looked.camera(), TEXT_MAX),
                Text.cut(looked.pair(), TEXT_MAX), looked.hash(), small, large);
    }

    byte[] encode() {
        CborWriter out = new CborWriter();
        int optional = (taken.isPresent() ? 1 : 0) + (place.isPresent() ? 1 : 0) + (small.isPresent() ? 1 : 0) + (large.isPresent() ? 1 : 0);
        out.map(7 + optional).integer(1).bytes(content.value()).integer(2).integer(width).integer(3).integer(height);
        taken.ifPresent(time -> out.integer(4).integer(time));
        out.integer(5).bool(zoned);
        place.ifPresent(at -> out.integer(6).array(2).integer(at.latitude).integer(at.longitude));
        out.integer(7).text(camera).integer(8).text(pair).integer(9).integer(hash);
        small.ifPresent(preview -> write(out.integer(10), preview));
        large.ifPresent(preview -> write(out.integer(11), preview));
        return out.toByteArray();
    }

    private static void write(CborWriter out, Preview preview) {
        out.array(3).bytes(HexFormat.of().parseHex(preview.segment)).integer(preview.offset).integer(preview.length);
    }

    static PictureHead decode(byte[] bytes) throws CborException {
        CborReader in = new CborReader(bytes);
        CborReader.MapReader map = in.map(11);
        map.key(1);
        Hash content = new Hash(in.bytesOf(Hash.SIZE));
        map.key(2);
        int width = (int) in.integer(0, 1 << 20);
        map.key(3);
        int height = (int) in.integer(0, 1 << 20);
        long key = map.key();
        OptionalLong taken = OptionalLong.empty();
        if (key == 4) {
            taken = OptionalLong.of(in.integer());
            key = map.key();
        }
        require(key == 5);
        boolean zoned = in.bool();
        key = map.key();
        Optional<Place> place = Optional.empty();
        if (key == 6) {
            in.arrayOf(2);
            place = Optional.of(
                    new Place((int) in.integer(-900_000_000, 900_000_000), (int) in.integer(-1_800_000_000, 1_800_000_000)));
            key = map.key();
        }
        require(key == 7);
        String camera = in.text(TEXT_MAX);
        map.key(8);
        String pair = in.text(TEXT_MAX);
        map.key(9);
        long hash = in.integer();
        key = map.hasNext() ? map.key() : 0;
        Optional<Preview> small = Optional.empty();
        if (key == 10) {
            small = Optional.of(preview(in, Looked.SMALL_MAX));
            key = map.hasNext() ? map.key() : 0;
        }
        Optional<Preview> large = Optional.empty();
        if (key == 11) {
            large = Optional.of(preview(in, Looked.LARGE_MAX));
            key = 0;
        }
        require(key == 0);
        map.end();
        in.end();
        return new PictureHead(content, width, height, taken, zoned, place, camera, pair, hash, small, large);
    }

    private static Preview preview(CborReader in, int lengthMax) throws CborException {
        in.arrayOf(3);
        String segment = in.bytesOf(16).hex();
        return new Preview(segment, in.integer(0, 1L << 40), (int) in.integer(1, lengthMax));
    }

    private static void require(boolean condition) throws CborException {
        if (!condition) {
            throw new CborException("another map key expected");
        }
    }
}
