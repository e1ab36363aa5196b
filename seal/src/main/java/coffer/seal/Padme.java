package coffer.seal;

/// Padmé padding: sizes keep only as many significant bits as their own length needs, so that a size tells
/// O(log log) bits about what it hides and costs at most 12 % (Nikitin et al., "Reducing Metadata Leakage from
/// Encrypted Files and Communication with PURBs", 2019, section 4).
public final class Padme {

    private Padme() {}

    /// The smallest size of at least `size` that Padmé allows; `size` from 0 to 2^62.
    public static long paddedSize(long size) {
        if (size < 0 || size > 1L << 62) {
            throw new IllegalArgumentException("size out of range");
        }
        if (size < 2) {
            return size;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(size);
        int kept = 32 - Integer.numberOfLeadingZeros(exponent);
        long mask = (1L << (exponent - kept)) - 1;
        return (size + mask) & ~mask;
    }

    /// As [#paddedSize(long)] for sizes of arrays.
    public static int paddedSize(int size) {
        return Math.toIntExact(paddedSize((long) size));
    }
}
