package coffer.media;

import java.util.Locale;
import java.util.Set;

/// Which files are pictures and films, by the endings of their names.
final class PictureFiles {

    private static final Set<String> PICTURES = Set.of(
            "jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "tif", "tiff", "bmp", "heic", "heif", "avif", "dng", "cr2", "cr3", "nef",
            "arw", "orf", "rw2", "raf", "pef", "srw");

    private static final Set<String> FILMS = Set.of("mov", "mp4", "m4v", "avi", "mkv", "webm", "3gp", "mts");

    private PictureFiles() {}

    static boolean isPicture(String name) {
        return PICTURES.contains(ending(name));
    }

    static boolean isFilm(String name) {
        return FILMS.contains(ending(name));
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /// The name without its ending, by which the parts of a live photo are named alike.
    static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? name : name.substring(0, dot);
    }
}
