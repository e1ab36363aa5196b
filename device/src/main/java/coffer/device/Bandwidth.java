package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/// How fast a device may send packs, and receive them; kept in its home, and the same for everything that it does.
///
/// A file that cannot be understood limits nothing: a device that does not keep its folders would be worse.
final class Bandwidth {

    private static final String FILE = "limits";

    final Throttle up = new Throttle();
    final Throttle down = new Throttle();
    private final Path file;

    private Bandwidth(Path file) {
        this.file = file;
    }

    /// For where no home is yet, or none counts.
    static Bandwidth unlimited() {
        return new Bandwidth(Path.of(FILE));
    }

    static Bandwidth of(Path home) throws CofferException {
        Bandwidth bandwidth = new Bandwidth(home.resolve(FILE));
        try {
            Properties kept = new Properties();
            kept.load(new StringReader(Files.readString(bandwidth.file)));
            bandwidth.up.limit(rate(kept, "up"));
            bandwidth.down.limit(rate(kept, "down"));
        } catch (NoSuchFileException e) {
            // Nothing is limited.
        } catch (IOException e) {
            throw failure("The limits of this device cannot be read.", e);
        } catch (IllegalArgumentException e) {
            bandwidth.up.limit(Throttle.UNLIMITED);
            bandwidth.down.limit(Throttle.UNLIMITED);
        }
        return bandwidth;
    }

    private static long rate(Properties kept, String name) {
        return Long.parseLong(kept.getProperty(name, "0"));
    }

    Device.Limits limits() {
        return new Device.Limits(up.rate(), down.rate());
    }

    /// From now on, also for transfers that are under way.
    synchronized void limit(Device.Limits limits) throws CofferException {
        if (!isPossible(limits.up()) || !isPossible(limits.down())) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL,
                    "That is slower than transfers can be.",
                    "Nothing was changed. Say at least " + Throttle.BYTES_PER_SECOND_MIN + " bytes per second, or `off`.");
        }
        try {
            Path temporary = file.resolveSibling(FILE + ".new");
            Files.writeString(temporary, "up=" + limits.up() + "\ndown=" + limits.down() + "\n");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failure("The limits of this device cannot be written.", e);
        }
        up.limit(limits.up());
        down.limit(limits.down());
    }

    private static boolean isPossible(long rate) {
        return rate == Throttle.UNLIMITED || rate >= Throttle.BYTES_PER_SECOND_MIN;
    }

    private static CofferException failure(String message, IOException cause) {
        return new CofferException(ErrorCode.LOCAL, message, cause);
    }
}
