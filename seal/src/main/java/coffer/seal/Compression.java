package coffer.seal;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

/// zstd (RFC 8878) at level 1, kept only where it pays.
///
/// Most large files (pictures, video, archives) do not compress, and finding out is dearer than naming the chunk; so a
/// sample of 16 KiB decides first, and nothing is kept that saves less than 3 %.
public final class Compression {

    static final int LEVEL = 1;
    static final int PROBE_SIZE = 16 << 10;

    private static final int PROBE_FROM = 4 * PROBE_SIZE;
    private static final int IDLE_MAX = Runtime.getRuntime().availableProcessors();

    /// A context keeps about 1 MiB of native memory at level 1.
    private static final Pool<ZstdCompressCtx> COMPRESSORS =
            new Pool<>(IDLE_MAX, () -> new ZstdCompressCtx().setLevel(LEVEL));

    private static final Pool<ZstdDecompressCtx> DECOMPRESSORS = new Pool<>(IDLE_MAX, ZstdDecompressCtx::new);

    private static final Pool<byte[]> PROBES =
            new Pool<>(IDLE_MAX, () -> new byte[(int) Zstd.compressBound(PROBE_SIZE)]);

    private Compression() {}

    /// The largest size that still counts as saving for `size` bytes.
    static int usefulSizeMax(int size) {
        return size - (size + 32) / 33;
    }

    /// Compresses into `out` from `offset`, where `size` bytes of room suffice, and returns the compressed size, or -1
    /// where it does not pay; then the content of that range is undefined.
    public static int compress(Slice in, byte[] out, int offset) {
        int usefulMax = usefulSizeMax(in.length());
        if (usefulMax <= 0 || !probe(in)) {
            return -1;
        }
        return run(in, out, offset, usefulMax);
    }

    /// Decompresses exactly `out.length()` bytes; anything else that the frame might hold is refused, and nothing is
    /// ever written outside `out`.
    public static void decompress(Slice in, Slice out) throws OpenException {
        ZstdDecompressCtx context = DECOMPRESSORS.take();
        boolean healthy = false;
        try {
            int written = context.decompressByteArray(
                    out.array(), out.offset(), out.length(), in.array(), in.offset(), in.length());
            healthy = true;
            if (written != out.length()) {
                throw new OpenException();
            }
        } catch (ZstdException e) {
            throw new OpenException();
        } finally {
            if (healthy) {
                DECOMPRESSORS.give(context);
            } else {
                context.close();
            }
        }
    }

    private static boolean probe(Slice in) {
        if (in.length() < PROBE_FROM) {
            return true;
        }
        // From the middle: the start of a picture or archive is a header that compresses well.
        Slice sample = new Slice(in.array(), in.offset() + in.length() / 2 - PROBE_SIZE / 2, PROBE_SIZE);
        byte[] scratch = PROBES.take();
        int size = run(sample, scratch, 0, usefulSizeMax(PROBE_SIZE));
        PROBES.give(scratch);
        return size >= 0;
    }

    private static int run(Slice in, byte[] out, int offset, int sizeMax) {
        ZstdCompressCtx context = COMPRESSORS.take();
        try {
            int size = context.compressByteArray(
                    out, offset, Math.min(sizeMax, out.length - offset), in.array(), in.offset(), in.length());
            COMPRESSORS.give(context);
            return size;
        } catch (ZstdException e) {
            // Too small a target is how zstd says that it does not pay; the context starts anew with each call.
            context.close();
            return -1;
        }
    }
}
