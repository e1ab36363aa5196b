package coffer.media;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.device.Contents;
import coffer.device.Progress;
import coffer.media.PictureHead.Preview;
import coffer.media.decode.Decoders;
import coffer.media.decode.Looked;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// The pictures and films in a vault: their timeline, their previews, and which of them are the same.
public final class Pictures {

    /// Pictures whose previews are made in one go: they are held until they are stored.
    private static final int BATCH = 32;

    /// Bits in which difference hashes of one picture's versions differ at most; two pictures' differ in 32 as a rule.
    static final int NEAR_BITS = 6;

    /// One picture or film, at the time it shows: the camera's, else that of the file.
    ///
    /// @param film    whether it moves
    /// @param shown   that time on the wall: by the camera's clock, or by that of this device where the zone is known
    /// @param width   0 while it is not known
    /// @param preview whether there are previews of it
    /// @param live    this picture's other part, if there is one
    public record Entry(
            String node,
            String path,
            boolean film,
            Instant time,
            LocalDateTime shown,
            int width,
            int height,
            long size,
            boolean preview,
            Optional<Double> latitude,
            Optional<Double> longitude,
            String camera,
            Optional<Film> live) {}

    /// The film of a live photo.
    public record Film(String node, String path) {}

    /// A day of the timeline, and how many entries it has.
    public record Day(LocalDate day, long count) {}

    /// Pictures that are one: equal in every byte, or to the eye.
    public record Group(boolean exact, List<Entry> entries) {}

    /// @param made     pictures that were looked at
    /// @param undecoded of these, such as no decoder here could read
    public record ScanReport(long made, long undecoded, long known) {}

    private final Contents contents;
    private final MediaIndex index;
    private final Decoders decoders;
    private final Timeline timeline;

    /// Held while pictures are looked at, so that nobody looks at one twice.
    private final ReentrantLock looking = new ReentrantLock();

    Pictures(Contents contents, MediaIndex index, Decoders decoders) {
        this.contents = contents;
        this.index = index;
        this.decoders = decoders;
        this.timeline = new Timeline(index);
    }

    /// Brings pictures of this machine in, with the dates that their sidecars say, and looks at them.
    public PictureImport.Report bring(List<Path> sources, String base, Progress progress) throws CofferException {
        PictureImport.Report report = PictureImport.run(contents, sources, base, progress);
        scan(false, progress);
        return report;
    }

    /// Looks at every picture that nobody has looked at.
    ///
    /// @param again also at those that could not be decoded
    public ScanReport scan(boolean again, Progress progress) throws CofferException {
        looking.lock();
        try {
            return scanAlone(again, progress);
        } finally {
            looking.unlock();
        }
    }

