package coffer.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A file that leads a browser to the pages, for the owner's eyes alone: other users see what a browser is started with, not
/// what it reads.
public final class PageLink {

    private static final String FILE = "open.html";

    private PageLink() {}

    /// @param address of the agent's own making, so without anything that means something in HTML
    public static Path write(Path home, String address) throws IOException {
        if (!address.matches("http://127\\.0\\.0\\.1:[0-9]+/#[0-9a-f]+")) {
            throw new IllegalArgumentException("not an address of the pages");
        }
        String html = "<!doctype html><meta charset=\"utf-8\"><title>Coffer</title><meta http-equiv=\"refresh\" content=\"0;url=" + address
                + "\"><p><a href=\"" + address + "\">Open Coffer</a>\n";
        OwnerOnly.makeFolder(home);
        Path file = home.resolve(FILE);
        OwnerOnly.replace(file, html.getBytes(StandardCharsets.UTF_8));
        return file;
    }
}
