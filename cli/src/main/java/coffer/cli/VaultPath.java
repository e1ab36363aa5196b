package coffer.cli;

/// The paths of a vault as people type them.
final class VaultPath {

    private VaultPath() {}

    /// Absolute, without empty parts: `photos//2026/` is `/photos/2026`.
    ///
    /// @throws UsageException for `.` and `..`, which mean nothing in a vault
    static String parse(String text) {
        StringBuilder path = new StringBuilder();
        for (String part : text.split("/", -1)) {
            if (part.equals(".") || part.equals("..")) {
                throw new UsageException("A path in Coffer starts at / and has no . or .. in it.");
            }
            if (!part.isEmpty()) {
                path.append('/').append(part);
            }
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    /// For places where a path on this machine could be meant as well: only what starts with `/`.
    static String parseAbsolute(String text) {
        if (!text.startsWith("/")) {
            throw new UsageException("The last argument is the place in Coffer, and starts with /.");
        }
        return parse(text);
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
