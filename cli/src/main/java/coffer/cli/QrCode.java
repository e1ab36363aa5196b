package coffer.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A QR code of up to 134 bytes (ISO/IEC 18004: version 6, level L, byte mode), for a terminal.
///
/// One version is enough for an address with a ticket, and needs neither tables nor version information.
final class QrCode {

    static final int SIZE = 41;
    static final int BYTES_MAX = 134;
    static final int MASKS = 8;

    private static final int BLOCKS = 2;
    private static final int BLOCK_DATA = 68;
    private static final int BLOCK_CHECK = 18;
    private static final int ALIGNMENT = 34;
    private static final int QUIET = 4;

    private final boolean[][] dark = new boolean[SIZE][SIZE]; // by row, then column
    private final boolean[][] fixed = new boolean[SIZE][SIZE];

    private QrCode(byte[] codewords, int mask) {
        finder(0, 0);
        finder(0, SIZE - 7);
        finder(SIZE - 7, 0);
        for (int i = 8; i < SIZE - 8; i++) {
            set(6, i, i % 2 == 0);
            set(i, 6, i % 2 == 0);
        }
        square(ALIGNMENT - 2, ALIGNMENT - 2, 5, true);
        square(ALIGNMENT - 1, ALIGNMENT - 1, 3, false);
        set(ALIGNMENT, ALIGNMENT, true);
        format(mask);
        fill(codewords, mask);
    }

    /// With the mask that is told best from what it is not.
    static QrCode of(String text) {
        byte[] codewords = codewords(text);
        QrCode best = new QrCode(codewords, 0);
        for (int mask = 1; mask < MASKS; mask++) {
            QrCode other = new QrCode(codewords, mask);
            best = other.penalty() < best.penalty() ? other : best;
        }
        return best;
    }

    static QrCode of(String text, int mask) {
        return new QrCode(codewords(text), mask);
    }

    boolean isDark(int row, int column) {
        return dark[row][column];
    }

