package coffer.device;

import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.seal.OpenException;
import coffer.seal.PassphraseSeal;
import coffer.seal.RandomSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/// The folder in which one device keeps what it is: its keys, whose device it is, and its replica.
///
/// ```
/// device.key    secret: both key seeds, account, vault, service; owner only, and sealed if there is a passphrase ([KeyFile])
/// service.pem   certificates of the service, where its operator made them ([ServiceTrust])
/// replica.db    verified logs and tree; can be fetched again, but also remembers the heads seen
/// recovery.check  when the recovery words were last typed, and what tells two of them ([RecoveryNote])
/// limits        how fast packs may be sent and received
/// sync.db       folders that are kept the same, and what they remember
/// temporary     what is open for a moment; emptied when the device is opened ([Residue])
/// lock          held by the process that has the home open
/// ```
///
/// One process at a time. A home is complete or absent: `device.key` is written last, whole, and renamed into place.
final class DeviceHome implements AutoCloseable {

    private static final String KEY_FILE = "device.key";

    private final Path root;
    private final FileChannel lockFile;
    private final FileLock lock;

    private DeviceHome(Path root, FileChannel lockFile, FileLock lock) {
        this.root = root;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    static boolean exists(Path root) {
        return Files.isRegularFile(root.resolve(KEY_FILE));
    }

    /// Makes the folder if need be and takes it for this process.
    ///
    /// @throws CofferException LOCAL if another process has it, or the disk refuses
    static DeviceHome lock(Path root) throws CofferException {
        try {
            Files.createDirectories(root);
            ownerOnly(root, "rwx------");
            FileChannel file = FileChannel.open(
                    root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(file);
            if (lock == null) {
                file.close();
                throw CofferException.withAdvice(
                        ErrorCode.LOCAL,
                        "Another process has this device home open.",
                        "Nothing was changed. `coffer agent stop` ends an agent; then try again.");
            }
            return new DeviceHome(root, file, lock);
        } catch (IOException e) {
            throw local("the device home cannot be opened", e);
        }
    }

    private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /// Which certificates its service may show.
    ServiceTrust trust() throws CofferException {
        return ServiceTrust.of(root);
    }

    Path root() {
        return root;
    }

    Path replicaFile() {
        return root.resolve("replica.db");
    }

    boolean hasIdentity() {
        return exists(root);
    }

    /// Writes the identity durably, in open form; from then on the home is a device.
    void save(KeyFile.Identity identity) throws CofferException {
        byte[] encoded = KeyFile.encode(identity);
        try {
            write(root, encoded);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /// Whole or not at all: a crash leaves the file as it was.
    private static void write(Path root, byte[] encoded) throws CofferException {
        Path temporary = root.resolve(KEY_FILE + ".new");
        try {
            Files.deleteIfExists(temporary);
            Files.createFile(temporary);
            ownerOnly(temporary, "rw-------");
            try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(encoded);
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                out.force(true);
            }
            Files.move(temporary, root.resolve(KEY_FILE), StandardCopyOption.ATOMIC_MOVE);
            forceFolder(root);
        } catch (IOException e) {
            throw local("the device's keys cannot be written", e);
        }
    }

    /// Whether the keys are sealed under a passphrase; false where there is no device, or its file says nothing.
    static boolean isSealed(Path root) {
        try {
            return exists(root) && KeyFile.decode(read(root)) instanceof KeyFile.Sealed;
        } catch (CofferException | CborException e) {
            return false;
        }
    }

    /// @throws CofferException LOCAL if it is sealed: [#isSealed]
    KeyFile.Identity load() throws CofferException {
        return load(root, Optional.empty());
    }

    /// @throws CofferException LOCAL if this is not the passphrase
    KeyFile.Identity load(String passphrase) throws CofferException {
        return load(root, Optional.of(passphrase));
    }

    private static KeyFile.Identity load(Path root, Optional<String> passphrase) throws CofferException {
        byte[] encoded = opened(root, passphrase);
        try {
            return KeyFile.identity(encoded);
        } catch (CborException | IllegalArgumentException e) {
            throw Refusals.damaged("The device's key file is damaged.", e);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /// The open form, which the caller zeroes.
    private static byte[] opened(Path root, Optional<String> passphrase) throws CofferException {
        try {
            return switch (KeyFile.decode(read(root))) {
                case KeyFile.Open open -> open.encoded();
                case KeyFile.Sealed sealed when passphrase.isPresent() -> sealed.under().open(passphrase.get());
                case KeyFile.Sealed _ -> throw Refusals.locked();
            };
        } catch (OpenException e) {
            throw Refusals.notThePassphrase(e);
        } catch (CborException e) {
            throw Refusals.damaged("The device's key file is damaged.", e);
        }
    }

    private static byte[] read(Path root) throws CofferException {
        try (InputStream in = Files.newInputStream(root.resolve(KEY_FILE))) {
            return in.readNBytes(KeyFile.BYTES_MAX + 1);
        } catch (IOException e) {
            throw local("there is no device here, or its keys cannot be read", e);
        }
    }

    /// Seals the keys under another passphrase, or under none. What was sealed can be opened again before it replaces the file.
    ///
    /// The process that calls this is the only one that uses the home.
    ///
    /// @param present the passphrase that is set now, if one is
    static void changePassphrase(Path root, Optional<String> present, Optional<String> wanted) throws CofferException {
        byte[] encoded = opened(root, present);
        try {
            KeyFile.identity(encoded).keys().close();
            if (wanted.isEmpty()) {
                write(root, encoded);
                return;
            }
            PassphraseSeal under = PassphraseSeal.seal(wanted.get(), encoded, RandomSource.secure());
            byte[] again = under.open(wanted.get());
            boolean same = Arrays.equals(encoded, again);
            Arrays.fill(again, (byte) 0);
            if (!same) {
                throw new IllegalStateException("what was sealed does not open");
            }
            write(root, KeyFile.encode(under));
        } catch (CborException | IllegalArgumentException e) {
            throw Refusals.damaged("The device's key file is damaged.", e);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /// Removes what an interrupted set-up left, so that it can begin again.
    void clearUnfinished() throws CofferException {
        if (hasIdentity()) {
            throw deviceAlready();
        }
        try {
            for (String name : Set.of("replica.db", "replica.db-wal", "replica.db-shm", RecoveryNote.FILE, KEY_FILE + ".new")) {
                Files.deleteIfExists(root.resolve(name));
            }
        } catch (IOException e) {
            throw local("an unfinished device cannot be removed", e);
        }
    }

    static CofferException deviceAlready() {
        return CofferException.withAdvice(
                ErrorCode.LOCAL,
                "This home already holds a device.",
                "Nothing was changed. Choose another home with --home or COFFER_HOME.");
    }

    private static void forceFolder(Path root) throws IOException {
        try (FileChannel folder = FileChannel.open(root, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static void ownerOnly(Path path, String permissions) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }

    private static CofferException local(String message, Exception cause) {
        return new CofferException(ErrorCode.LOCAL, message, cause);
    }

    @Override
    public void close() throws CofferException {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw local("the device home cannot be let go", e);
        }
    }
}
