package coffer.device;

import coffer.core.CofferException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The ways in which a device home comes to be, and how it is opened again. The agent finds the implementation by
/// [java.util.ServiceLoader], so that its own tests can run on another one.
public interface DeviceSetup {

    /// A new account, its first device, and the 24 words, which are shown once and kept nowhere.
    record Created(Device device, String recoveryWords) {}

    /// Which other devices stay after a recovery.
    sealed interface Keep {
        record All() implements Keep {}

        record None() implements Keep {}

        record AllBut(List<String> names) implements Keep {}
    }

    /// Whether `home` holds a device; cheap, opens nothing.
    boolean exists(Path home);

    Created create(Path home, URI service, String deviceName) throws CofferException;

    Device join(Path home, URI service, String code, String deviceName, Progress progress) throws CofferException;

    Device recover(Path home, URI service, String words, String deviceName, Keep keep, Progress progress)
            throws CofferException;

    /// Opens a home made by one of the others; [coffer.core.ErrorCode#LOCAL] if there is none, it is in use, or it is locked.
    Device open(Path home) throws CofferException;

    /// Whether the home's keys are sealed under a passphrase; cheap, opens nothing.
    boolean isLocked(Path home);

    /// As [#open], with the passphrase; [coffer.core.ErrorCode#LOCAL] if it is another one. Takes a good part of a second.
    Device unlock(Path home, String passphrase) throws CofferException;

    /// Seals the home's keys under a passphrase, another one, or none. A failure or a crash leaves them as they were. The device may be open;
    /// whoever calls this is the only one that uses the home.
    ///
    /// @param present the one that is set now, if one is
    void changePassphrase(Path home, Optional<String> present, Optional<String> wanted) throws CofferException;
}
