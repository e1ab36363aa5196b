package coffer.bench;

import coffer.service.ConfigException;
import coffer.service.Service;
import coffer.service.ServiceConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// A service alone in a process, as `coffer service run` is: `ServiceProcess CONFIG`. Runs until it is killed.
public final class ServiceProcess {

    private ServiceProcess() {}

    public static void main(String[] arguments) throws IOException, ConfigException, InterruptedException {
        try (Service service = Service.start(ServiceConfig.load(Path.of(arguments[0])))) {
            System.out.println(service.address());
            new CountDownLatch(1).await();
        }
    }
}
