package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.seal.Content;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Brings what is in a vault out again: into local files, or into a stream.
final class Fetch {

    private final Replica replica;
    private final VaultAccess vault;
    private final PackTransfer transfer;

    Fetch(Replica replica, VaultAccess vault, PackTransfer transfer) {
        this.replica = replica;
        this.vault = vault;
        this.transfer = transfer;
    }

    /// As [Device#get].
    Device.GetReport get(String path, Path directory, boolean overwrite, Progress progress) throws CofferException {
        GetTally tally = new GetTally();
        new GetRun(replica, vault, transfer, tally, overwrite, progress).run(path, folder(directory));
        return tally.report();
    }

    /// The folder to write into, made if missing; the person named it, so links on the way to it are theirs.
    static Path folder(Path directory) throws CofferException {
        Path folder = directory.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
            }
            return folder.toRealPath();
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The folder to write into cannot be made.", e);
        }
    }

    /// Writes a piece of the file at `path` to `out`, which stays open.
    void read(String path, Device.Piece piece, OutputStream out) throws CofferException {
        Content.FileContent file = replica.read(vault.id(), (tx, ref) -> {
            Nodes nodes = new Nodes(tx, ref);
            Nodes.Node node = nodes.require(path);
            if (node.kind() != Device.NodeKind.FILE) {
                throw Refusals.notAFile();
            }
            return content(nodes, node, piece.version().orElse(node.seq()));
        });
        read(file, piece.from(), piece.length(), out);
    }

    private static Content.FileContent content(Nodes nodes, Nodes.Node node, long version)
            throws CofferException, SQLException {
        for (Nodes.PastState state : nodes.history(node)) {
            if (state.seq() == version) {
                return StoredContent.file(state.size(), nodes.contentAt(node, version));
            }
        }
        throw Refusals.noSuchVersion();
    }

    /// Writes content to `out`, which stays open.
    void read(Content.FileContent file, OutputStream out) throws CofferException {
        read(file, 0, Long.MAX_VALUE, out);
    }

    /// As above, from `offset` on, `length` bytes or up to the end; only the chunks that hold them are read.
    void read(Content.FileContent file, long offset, long length, OutputStream out) throws CofferException {
        ChunkReader reader = new ChunkReader(replica, vault, transfer);
        List<ChunkReader.Place> all = places(reader, reader.chunks(file));
        Range range = Range.of(all, offset, length);
        List<ChunkReader.Place> places = all.subList(range.from, range.to);
        long skip = range.skip;
        long left = length;
        List<Segments.Segment<ChunkReader.Place>> segments = Segments.inOrder(places, reader::packSize);
        transfer.announce(segments.stream()
                .map(segment -> reader.pack(segment.packNum()).id())
                .distinct()
                .limit(256)
                .toList());
        FutureTask<Loaded> next = null;
        byte[] plain = new byte[0];
        for (int i = 0; i < segments.size(); i++) {
            Segments.Segment<ChunkReader.Place> segment = segments.get(i);
            Loaded loaded = next == null ? load(reader, segment) : await(next);
            if (i + 1 < segments.size()) {
                Segments.Segment<ChunkReader.Place> following = segments.get(i + 1);
                Callable<Loaded> ahead = () -> load(reader, following);
                next = new FutureTask<>(ahead);
                Thread.ofVirtual().start(next);
            }
            for (ChunkReader.Place place : segment.records()) {
                plain = plain.length < place.plainLength() ? new byte[place.plainLength()] : plain;
                int opened = reader.open(segment, place, loaded.bytes, plain, loaded.copy);
                int start = (int) Math.min(skip, opened);
                int wanted = (int) Math.min(opened - start, left);
                write(out, plain, start, wanted);
                skip -= start;
                left -= wanted;
            }
        }
    }

    /// Which chunks hold a range.
    ///
    /// @param skip bytes of the first of them that lie before it
    private record Range(int from, int to, long skip) {

        static Range of(List<ChunkReader.Place> places, long offset, long length) {
            int from = 0;
            long at = 0;
            while (from < places.size() && at + places.get(from).plainLength() <= offset) {
                at += places.get(from++).plainLength();
            }
            long end = length > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + length;
            int to = from;
            for (long next = at; to < places.size() && next < end; to++) {
                next += places.get(to).plainLength();
            }
            return new Range(from, to, offset - at);
        }
    }

    private List<ChunkReader.Place> places(ChunkReader reader, List<ChunkId> chunks) throws CofferException {
        return replica.read(vault.id(), (tx, ref) -> {
            List<ChunkReader.Place> places = new ArrayList<>(chunks.size());
            for (ChunkId chunk : chunks) {
                places.add(reader.place(tx, ref, chunk));
            }
            return places;
        });
    }

    @SuppressWarnings("ArrayRecordComponent") // handed from one thread to the next, never compared
    private record Loaded(byte[] bytes, int copy) {}

    private static Loaded load(ChunkReader reader, Segments.Segment<ChunkReader.Place> segment) throws CofferException {
        byte[] bytes = new byte[segment.length()];
        return new Loaded(bytes, reader.read(segment, bytes));
    }

    private static Loaded await(FutureTask<Loaded> task) throws CofferException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.now();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CofferException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static void write(OutputStream out, byte[] plain, int offset, int length) throws CofferException {
        try {
            out.write(plain, offset, length);
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The reader of the content has gone.", e);
        }
    }

    /// Whether there is anything at a path, links not followed.
    static boolean exists(Path path) {
        StatCall.Found found = StatCall.found(path.toString());
        return found == null ? Files.exists(path, LinkOption.NOFOLLOW_LINKS) : found.stat() != null;
    }
}
