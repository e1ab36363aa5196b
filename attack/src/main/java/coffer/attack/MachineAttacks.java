package coffer.attack;

import coffer.core.ErrorCode;
import coffer.device.DeviceSetup;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What somebody can try who is at a device's machine: another user of it, or a thief who has its disk.
final class MachineAttacks {

    private static final String PASSPHRASE = "kanarienvogel im nebel";
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);

    private MachineAttacks() {}

    @Tries(entry = {"A80", "A11"}, what = "A thief has the disk of a device with a passphrase, and all that service and provider hold, and tries passphrases.",
            holds = ErrorCode.LOCAL)
    static void aStolenDisk(World world) throws Exception {
        DeviceSetup setup = new LocalDeviceSetup();
        byte[] file = Files.readAllBytes(world.two.home().resolve("device.key"));
        setup.changePassphrase(world.two.home(), Optional.empty(), Optional.of(PASSPHRASE));
        world.afterwards(() -> setup.changePassphrase(world.two.home(), Optional.of(PASSPHRASE), Optional.empty()));
        world.put(world.two, "written while open.txt");
        Path stolen = world.root.resolve("saved").resolve("stolen");
        World.copy(world.two.home(), stolen);
        world.did("a thief copied the home of a device with a passphrase");
        Canaries keys = new Canaries();
        keys.addSecret("a device's signing key", Arrays.copyOfRange(file, 4, 4 + 32));
        keys.addSecret("a device's wrap key", Arrays.copyOfRange(file, 4 + 32, 4 + 64));
        world.holds(keys.search().search(stolen).hits().isEmpty(), "the device's keys lie nowhere in its folder");
        world.holds(setup.isLocked(stolen), "the copy is locked");
        world.refused(() -> setup.open(stolen));
        for (String guess : List.of("", "password", PASSPHRASE + " ", PASSPHRASE.toUpperCase(java.util.Locale.ROOT))) {
            world.refused(() -> setup.unlock(stolen, guess));
        }
        world.refused(() -> atACostOf(stolen, Integer.MAX_VALUE));
        world.two.restartsLocked(PASSPHRASE);
        world.holds(Arrays.equals(world.read(world.two, "letter.txt"), World.content("letter.txt")), "its owner reads everything");
    }

    /// The memory to derive with is the third thing in the file, after three bytes; this one would be two terabytes.
    private static Object atACostOf(Path stolen, int memory) throws Exception {
        Path file = stolen.resolve("device.key");
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 3; i < 7; i++) {
            bytes[i] = (byte) (memory >>> (8 * (6 - i)));
        }
        Files.write(file, bytes);
        return new LocalDeviceSetup().unlock(stolen, PASSPHRASE);
    }

    @Tries(entry = {"A80", "A65"}, what = "A thief has a machine whose device is open, and its owner removes it from another one.", also = ErrorCode.NOT_AUTHORISED)
    static void aStolenMachine(World world) throws Exception {
        world.one.device().removeDevice("second " + World.CANARY);
        world.two.isRemoved();
        world.put(world.one, "after the theft.txt");
        world.did("a thief goes on with the device of an open machine that was removed");
        world.attempt(() -> world.two.device().refresh());
        world.attempt(() -> world.two.device().put(
                List.of(world.write(world.two, "planted.txt", World.content("planted"))), "/", Progress.SILENT));
        world.holds(!world.two.device().list("/", true).stream().anyMatch(node -> node.path().equals(World.path("after the theft.txt"))),
                "the thief learns no new name");
        world.one.device().refresh();
        world.holds(world.one.device().list("/", true).stream().noneMatch(node -> node.path().equals(World.path("planted.txt"))),
                "the thief adds nothing");
    }

    @Tries(entry = {"A73", "A74"}, what = "Another user of the machine opens whatever a device keeps for itself.")
    static void anotherUser(World world) throws Exception {
        world.one.device().get("/", world.one.fetched(), false, Progress.SILENT);
        world.one.restarts();
        world.did("another user of the machine walks through the home of a device");
        Path home = world.one.home();
        if (!home.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        world.holds(isOfTheOwnerAlone(home), "nobody else enters the home");
        try (Stream<Path> inside = Files.list(home)) {
            for (Path path : (Iterable<Path>) inside::iterator) {
                boolean secret = path.getFileName().toString().matches("device\\.key.*|recovery\\.check.*");
                world.holds(!secret || isOfTheOwnerAlone(path), path.getFileName() + " is its owner's alone, wherever it is moved to");
            }
        }
    }

    private static boolean isOfTheOwnerAlone(Path path) throws Exception {
        return Files.getPosixFilePermissions(path).stream().noneMatch(OF_OTHERS::contains);
    }
}
