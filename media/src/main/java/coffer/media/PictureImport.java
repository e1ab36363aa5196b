package coffer.media;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.device.Contents;
import coffer.device.Device.Problem;
import coffer.device.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Brings a folder, a card, or an export of another service in: every file as it is, pictures and films with the time that their
/// sidecars say ([Sidecars]). A file that is there already with the same bytes is left alone; another one of that name is kept
/// beside it.
public final class PictureImport {

    /// @param dated by a sidecar
    public record Report(long files, long imported, long alreadyThere, long dated, long bytes, List<Problem> problems) {
        public Report {
            problems = List.copyOf(problems);
        }
    }

    private record Found(Path file, String path, Instant time, long size) {}

    private final Contents contents;
    private final Progress progress;
    private final List<Found> found = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> brought = new HashSet<>();
    private final Map<Path, Sidecars> sidecars = new HashMap<>();
    private long total;
    private long dated;
    private long imported;
    private long alreadyThere;
    private long bytes;

    private PictureImport(Contents contents, Progress progress) {
        this.contents = contents;
        this.progress = progress;
    }

    static Report run(Contents contents, List<Path> sources, String base, Progress progress) throws CofferException {
        PictureImport run = new PictureImport(contents, progress);
        for (Path source : sources) {
            run.find(source.toAbsolutePath().normalize(), base.equals("/") ? "" : base);
        }
        contents.deposit(run::bring, progress);
        return new Report(run.found.size(), run.imported, run.alreadyThere, run.dated, run.bytes, run.problems);
    }

    private void find(Path source, String base) {
        Path top = source.getParent() == null ? source : source.getParent();
        try {
            Files.walkFileTree(source, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        add(file, base + "/" + top.relativize(file).toString().replace('\\', '/'), attributes);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    problem(file, "It cannot be read.");
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            problem(source, "It cannot be read.");
        }
    }

    private void add(Path file, String path, BasicFileAttributes attributes) {
        Path name = file.getFileName();
        Path folder = file.getParent();
        Optional<Instant> said = name == null || folder == null
                ? Optional.empty()
                : sidecars.computeIfAbsent(folder, Sidecars::of).time(name.toString());
        dated += said.isPresent() ? 1 : 0;
        total += attributes.size();
        found.add(new Found(file, path, said.orElseGet(() -> attributes.lastModifiedTime().toInstant()), attributes.size()));
    }

    private void bring(Contents.Deposit deposit) throws CofferException {
        bytes = 0;
        alreadyThere = 0;
        for (Found one : found) {
            try {
                bring(one, deposit);
            } catch (IOException e) {
                problem(one.file, "It cannot be read.");
            }
            bytes += one.size;
            progress.update("pictures", bytes, total, Progress.Unit.BYTES);
        }
    }

    private void bring(Found one, Contents.Deposit deposit) throws IOException, CofferException {
        String path = one.path;
        Optional<Contents.Item> there = contents.find(path);
        if (there.isPresent() || deposit.exists(path)) {
            if (there.isPresent() && isSame(there.get(), one)) {
                alreadyThere += brought.contains(path) ? 0 : 1;
                return;
            }
            path = beside(path, hash(Files.newInputStream(one.file)));
            if (deposit.exists(path)) {
                alreadyThere += brought.contains(path) ? 0 : 1;
                return;
            }
        }
        deposit.put(path, one.time, one.size, () -> Files.newInputStream(one.file, LinkOption.NOFOLLOW_LINKS));
        imported += brought.add(path) ? 1 : 0;
    }

    private boolean isSame(Contents.Item there, Found one) throws IOException {
        return there.size() == one.size
                && hash(new ContentStream(contents, there)).equals(hash(Files.newInputStream(one.file)));
    }

    private static String hash(InputStream in) throws IOException {
        MessageDigest digest = Hash.digest();
        try (DigestInputStream reading = new DigestInputStream(in, digest)) {
            reading.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return new Hash(coffer.core.Bytes.of(digest.digest())).hex();
    }

    /// `/a/b.jpg` becomes `/a/b (1a2b3c…).jpg`, the same name for the same bytes.
    private static String beside(String path, String hash) {
        int slash = path.lastIndexOf('/');
        int dot = path.lastIndexOf('.');
        String mark = " (" + hash.substring(0, 32) + ")";
        return dot > slash + 1 ? path.substring(0, dot) + mark + path.substring(dot) : path + mark;
    }

    private void problem(Path file, String message) {
        problems.add(new Problem(file.toString(), ErrorCode.LOCAL.name(), message));
    }
}
