package coffer.attack;

import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.LocalDeviceSetup;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/// A device, and the folders that are its person's.
final class Party implements AutoCloseable {

    private final String name;
    private final Path folder;
    private Device device;
    private final String id;
    private boolean removed;
    private Clock clock = Clock.systemUTC();

    Party(String name, Path folder, Device device) throws CofferException {
        this.name = name;
        this.folder = folder;
        this.device = device;
        this.id = device.status().deviceId();
    }

    String name() {
        return name;
    }

    Device device() {
        return device;
    }

    /// Hex id of the device.
    String id() {
        return id;
    }

    Path home() {
        return folder.resolve("home");
    }

    /// Where the person keeps files.
    Path files() {
        return folder.resolve("files");
    }

    /// Where things are fetched to.
    Path fetched() {
        return folder.resolve("fetched");
    }

    /// A synced folder.
    Path synced() {
        return folder.resolve("synced");
    }

    /// Nothing more is expected of it.
    void isRemoved() {
        removed = true;
    }

    boolean removed() {
        return removed;
    }

    /// As after a restart of the machine.
    void restarts() throws CofferException {
        device.close();
        device = new LocalDeviceSetup(clock).open(home());
    }

    /// As [#restarts], with the passphrase that its keys are sealed under.
    void restartsLocked(String passphrase) throws CofferException {
        device.close();
        device = new LocalDeviceSetup(clock).unlock(home(), passphrase);
    }

    /// As [#restarts], with something done to the home meanwhile.
    void restartsAfter(Meanwhile work) throws Exception {
        device.close();
        work.run();
        device = new LocalDeviceSetup(clock).open(home());
    }

    /// Its machine's clock says so much more than the others', from now on.
    void isLater(Duration by) throws CofferException {
        clock = Clock.offset(Clock.systemUTC(), by);
        restarts();
    }

    @FunctionalInterface
    interface Meanwhile {
        void run() throws Exception;
    }

    @Override
    public void close() {
        device.close();
    }
}
