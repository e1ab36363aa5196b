package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.DeviceSetup;
import coffer.device.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Makes [FakeDevice]s: a home holds one if it holds the file `fake-device`. Recovery words and codes are fixed.
public final class FakeSetup implements DeviceSetup {

    public static final String WORDS = "one two three four five six seven eight nine ten eleven twelve"
            + " thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty red green blue white";
    public static final String CODE = "ABCDE-FGHIJ-KLMNO-PQRST-UVWXY-2";

    private static final String MARK = "fake-device";
    private static final String PASSPHRASE = "fake-passphrase";
    private final Map<Path, FakeDevice> devices = new HashMap<>();

    @Override
    public boolean exists(Path home) {
        return Files.exists(home.resolve(MARK));
    }

    @Override
    public Created create(Path home, URI service, String deviceName) throws CofferException {
        if (!service.getScheme().startsWith("http")) {
            throw new CofferException(ErrorCode.UNAVAILABLE, "The service cannot be reached.");
        }
        return new Created(make(home, service, deviceName), WORDS);
    }

    @Override
    public Device join(Path home, URI service, String code, String deviceName, Progress progress)
            throws CofferException {
        if (!code.equals(CODE)) {
            throw new CofferException(ErrorCode.ENROLMENT, "The code was not accepted.");
        }
        return make(home, service, deviceName);
    }

    @Override
    public Device recover(
            Path home, URI service, String words, String deviceName, Keep keep, Progress progress)
            throws CofferException {
        if (!words.equals(WORDS)) {
            throw new CofferException(ErrorCode.ENROLMENT, "The recovery words were not accepted.", Map.of("word", "3"));
        }
        return make(home, service, deviceName);
    }

    @Override
    public synchronized Device open(Path home) throws CofferException {
        if (!exists(home)) {
            throw new CofferException(ErrorCode.LOCAL, "There is no device in this home.");
        }
        if (isLocked(home)) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL, "This device is locked.", "Nothing was changed. `coffer unlock` asks for the passphrase.");
        }
        return devices.computeIfAbsent(home, _ -> new FakeDevice("laptop", URI.create("http://localhost:1")));
    }

    @Override
    public boolean isLocked(Path home) {
        return Files.exists(home.resolve(PASSPHRASE));
    }

    @Override
    public synchronized Device unlock(Path home, String passphrase) throws CofferException {
        requirePassphrase(home, Optional.of(passphrase));
        return devices.computeIfAbsent(home, _ -> new FakeDevice("laptop", URI.create("http://localhost:1")));
    }

    @Override
    public synchronized void changePassphrase(Path home, Optional<String> present, Optional<String> wanted) throws CofferException {
        requirePassphrase(home, present);
        try {
            if (wanted.isPresent()) {
                Files.writeString(home.resolve(PASSPHRASE), wanted.get());
            } else {
                Files.deleteIfExists(home.resolve(PASSPHRASE));
            }
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The home cannot be written.", e);
        }
    }

    private static void requirePassphrase(Path home, Optional<String> said) throws CofferException {
        try {
            Path file = home.resolve(PASSPHRASE);
            if (Files.exists(file) && !Files.readString(file).equals(said.orElse(""))) {
                throw new CofferException(ErrorCode.LOCAL, "This is not the passphrase of this device.");
            }
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The home cannot be read.", e);
        }
    }

    private synchronized FakeDevice make(Path home, URI service, String name) throws CofferException {
        try {
            Files.createDirectories(home);
            Files.createFile(home.resolve(MARK));
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The home cannot be written.", e);
        }
        FakeDevice device = new FakeDevice(name, service);
        devices.put(home, device);
        return device;
    }
}