    private ScanReport scanAlone(boolean again, Progress progress) throws CofferException {
        index.follow();
        if (again) {
            index.db().run(db -> db.write("DELETE FROM picture WHERE width = 0"));
        }
        long known = index.db().run(db -> db.number(0, "SELECT count(*) FROM picture"));
        long total = unseenCount();
        long made = 0;
        long undecoded = 0;
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
        try (ExecutorService workers = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory())) {
            for (List<Contents.Item> batch = unseen(); !batch.isEmpty(); batch = unseen()) {
                List<PictureHead> heads = look(batch, workers, progress);
                made += heads.size();
                undecoded += heads.stream().filter(head -> head.width() == 0).count();
                progress.update("previews", made, total, Progress.Unit.FILES);
                index.db().run(db -> {
                    for (PictureHead head : heads) {
                        MediaIndex.add(db, head);
                    }
                    return null;
                });
            }
        } finally {
            decoders.rest();
        }
        return new ScanReport(made, undecoded, known);
    }

    private static final String UNSEEN =
            " FROM item i WHERE kind IN (2, 3) AND NOT EXISTS (SELECT 1 FROM picture p WHERE p.content = i.content)";

    private List<Contents.Item> unseen() throws CofferException {
        return index.db().run(db -> {
            List<Contents.Item> items = new ArrayList<>();
            try (ResultSet rows = db.query("SELECT min(node), folder, name, size, modified, version, content" + UNSEEN
                    + " GROUP BY content LIMIT " + BATCH)) {
                while (rows.next()) {
                    items.add(MediaIndex.item(rows));
                }
            }
            return items;
        });
    }

    private record Seen(Contents.Item item, Looked looked) {}

    private List<PictureHead> look(List<Contents.Item> batch, ExecutorService workers, Progress progress) throws CofferException {
        List<Future<Seen>> futures = new ArrayList<>();
        for (Contents.Item item : batch) {
            futures.add(workers.submit(() -> new Seen(item, look(item))));
        }
        List<Seen> all = new ArrayList<>();
        for (Future<Seen> future : futures) {
            all.add(await(future));
        }
        List<PictureHead> heads = new ArrayList<>();
        contents.deposit(deposit -> {
            heads.clear();
            DerivedWriter small = new DerivedWriter(deposit, Derived.Kind.SMALL);
            DerivedWriter large = new DerivedWriter(deposit, Derived.Kind.LARGE);
            DerivedWriter known = new DerivedWriter(deposit, Derived.Kind.PICTURES);
            for (Seen seen : all) {
                Hash content = seen.item.content();
                Optional<Preview> littleOne = keep(small, Derived.SMALL_PREVIEW, seen.looked.small());
                Optional<Preview> largeOne = keep(large, Derived.LARGE_PREVIEW, seen.looked.large());
                PictureHead head = PictureHead.of(content, seen.looked, littleOne, largeOne);
                known.add(Derived.PICTURE_HEAD, head.encode());
                heads.add(head);
            }
            small.flush();
            large.flush();
            known.flush();
        }, progress);
        return heads;
    }

    private static Optional<Preview> keep(DerivedWriter writer, int type, byte[] jpeg) throws CofferException {
        if (jpeg.length == 0) {
            return Optional.empty();
        }
        byte[] record = new coffer.core.CborWriter().bytes(jpeg).toByteArray();
        DerivedWriter.Place place = writer.add(type, record);
        return Optional.of(new Preview(place.segment(), place.offset() + record.length - jpeg.length, jpeg.length));
    }

    private Looked look(Contents.Item item) throws CofferException {
        if (PictureFiles.isFilm(item.path())) {
            return Looked.blank();
        }
        try (ContentStream in = new ContentStream(contents, item)) {
            return decoders.look(in, item.size());
        } catch (ContentStream.Failure e) {
            if (e.failure().code() == ErrorCode.INTEGRITY) {
                return Looked.blank(); // this one is damaged; the others are looked at
            }
            throw e.failure();
        } catch (Decoders.Unavailable e) {
            throw new CofferException(ErrorCode.LOCAL, "The program that looks at pictures cannot be started.", e);
        } catch (IOException e) {
            return Looked.blank();
        }
    }

    private static Seen await(Future<Seen> future) throws CofferException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CofferException(ErrorCode.UNAVAILABLE, "Stopped before it was done.", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CofferException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /// Gives the timeline, latest first. The films of live photos are not listed by themselves.
    public void list(String folder, Consumer<Entry> each) throws CofferException {
        timeline.list(folder, each);
    }

    /// The timeline from its entry number `from` on, at most `limit` entries.
    public List<Entry> page(String folder, long from, int limit) throws CofferException {
        return timeline.page(folder, from, limit);
    }

    /// How long the timeline is, by days, latest first.
    public List<Day> days(String folder) throws CofferException {
        return timeline.days(folder);
    }

    /// How many pictures and films nobody has looked at.
    public long unseenCount() throws CofferException {
        index.follow();
        return index.db().run(db -> db.number(0, "SELECT count(DISTINCT content)" + UNSEEN));
    }

    /// The small preview of a picture, a JPEG; empty if there is none.
    public byte[] small(String node) throws CofferException {
        return preview(node, "small");
    }

    /// The large one.
    public byte[] large(String node) throws CofferException {
        return preview(node, "large");
    }

    private byte[] preview(String node, String which) throws CofferException {
        index.follow();
        Optional<Preview> preview = index.db().run(db -> {
            try (ResultSet row = db.query(
                    "SELECT p." + which + "_segment, p." + which + "_offset, p." + which + "_length FROM item i"
                            + " JOIN picture p ON p.content = i.content WHERE i.node = ?",
                    node)) {
                return row.next() && row.getString(1) != null
                        ? Optional.of(new Preview(row.getString(1), row.getLong(2), row.getInt(3)))
                        : Optional.empty();
            }
        });
        if (preview.isEmpty()) {
            return new byte[0];
        }
        Derived.Kind kind = which.equals("small") ? Derived.Kind.SMALL : Derived.Kind.LARGE;
        Optional<Contents.Item> segment = contents.find(Derived.folder(kind) + "/" + preview.get().segment());
        if (segment.isEmpty()) {
            return new byte[0];
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(preview.get().length());
        contents.read(segment.get().node(), preview.get().offset(), preview.get().length(), out);
        byte[] jpeg = out.toByteArray();
        boolean isJpeg = jpeg.length > 3 && jpeg[0] == (byte) 0xff && jpeg[1] == (byte) 0xd8;
        return isJpeg ? jpeg : new byte[0];
    }

    /// Pictures that are there more than once: first such that are equal in every byte, then such that look the same.
    public List<Group> duplicates() throws CofferException {
        return timeline.duplicates(NEAR_BITS);
    }
}
