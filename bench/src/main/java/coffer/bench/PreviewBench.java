package coffer.bench;

import coffer.media.decode.Decoders;
import coffer.media.decode.Looked;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;

/// How many pictures a second get their two previews: `PreviewBench [PICTURE [COUNT]]`, by default one of 12 megapixels made here, 60 times.
public final class PreviewBench {

    private static final int PROCESSES = 2;

    private PreviewBench() {}

    public static void main(String[] arguments) throws Exception {
        byte[] picture = arguments.length > 0 ? Files.readAllBytes(Path.of(arguments[0])) : made();
        int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 60;
        try (Decoders decoders = new Decoders(PROCESSES)) {
            run(decoders, picture, count / 2); // the decoders' code is compiled meanwhile
            Duration before = processorTime();
            long start = System.nanoTime();
            Looked last = run(decoders, picture, count);
            double seconds = (System.nanoTime() - start) / 1e9;
            double busy = processorTime().minus(before).toNanos() / 1e9;
            System.out.printf(
                    "%d × %d, %d kB: %.1f a second, %.0f ms of processor time each, previews of %d and %d kB%n",
                    last.width(), last.height(), picture.length / 1000, count / seconds, 1000 * busy / count, last.small().length / 1000,
                    last.large().length / 1000);
        }
    }

    private static Looked run(Decoders decoders, byte[] picture, int count) throws Exception {
        List<Future<Looked>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(PROCESSES)) {
            for (int i = 0; i < count; i++) {
                all.add(threads.submit(() -> decoders.look(new ByteArrayInputStream(picture), picture.length)));
            }
        }
        return all.getLast().get();
    }

    /// Of the decoders' processes.
    private static Duration processorTime() {
        return ProcessHandle.current()
                .descendants()
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /// Waves and the noise of a sensor: harder than most photographs.
    private static byte[] made() throws IOException {
        BufferedImage image = new BufferedImage(4_000, 3_000, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                double wave = 60 * Math.sin(x / 90.0 + y / 210.0) + 40 * Math.sin(x / 17.0 - y / 23.0);
                int grey = (int) Math.clamp(128 + wave + 5 * random.nextGaussian(), 0, 255);
                image.setRGB(x, y, grey << 16 | grey << 8 | grey);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", out);
        return out.toByteArray();
    }
}
