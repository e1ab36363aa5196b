package coffer.device;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.LogId;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Writes a whole vault in open form: the tree in `files`, and one line of JSON for each node in `coffer-manifest.jsonl`,
/// with the SHA-256 of every file as it was read back from the disk.
///
/// Running it again over the same folder writes only what is missing, and the list anew. Memory does not depend on the
/// vault.
final class Export {

    static final String FILES = "files";
    static final String MANIFEST = "coffer-manifest.jsonl";

    private final Replica replica;
    private final LogId vault;
    private final Fetch fetch;
    private final Function<DeviceId, String> deviceName;

    Export(Replica replica, LogId vault, Fetch fetch, Function<DeviceId, String> deviceName) {
        this.replica = replica;
        this.vault = vault;
        this.fetch = fetch;
        this.deviceName = deviceName;
    }

    /// As [Device#export].
    Device.GetReport run(Path directory, Progress progress) throws CofferException {
        Path folder = Fetch.folder(directory);
        Path files = folder.resolve(FILES);
        Device.GetReport report = fetch.get("/", files, false, progress);
        List<Device.Problem> problems = new ArrayList<>(report.problems());
        Path part = folder.resolve(MANIFEST + ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
                Lines lines = new Lines(files, out, problems, progress);
                replica.list(vault, "/", true, deviceName, lines::add);
            } catch (CannotWrite e) {
                throw e.cause;
            }
            Files.move(part, folder.resolve(MANIFEST), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The list of what was exported cannot be written.", e);
        }
        Stop.check(progress);
        return new Device.GetReport(
                report.files(), report.folders(), report.bytes(), report.alreadyThere(), List.copyOf(problems));
    }

    /// Carries a failure through the listing.
    private static final class CannotWrite extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient IOException cause;

        CannotWrite(IOException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    /// Writes the lines.
    private static final class Lines {

        private static final int PROBLEMS_MAX = 10_000;

        private final Path files;
        private final OutputStream out;
        private final List<Device.Problem> problems;
        private final Progress progress;
        private final byte[] buffer = new byte[1 << 16];
        private long done;

        Lines(Path files, OutputStream out, List<Device.Problem> problems, Progress progress) {
            this.files = files;
            this.out = out;
            this.problems = problems;
            this.progress = progress;
        }

        void add(Device.NodeInfo node) {
            if (progress.cancelled()) {
                return;
            }
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("path", node.path());
            line.put("kind", kind(node.kind()));
            if (node.kind() == Device.NodeKind.FILE) {
                line.put("size", node.size());
                hash(node, line);
            } else if (node.kind() == Device.NodeKind.SYMLINK) {
                target(node, line);
            }
            line.put("modified", node.modified().toString());
            line.put("executable", node.executable());
            line.put("version", node.version());
            line.put("device", node.device());
            try {
                out.write(Json.bytes(line));
                out.write('\n');
            } catch (IOException e) {
                throw new CannotWrite(e);
            }
            progress.update("export", ++done, -1, Progress.Unit.FILES);
        }

        private static String kind(Device.NodeKind kind) {
            return switch (kind) {
                case FILE -> "file";
                case FOLDER -> "folder";
                case SYMLINK -> "symlink";
            };
        }

        private void target(Device.NodeInfo node, Map<String, Object> line) {
            try {
                line.put("target", Files.readSymbolicLink(local(node.path())).toString());
            } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
                notThere(node.path());
            }
        }

        private void hash(Device.NodeInfo node, Map<String, Object> line) {
            MessageDigest digest = Hash.digest();
            long size = 0;
            try (InputStream in = Files.newInputStream(local(node.path()), LinkOption.NOFOLLOW_LINKS)) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    digest.update(buffer, 0, count);
                    size += count;
                }
            } catch (IOException | IllegalArgumentException e) {
                notThere(node.path());
                return;
            }
            if (size == node.size()) {
                line.put("sha256", java.util.HexFormat.of().formatHex(digest.digest()));
            } else {
                notThere(node.path());
            }
        }

        private Path local(String path) {
            Path at = files;
            for (String name : path.substring(1).split("/", -1)) {
                at = LocalNames.resolve(at, name);
            }
            return at;
        }

        private void notThere(String path) {
            if (problems.size() < PROBLEMS_MAX) {
                problems.add(new Device.Problem(path, ErrorCode.LOCAL.name(), "It is listed without a hash: it is not on the disk."));
            }
        }
    }
}
