package coffer.device;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.seal.DeviceKeys;
import java.io.IOException;
import java.net.URI;
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
import java.util.Set;

/// The folder in which one device keeps what it is: its keys, whose device it is, and its replica.
///
/// ```
/// device.key    secret: both key seeds, account, vault, service; owner only
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
    private static final int FORMAT = 1;
    private static final int KEY_FILE_BYTES_MAX = 4_096;

    /// What `device.key` holds. The keys are the caller's to close.
    record Identity(DeviceKeys keys, LogId account, LogId vault, URI service, String name) {}

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

    /// Writes the identity durably; from then on the home is a device.
    void save(Identity identity) throws CofferException {
        byte[] encoded = encode(identity);
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
            forceFolder();
        } catch (IOException e) {
            throw local("the device's keys cannot be written", e);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    static byte[] encode(Identity identity) {
        byte[] secrets = identity.keys().encodeSecrets();
        try {
            return new CborWriter()
                    .array(6)
                    .integer(FORMAT)
                    .bytes(secrets)
                    .bytes(identity.account().value())
                    .bytes(identity.vault().value())
                    .text(identity.service().toString())
                    .text(identity.name())
                    .toByteArray();
        } finally {
            Arrays.fill(secrets, (byte) 0);
        }
    }

    Identity load() throws CofferException {
        byte[] encoded;
        try {
            encoded = Files.readAllBytes(root.resolve(KEY_FILE));
        } catch (IOException e) {
            throw local("there is no device here, or its keys cannot be read", e);
        }
        try {
            return decode(encoded);
        } catch (CborException | IllegalArgumentException e) {
            throw Refusals.damaged("The device's key file is damaged.", e);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    static Identity decode(byte[] encoded) throws CborException {
        if (encoded.length > KEY_FILE_BYTES_MAX) {
            throw new CborException("too long");
        }
        CborReader in = new CborReader(encoded);
        in.arrayOf(6);
        in.integer(FORMAT, FORMAT);
        byte[] secrets = in.bytes(DeviceKeys.SECRETS_SIZE);
        try {
            Bytes account = in.bytesOf(LogId.SIZE);
            Bytes vault = in.bytesOf(LogId.SIZE);
            URI service = URI.create(in.text(1_024));
            String name = in.text(1_024);
            in.end();
            return new Identity(
                    DeviceKeys.decodeSecrets(secrets), new LogId(account), new LogId(vault), service, name);
        } finally {
            Arrays.fill(secrets, (byte) 0);
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

    private void forceFolder() throws IOException {
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
