package coffer.world;

import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import coffer.service.ConfigException;
import coffer.service.Service;
import coffer.service.ServiceConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Real processes of the system, to be killed at any moment.
final class Processes {

    private Processes() {}

    /// A service on a fixed port and folder; runs until killed.
    static final class ServiceMain {
        private ServiceMain() {}

        public static void main(String[] arguments) throws IOException, ConfigException, InterruptedException {
            Service.start(ServiceConfig.of(Path.of(arguments[0]))
                    .with(Map.of("listen", "127.0.0.1:" + arguments[1])));
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    /// A device that puts one folder; exit status 0 when all is committed, 3 when it could not.
    static final class PutMain {
        private PutMain() {}

        public static void main(String[] arguments) throws CofferException {
            try (Device device = new LocalDeviceSetup().open(Path.of(arguments[0]))) {
                Device.PutReport report = device.put(List.of(Path.of(arguments[1])), "/", Progress.SILENT);
                System.exit(report.problems().isEmpty() ? 0 : 3);
            }
        }
    }

    static Process start(Class<?> main, Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Starts a service and waits until it accepts connections.
    static Process service(Path folder, int port) throws IOException, InterruptedException {
        Process process = start(ServiceMain.class, folder.resolveSibling("service.log"), folder.toString(), "" + port);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline && process.isAlive()) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return process;
            } catch (IOException e) {
                Thread.sleep(50);
            }
        }
        process.destroyForcibly();
        throw new IOException("the service did not start");
    }

    static URI address(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    /// As `kill -9`, and waits until it is gone.
    static void kill(Process process) throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
