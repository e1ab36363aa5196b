package coffer.media.decode;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// JPEGs by libturbojpeg, where the system has it (libjpeg-turbo 2 and 3): it leaves out while it decodes what a smaller picture does not need,
/// which takes a fifth of the time of decoding every pixel. For one thread, and for the decoder's process alone.
final class TurboJpegs implements Jpegs {

    /// Pictures are held in blue, green and red, as [Pixels] are (`TJPF_BGR`).
    private static final int BGR = 1;

    /// Colours at half of the resolution in both directions (`TJSAMP_420`), as is usual.
    private static final int HALF_COLOURS = 2;

    /// A picture of very many passes is refused (`TJFLAG_LIMITSCANS`).
    private static final int LIMIT_SCANS = 32_768;

    /// The result goes where we say (`TJFLAG_NOREALLOC`).
    private static final int OUR_MEMORY = 1_024;

    /// `TJERR_WARNING`: the picture is damaged, and was read as far as it goes.
    private static final int WARNING = 0;

    /// `TJCS_CMYK` and `TJCS_YCCK`, which need a colour profile to be looked at.
    private static final int FIRST_OF_PRINT = 3;

    private static final int QUALITY = 80;

    /// Where it is on macOS, whose loader does not look there by itself; elsewhere the loader knows.
    private static final List<String> PLACES = List.of(
            "/opt/homebrew/lib/libturbojpeg.dylib", "/opt/homebrew/opt/jpeg-turbo/lib/libturbojpeg.dylib",
            "/usr/local/lib/libturbojpeg.dylib", "/usr/local/opt/jpeg-turbo/lib/libturbojpeg.dylib");

    private static final Linker LINKER = Linker.nativeLinker();
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private final MethodHandle header;
    private final MethodHandle decompress;
    private final MethodHandle compress;
    private final MethodHandle bufferSize;
    private final MethodHandle errorCode;
    private final MemorySegment decompressor;
    private final MemorySegment compressor;

    private TurboJpegs(SymbolLookup library) throws IOException {
        this.header = arrays(library, "tjDecompressHeader3", INT, POINTER, POINTER, LONG, POINTER, POINTER, POINTER, POINTER);
        this.decompress = arrays(library, "tjDecompress2", INT, POINTER, POINTER, LONG, POINTER, INT, INT, INT, INT, INT);
        this.compress = arrays(library, "tjCompress2", INT, POINTER, POINTER, INT, INT, INT, INT, POINTER, POINTER, INT, INT, INT);
        this.bufferSize = plain(library, "tjBufSize", LONG, INT, INT, INT);
        this.errorCode = plain(library, "tjGetErrorCode", INT, POINTER);
        MethodHandle beginDecompressing = plain(library, "tjInitDecompress", POINTER);
        MethodHandle beginCompressing = plain(library, "tjInitCompress", POINTER);
        this.decompressor = ask(() -> (MemorySegment) beginDecompressing.invokeExact());
        this.compressor = ask(() -> (MemorySegment) beginCompressing.invokeExact());
        if (decompressor.address() == 0 || compressor.address() == 0) {
            throw new IOException("the library does not begin");
        }
    }

    /// The library of this system; empty where there is none, or its numbers are of other sizes.
    @SuppressWarnings("restricted") // the decoder's process alone does this
    static Optional<Jpegs> find() {
        MemoryLayout number = LINKER.canonicalLayouts().get("long");
        if (number == null || number.byteSize() != LONG.byteSize()) {
            return Optional.empty();
        }
        String place = PLACES.stream().filter(path -> Files.exists(Path.of(path))).findFirst().orElse("libturbojpeg.so.0");
        try {
            return Optional.of(new TurboJpegs(SymbolLookup.libraryLookup(place, Arena.global())));
        } catch (IOException | IllegalArgumentException | UnsatisfiedLinkError e) {
            return Optional.empty();
        }
    }

    /// Takes our arrays in place: nothing else runs in this process that would have to wait meanwhile.
    @SuppressWarnings("restricted")
    private static MethodHandle arrays(SymbolLookup library, String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(at(library, name), FunctionDescriptor.of(result, arguments), Linker.Option.critical(true));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle plain(SymbolLookup library, String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(at(library, name), FunctionDescriptor.of(result, arguments));
    }

    private static MemorySegment at(SymbolLookup library, String name) {
        return library.find(name).orElseThrow(() -> new IllegalArgumentException("the library is of another kind"));
    }

    private interface Asking<T> {
        T ask() throws Throwable;
    }

    /// The handles declare every failure and have none.
    private static <T> T ask(Asking<T> asking) {
        try {
            return asking.ask();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Optional<Reduced> read(byte[] file, int side) throws IOException {
        int[] width = new int[1];
        int[] height = new int[1];
        int[] colours = new int[1];
        MemorySegment bytes = MemorySegment.ofArray(file);
        long length = file.length;
        int failed = ask(() -> (int) header.invokeExact(
                decompressor, bytes, length, MemorySegment.ofArray(width), MemorySegment.ofArray(height),
                MemorySegment.ofArray(new int[1]), MemorySegment.ofArray(colours)));
        if (isFatal(failed) || width[0] < 1 || height[0] < 1 || colours[0] >= FIRST_OF_PRINT) {
            return Optional.empty();
        }
        if ((long) width[0] * height[0] > Eye.PIXELS_MAX) {
            throw new IOException("too many pixels");
        }
        int part = part(width[0], height[0], side);
        Pixels pixels = Pixels.blank(ceil(width[0], part), ceil(height[0], part));
        MemorySegment out = MemorySegment.ofArray(pixels.bgr());
        int left = ask(() -> (int) decompress.invokeExact(
                decompressor, bytes, length, out, pixels.width(), 3 * pixels.width(), pixels.height(), BGR, LIMIT_SCANS));
        return isFatal(left) ? Optional.empty() : Optional.of(new Reduced(width[0], height[0], pixels));
    }

    /// The half, quarter or eighth of the picture that is still as large as what is wanted, and small enough to be held.
    private static int part(int width, int height, int side) {
        int part = 1;
        while (part < 8 && Math.max(width, height) / (2 * part) >= side) {
            part *= 2;
        }
        while (part < 8 && (long) ceil(width, part) * ceil(height, part) > Eye.HELD_MAX) {
            part *= 2;
        }
        return part;
    }

    private static int ceil(int size, int part) {
        return (size + part - 1) / part;
    }

    private boolean isFatal(int failed) {
        return failed != 0 && ask(() -> (int) errorCode.invokeExact(decompressor)) != WARNING;
    }

    @Override
    public byte[] write(Pixels pixels) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long room = ask(() -> (long) bufferSize.invokeExact(pixels.width(), pixels.height(), HALF_COLOURS));
            MemorySegment jpeg = arena.allocate(room);
            MemorySegment pointer = arena.allocateFrom(POINTER, jpeg);
            MemorySegment length = arena.allocateFrom(LONG, room);
            MemorySegment from = MemorySegment.ofArray(pixels.bgr());
            int failed = ask(() -> (int) compress.invokeExact(
                    compressor, from, pixels.width(), 3 * pixels.width(), pixels.height(), BGR, pointer, length, HALF_COLOURS, QUALITY,
                    OUR_MEMORY));
            if (failed != 0) {
                throw new IOException("the picture cannot be written");
            }
            return jpeg.asSlice(0, length.get(LONG, 0)).toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
