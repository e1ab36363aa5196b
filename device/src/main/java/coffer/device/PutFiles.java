package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.seal.Chunker;
import coffer.seal.Content;
import coffer.seal.Slice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Reads local files into chunks.
///
/// A small file is one chunk, read and sealed by one thread. A larger one is read in windows; its chunks are cut by the
/// thread that reads and sealed by any, so that one large file keeps all cores busy. A file that is not the same
/// before and after reading is read again, [#ATTEMPTS_MAX] times in all.
final class PutFiles {

    private static final int ATTEMPTS_MAX = 3;

    /// Room for the largest chunk and about a mean one more; what is cut off at the end is moved to the next window.
    private static final int WINDOW_SIZE = 6 << 20;

    private static final int WINDOWS = 4;

    private static final int READ_SIZE = 128 << 10;

    private final PutWalk walk;
    private final PackPipeline packs;
    private final Chunker chunker;
    private final WorkPool<PutWalk.Worker> pool;
    private final InstantSource clock;
    private final Failures failures;
    private final BlockingQueue<Window> windows = new ArrayBlockingQueue<>(WINDOWS);
    private final AtomicInteger windowsMade = new AtomicInteger();

    /// Each large file being read holds one window while it waits for a second, so one must be left.
    private final Semaphore largeFiles = new Semaphore(WINDOWS - 1);

    PutFiles(
            PutWalk walk,
            PackPipeline packs,
            Chunker chunker,
            WorkPool<PutWalk.Worker> pool,
            InstantSource clock,
            Failures failures) {
        this.walk = walk;
        this.packs = packs;
        this.chunker = chunker;
        this.pool = pool;
        this.clock = clock;
        this.failures = failures;
    }

    /// A buffer that goes back when the reader and all pieces cut from it are done with it.
    private final class Window {
        private final byte[] bytes = new byte[WINDOW_SIZE];
        private final AtomicInteger users = new AtomicInteger();

        void release() {
            if (users.decrementAndGet() == 0) {
                windows.add(this);
            }
        }
    }

    /// One file between its first byte and its operation.
    private final class Reading implements PackPipeline.Waiter {

        private final PutWalk.Item item;
        private final List<ChunkId> chunks = new ArrayList<>(1); // guarded by itself
        private final AtomicInteger pieces = new AtomicInteger(1);
        private final AtomicInteger unstored = new AtomicInteger(1);
        private long size;
        private Content.FileContent content = new Content.FileContent(0, 0, List.of());
        private LocalStat stat;
        private boolean settled;
        private boolean abandoned;

        Reading(PutWalk.Item item, LocalStat stat) {
            this.item = item;
            this.stat = stat;
        }

        @Override
        public void expect() {
            unstored.incrementAndGet();
        }

        @Override
        public void stored() {
            if (unstored.decrementAndGet() == 0) {
                finish();
            }
        }

        private void finish() {
            try {
                walk.ends();
                if (!abandoned) {
                    walk.fileIsRead(item, stat, content, settled);
                }
            } catch (CofferException | RuntimeException | Error e) {
                failures.add(e);
            }
        }

        void pieceDone() throws CofferException {
            if (pieces.decrementAndGet() == 0) {
                if (!abandoned && size > 0) {
                    content = contents();
                }
                stored(); // the count that stood for the pieces
            }
        }

        private Content.FileContent contents() throws CofferException {
            return FileLists.content(size, List.copyOf(chunks), list -> packs.place(list, this));
        }

        int addPiece() {
            pieces.incrementAndGet();
            synchronized (chunks) {
                chunks.add(NONE);
                return chunks.size() - 1;
            }
        }

        void setPiece(int index, ChunkId id) {
            synchronized (chunks) {
                chunks.set(index, id);
            }
        }
    }

    private static final ChunkId NONE = ChunkId.of(new byte[ChunkId.SIZE]);

    /// Reads a file and has its operation added once its chunks are stored.
    void read(PutWalk.Worker worker, PutWalk.Item item, int attempt) throws CofferException {
        Path path = item.path();
        long readAt = clock.millis();
        try (SeekableByteChannel channel =
                Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            LocalStat before = attempt == 1 ? item.stat() : LocalStat.of(path);
            if (before.kind() != LocalStat.Kind.FILE) {
                walk.changing(path);
                return;
            }
            Reading reading = new Reading(item, before);
            walk.begins();
            try {
                readAll(worker, channel, reading);
                LocalStat after = LocalStat.of(path);
                reading.abandoned = !after.isSameAs(before) || after.size() != reading.size;
                reading.settled = StatCache.isSettled(after, readAt);
            } catch (IOException e) {
                reading.abandoned = true;
                throw e;
            } finally {
                reading.pieceDone();
            }
            if (reading.abandoned) {
                again(worker, item, attempt);
            }
        } catch (IOException e) {
            walk.unreadable(path, e);
        }
    }