    /// Black on white whatever the terminal's colours are, two rows to a line.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int row = -QUIET; row < SIZE + QUIET; row += 2) {
            StringBuilder line = new StringBuilder("\u001b[30;107m");
            for (int column = -QUIET; column < SIZE + QUIET; column++) {
                boolean upper = at(row, column);
                boolean lower = at(row + 1, column);
                line.append(upper ? (lower ? '█' : '▀') : lower ? '▄' : ' ');
            }
            lines.add(line.append("\u001b[0m").toString());
        }
        return lines;
    }

    private boolean at(int row, int column) {
        return row >= 0 && row < SIZE && column >= 0 && column < SIZE && dark[row][column];
    }

    // --- what is said ---

    private static byte[] codewords(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > BYTES_MAX) {
            throw new IllegalArgumentException("too long for this QR code");
        }
        byte[] data = new byte[BLOCKS * BLOCK_DATA];
        data[0] = (byte) (0x40 | (bytes.length >>> 4)); // byte mode, then the length in eight bits
        data[1] = (byte) (bytes.length << 4);
        for (int i = 0; i < bytes.length; i++) {
            int value = Byte.toUnsignedInt(bytes[i]);
            data[i + 1] |= (byte) (value >>> 4);
            data[i + 2] = (byte) (value << 4);
        }
        for (int i = bytes.length + 2; i < data.length; i++) {
            data[i] = (byte) ((i - bytes.length) % 2 == 0 ? 0xec : 0x11);
        }
        return interleaved(data);
    }

    private static byte[] interleaved(byte[] data) {
        byte[] all = new byte[BLOCKS * (BLOCK_DATA + BLOCK_CHECK)];
        for (int block = 0; block < BLOCKS; block++) {
            byte[] check = check(data, block * BLOCK_DATA);
            for (int i = 0; i < BLOCK_DATA; i++) {
                all[i * BLOCKS + block] = data[block * BLOCK_DATA + i];
            }
            for (int i = 0; i < BLOCK_CHECK; i++) {
                all[(BLOCK_DATA + i) * BLOCKS + block] = check[i];
            }
        }
        return all;
    }

    /// The Reed-Solomon code of one block: the rest of a division by the product of (x - 2^i).
    private static byte[] check(byte[] data, int from) {
        int[] divisor = new int[BLOCK_CHECK]; // without the leading 1, highest first
        divisor[BLOCK_CHECK - 1] = 1;
        int root = 1;
        for (int i = 0; i < BLOCK_CHECK; i++) {
            for (int j = 0; j < BLOCK_CHECK; j++) {
                divisor[j] = times(divisor[j], root) ^ (j + 1 < BLOCK_CHECK ? divisor[j + 1] : 0);
            }
            root = times(root, 2);
        }
        byte[] rest = new byte[BLOCK_CHECK];
        for (int i = 0; i < BLOCK_DATA; i++) {
            int factor = Byte.toUnsignedInt(data[from + i]) ^ Byte.toUnsignedInt(rest[0]);
            System.arraycopy(rest, 1, rest, 0, BLOCK_CHECK - 1);
            rest[BLOCK_CHECK - 1] = 0;
            for (int j = 0; j < BLOCK_CHECK; j++) {
                rest[j] ^= (byte) times(divisor[j], factor);
            }
        }
        return rest;
    }

    /// In the field of 256 elements by x^8 + x^4 + x^3 + x^2 + 1.
    private static int times(int one, int other) {
        int product = 0;
        for (int bit = 7; bit >= 0; bit--) {
            product = (product << 1) ^ ((product >>> 7) * 0x11d);
            product ^= ((other >>> bit) & 1) * one;
        }
        return product;
    }

    // --- where it stands ---

    private void set(int row, int column, boolean value) {
        dark[row][column] = value;
        fixed[row][column] = true;
    }

    private void square(int top, int left, int size, boolean value) {
        for (int row = top; row < top + size; row++) {
            for (int column = left; column < left + size; column++) {
                if (row >= 0 && row < SIZE && column >= 0 && column < SIZE) {
                    set(row, column, value);
                }
            }
        }
    }

    private void finder(int top, int left) {
        square(top - 1, left - 1, 9, false);
        square(top, left, 7, true);
        square(top + 1, left + 1, 5, false);
        square(top + 2, left + 2, 3, true);
    }

    /// Level and mask, with their own check, twice.
    private void format(int mask) {
        int data = (0b01 << 3) | mask;
        int rest = data;
        for (int i = 0; i < 10; i++) {
            rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
        }
        int bits = ((data << 10) | rest) ^ 0x5412;
        for (int i = 0; i < 15; i++) {
            boolean value = ((bits >>> i) & 1) == 1;
            set(i < 6 ? i : i < 8 ? i + 1 : 8, i < 8 ? 8 : i == 8 ? 7 : 14 - i, value);
            set(i < 8 ? 8 : SIZE - 15 + i, i < 8 ? SIZE - 1 - i : 8, value);
        }
        set(SIZE - 8, 8, true);
    }

    /// Two columns at a time from the right, up and down; the column of the timing pattern is left out.
    private void fill(byte[] codewords, int mask) {
        int bit = 0;
        boolean up = true;
        for (int right = SIZE - 1; right > 0; right -= 2) {
            right = right == 6 ? 5 : right;
            for (int i = 0; i < SIZE; i++) {
                int row = up ? SIZE - 1 - i : i;
                for (int column = right; column > right - 2; column--) {
                    if (!fixed[row][column]) {
                        boolean value = bit < codewords.length * 8 && ((codewords[bit >>> 3] >>> (7 - (bit & 7))) & 1) == 1;
                        dark[row][column] = value ^ masked(mask, row, column);
                        bit++;
                    }
                }
            }
            up = !up;
        }
    }

    private static boolean masked(int mask, int row, int column) {
        return switch (mask) {
            case 0 -> (row + column) % 2 == 0;
            case 1 -> row % 2 == 0;
            case 2 -> column % 3 == 0;
            case 3 -> (row + column) % 3 == 0;
            case 4 -> (row / 2 + column / 3) % 2 == 0;
            case 5 -> row * column % 2 + row * column % 3 == 0;
            case 6 -> (row * column % 2 + row * column % 3) % 2 == 0;
            default -> ((row + column) % 2 + row * column % 3) % 2 == 0;
        };
    }

    /// Long runs and squares of one colour are what scanners find hard.
    private int penalty() {
        int penalty = 0;
        for (int a = 0; a < SIZE; a++) {
            int across = 0;
            int down = 0;
            for (int b = 1; b < SIZE; b++) {
                across = dark[a][b] == dark[a][b - 1] ? across + 1 : 0;
                down = dark[b][a] == dark[b - 1][a] ? down + 1 : 0;
                penalty += (across >= 4 ? 1 : 0) + (down >= 4 ? 1 : 0);
                boolean square = a > 0 && across > 0 && dark[a - 1][b] == dark[a][b] && dark[a - 1][b - 1] == dark[a][b];
                penalty += square ? 3 : 0;
            }
        }
        return penalty;
    }
}
