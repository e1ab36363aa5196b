package coffer.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Names and addresses that a person gives, or that stand for them.
final class Names {

    private Names() {}

    /// What a device is called when nobody says: the machine's own name.
    static String device(@Nullable String given, Terminal terminal) {
        if (given != null) {
            return given;
        }
        return terminal.environment("HOSTNAME")
                .or(() -> terminal.environment("COMPUTERNAME"))
                .or(Names::fromFile)
                .orElse("device");
    }

    private static Optional<String> fromFile() {
        try {
            return Optional.of(Files.readString(Path.of("/etc/hostname")).strip()).filter(name -> !name.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static URI service(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("The service is an address like http://cloud.example:8443.");
        }
        String scheme = uri.getScheme();
        if (uri.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new UsageException("The service is an address like http://cloud.example:8443.");
        }
        return uri;
    }
}