    private void again(PutWalk.Worker worker, PutWalk.Item item, int attempt) throws CofferException {
        if (attempt < ATTEMPTS_MAX) {
            read(worker, item, attempt + 1);
        } else {
            walk.changing(item.path());
        }
    }

    private void readAll(PutWalk.Worker worker, SeekableByteChannel channel, Reading reading)
            throws IOException, CofferException {
        int length = fill(channel, worker.small, 0, Math.max(1, reading.stat.size()));
        if (length <= PutWalk.SMALL_MAX) {
            reading.size = length;
            if (length > 0) {
                int index = reading.addPiece();
                place(reading, index, new Slice(worker.small, 0, length));
            }
            walk.advance(length);
            return;
        }
        while (!acquireLarge()) {
            pool.help(worker);
            failures.check();
        }
        try {
            readLarge(worker, channel, length, reading);
        } finally {
            largeFiles.release();
        }
    }

    private boolean acquireLarge() throws CofferException {
        try {
            return largeFiles.tryAcquire(2, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.now();
        }
    }

    private void readLarge(PutWalk.Worker worker, SeekableByteChannel channel, int started, Reading reading)
            throws IOException, CofferException {
        Window window = window(worker);
        try {
            System.arraycopy(worker.small, 0, window.bytes, 0, started);
            walk.advance(started);
            int from = started;
            long position = started;
            while (true) {
                int filled = fill(channel, window.bytes, from, reading.stat.size() - position);
                position += filled - from;
                boolean end = position >= reading.stat.size() || filled < WINDOW_SIZE;
                walk.advance(filled - from);
                int cut = cut(window, filled, end, reading);
                if (end) {
                    return;
                }
                Window next = window(worker);
                from = filled - cut;
                System.arraycopy(window.bytes, cut, next.bytes, 0, from);
                window.release();
                window = next;
            }
        } finally {
            window.release();
        }
    }

    /// Has the whole chunks of a window sealed; returns where the rest begins.
    private int cut(Window window, int filled, boolean end, Reading reading) {
        int at = 0;
        while (at < filled) {
            int left = filled - at;
            int length = chunker.cut(window.bytes, at, left);
            if (length == left && !end && left < Chunker.CHUNK_SIZE_MAX) {
                break; // the chunk may go on
            }
            Slice plain = new Slice(window.bytes, at, length);
            int index = reading.addPiece();
            window.users.incrementAndGet();
            reading.size += length;
            pool.piece(worker -> {
                try {
                    place(reading, index, plain);
                } finally {
                    window.release();
                }
            });
            at += length;
        }
        return at;
    }

    private void place(Reading reading, int index, Slice plain) throws CofferException {
        reading.setPiece(index, packs.place(plain, reading));
        reading.pieceDone();
    }

    private Window window(PutWalk.Worker worker) throws CofferException {
        while (true) {
            Window window = windows.poll();
            if (window == null && windowsMade.getAndUpdate(made -> Math.min(WINDOWS, made + 1)) < WINDOWS) {
                window = new Window();
            }
            if (window != null) {
                window.users.set(1);
                return window;
            }
            failures.check();
            if (!pool.help(worker)) {
                pause();
            }
        }
    }

    private static void pause() throws CofferException {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.now();
        }
    }

    /// Reads until `into` is full or the file ends; `expected` bytes from `from` on are taken for the end, which the look
    /// at the file after reading confirms.
    private static int fill(SeekableByteChannel channel, byte[] into, int from, long expected) throws IOException {
        int end = (int) Math.min(into.length, from + expected);
        int at = from;
        while (at < end) {
            // In pieces: the platform copies through memory of its own that is as large as the largest piece.
            int read = channel.read(ByteBuffer.wrap(into, at, Math.min(READ_SIZE, end - at)));
            if (read < 0) {
                break;
            }
            at += read;
        }
        return at;
    }
}
