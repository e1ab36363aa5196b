package coffer.agent;

import java.util.Locale;
import java.util.Map;

/// What a browser is told that a file is, by the end of its name.
final class PageTypes {

    static final String PDF = "application/pdf";
    static final String TEXT = "text/plain; charset=utf-8";

    private static final String UNKNOWN = "application/octet-stream";

    private static final Map<String, String> SHOWN = Map.ofEntries(
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("webp", "image/webp"),
            Map.entry("avif", "image/avif"),
            Map.entry("bmp", "image/bmp"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("m4v", "video/mp4"),
            Map.entry("mov", "video/quicktime"),
            Map.entry("webm", "video/webm"),
            Map.entry("ogv", "video/ogg"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("m4a", "audio/mp4"),
            Map.entry("aac", "audio/aac"),
            Map.entry("ogg", "audio/ogg"),
            Map.entry("oga", "audio/ogg"),
            Map.entry("opus", "audio/ogg"),
            Map.entry("flac", "audio/flac"),
            Map.entry("wav", "audio/wav"),
            Map.entry("pdf", PDF),
            Map.entry("txt", TEXT),
            Map.entry("md", TEXT),
            Map.entry("log", TEXT),
            Map.entry("csv", TEXT));

    /// What needs no name to be shown.
    private static final Map<String, String> SAID = Map.of(
            "image/png", "image/png", "image/jpeg", "image/jpeg", "image/gif", "image/gif", "image/webp", "image/webp",
            "text/plain", TEXT);

    private PageTypes() {}

    static String of(String name) {
        String end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return SHOWN.getOrDefault(end, UNKNOWN);
    }

    /// What a part of a message is: by its name, or if that says nothing, what the message says, as far as that is a picture or text.
    static String of(String name, String said) {
        String type = name.contains(".") ? of(name) : UNKNOWN;
        return isShown(type) ? type : SAID.getOrDefault(said, UNKNOWN);
    }

    static boolean isShown(String type) {
        return !type.equals(UNKNOWN);
    }
}
