package coffer.seal;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Limits;
import coffer.core.LogId;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Chunks to sealed records of one vault and epoch, and back (docs/spec/chunks-and-packs.md).
///
///     record = sealed(chunk key, "coffer/chunk/v1", vault id || epoch (8) || chunk id, frame of the chunk)
///
/// Whoever opens a record says which chunk it must be; a record under another id, of another vault or epoch, or whose
/// content is not what the id names, does not open. Borrows its keys. Safe for all threads; each call works in two
/// arrays of a chunk's size that are kept for the next one ([Scratch]).
public final class ChunkCodec {

    private final VaultKeys keys;
    private final DedupKeys dedup;
    private final LogId vault;

    public ChunkCodec(VaultKeys keys, DedupKeys dedup, LogId vault) {
        this.keys = keys;
        this.dedup = dedup;
        this.vault = vault;
    }

    /// The room that [#seal] needs for a chunk of `plainLength` bytes.
    public static int sealedSizeMax(int plainLength) {
        return Sealing.sealedSize(Frame.sizeMax(plainLength));
    }

    /// Seals a chunk into `out` from `offset`, opens what it wrote and compares, and returns its size.
    ///
    /// @param id what [DedupKeys#id] says of `plain`; not computed again here
    /// @throws CofferException with code LOCAL if what was written does not open to `plain`: this machine's memory errs
    public int seal(ChunkId id, Slice plain, byte[] out, int offset) throws CofferException {
        return seal(id, plain, out, offset, RandomSource.secure());
    }

    int seal(ChunkId id, Slice plain, byte[] out, int offset, RandomSource random) throws CofferException {
        if (plain.length() > Limits.CHUNK_BYTES_MAX) {
            throw new IllegalArgumentException("chunk too long");
        }
        int frameMax = Frame.sizeMax(plain.length());
        Scratch first = Scratch.take();
        Scratch second = Scratch.take();
        try {
            byte[] frame = first.atLeast(frameMax);
            int frameSize = Frame.write(plain, frame);
            byte[] context = context(id);
            int size = Sealing.seal(
                    keys.chunkKey(), Label.CHUNK, context, new Slice(frame, 0, frameSize), out, offset, random);
            byte[] opened = second.atLeast(frameMax);
            verify(plain, new Slice(frame, 0, frameSize), opened, new Slice(out, offset, size), context);
            return size;
        } finally {
            first.give();
            second.give();
        }
    }

    /// Opens the record of chunk `id`.
    public byte[] open(ChunkId id, Slice sealed) throws OpenException {
        Scratch scratch = Scratch.take();
        try {
            Slice frame = openFrame(sealed, scratch, context(id));
            byte[] plain = new byte[Frame.contentSize(frame, Limits.CHUNK_BYTES_MAX)];
            readAndCheck(id, frame, Slice.of(plain));
            return plain;
        } finally {
            scratch.give();
        }
    }

    /// As [#open(ChunkId, Slice)], into `out` from `offset`; returns the chunk's size, which must be at most `out` has
    /// room for. On failure the content of that room is undefined, and never the content of another chunk.
    public int open(ChunkId id, Slice sealed, byte[] out, int offset) throws OpenException {
        Scratch scratch = Scratch.take();
        try {
            Slice frame = openFrame(sealed, scratch, context(id));
            int size = Frame.contentSize(frame, Math.min(Limits.CHUNK_BYTES_MAX, out.length - offset));
            readAndCheck(id, frame, new Slice(out, offset, size));
            return size;
        } finally {
            scratch.give();
        }
    }

    private Slice openFrame(Slice sealed, Scratch scratch, byte[] context) throws OpenException {
        if (sealed.length() > sealedSizeMax(Limits.CHUNK_BYTES_MAX)) {
            throw new OpenException();
        }
        byte[] frame = scratch.atLeast(Math.max(0, Sealing.plaintextSize(sealed.length())));
        int size = Sealing.open(keys.chunkKey(), Label.CHUNK, context, sealed, frame, 0);
        return new Slice(frame, 0, size);
    }

    private void readAndCheck(ChunkId id, Slice frame, Slice plain) throws OpenException {
        Frame.read(frame, plain);
        if (!dedup.id(plain.array(), plain.offset(), plain.length()).equals(id)) {
            Arrays.fill(plain.array(), plain.offset(), plain.offset() + plain.length(), (byte) 0);
            throw new OpenException();
        }
    }

    private void verify(Slice plain, Slice frame, byte[] opened, Slice sealed, byte[] context) throws CofferException {
        int size = Sealing.open(keys.chunkKey(), Label.CHUNK, context, sealed, opened, 0);
        boolean same = Arrays.equals(opened, 0, size, frame.array(), 0, frame.length());
        Slice openedFrame = new Slice(opened, 0, size);
        if (same && Frame.contentSize(openedFrame, Limits.CHUNK_BYTES_MAX) == plain.length()) {
            // The frame just compared has served; its array takes the decoded chunk.
            Slice decoded = new Slice(frame.array(), 0, plain.length());
            Frame.read(openedFrame, decoded);
            int from = plain.offset();
            if (Arrays.equals(decoded.array(), 0, plain.length(), plain.array(), from, from + plain.length())) {
                return;
            }
        }
        throw new CofferException(
                ErrorCode.LOCAL, "what was sealed does not open to what was given; this machine's memory may be failing");
    }

    private byte[] context(ChunkId id) {
        return ByteBuffer.allocate(LogId.SIZE + Long.BYTES + ChunkId.SIZE)
                .put(vault.toArray())
                .putLong(keys.epoch())
                .put(id.toArray())
                .array();
    }
}
