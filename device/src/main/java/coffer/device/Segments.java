package coffer.device;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Plans reads of packs: which ranges to ask for so that each wanted record is read once, neighbours come together, and
/// a provider sees only a coarse grid of offsets.
final class Segments {

    /// Ranges begin and end on multiples of this, or at the end of the pack.
    static final int GRID = 256 << 10;

    /// One range at most, so that what holds it stays small; a single record may be longer.
    static final int LENGTH_MAX = 2 << 20;

    /// Gaps up to this are read over rather than asked around.
    private static final int GAP_MAX = 2 * GRID;

    /// A record that somebody wants.
    interface Wanted {
        long packNum();

        int offset();

        int sealedLength();
    }

    /// A range of one pack and the records in it, by offset.
    record Segment<T extends Wanted>(long packNum, int offset, int length, List<T> records) {}

    private Segments() {}

    /// @param packSize the size of each pack that is wanted
    static <T extends Wanted> List<Segment<T>> plan(List<T> wanted, java.util.function.LongUnaryOperator packSize) {
        List<T> sorted = new ArrayList<>(wanted);
        sorted.sort(Comparator.comparingLong(Wanted::packNum).thenComparingInt(Wanted::offset));
        return inOrder(sorted, packSize);
    }

    /// As [#plan], keeping the order given: for reading a file from front to back.
    static <T extends Wanted> List<Segment<T>> inOrder(List<T> wanted, java.util.function.LongUnaryOperator packSize) {
        List<Segment<T>> segments = new ArrayList<>();
        List<T> records = new ArrayList<>();
        long from = 0;
        long to = 0;
        for (T record : wanted) {
            long start = floor(record.offset());
            long end = Math.min(ceil((long) record.offset() + record.sealedLength()), packSize.applyAsLong(record.packNum()));
            boolean together = !records.isEmpty()
                    && records.getFirst().packNum() == record.packNum()
                    && record.offset() >= records.getLast().offset()
                    && start <= to + GAP_MAX
                    && end - from <= LENGTH_MAX;
            if (!together) {
                close(segments, records, from, to);
                records = new ArrayList<>();
                from = start;
                to = end;
            }
            records.add(record);
            to = Math.max(to, end);
        }
        close(segments, records, from, to);
        return segments;
    }

    private static <T extends Wanted> void close(List<Segment<T>> segments, List<T> records, long from, long to) {
        if (!records.isEmpty()) {
            segments.add(new Segment<>(records.getFirst().packNum(), (int) from, (int) (to - from), records));
        }
    }

    private static long floor(long offset) {
        return offset / GRID * GRID;
    }

    private static long ceil(long offset) {
        return (offset + GRID - 1) / GRID * GRID;
    }
}
