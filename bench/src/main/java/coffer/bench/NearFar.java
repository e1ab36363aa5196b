package coffer.bench;

import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import coffer.service.Service;
import coffer.service.ServiceConfig;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// What a provider nearby brings: the time to store and to fetch the same pictures with a provider far away, and again when one
/// nearby was admitted and the far one drained: `NearFar WORK RESULTS S3PROXY-CLASSPATH-FILE MEGABYTES`.
public final class NearFar {

    private static final int PICTURE_BYTES = 3_000_000;
    private static final long PATIENCE_S = 1_800;
    private static final long MBIT = 1_000_000 / 8;
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Far away and nearby: a round trip, what a connection carries, and what all carry together.
    private static final Duration FAR = Duration.ofMillis(150);
    private static final long FAR_CONNECTION = 20 * MBIT;
    private static final long FAR_TOGETHER = 100 * MBIT;
    private static final Duration NEAR = Duration.ofMillis(10);
    private static final long NEAR_CONNECTION = 200 * MBIT;
    private static final long NEAR_TOGETHER = 200 * MBIT;

    private final Results results;
    private final Path work;
    private final long megabytes;
    private final HttpClient http = HttpClient.newHttpClient();

    private NearFar(Results results, Path work, long megabytes) {
        this.results = results;
        this.work = work;
        this.megabytes = megabytes;
    }

    public static void main(String[] arguments) throws Exception {
        Results results = new Results(Path.of(arguments[1]));
        String classPath = Files.readString(Path.of(arguments[2])).strip();
        long megabytes = Long.parseLong(arguments[3]);
        Path work = Files.createTempDirectory(Files.createDirectories(Path.of(arguments[0])), "near-far");
        try (S3Server server = S3Server.start(work.resolve("s3"), classPath);
                ShapedLink far = new ShapedLink(server.endpoint(), FAR, FAR_CONNECTION, FAR_TOGETHER);
                ShapedLink near = new ShapedLink(server.endpoint(), NEAR, NEAR_CONNECTION, NEAR_TOGETHER)) {
            for (String bucket : List.of("far", "near")) {
                Files.createDirectories(server.bucket(bucket));
            }
            new NearFar(results, work, megabytes).run(far, near);
        }
    }

    private Map<String, String> bucket(String name, ShapedLink link) throws IOException {
        return Map.of(
                "kind", "s3",
                "region", "here",
                "owner", name,
                "endpoint", link.address().toString(),
                "bucket", name,
                "access-key-file", Files.writeString(work.resolve("access"), S3Server.ACCESS_KEY).toString(),
                "secret-key-file", Files.writeString(work.resolve("secret"), S3Server.SECRET_KEY).toString());
    }

    private void run(ShapedLink far, ShapedLink near) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "data", work.resolve("service").toString(),
                "listen", "127.0.0.1:0",
                "providers", "far",
                "probe-every", "PT1H",
                "move-every", "PT1S"));
        bucket("far", far).forEach((key, value) -> settings.put("provider.far." + key, value));
        Path before = pictures(1);
        Path after = pictures(2);
        LocalDeviceSetup setup = new LocalDeviceSetup();
        Path home = work.resolve("home");
        try (Service service = Service.start(ServiceConfig.parse(settings))) {
            try (Device device = setup.create(home, service.address(), "bench").device()) {
                store(device, before, "far", far, FAR_TOGETHER);
                fetch(device, before, "far", far, FAR_TOGETHER);
            }
            move(near);
            // Opened anew: a device goes on with the addresses that it was told, for as long as they are good.
            try (Device device = setup.open(home)) {
                fetch(device, before, "near, what was moved", near, NEAR_TOGETHER);
                store(device, after, "near", near, NEAR_TOGETHER);
                fetch(device, after, "near", near, NEAR_TOGETHER);
            }
        }
    }

    private void move(ShapedLink near) throws IOException, InterruptedException {
        operator("/v1/admin/providers", JSON.createObjectNode()
                .put("id", "near")
                .set("settings", JSON.valueToTree(bucket("near", near))));
        change("near", "admit");
        change("far", "drain");
        long start = System.nanoTime();
        while (provider("far").get("copies").asLong() > 0) {
            if (seconds(start) > PATIENCE_S) {
                throw new IOException("the far provider is not emptied");
            }
            Thread.sleep(500);
        }
        tell("moved by the service, from far to near", String.format(Locale.ROOT, "%.1f s", seconds(start)));
    }

    /// What cannot be compressed, like pictures; another set for each seed.
    private Path pictures(int seed) throws IOException {
        Path folder = Files.createDirectories(work.resolve("pictures " + seed));
        Random random = new Random(seed);
        byte[] picture = new byte[PICTURE_BYTES];
        for (int i = 0; i < megabytes * 1_000_000 / PICTURE_BYTES; i++) {
            random.nextBytes(picture);
            Files.write(folder.resolve(i + ".jpg"), picture);
        }
        return folder;
    }

    private void store(Device device, Path pictures, String where, ShapedLink link, long width) throws CofferException, IOException {
        link.most();
        long start = System.nanoTime();
        Device.PutReport put = device.put(List.of(pictures), "/", Progress.SILENT);
        require(put.problems().isEmpty());
        tell("stored, " + where, share(seconds(start), put.sentBytes(), link, width));
    }

    private void fetch(Device device, Path pictures, String where, ShapedLink link, long width) throws CofferException, IOException {
        link.most();
        long start = System.nanoTime();
        Path to = Files.createTempDirectory(work, "copy");
        Device.GetReport get = device.get("/" + pictures.getFileName(), to, false, Progress.SILENT);
        require(get.problems().isEmpty() && get.bytes() == megabytes * 1_000_000 / PICTURE_BYTES * PICTURE_BYTES);
        tell("fetched, " + where, share(seconds(start), get.bytes(), link, width));
    }

    private static String share(double seconds, long bytes, ShapedLink link, long width) {
        return String.format(
                Locale.ROOT, "%.1f s, %.1f MB/s, %.0f %% of what the line carries, %d connections",
                seconds, bytes / seconds / 1e6, 100 * bytes / seconds / width, link.most());
    }

    private void tell(String what, String figure) throws IOException {
        String name = megabytes + " MB of pictures " + what;
        System.out.println(name + ": " + figure);
        results.figure(name, figure);
    }

    private static double seconds(long startNs) {
        return (System.nanoTime() - startNs) / 1e9;
    }

    private static void require(boolean right) {
        if (!right) {
            throw new IllegalStateException("something could not be stored or fetched");
        }
    }

    private void change(String provider, String change) throws IOException, InterruptedException {
        operator("/v1/admin/providers/" + provider + "/state", JSON.createObjectNode()
                .put("change", change)
                .put("share", change.equals("admit") ? 1_000 : 0)
                .put("reason", "measured")
                .put("unevaluated", true)
                .put("lost", false));
    }

    private JsonNode provider(String id) throws IOException, InterruptedException {
        return operator("/v1/admin/providers/" + id, null);
    }

    private JsonNode operator(String path, @org.jspecify.annotations.Nullable JsonNode body)
            throws IOException, InterruptedException {
        ObjectNode access = (ObjectNode) JSON.readTree(Files.readString(work.resolve("service/operator.json")));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(access.get("address").asText() + path))
                .header("Authorization", "Bearer " + access.get("key").asText())
                .header("Content-Type", "application/json");
        if (body != null) {
            request.POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }
}
