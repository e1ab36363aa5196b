package coffer.device;

import coffer.core.CofferException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// What is open content in a device's home for a moment: one folder for it, which is the owner's alone, and which is emptied when the device is opened,
/// because a process that was killed could not.
final class Residue {

    private static final String FOLDER = "temporary";

    private Residue() {}

    static Path folder(Path home) throws CofferException {
        try {
            Path folder = Files.createDirectories(home.resolve(FOLDER));
            if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
            return folder;
        } catch (IOException e) {
            throw DiskFailures.of(e);
        }
    }

    /// Removes what a process that was killed left.
    static void clear(Path home) throws CofferException {
        try {
            clear(home.resolve(FOLDER), "*");
            clear(home, "mailbox-*.part"); // where it lay before
        } catch (IOException e) {
            throw DiskFailures.of(e);
        }
    }

    private static void clear(Path folder, String pattern) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, pattern)) {
            for (Path file : left) {
                Files.delete(file);
            }
        }
    }
}
