package coffer.bench;

import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// S3Proxy over a folder of this machine, for all contenders alike. Its own processor time is in nobody's figures.
final class S3Server implements AutoCloseable {

    static final String ACCESS_KEY = "BENCHACCESSKEY000001";
    static final String SECRET_KEY = "benchsecretkey0000000000000000000000000001";

    private static final int PORT = 17580;
    private static final int TRIES = 100;
    private static final int TRY_MS = 100;

    private final Path folder;
    private final Process process;

    private S3Server(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /// @param classPath with S3Proxy on it
    static S3Server start(Path folder, String classPath) throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("data"));
        Path settings = folder.resolve("s3proxy.conf");
        Map<String, String> values = new TreeMap<>();
        values.put("s3proxy.endpoint", "http://127.0.0.1:" + PORT);
        values.put("s3proxy.authorization", "aws-v2-or-v4");
        values.put("s3proxy.identity", ACCESS_KEY);
        values.put("s3proxy.credential", SECRET_KEY);
        values.put("jclouds.provider", "filesystem-nio2");
        values.put("jclouds.filesystem.basedir", folder.resolve("data").toString());
        StringBuilder text = new StringBuilder();
        values.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        Files.writeString(settings, text);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        classPath,
                        "org.gaul.s3proxy.Main",
                        "--properties",
                        settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(new File(folder.resolve("s3proxy.log").toString()))
                .start();
        S3Server server = new S3Server(folder, process);
        for (int i = 0; i < TRIES; i++) {
            if (server.answers()) {
                return server;
            }
            Thread.sleep(TRY_MS);
        }
        server.close();
        throw new IOException("S3Proxy does not answer; see " + folder.resolve("s3proxy.log"));
    }

    private boolean answers() {
        try {
            HttpURLConnection connection = (HttpURLConnection) endpoint().toURL().openConnection();
            boolean answered = connection.getResponseCode() > 0;
            connection.disconnect();
            return answered;
        } catch (IOException e) {
            return false;
        }
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + PORT);
    }

    /// Where the objects of a bucket lie as files.
    Path bucket(String name) {
        return folder.resolve("data").resolve(name);
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
