package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.DeviceSetup;
import coffer.media.Media;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The one device of the agent's home: not made yet, locked, open, or closed for good.
final class DeviceSlot implements AutoCloseable {

    enum State {
        EMPTY,
        LOCKED,
        CLOSED_YET,
        OPEN,
        ENDED;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// Makes a device where there was none.
    interface Maker<T> {
        T make(DeviceSetup setup, Path home) throws CofferException;
    }

    private final DeviceSetup setup;
    private final Path home;

    /// Guards `device`, `media` and `ended`; held while a device is opened or made, so that it happens once.
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable Device device;
    private volatile @Nullable Media media;
    private volatile boolean ended;

    DeviceSlot(DeviceSetup setup, Path home) {
        this.setup = setup;
        this.home = home;
    }

    /// The open device; opens it if that did not succeed before.
    Device require() throws CofferException {
        Device open = device;
        if (open != null) {
            return open;
        }
        lock.lock();
        try {
            refuseIfEnded();
            Device now = device;
            if (now == null) {
                if (!setup.exists(home)) {
                    throw CofferException.withAdvice(ErrorCode.LOCAL, NO_DEVICE, MAKE_ONE);
                }
                now = setup.open(home);
                device = now;
            }
            return now;
        } finally {
            lock.unlock();
        }
    }

    /// Opens the device with its passphrase; nothing is done if it is open.
    void unlock(String passphrase) throws CofferException {
        lock.lock();
        try {
            refuseIfEnded();
            if (device == null) {
                device = setup.unlock(home, passphrase);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Seals the device's keys under a passphrase, another one, or none; the device stays as open as it is.
    void changePassphrase(Optional<String> present, Optional<String> wanted) throws CofferException {
        lock.lock();
        try {
            refuseIfEnded();
            setup.changePassphrase(home, present, wanted);
        } finally {
            lock.unlock();
        }
    }

    boolean hasPassphrase() {
        return setup.isLocked(home);
    }

    /// The mail and pictures of the open device.
    Media requireMedia() throws CofferException {
        Media known = media;
        if (known != null) {
            return known;
        }
        Device open = require();
        lock.lock();
        try {
            refuseIfEnded();
            Media now = media;
            if (now == null) {
                now = Media.of(open);
                media = now;
            }
            return now;
        } finally {
            lock.unlock();
        }
    }

    static final String NO_DEVICE = "There is no device in this home yet.";
    static final String MAKE_ONE =
            "Make one with `coffer account create`, `coffer device join` or `coffer recover`, or choose another home.";

    DeviceSetup.Created create(Maker<DeviceSetup.Created> maker) throws CofferException {
        lock.lock();
        try {
            refuseIfTaken();
            DeviceSetup.Created created = maker.make(setup, home);
            device = created.device();
            return created;
        } finally {
            lock.unlock();
        }
    }

    void enter(Maker<Device> maker) throws CofferException {
        lock.lock();
        try {
            refuseIfTaken();
            device = maker.make(setup, home);
        } finally {
            lock.unlock();
        }
    }

    State state() {
        if (ended) {
            return State.ENDED;
        }
        if (device != null) {
            return State.OPEN;
        }
        if (!setup.exists(home)) {
            return State.EMPTY;
        }
        return setup.isLocked(home) ? State.LOCKED : State.CLOSED_YET;
    }

    private void refuseIfTaken() throws CofferException {
        refuseIfEnded();
        if (device != null || setup.exists(home)) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL,
                    "This home already holds a device.",
                    "Nothing was changed. Choose another home with --home or COFFER_HOME.");
        }
    }

    private void refuseIfEnded() throws CofferException {
        if (ended) {
            throw new CofferException(ErrorCode.UNAVAILABLE, "The agent is stopping.");
        }
    }

    @Override
    public void close() {
        ended = true;
        lock.lock();
        try {
            Media known = media;
            media = null;
            if (known != null) {
                known.close();
            }
            Device open = device;
            device = null;
            if (open != null) {
                open.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
