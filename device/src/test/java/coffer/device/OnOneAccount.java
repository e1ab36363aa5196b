package coffer.device;

import coffer.core.CofferException;
import coffer.core.LogId;
import coffer.seal.DeviceKeys;
import coffer.seal.RandomSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A service in memory with one account for each test, and devices of it that are closed in the end.
abstract class OnOneAccount {

    @TempDir
    Path folder = Path.of("");

    final MemoryLogs service = new MemoryLogs();
    final List<LoneDevice> opened = new ArrayList<>();
    LoneDevice.Born born = new LoneDevice.Born(
            LogId.of(new byte[32]),
            LogId.of(new byte[32]),
            DeviceKeys.generate(RandomSource.secure()),
            DeviceKeys.generate(RandomSource.secure()));

    @BeforeEach
    void beginAccount() throws CofferException {
        born = LoneDevice.birth(service);
    }

    @AfterEach
    void closeDevices() {
        opened.forEach(LoneDevice::close);
    }

    /// A device that has not asked the service for the vault yet.
    LoneDevice unread(DeviceKeys keys, String name) throws CofferException {
        LoneDevice device = new LoneDevice(keys, born.account(), born.vault(), service, folder.resolve(name));
        opened.add(device);
        return device;
    }
}
