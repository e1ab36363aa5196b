package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// What failures of a disk with a synced folder mean.
final class DiskFailures {

    private DiskFailures() {}

    static CofferException of(IOException e) {
        if (e instanceof AccessDeniedException) {
            return new CofferException(ErrorCode.LOCAL, "Coffer may not read or write this: give yourself the right to, or name it in .cofferignore.", e);
        }
        if (DiskFull.said(e)) {
            return new CofferException(ErrorCode.LOCAL, "The disk of a synced folder is full: free some room, and it goes on.", e);
        }
        if (String.valueOf(e.getMessage()).contains("Read-only")) {
            return new CofferException(ErrorCode.LOCAL, "The disk of a synced folder cannot be written.", e);
        }
        return new CofferException(ErrorCode.LOCAL, "The disk of a synced folder failed.", e);
    }

    static CofferException of(int error) {
        return switch (error) {
            case PosixCalls.ENOSPC, PosixCalls.EDQUOT -> of(new IOException("No space left"));
            case PosixCalls.EACCES -> of(new AccessDeniedException("folder"));
            default -> of(new IOException("error " + error));
        };
    }

    /// Whether something was not there, or was something else, when it was opened.
    static boolean isAbsent(IOException e) {
        String message = String.valueOf(e.getMessage());
        return e instanceof NoSuchFileException
                || message.contains("Not a directory")
                || message.contains("Too many levels of symbolic links");
    }

    /// Whether the file system cannot hold the name.
    static boolean isImpossible(IOException e) {
        String message = String.valueOf(e.getMessage());
        return e instanceof FileSystemException
                && (message.contains("File name too long") || message.contains("Invalid argument")
                        || message.contains("Illegal byte sequence"));
    }
}
