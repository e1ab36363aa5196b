package coffer.core.tlog;

import coffer.core.CborException;
import java.util.ArrayList;
import java.util.List;

/// One resource of a tiled log: up to 256 hashes of one level, or a bundle of up to 256 entries (c2sp.org/tlog-tiles).
///
/// @param kind  what it holds
/// @param level of the tree of tiles; 0 for entries
/// @param index within the level
/// @param width how many hashes or entries: 256 if full
public record TileId(Kind kind, int level, long index, int width) {

    /// Hashes or entries in a full tile.
    public static final int WIDTH = 256;

    /// Levels of the tree of hashes in one tile.
    public static final int HEIGHT = 8;

    private static final int LEVEL_MAX = 63;
    /// More than any size of a tree needs.
    private static final int SEGMENTS_MAX = 6;

    /// What a tile holds.
    public enum Kind {
        HASHES,
        ENTRIES
    }

    public TileId {
        if (level < 0 || level > LEVEL_MAX || index < 0 || width < 1 || width > WIDTH) {
            throw new IllegalArgumentException("there is no such tile");
        }
        if (kind == Kind.ENTRIES && level != 0) {
            throw new IllegalArgumentException("entries have no level");
        }
    }

    public static TileId hashes(int level, long index, int width) {
        return new TileId(Kind.HASHES, level, index, width);
    }

    public static TileId entries(long index, int width) {
        return new TileId(Kind.ENTRIES, 0, index, width);
    }

    public boolean isFull() {
        return width == WIDTH;
    }

    /// The tile in this place at a tree of `size` leaves; its width follows from the size.
    ///
    /// @throws IllegalArgumentException a tree of this size has nothing there
    public static TileId at(Kind kind, int level, long index, long size) {
        long hashes = hashesAt(level, size) - index * WIDTH;
        return new TileId(kind, level, index, (int) Math.min(WIDTH, Math.max(0, hashes)));
    }

    /// How many hashes a level of tiles has in all.
    public static long hashesAt(int level, long size) {
        int shift = level * HEIGHT;
        return shift >= Long.SIZE ? 0 : size >>> shift;
    }

    /// Every tile of hashes of a tree, from the leaves up, left to right.
    public static List<TileId> allHashes(long size) {
        List<TileId> tiles = new ArrayList<>();
        for (int level = 0; hashesAt(level, size) > 0; level++) {
            for (long index = 0; index * WIDTH < hashesAt(level, size); index++) {
                tiles.add(at(Kind.HASHES, level, index, size));
            }
        }
        return tiles;
    }

    /// The path below the log's prefix.
    public String path() {
        StringBuilder path = new StringBuilder("tile/").append(kind == Kind.ENTRIES ? "entries" : Integer.toString(level));
        String digits = Long.toString(index);
        digits = "0".repeat((3 - digits.length() % 3) % 3) + digits;
        for (int i = 0; i < digits.length(); i += 3) {
            path.append(i + 3 < digits.length() ? "/x" : "/").append(digits, i, i + 3);
        }
        return isFull() ? path.toString() : path.append(".p/").append(width).toString();
    }

    /// Parses what [#path] makes, and nothing else.
    public static TileId parse(String path) throws CborException {
        List<String> segments = List.of(path.split("/", -1));
        if (segments.size() < 3 || segments.size() > 3 + SEGMENTS_MAX || !segments.getFirst().equals("tile")) {
            throw new CborException("not the path of a tile");
        }
        boolean partial = segments.get(segments.size() - 2).endsWith(".p");
        int width = partial ? number(segments.getLast(), WIDTH - 1) : WIDTH;
        List<String> places = segments.subList(2, segments.size() - (partial ? 1 : 0));
        boolean entries = segments.get(1).equals("entries");
        TileId tile;
        try {
            tile = new TileId(
                    entries ? Kind.ENTRIES : Kind.HASHES,
                    entries ? 0 : number(segments.get(1), LEVEL_MAX),
                    index(places, partial),
                    width);
        } catch (IllegalArgumentException e) {
            throw new CborException("there is no such tile");
        }
        if (!tile.path().equals(path)) {
            throw new CborException("not the only way to write this path");
        }
        return tile;
    }

    private static long index(List<String> places, boolean partial) throws CborException {
        StringBuilder digits = new StringBuilder();
        for (String place : places) {
            digits.append(place.startsWith("x") ? place.substring(1) : place);
        }
        if (partial) {
            digits.setLength(digits.length() - ".p".length());
        }
        return longNumber(digits.toString());
    }

    private static int number(String text, int max) throws CborException {
        long value = longNumber(text);
        if (value > max) {
            throw new CborException("number out of range");
        }
        return (int) value;
    }

    private static long longNumber(String text) throws CborException {
        boolean digits = !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw new CborException("number expected");
        }
        return Long.parseLong(text);
    }
}
