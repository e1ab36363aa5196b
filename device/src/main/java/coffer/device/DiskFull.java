package coffer.device;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;

/// Whether a failure to write says that there is no more room.
final class DiskFull {

    /// The platform says it by its text only: a full disk, an exhausted quota, a limit on the size of files.
    private static final List<String> SIGNS =
            List.of("no space left", "quota exceeded", "not enough space", "file too large");

    private DiskFull() {}

    static boolean said(IOException e) {
        String text = e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
        String lower = String.valueOf(text).toLowerCase(Locale.ROOT);
        return SIGNS.stream().anyMatch(lower::contains);
    }
}
