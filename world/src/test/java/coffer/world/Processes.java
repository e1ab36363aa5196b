package coffer.world;

import coffer.agent.Wire;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// Real processes of the system, to be killed at any moment.
final class Processes {

    private Processes() {}

    /// A service on a fixed port and folder, with more settings as `key=value`; runs until killed.
    static final class ServiceMain {
        private ServiceMain() {}

        public static void main(String[] arguments) throws IOException, ConfigException, InterruptedException {
            Map<String, String> settings = new HashMap<>(Map.of("listen", "127.0.0.1:" + arguments[1]));
            for (String setting : List.of(arguments).subList(2, arguments.length)) {
                settings.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
            }
            Service.start(ServiceConfig.of(Path.of(arguments[0])).with(settings));
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    /// What a process does with its device.
    interface Work {
        List<Device.Problem> on(Device device) throws CofferException;
    }

    /// Ends the process with 0 when all is done, 3 when something was left out, and otherwise with the status of the
    /// error's code; problems and error are printed.
    static void run(String home, Work work) {
        int status;
        try (Device device = new LocalDeviceSetup().open(Path.of(home))) {
            List<Device.Problem> problems = work.on(device);
            problems.forEach(System.out::println);
            status = problems.isEmpty() ? 0 : 3;
        } catch (CofferException e) {
            System.out.println(Wire.problem(e).pretty());
            status = e.code().exitStatus();
        }
        System.exit(status);
    }

    /// A device that puts one folder.
    static final class PutMain {
        private PutMain() {}

        public static void main(String[] arguments) {
            run(arguments[0], device -> device.put(List.of(Path.of(arguments[1])), "/", Progress.SILENT)
                    .problems());
        }
    }

    /// A device that stores, removes for good, collects and writes snapshots in turn, for ever; it prints what it
    /// begins.
    static final class ChurnMain {
        private ChurnMain() {}

        public static void main(String[] arguments) {
            Path source = Path.of(arguments[1]);
            Random random = new Random(Long.parseLong(arguments[2]));
            run(arguments[0], device -> {
                while (true) {
                    say("put");
                    device.put(List.of(source), "/", Progress.SILENT);
                    say("snapshot");
                    device.snapshot(Progress.SILENT);
                    String folder = "/source/folder " + random.nextInt(7);
                    device.remove(folder);
                    device.emptyTrash(Optional.empty());
                    say("collect");
                    device.collect(Progress.SILENT);
                }
            });
        }

        private static void say(String what) {
            System.out.println("begin " + what);
            System.out.flush();
        }
    }

    /// A device that gets everything into a folder.
    static final class GetMain {
        private GetMain() {}

        public static void main(String[] arguments) {
            run(arguments[0], device -> device.get("/", Path.of(arguments[1]), false, Progress.SILENT)
                    .problems());
        }
    }

    static Process start(Class<?> main, Path log, String... arguments) throws IOException {
        return new ProcessBuilder(command(main, arguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /// What starts a process with that main method.
    static List<String> command(Class<?> main, String... arguments) {
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
        return command;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Starts a service and waits until it accepts connections.
    static Process service(Path folder, int port, String... settings) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(folder.toString(), "" + port));
        arguments.addAll(List.of(settings));
        Path log = folder.resolveSibling("service.log");
        return awaitPort(start(ServiceMain.class, log, arguments.toArray(String[]::new)), port);
    }

    /// Waits until a service that is starting accepts connections.
    static Process awaitPort(Process process, int port) throws IOException, InterruptedException {
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
